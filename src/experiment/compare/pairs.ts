/** Every pair of subjects: differences on common random numbers, paired where that helps and by
 * Welch where it does not, with intervals that hold together. */
import { type Difference, differenceOf } from '../../stats/comparison/difference.ts';
import { holmAdjusted } from '../../stats/comparison/holm.ts';
import { pairingOf } from '../../stats/comparison/pairing.ts';
import { type MeanDifference, welchDifference } from '../../stats/comparison/welch-difference.ts';
import { intervalFactor, studentTProbability } from '../../stats/student-t.ts';
import type { Metric } from '../campaign/metrics.ts';
import type { ComparedPair } from './compare-sections.ts';
import { pooledPercentile } from './estimates.ts';
import { type SubjectObservations, valuesOf } from './observations.ts';

const FAMILY_CONFIDENCE = 0.95;
/** At this correlation pairing halves the variance of a difference. */
const HALVING_CORRELATION = 0.5;

/** Differences `b − a` of every later subject against every earlier one, metric by metric. A
 * percentile's difference is that of the pooled percentiles, and only its width comes from the
 * replications' own. Where one subject has more replications, those that both have are paired.
 * @param comparisons - How many intervals must hold together, where these are some of more.
 * Spec: E159. */
export function comparedPairs(
  subjects: readonly SubjectObservations[],
  metrics: readonly Metric[],
  comparisons?: number,
): readonly ComparedPair[] {
  const pairs = subjects.flatMap((b, j) => subjects.slice(0, j).map((a): Pair => ({ a, b })));
  const family = Math.max(1, comparisons ?? pairs.length * metrics.length);
  const each = 1 - (1 - FAMILY_CONFIDENCE) / family;
  const level = (1 - FAMILY_CONFIDENCE) / Math.max(1, metrics.length);
  return metrics.flatMap((metric) => {
    const compared = pairs.map((pair) => comparedPair(pair, metric, each));
    const adjusted = holmAdjusted(compared.map(({ pValue }) => pValue ?? 1));
    return compared.map(({ pValue, ...found }, i): ComparedPair => {
      const adjustedPValue = pValue === null ? null : (adjusted[i] ?? null);
      return { ...found, adjustedPValue, verdict: verdictOf(adjustedPValue, level) };
    });
  });
}

interface Pair {
  readonly a: SubjectObservations;
  readonly b: SubjectObservations;
}

/** A difference before its p-value is adjusted to the others of its metric. */
interface SinglePair extends Omit<ComparedPair, 'adjustedPValue' | 'verdict'> {
  readonly pValue: number | null;
}

function comparedPair(pair: Pair, metric: Metric, confidence: number): SinglePair {
  const { a, b } = commonOf(pair);
  const values = { a: valuesOf(a, metric), b: valuesOf(b, metric) };
  const paired = differenceOf(values.b, values.a);
  const isPaired = paired.method === 'paired';
  // Where pairs do not help, what only one of them has is worth as much as the rest.
  const used = isPaired ? { a, b } : pair;
  const [ofB, ofA] = [valuesOf(used.b, metric), valuesOf(used.a, metric)];
  const single = isPaired ? paired : welchDifference(ofB, ofA);
  const strict = isPaired
    ? differenceOf(ofB, ofA, confidence)
    : welchDifference(ofB, ofA, confidence);
  const centre = centreOf(used, metric) ?? single.mean;
  return {
    a: a.name,
    b: b.name,
    metric: metric.name,
    unit: metric.unit,
    difference: { value: centre, ...around(centre, single.halfWidth) },
    varianceReduction: paired.varianceReduction,
    method: paired.method,
    methodText: methodText(paired),
    correlation: paired.correlation,
    adjusted: around(centre, strict.halfWidth),
    adjustedConfidence: confidence,
    pValue: pValueAround(centre, strict, confidence),
    pairing: pairingState(values.a, values.b),
  };
}

/** The observations that both have. */
function commonOf({ a, b }: Pair): Pair {
  const n = Math.min(a.observations.length, b.observations.length);
  const first = (one: SubjectObservations) => ({
    ...one,
    observations: one.observations.slice(0, n),
  });
  return { a: first(a), b: first(b) };
}

/** Whether the two are in step. Spec: E166. */
function pairingState(a: readonly number[], b: readonly number[]): ComparedPair['pairing'] {
  const { state, high } = pairingOf(a, b);
  if (state !== 'lost') return state;
  return high !== null && high < HALVING_CORRELATION ? 'lost' : 'unknown';
}

function verdictOf(adjusted: number | null, level: number): ComparedPair['verdict'] {
  if (adjusted === null) return 'unknown';
  return adjusted <= level ? 'different' : 'not shown to differ';
}

function methodText({ text, refusal }: Difference): string {
  return refusal?.text ?? text;
}

function centreOf({ a, b }: Pair, { quantile }: Metric): number | undefined {
  if (quantile === undefined) return undefined;
  return pooledPercentile(b, quantile).value - pooledPercentile(a, quantile).value;
}

/** P(a difference as far from 0 as the centre), by the error that the interval is made of: so the
 * verdict is on the pooled percentiles that are shown, and not on a mean of percentiles. One that
 * does not vary is certain: 0, or 1 where there is none. */
function pValueAround(
  centre: number,
  { halfWidth, df }: MeanDifference,
  confidence: number,
): number | null {
  if (halfWidth === null || df === null) return null;
  if (halfWidth === 0) return centre === 0 ? 1 : 0;
  const error = halfWidth / intervalFactor(confidence, df);
  return 2 * studentTProbability(-Math.abs(centre / error), df);
}

function around(
  centre: number,
  halfWidth: number | null,
): { readonly low: number | null; readonly high: number | null } {
  if (halfWidth === null) return { low: null, high: null };
  return { low: centre - halfWidth, high: centre + halfWidth };
}
