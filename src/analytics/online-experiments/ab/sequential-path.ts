/** The always-valid bound over the viewers as they entered, beside the fixed-horizon interval that
 * somebody who peeks would read. Spec: M146. */
import { intervalFactor } from '../../../stats/student-t.ts';
import { type AbViewers, addViewers, emptyArms, type ReadyMetric } from './ab-columns.ts';
import type { Arm } from './allocation.ts';
import { metricOf } from './arm-moments.ts';
import { cupedDifference, differenceOfArms } from './metric-difference.ts';
import { alwaysValidP, SEQUENTIAL_VIEWERS_MIN, sequentialFactor } from './sequential-bound.ts';

/** Columns of looks, one entry each. */
export interface SequentialPath {
  /** Viewers of all arms that had entered. */
  readonly viewers: readonly number[];
  /** Difference (CUPED where there is one) and its bounds; null where the smaller arm has too few
   * viewers for a bound. */
  readonly difference: readonly (number | null)[];
  readonly low: readonly (number | null)[];
  readonly high: readonly (number | null)[];
  /** Half-width of the fixed-horizon interval at that look, which does not hold under peeking. */
  readonly fixedHalfWidth: readonly (number | null)[];
  /** The least p-value of all looks so far is valid at any time; null without a look. */
  readonly pValue: number | null;
  /** Viewers at the first look whose bound excluded 0: where the experiment could have stopped. */
  readonly stoppedAtViewers: number | null;
}

/** The path of one treatment. @param of - `treatment`: its place in the list of arms. */
export function sequentialPath(
  ready: ReadyMetric,
  of: {
    readonly arms: readonly Arm[];
    readonly viewers: AbViewers;
    readonly treatment: number;
    readonly confidence: number;
    readonly plannedViewers: number;
    readonly looks: number;
  },
): SequentialPath {
  const { arms, viewers, treatment, confidence, looks } = of;
  const shares = arms.reduce((sum, { share }) => sum + share, 0);
  const ofPair = ((arms[0]?.share ?? 0) + (arms[treatment]?.share ?? 0)) / shares;
  const plannedViewers = of.plannedViewers * ofPair;
  const n = viewers.arm.length;
  const moments = emptyArms(arms.length);
  const seen: Look[] = [];
  let from = 0;
  for (let look = 1; look <= looks; look += 1) {
    const to = Math.round((n * look) / looks);
    if (to === from) continue;
    addViewers(moments, ready, { arm: viewers.arm, from, to });
    from = to;
    const [control, treated] = [moments[0], moments[treatment]];
    if (control === undefined || treated === undefined) continue;
    const pair = [metricOf(control), metricOf(treated)] as const;
    const isEnough = Math.min(pair[0].viewers, pair[1].viewers) >= SEQUENTIAL_VIEWERS_MIN;
    const found = isEnough ? differenceAt(pair, ready.before !== null, confidence) : null;
    seen.push(
      lookAt(to, found, { n: pair[0].viewers + pair[1].viewers, confidence, plannedViewers }),
    );
  }
  const firstStop = seen.find(({ low, high }) => (low ?? 0) > 0 || (high ?? 0) < 0);
  const pValues = seen.flatMap(({ pValue }) => (pValue === null ? [] : [pValue]));
  return {
    viewers: seen.map((one) => one.viewers),
    difference: seen.map(({ difference }) => difference),
    low: seen.map(({ low }) => low),
    high: seen.map(({ high }) => high),
    fixedHalfWidth: seen.map(({ fixedHalfWidth }) => fixedHalfWidth),
    pValue: pValues.length === 0 ? null : Math.min(...pValues),
    stoppedAtViewers: firstStop?.viewers ?? null,
  };
}

interface Look {
  readonly viewers: number;
  readonly difference: number | null;
  readonly low: number | null;
  readonly high: number | null;
  readonly fixedHalfWidth: number | null;
  readonly pValue: number | null;
}

interface Found {
  readonly value: number;
  readonly standardError: number;
}

function differenceAt(
  [control, treated]: readonly [ReturnType<typeof metricOf>, ReturnType<typeof metricOf>],
  canAdjust: boolean,
  confidence: number,
): Found | null {
  const cuped = canAdjust ? cupedDifference(control, treated, confidence).difference : null;
  return cuped ?? differenceOfArms(control, treated, confidence).difference;
}

function lookAt(
  viewers: number,
  found: Found | null,
  of: { readonly n: number; readonly confidence: number; readonly plannedViewers: number },
): Look {
  const { n, confidence, plannedViewers } = of;
  const none = { difference: null, low: null, high: null, fixedHalfWidth: null, pValue: null };
  if (found === null || !(found.standardError > 0)) return { viewers, ...none };
  const { value, standardError } = found;
  const reach = sequentialFactor(n, { confidence, plannedViewers }) * standardError;
  return {
    viewers,
    difference: value,
    low: value - reach,
    high: value + reach,
    fixedHalfWidth: intervalFactor(confidence, Math.max(1, n - 2)) * standardError,
    pValue: alwaysValidP(value / standardError, n, { confidence, plannedViewers }),
  };
}
