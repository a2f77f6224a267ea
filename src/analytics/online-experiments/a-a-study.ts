/** A/A: the same viewers are split again and again into two arms that are treated alike, and every
 * test counts how often it sees a difference. More often than its level says: the test, the
 * allocation or the unit of analysis is wrong. Spec: M150. */
import type { Chance } from '../../kernel/chance.ts';
import { requireArgument } from '../../stats/bad-argument.ts';
import { binomialProbability } from '../../stats/incomplete-beta.ts';
import { normalQuantile } from '../../stats/normal.ts';
import {
  type AbMetric,
  addViewers,
  emptyArms,
  type ReadyMetric,
  readyMetric,
} from './ab/ab-columns.ts';
import { type Arm, createAllocation } from './ab/allocation.ts';
import { type ArmMetric, metricOf } from './ab/arm-moments.ts';
import { cupedDifference, differenceOfArms } from './ab/metric-difference.ts';
import { checkSampleRatio, SAMPLE_RATIO_ALERT_LEVEL } from './ab/sample-ratio.ts';
import { SEQUENTIAL_VIEWERS_MIN, sequentialFactor } from './ab/sequential-bound.ts';

/** The tests that are counted. */
export type AaTest =
  | 'fixed horizon'
  | 'cuped'
  | 'delta method'
  | 'sequential, peeked at'
  | 'fixed horizon, peeked at'
  | 'sample ratio';

/** One test over all splits. */
export interface AaLine {
  readonly test: AaTest;
  readonly level: number;
  readonly falsePositives: number;
  readonly runs: number;
  /** Counts that a test of exactly this level stays within with probability 0.99. */
  readonly fewest: number;
  readonly most: number;
  readonly verdict: 'as promised' | 'too often' | 'more seldom than promised';
}

/** The study. */
export interface AaStudy {
  readonly viewers: number;
  readonly runs: number;
  readonly looks: number;
  readonly lines: readonly AaLine[];
}

const ARMS: readonly Arm[] = [
  { name: 'a', share: 1 },
  { name: 'b', share: 1 },
];
/** Confidence of the binomial bound. */
const BOUND_CONFIDENCE = 0.99;

/** Runs the study.
 * @param options - `mean`: a metric, with a pre-period where CUPED is to be counted. `ratio`: one
 * with weights. `looks`: how often an experiment is peeked at, evenly over its viewers.
 * @throws EngineError `STATS_BAD_ARGUMENT`. Cost O(runs · viewers). */
export function studyAa(options: {
  readonly viewer: ArrayLike<number>;
  readonly mean: AbMetric;
  readonly ratio?: AbMetric;
  readonly runs: number;
  readonly looks: number;
  readonly chance: Chance;
  readonly confidence?: number;
}): AaStudy {
  const { viewer, runs, looks, chance, confidence = 0.95 } = options;
  const isRuns = Number.isSafeInteger(runs) && runs >= 1;
  requireArgument(isRuns, { argument: 'runs', found: runs, rule: 'a whole number, at least 1' });
  const mean = readyMetric(options.mean);
  const ratio = options.ratio === undefined ? null : readyMetric(options.ratio);
  const n = viewer.length;
  const counts = new Map<AaTest, number>();
  const count = (test: AaTest, isSeen: boolean): void => {
    counts.set(test, (counts.get(test) ?? 0) + Number(isSeen));
  };
  const arm = new Int32Array(n);
  for (let run = 0; run < runs; run += 1) {
    const armOf = createAllocation({ experiment: `a-a ${run}`, arms: ARMS, chance });
    for (let i = 0; i < n; i += 1) arm[i] = armOf(viewer[i] ?? 0);
    const peeked = peek(mean, { arm, looks, confidence });
    const [a, b] = peeked.arms;
    count('fixed horizon', isSeen(differenceOfArms(a, b, confidence).difference));
    if (mean.before !== null) count('cuped', isSeen(cupedDifference(a, b, confidence).difference));
    if (ratio !== null) count('delta method', isSeenInRatio(ratio, arm, confidence));
    count('sequential, peeked at', peeked.isSequentialSeen);
    count('fixed horizon, peeked at', peeked.isFixedSeen);
    const ratioCheck = checkSampleRatio(ARMS, [a.viewers, b.viewers]);
    count('sample ratio', ratioCheck.verdict === 'mismatch');
  }
  const lines = [...counts].map(([test, falsePositives]) => {
    const level = test === 'sample ratio' ? SAMPLE_RATIO_ALERT_LEVEL : 1 - confidence;
    return lineOf(test, { falsePositives, runs, level });
  });
  return { viewers: n, runs, looks, lines };
}

/** Judges a count of false positives by the binomial distribution. */
function lineOf(
  test: AaTest,
  of: { readonly falsePositives: number; readonly runs: number; readonly level: number },
): AaLine {
  const { falsePositives, runs, level } = of;
  const tail = (1 - BOUND_CONFIDENCE) / 2;
  const below = (k: number): number => binomialProbability(k, { n: runs, p: level });
  let fewest = 0;
  while (below(fewest) <= tail) fewest += 1;
  let most = fewest;
  while (1 - below(most) > tail) most += 1;
  const isOften = falsePositives > most;
  const isSeldom = falsePositives < fewest;
  const seldom = isSeldom ? 'more seldom than promised' : 'as promised';
  return { test, ...of, fewest, most, verdict: isOften ? 'too often' : seldom };
}

function isSeenInRatio(ratio: ReadyMetric, arm: Int32Array, confidence: number): boolean {
  const moments = emptyArms(2);
  addViewers(moments, ratio, { arm, from: 0, to: arm.length });
  const [a, b] = moments.map(metricOf);
  return (
    a !== undefined && b !== undefined && isSeen(differenceOfArms(a, b, confidence).difference)
  );
}

/** Looks at the difference again and again, as an impatient reader does. */
function peek(
  ready: ReadyMetric,
  of: { readonly arm: Int32Array; readonly looks: number; readonly confidence: number },
): {
  readonly arms: readonly [ArmMetric, ArmMetric];
  readonly isSequentialSeen: boolean;
  readonly isFixedSeen: boolean;
} {
  const { arm, looks, confidence } = of;
  const plannedViewers = Math.max(1, arm.length);
  const fixedFactor = normalQuantile((1 + confidence) / 2);
  const moments = emptyArms(2);
  let arms: readonly ArmMetric[] = moments.map(metricOf);
  let isSequentialSeen = false;
  let isFixedSeen = false;
  let from = 0;
  for (let look = 1; look <= looks; look += 1) {
    const to = Math.round((arm.length * look) / looks);
    addViewers(moments, ready, { arm, from, to });
    from = to;
    arms = moments.map(metricOf);
    const [a, b] = arms;
    const fewest = Math.min(a?.viewers ?? 0, b?.viewers ?? 0);
    if (a === undefined || b === undefined || fewest < SEQUENTIAL_VIEWERS_MIN) continue;
    const error = Math.sqrt(a.variance / a.viewers + b.variance / b.viewers);
    const distance = Math.abs(b.mean - a.mean);
    const factor = sequentialFactor(to, { confidence, plannedViewers });
    isSequentialSeen ||= distance > factor * error;
    isFixedSeen ||= distance > fixedFactor * error;
  }
  const [a, b] = arms as [ArmMetric, ArmMetric];
  return { arms: [a, b], isSequentialSeen, isFixedSeen };
}

function isSeen(difference: { readonly low: number; readonly high: number } | null): boolean {
  return difference !== null && (difference.low > 0 || difference.high < 0);
}
