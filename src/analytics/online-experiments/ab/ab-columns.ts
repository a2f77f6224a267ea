/** What an A/B experiment is judged by: one row a viewer. Whoever has several rows of a viewer,
 * such as sessions, sums them first: viewers were allocated, so viewers are the unit. */
import { requireArgument } from '../../../stats/bad-argument.ts';
import { type ArmMoments, createArmMoments } from './arm-moments.ts';

/** The viewers of an experiment, in the order in which they entered it. */
export interface AbViewers {
  readonly viewer: ArrayLike<number>;
  /** Place in the list of arms. */
  readonly arm: ArrayLike<number>;
}

/** One metric; columns are as long as the viewers'. */
export interface AbMetric {
  readonly name: string;
  readonly unit: string;
  readonly better: 'more' | 'less';
  readonly value: ArrayLike<number>;
  /** Makes it a ratio, Σ value ÷ Σ weight, such as clicks per impression. */
  readonly weight?: ArrayLike<number>;
  /** The same before the experiment, or whatever foretells it; NaN where nothing is known. */
  readonly before?: ArrayLike<number>;
  /** Makes it a guardrail: the largest loss that is accepted, in the metric's unit, above 0. */
  readonly margin?: number;
}

/** A metric ready to be added up: pre-period values are complete. */
export interface ReadyMetric {
  readonly metric: AbMetric;
  /** Of each viewer, the mean of the others where nothing is known; null where nothing is known of
   * any. */
  readonly before: ArrayLike<number> | null;
  /** Viewers without a pre-period value. */
  readonly unknownBefore: number;
}

/** Checks the columns.
 * @throws EngineError `STATS_BAD_ARGUMENT` on lengths that don't fit, an unknown arm, a viewer
 * twice, a value that is not finite. */
export function requireColumns(
  viewers: AbViewers,
  metrics: readonly AbMetric[],
  armCount: number,
): void {
  const { viewer, arm } = viewers;
  const n = viewer.length;
  requireLength('arms of viewers', arm, n);
  const seen = new Set<number>();
  for (let i = 0; i < n; i += 1) {
    const at = arm[i] ?? -1;
    const isArm = Number.isInteger(at) && at >= 0 && at < armCount;
    const rule = `a whole number from 0 to ${armCount - 1}`;
    requireArgument(isArm, { argument: `arm of viewer ${viewer[i]}`, found: at, rule });
    seen.add(viewer[i] ?? -1);
  }
  const once = 'one row a viewer: sum up the rows of a viewer first';
  requireArgument(seen.size === n, {
    argument: 'viewers',
    found: `${n - seen.size} twice`,
    rule: once,
  });
  for (const { name, value, weight, margin } of metrics) {
    requireLength(`values of ${name}`, value, n);
    requireFinite(`value of ${name}`, value);
    if (weight !== undefined) {
      requireLength(`weights of ${name}`, weight, n);
      requireFinite(`weight of ${name}`, weight);
    }
    const isMargin = margin === undefined || margin > 0;
    requireArgument(isMargin, { argument: `margin of ${name}`, found: margin, rule: 'above 0' });
  }
}

/** Fills in what is not known before: the mean of those of whom it is, which adjusts nothing.
 * Source: Deng et al. 2013, section on missing pre-period data. Spec: M145. */
export function readyMetric(metric: AbMetric): ReadyMetric {
  const { before, value } = metric;
  if (before === undefined) return { metric, before: null, unknownBefore: value.length };
  requireLength(`pre-period values of ${metric.name}`, before, value.length);
  let known = 0;
  let sum = 0;
  for (let i = 0; i < before.length; i += 1) {
    const one = before[i] ?? Number.NaN;
    if (!Number.isFinite(one)) continue;
    known += 1;
    sum += one;
  }
  const unknownBefore = before.length - known;
  if (known === 0) return { metric, before: null, unknownBefore };
  const mean = sum / known;
  const filled = Float64Array.from(before, (one) => (Number.isFinite(one) ? one : mean));
  return { metric, before: filled, unknownBefore };
}

/** Adds up the viewers from row `from` up to `to` by arm. */
export function addViewers(
  into: readonly ArmMoments[],
  ready: ReadyMetric,
  rows: { readonly arm: ArrayLike<number>; readonly from: number; readonly to: number },
): void {
  const { value, weight } = ready.metric;
  for (let i = rows.from; i < rows.to; i += 1) {
    into[rows.arm[i] ?? 0]?.add(value[i] ?? 0, weight?.[i] ?? 1, ready.before?.[i] ?? 0);
  }
}

/** Empty moments of each arm. */
export function emptyArms(count: number): ArmMoments[] {
  return Array.from({ length: count }, createArmMoments);
}

function requireLength(argument: string, column: ArrayLike<number>, n: number): void {
  const rule = `${n}, one a viewer`;
  requireArgument(column.length === n, { argument, found: column.length, rule });
}

function requireFinite(argument: string, column: ArrayLike<number>): void {
  for (let i = 0; i < column.length; i += 1) {
    const found = column[i];
    requireArgument(Number.isFinite(found), { argument, found, rule: 'finite' });
  }
}
