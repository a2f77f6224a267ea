/** Which differences are shown and which are not: every claim in a report or summary comes from
 * here. With k differences looked at, each is judged at 1 − 0.05 ÷ k (Bonferroni), so that all
 * claims together are wrong in at most 5 % of the runs. */
import type { CompareDocument, PairedDifferenceResult, RunDocument } from '../experiment/result.ts';
import { SECTION_COUNT } from '../experiment/results/page-loads.ts';
import { intervalFactor } from '../stats/student-t.ts';

/** A difference `b − a` and what it shows. */
export interface JudgedDifference extends PairedDifferenceResult {
  /** `none` where the adjusted interval holds zero, or where there is no interval. */
  readonly shown: 'lower' | 'higher' | 'none';
}

/** All differences of a document, judged. */
export interface Judgement {
  readonly differences: readonly JudgedDifference[];
  /** What was done, in one sentence. */
  readonly rule: string;
}

const FAMILY_CONFIDENCE = 0.95;
/** All pairs of six. */
const PAIRS_MAX = 15;

/** Judges every difference of a document. */
export function judgeDifferences(document: RunDocument | CompareDocument): Judgement {
  const withInterval = document.differences.filter(({ difference }) => difference.low !== null);
  const k = Math.max(1, withInterval.length);
  const confidence = 1 - (1 - FAMILY_CONFIDENCE) / k;
  if (document.schema === 'backlot.run/1') {
    return {
      differences: document.differences.map((one) => judged(one, adjustedBounds(one, confidence))),
      rule: ruleOf(confidence, k),
    };
  }
  const { differences } = document;
  return {
    differences: differences.map((one) => judged(one, one.adjusted)),
    rule: ruleOf(differences[0]?.adjustedConfidence ?? confidence, differences.length),
  };
}

function ruleOf(confidence: number, k: number): string {
  return (
    `Intervals are 95 % each. A difference counts as shown only if zero lies outside its ` +
    `interval at ${(confidence * 100).toFixed(2)} % (Bonferroni over ${k}).`
  );
}

/** Whether there is none at all, rather than one that may be chance. */
export function isNoDifference({ difference }: PairedDifferenceResult): boolean {
  const { value, low, high } = difference;
  return value === 0 && low === 0 && high === 0;
}

/** The difference of one metric between two architectures, whichever way round it is stored. */
export function differenceBetween(
  judged: readonly JudgedDifference[],
  { metric, from, to }: { readonly metric: string; readonly from: string; readonly to: string },
): JudgedDifference | undefined {
  const ofMetric = judged.filter((one) => one.metric === metric);
  const straight = ofMetric.find((one) => one.a === from && one.b === to);
  const reversed = ofMetric.find((one) => one.a === to && one.b === from);
  return straight ?? (reversed === undefined ? undefined : turnRound(reversed));
}

/** Of many differences of one metric, those between the lowest and all others, lowest first; all
 * of them where they are few enough to look at. */
export function differencesFromBest(ofMetric: readonly JudgedDifference[]): {
  readonly pairs: readonly JudgedDifference[];
  /** Whom the pairs have in common; undefined where they are all. */
  readonly best: string | undefined;
} {
  if (ofMetric.length <= PAIRS_MAX) return { pairs: ofMetric, best: undefined };
  const names = [...new Set(ofMetric.flatMap(({ a, b }) => [a, b]))];
  const wins = (name: string): number =>
    ofMetric.filter(({ a, b, difference: { value } }) =>
      a === name ? value > 0 : b === name && value < 0,
    ).length;
  const [best] = names.map((name) => ({ name, wins: wins(name) })).sort(byWins);
  if (best === undefined) return { pairs: ofMetric, best: undefined };
  const pairs = ofMetric
    .filter(({ a, b }) => a === best.name || b === best.name)
    .map((one) => (one.a === best.name ? one : turnRound(one)))
    .sort((x, y) => x.difference.value - y.difference.value);
  return { pairs, best: best.name };
}

function byWins(x: { readonly wins: number }, y: { readonly wins: number }): number {
  return y.wins - x.wins;
}

function turnRound(one: JudgedDifference): JudgedDifference {
  const { value, low, high } = one.difference;
  const turned = { none: 'none', lower: 'higher', higher: 'lower' } as const;
  return {
    ...one,
    a: one.b,
    b: one.a,
    difference: {
      value: -value,
      low: high === null ? null : -high,
      high: low === null ? null : -low,
    },
    shown: turned[one.shown],
  };
}

/** Bounds at the stricter level: those of a comparison stand in its document, made of its samples;
 * a run's 95 % interval is widened by the ratio of the t factors. */
function adjustedBounds(
  { difference: { value, low, high } }: PairedDifferenceResult,
  confidence: number,
): { readonly low: number; readonly high: number } {
  if (low === null || high === null) return { low: -Infinity, high: Infinity };
  const df = SECTION_COUNT - 1;
  const factor = intervalFactor(confidence, df) / intervalFactor(0.95, df);
  return { low: value - (value - low) * factor, high: value + (high - value) * factor };
}

function judged(
  one: PairedDifferenceResult,
  { low, high }: { readonly low: number | null; readonly high: number | null },
): JudgedDifference {
  return { ...one, shown: (low ?? 0) > 0 ? 'higher' : (high ?? 0) < 0 ? 'lower' : 'none' };
}
