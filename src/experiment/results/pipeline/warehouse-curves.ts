/** Distributions out of the warehouse, for a run that is looked at; campaigns go without. */
import { runMetric } from '../../../storage/metrics.ts';
import type { Warehouse } from '../../../storage/warehouse.ts';
import type { RunFigures } from '../summarise.ts';
import { readDelays } from './pipeline-delays.ts';
import { readDescriptive } from './read-descriptive.ts';

/** The figures with the delays of events and the completion curve. Cost: a second for 50,000
 * events. Spec: E520. */
export function withCurves(figures: RunFigures, warehouse: Warehouse): RunFigures {
  const { result } = figures;
  const retention = runMetric(warehouse, 'retention_curve').map((row) => ({
    percent: Number(row['percent']),
    share: Number(row['share']),
  }));
  return {
    ...figures,
    result: {
      ...result,
      pipeline: { ...result.pipeline, delays: readDelays(warehouse) },
      viewing: { ...result.viewing, retention, ...readDescriptive(warehouse) },
    },
  };
}
