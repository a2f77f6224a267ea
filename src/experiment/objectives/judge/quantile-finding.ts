/** Whether a quantile over all replications lies below a limit: whether the share of values up to
 * the limit is above q. Values of one replication depend on one another, replications do not, so
 * the share's error is that of a ratio over clusters, and never below that of independent values.
 * Source: Woodruff 1952; Cochran, Sampling Techniques, ratio estimators. Spec: E110. */
import { studentTQuantile } from '../../../stats/student-t.ts';
import type { Condition, PooledParts } from '../objective.ts';
import { type Finding, moreFor } from './finding.ts';
import { mergedHistogram, pooledValue } from './pooled-value.ts';
import { shareError } from './share-error.ts';

/** Values of one replication: ascending, and how many there are up to each. */
interface Cluster {
  readonly values: readonly number[];
  readonly cumulative: readonly number[];
  readonly total: number;
}

/** The finding. @param parts - A histogram each replication. */
export function quantileFinding(
  parts: readonly PooledParts[],
  asked: {
    readonly q: number;
    readonly confidence: number;
    readonly condition: Pick<Condition, 'comparison' | 'limit'>;
  },
): Finding {
  const { q, confidence, condition } = asked;
  const value = pooledValue(parts, [{ kind: 'quantile', q }]);
  const clusters = parts.flatMap(clusterOf);
  if (value === null || clusters.length < 2) {
    return { value, low: null, high: null, decision: 'open', more: null };
  }
  const t = studentTQuantile(confidence, clusters.length - 1);
  // That a quantile is below a limit takes values below it: those that equal it are none.
  const isStrict = condition.comparison === '<' || condition.comparison === '>=';
  const at = shareAt(clusters, q, { limit: condition.limit, isStrict });
  const gap = at.share - q;
  const isBelow = gap > t * at.error;
  const isAbove = gap < -t * at.error;
  const wantsBelow = condition.comparison.startsWith('<');
  const open = isBelow || isAbove ? 'missed' : 'open';
  const decision = (wantsBelow ? isBelow : isAbove) ? 'met' : open;
  const more = moreFor(clusters.length, { reach: t * at.error, gap: Math.abs(gap) });
  return { value, ...bounds(parts, clusters, { q, t }), decision, more };
}

/** The smallest value that is shown to be above the quantile, and the largest below it. */
function bounds(
  parts: readonly PooledParts[],
  clusters: readonly Cluster[],
  { q, t }: { readonly q: number; readonly t: number },
): { readonly low: number | null; readonly high: number | null } {
  const { values } = mergedHistogram(parts);
  const distance = (i: number) => {
    const { share, error } = shareAt(clusters, q, { limit: values[i] ?? 0, isStrict: false });
    return (share - q) / error;
  };
  const firstAbove = firstIndex(values.length, (i) => distance(i) > t);
  const firstNotBelow = firstIndex(values.length, (i) => distance(i) >= -t);
  return {
    low: firstNotBelow === 0 ? null : (values[firstNotBelow] ?? null),
    high: values[firstAbove] ?? null,
  };
}

/** The share of all values up to a limit, or strictly below it, and its error if the true share
 * is q. */
function shareAt(
  clusters: readonly Cluster[],
  q: number,
  { limit, isStrict }: { readonly limit: number; readonly isStrict: boolean },
) {
  const counted = clusters.map((cluster) => ({
    size: cluster.total,
    below:
      cluster.cumulative[
        firstIndex(cluster.values.length, (i) => {
          const value = cluster.values[i] ?? 0;
          return isStrict ? value >= limit : value > limit;
        }) - 1
      ] ?? 0,
  }));
  const size = counted.reduce((sum, one) => sum + one.size, 0);
  const share = counted.reduce((sum, one) => sum + one.below, 0) / size;
  const squares = counted.reduce((sum, one) => sum + (one.below - share * one.size) ** 2, 0);
  const k = clusters.length;
  const variance = ((k / (k - 1)) * squares) / size ** 2;
  return { share, error: shareError({ share, variance, count: size }, q) };
}

function clusterOf(part: PooledParts): readonly Cluster[] {
  if (part.kind !== 'histogram') return [];
  let total = 0;
  const cumulative = part.counts.map((count) => {
    total += count;
    return total;
  });
  return total === 0 ? [] : [{ values: part.values, cumulative, total }];
}

/** The first index from which on something holds; `length` where it never does. */
function firstIndex(length: number, holds: (i: number) => boolean): number {
  let low = 0;
  let high = length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (holds(middle)) high = middle;
    else low = middle + 1;
  }
  return low;
}
