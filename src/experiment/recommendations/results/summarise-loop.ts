/** A finished closed loop, summed up for the result document. */
import { judgeExperiment } from '../../../analytics/online-experiments/ab/ab-report.ts';
import type { Warehouse } from '../../../storage/warehouse.ts';
import type { World } from '../../assemble.ts';
import type { ClosedLoop } from '../closed-loop.ts';
import { accountImpressions } from './account-impressions.ts';
import { armResults } from './arm-results.ts';
import type { LoopResult } from './loop-result.ts';
import { loopSeries } from './loop-series.ts';
import { viewerColumns } from './viewer-columns.ts';

/** Sums it up; nothing where the scenario recommends nothing. Spec: M119. */
export function summariseLoop(
  world: World,
  warehouse: Warehouse,
): { readonly recommendations?: LoopResult } {
  const { loop } = world;
  if (loop === undefined) return {};
  const { config, ground, lessons } = loop;
  const { history } = ground;
  return {
    recommendations: {
      experiment: config.experiment,
      slots: config.slots,
      arms: armResults(loop, warehouse),
      history:
        history === undefined ? null : { plays: history.plays, impressions: history.impressions },
      learning: lessons === undefined ? null : { ...lessons },
      impressions: accountImpressions(world, warehouse, loop.impressions.all),
      series: loopSeries(loop, world.endUs),
      comparison: comparisonOf(loop),
    },
  };
}

function comparisonOf(loop: ClosedLoop): LoopResult['comparison'] {
  const { arms, experiment: name } = loop.config;
  if (arms.length < 2) return null;
  return judgeExperiment({
    name,
    arms: arms.map((arm) => ({ name: arm.name, share: arm.share })),
    ...viewerColumns(loop),
  });
}
