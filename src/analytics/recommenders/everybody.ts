/** What a user gets of whom nothing is known: what was played most. */
import type { Interactions } from '../training/interactions.ts';

/** Plays by title. Cost O(plays). */
export function playCounts({ title, titles }: Interactions): Float64Array {
  const counts = new Float64Array(titles.length);
  for (const played of title) counts[played] = (counts[played] as number) + 1;
  return counts;
}
