/** The value of parts of several replications taken together. Quantiles come out of merged
 * histograms: percentiles are never averaged. Spec: E109. */
import type { Aggregate, PooledParts } from '../objective.ts';

/** Buckets of several histograms, merged and ascending. */
export interface MergedHistogram {
  readonly values: readonly number[];
  readonly counts: readonly number[];
  readonly total: number;
}

/** What is taken of the two terms of a ratio, or of one alone. */
export type Aggregates = readonly [Aggregate, Aggregate?];

/** The pooled value; null where there is none. */
export function pooledValue(
  parts: readonly PooledParts[],
  [first, second]: Aggregates,
): number | null {
  const known = parts.filter(({ kind }) => kind !== 'none');
  const kind = known[0]?.kind;
  if (kind === undefined) return null;
  if (kind === 'quotient') {
    const quotients = known.flatMap((part) => (part.kind === 'quotient' ? [part] : []));
    const over = pooledValue(
      quotients.map((one) => one.over),
      [first],
    );
    const under = pooledValue(
      quotients.map((one) => one.under),
      [second ?? first],
    );
    return over === null || under === null || under === 0 ? null : over / under;
  }
  if (kind === 'ratio') return pooledRatio(known);
  if (kind === 'extreme') return pooledExtreme(known, first);
  const merged = mergedHistogram(known);
  return first.kind === 'quantile' ? quantileOf(merged, first.q) : null;
}

/** Merges histograms of one layout, whose equal buckets have equal values. */
export function mergedHistogram(parts: readonly PooledParts[]): MergedHistogram {
  const counts = new Map<number, number>();
  for (const part of parts) {
    if (part.kind !== 'histogram') continue;
    part.values.forEach((value, i) => {
      counts.set(value, (counts.get(value) ?? 0) + (part.counts[i] ?? 0));
    });
  }
  const values = [...counts.keys()].sort((a, b) => a - b);
  const ordered = values.map((value) => counts.get(value) ?? 0);
  return { values, counts: ordered, total: ordered.reduce((sum, count) => sum + count, 0) };
}

function pooledRatio(parts: readonly PooledParts[]): number | null {
  let over = 0;
  let under = 0;
  for (const part of parts) {
    if (part.kind !== 'ratio') continue;
    over += part.over;
    under += part.under;
  }
  return under === 0 ? null : over / under;
}

function pooledExtreme(parts: readonly PooledParts[], { kind }: Aggregate): number | null {
  const values = parts.flatMap((part) =>
    part.kind === 'extreme' && part.value !== null ? [part.value] : [],
  );
  if (values.length === 0) return null;
  return kind === 'min' ? Math.min(...values) : Math.max(...values);
}

function quantileOf({ values, counts, total }: MergedHistogram, q: number): number | null {
  const rank = Math.max(1, Math.ceil(q * total));
  let seen = 0;
  for (let i = 0; i < values.length; i += 1) {
    seen += counts[i] ?? 0;
    if (seen >= rank) return values[i] ?? null;
  }
  return null;
}
