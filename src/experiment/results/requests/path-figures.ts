/** What a run says of its request path beside the accounts: where page-load time goes, how it is
 * distributed, and what queues, doors, breakers, budgets and autoscalers did over time. Series are
 * over the run's buckets. Spec: E504–E508. */
import type { HistogramCounts } from '../../../stats/histogram-counts.ts';
import type { World } from '../../assemble.ts';
import { type OfferedLoad, offeredLoad } from './offered-load.ts';
import {
  type AutoscalerSeries,
  autoscalerSeries,
  type BreakerSeries,
  type BudgetSeries,
  breakerSeries,
  budgetSeries,
  type DoorSeries,
  doorSeries,
  type QueueSeries,
  queueSeries,
} from './path-series.ts';
import { type CurvePoint, percentileCurve } from './percentile-curve.ts';
import { type Waterfall, waterfalls } from './waterfall.ts';

/** The figures. */
export interface PathFigures {
  /** Of pages near the median and near p99; empty where too few were measured. */
  readonly waterfalls: readonly Waterfall[];
  /** The distribution of the measured page-load times. */
  readonly percentileCurve: readonly CurvePoint[];
  /** Jobs that wait for a worker, one a server. */
  readonly queues: readonly QueueSeries[];
  /** Servers that turned somebody away, or that have a limit. */
  readonly doors: readonly DoorSeries[];
  readonly breakers: readonly BreakerSeries[];
  readonly budgets: readonly BudgetSeries[];
  readonly autoscalers: readonly AutoscalerSeries[];
  /** Null where nobody comes from outside. */
  readonly offeredLoad: OfferedLoad | null;
}

/** The figures of a run that is over. @param pageLoadTimeUs - Of the measured pages. */
export function pathFigures(world: World, pageLoadTimeUs: HistogramCounts): PathFigures {
  return {
    waterfalls: waterfalls(world),
    percentileCurve: percentileCurve(pageLoadTimeUs),
    queues: queueSeries(world),
    doors: doorSeries(world),
    breakers: breakerSeries(world),
    budgets: budgetSeries(world),
    autoscalers: autoscalerSeries(world),
    offeredLoad: offeredLoad(world),
  };
}
