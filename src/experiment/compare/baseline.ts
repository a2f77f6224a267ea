/** A comparison beside an earlier one: what is worse by more than chance and tolerance explain. */
import { type Difference, differenceOf } from '../../stats/comparison/difference.ts';
import { type MeanDifference, welchDifference } from '../../stats/comparison/welch-difference.ts';
import type { Metric } from '../campaign/metrics.ts';
import type { CompareDocument } from '../result.ts';
import type { BaselineLine, BaselineReport } from './compare-sections.ts';

const FAMILY_CONFIDENCE = 0.95;

/** Checks every metric of every subject that both have. Pairs where seed and replications are the
 * same: both met the same chance. A regression is an interval that lies beyond the tolerance.
 * @param tolerance - Share of the earlier value, from 0 on. Spec: E162. */
export function checkBaseline(
  now: Pick<CompareDocument, 'seed' | 'architectures' | 'stopping'>,
  then: CompareDocument,
  { metrics, tolerance }: { readonly metrics: readonly Metric[]; readonly tolerance: number },
): BaselineReport {
  const both = now.architectures.flatMap(({ name, metrics: found }) => {
    const before = then.architectures.find((one) => one.name === name)?.metrics;
    return metrics.flatMap((metric) => {
      const [is, was] = [found[metric.name], before?.[metric.name]];
      return is === undefined || was === undefined ? [] : [{ name, metric, is, was }];
    });
  });
  const confidence = 1 - (1 - FAMILY_CONFIDENCE) / Math.max(1, both.length);
  const isPaired = now.seed === then.seed && samplesOf(now).join() === samplesOf(then).join();
  return {
    digest: then.digest,
    backlot: then.backlot,
    tolerance,
    confidence,
    lines: both.map(({ name, metric, is, was }): BaselineLine => {
      const pairs = isPaired && is.values.length === was.values.length;
      const found: MeanDifference & Partial<Difference> = pairs
        ? differenceOf(is.values, was.values, confidence)
        : welchDifference(is.values, was.values, confidence);
      const centre = is.value - was.value;
      const bounds = boundsAround(centre, isSame(is.values, was.values) ? 0 : found.halfWidth);
      return {
        subject: name,
        metric: metric.name,
        unit: metric.unit,
        difference: { value: centre, ...bounds },
        relative: was.value === 0 ? null : centre / was.value,
        method: found.method ?? 'welch',
        verdict: verdictOf(bounds, metric, tolerance * Math.abs(was.value)),
      };
    }),
    unmatched: unmatchedOf(now, then),
  };
}

function verdictOf(
  { low, high }: { readonly low: number | null; readonly high: number | null },
  { better }: Metric,
  allowed: number,
): BaselineLine['verdict'] {
  if (low === null || high === null) return 'unknown';
  const [worstFrom, bestTo] = better === 'larger' ? [-high, -low] : [low, high];
  if (worstFrom > allowed) return 'regression';
  return bestTo < -allowed ? 'improvement' : 'no regression shown';
}

function unmatchedOf(
  now: Pick<CompareDocument, 'architectures'>,
  then: CompareDocument,
): readonly string[] {
  return then.architectures.flatMap(({ name, metrics }) => {
    const found = now.architectures.find((one) => one.name === name)?.metrics;
    if (found === undefined) return [name];
    return Object.keys(metrics).flatMap((metric) =>
      found[metric] === undefined ? [`${name}: ${metric}`] : [],
    );
  });
}

/** Older documents do not list their replications, and have all from 0 on. */
function samplesOf(document: Partial<Pick<CompareDocument, 'stopping' | 'replications'>>) {
  const { stopping, replications = 0 } = document;
  return stopping?.replications ?? Array.from({ length: replications }, (_, n) => n);
}

function isSame(a: readonly number[], b: readonly number[]): boolean {
  return a.length === b.length && a.every((value, i) => value === b[i]);
}

function boundsAround(centre: number, halfWidth: number | null) {
  if (halfWidth === null) return { low: null, high: null };
  return { low: centre - halfWidth, high: centre + halfWidth };
}
