/** The front of cost, p99 and availability: what no other is at least as good as in all three. */

/** What is compared: less of the first two is better, more of the third. */
export interface Merits {
  readonly usdPerHour: number;
  /** Null is worse than any number. */
  readonly p99Ms: number | null;
  readonly availability: number | null;
}

/** Whether each is on the front. Equals are on it together. Cost O(n²). */
export function paretoFront(all: readonly Merits[]): readonly boolean[] {
  const points = all.map(({ usdPerHour, p99Ms, availability }) => [
    usdPerHour,
    p99Ms ?? Number.POSITIVE_INFINITY,
    -(availability ?? Number.NEGATIVE_INFINITY),
  ]);
  return points.map((own) => !points.some((other) => dominates(other, own)));
}

function dominates(a: readonly number[], b: readonly number[]): boolean {
  const isNoWorse = a.every((value, i) => value <= (b[i] ?? 0));
  return isNoWorse && a.some((value, i) => value < (b[i] ?? 0));
}
