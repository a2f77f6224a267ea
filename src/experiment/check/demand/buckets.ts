/** Time buckets of the pre-flight, and samples that keep shares. */
import type { Scenario } from '../../scenario/schema.ts';

/** Buckets of a run. */
export const BUCKETS = 360;
/** Questions kept of each page. */
export const MAX_QUESTIONS = 8;

/** Length of a bucket, µs. */
export function bucketLengthOf({ clock }: Scenario): number {
  return (clock.duration + clock.drain) / BUCKETS;
}

/** Every k-th, so that what is asked often stays often. */
export function systematic<T>(all: readonly T[], most: number): readonly T[] {
  if (all.length <= most) return all;
  return Array.from(
    { length: most },
    (_, i) => all[Math.floor(((i + 0.5) * all.length) / most)] as T,
  );
}

/** Counts at a place; what is outside of the run is left out. */
export function addAt(counts: number[], place: number, many: number): void {
  const bucket = Math.floor(place);
  if (bucket >= 0 && bucket < counts.length) counts[bucket] = (counts[bucket] ?? 0) + many;
}
