/** The metrics that changes are judged by, one number a replication: how far objectives are missed,
 * for how long, and at what cost; and what else one would ask. Spec: M191. */
import { METRICS, type Metric } from '../../campaign/metrics.ts';
import type { RunSample } from '../../campaign/run-sample.ts';
import { measureOf, roomOf } from '../../capacity/subject/objective-room.ts';
import type { Objective } from '../../objectives/objective.ts';
import type { AdviceMetric } from '../advice-document.ts';

/** A metric as documents name it, and as comparisons take it. */
export interface RatedMetric extends AdviceMetric {
  readonly metric: Metric;
}

/** The sum of what is missing over all objectives. */
export const DEFICIT = 'objective deficit';
/** How long conditions did not hold. */
export const SLO_MINUTES = 'SLO minutes';
/** What ranks of equals are made of. */
export const COST = 'cost per hour';

/** Missed by as much again is missed altogether: what has collapsed has no finer shades, and a
 * single replication must not be all that a mean knows. */
const ROOM_MIN = -1;
const ROOM_MAX = 1;
/** The unit of what is a share of an objective's limit, and may be more than all of it. */
const OF_LIMIT = 'of the limit';
/** Of a limit. */
const NEGLIGIBLE_ROOM = 0.02;
/** Of a value of the baseline. */
const NEGLIGIBLE_SHARE = 0.01;
const NEGLIGIBLE_COST = 0.001;
/** Of pages or events. */
const NEGLIGIBLE_ERRORS = 0.000_5;

/** The name of an objective's room. */
export function roomName({ text }: Pick<Objective, 'text'>): string {
  return `room: ${text}`;
}

/** The metrics that every replication of the baseline has.
 * @param baseline - With the metrics of {@link withAdviceMetrics}.
 * @param minutes - Length of a run. */
export function adviceMetrics(
  objectives: readonly Objective[],
  baseline: readonly RunSample[],
  minutes: number,
): readonly RatedMetric[] {
  const own = (name: string, unit: string, better?: 'larger'): Metric => ({
    name,
    unit,
    ...(better === undefined ? {} : { better }),
    of: () => null,
  });
  const mean = (name: string) => meanOf(baseline.map(({ metrics }) => metrics[name] ?? 0));
  const known = (name: string, negligible: (value: number) => number) =>
    METRICS.filter((metric) => metric.name === name).map((metric) =>
      rated(metric, negligible(Math.abs(mean(name))), false),
    );
  const relative = (value: number) => value * NEGLIGIBLE_SHARE;
  const all = [
    rated(own(DEFICIT, OF_LIMIT), NEGLIGIBLE_ROOM, true),
    rated(own(SLO_MINUTES, 'min'), minutes * NEGLIGIBLE_SHARE, true),
    ...objectives.map((one) =>
      rated(own(roomName(one), OF_LIMIT, 'larger'), NEGLIGIBLE_ROOM, true),
    ),
    ...known('page load p95', relative),
    ...known('page load p99', relative),
    ...known('error share', () => NEGLIGIBLE_ERRORS),
    ...known('freshness p99', relative),
    rated(own('late share', '1'), NEGLIGIBLE_ERRORS, false),
    ...known(COST, (value) => value * NEGLIGIBLE_COST),
  ];
  return all.filter(({ name }) =>
    baseline.every(({ metrics }) => typeof metrics[name] === 'number'),
  );
}

/** The sample with the metrics of advice among its own. */
export function withAdviceMetrics(sample: RunSample, objectives: readonly Objective[]): RunSample {
  const rooms = objectives.map((one) => [roomName(one), roomIn(sample, one)] as const);
  const counted = objectives.filter(({ severity }) => severity === 'fail');
  const deficit = counted.reduce((sum, one) => sum + Math.max(0, -(roomIn(sample, one) ?? 0)), 0);
  const missedUs = counted.reduce(
    (sum, one) => sum + (measureOf(one, sample.objectives)?.missedUs ?? 0),
    0,
  );
  return {
    ...sample,
    metrics: {
      ...sample.metrics,
      [DEFICIT]: deficit,
      [SLO_MINUTES]: missedUs / 60e6,
      'late share': lateShareOf(sample),
      ...Object.fromEntries(rooms),
    },
  };
}

function roomIn({ objectives }: RunSample, objective: Objective): number | null {
  const room = roomOf(objective, measureOf(objective, objectives));
  return room === null ? null : Math.min(ROOM_MAX, Math.max(ROOM_MIN, room));
}

function lateShareOf({ operations }: RunSample): number | null {
  const { events = 0, lateEvents = 0 } = operations?.pipeline ?? {};
  return events === 0 ? null : lateEvents / events;
}

function rated(metric: Metric, negligible: number, decides: boolean): RatedMetric {
  const { name, unit, better = 'smaller' } = metric;
  return { name, unit, better, negligible, decides, metric };
}

function meanOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / Math.max(1, values.length);
}
