/** From a run's figures to its sample. */
import type { RunFigures } from '../results/summarise.ts';
import { METRICS } from './metrics.ts';
import { operationsOf } from './operations-sample.ts';
import type { RunSample } from './run-sample.ts';

/** The sample of a replication. */
export function sampleOf(
  { result, pageLoadTimeUs }: Omit<RunFigures, 'turns'>,
  replication: number,
): RunSample {
  const { name, architecture, demand, digest, objectives, stations, cost, ledger } = result;
  const { warmUpUs, warmUp, scheduledEvents, viewers } = result;
  return {
    name,
    architecture,
    demand,
    replication,
    digest,
    metrics: Object.fromEntries(
      METRICS.flatMap((metric) => {
        const value = metric.of(result);
        if (value === null && metric.isRare === true) return [];
        return [[metric.name, value !== null && Number.isFinite(value) ? value : null]];
      }),
    ),
    pageLoadTimeUs,
    objectives,
    stations,
    cost,
    ledger,
    warmUpUs,
    ...(warmUp.isTooShort ? { isTooShort: true } : {}),
    scheduledEvents,
    viewers,
    operations: operationsOf(result),
  };
}
