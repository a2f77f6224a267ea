/** What a metric is: one definition, in words and in SQL. */

/** One metric. */
export interface Metric {
  readonly words: string;
  readonly unit: string;
  readonly sql: string;
}

/** A row of a metric. */
export type MetricRow = Readonly<Record<string, unknown>>;

/** SQL: a share of a whole, null where there is none. */
export const sqlShare = (part: string, whole: string) => `1.0 * (${part}) / nullif(${whole}, 0)`;
/** SQL: a sum, 0 where there is none. */
export const sqlTotal = (column: string) => `coalesce(sum(${column}), 0)`;

/** Order statistics of `value` in a relation `ranked` that has `value_rank` from 1 and `n`: no
 * interpolation, and integers only, so that every engine agrees. */
export function orderStatistic(percent: number): string {
  const isWithin = `value_rank = 1 OR value_rank * 100 <= n * ${percent} + 99`;
  return `max(CASE WHEN ${isWithin} THEN value END)`;
}

/** The same of a list. @param values - Ascending. @returns null where there is none. */
export function statisticOf(values: readonly number[], percent: number): number | null {
  const rank = Math.max(1, Math.floor((values.length * percent + 99) / 100));
  return values[rank - 1] ?? null;
}

/** A share of a whole; null where there is none. */
export function ratio(part: number, whole: number): number | null {
  return whole === 0 ? null : part / whole;
}

/** Entries by their names' letters, as SQL compares them. */
export function byName<T>(
  entries: Iterable<readonly [string, T]>,
): readonly (readonly [string, T])[] {
  return [...entries].sort(([a], [b]) => (a < b ? -1 : Number(a > b)));
}
