/** A digest in parts, and where two of them part: the one comparison that the reproducibility
 * check, `verify`, `diff` and `replay` share. */
import type { RunDigest } from '../../kernel/digest.ts';

/** The hashes that a digest is made of; survives JSON. */
export interface DigestParts {
  /** Per slice `[sliceStartUs, hash]`, ascending. */
  readonly slices: readonly (readonly [number, string])[];
  /** Per actor `[name, hash]`, sorted by name; null where they were too many to keep. */
  readonly actors: readonly (readonly [string, string])[] | null;
}

/** Where two digests part. */
export interface DigestDivergence {
  /** Start of the first slice that differs, µs; null where none does. */
  readonly sliceUs: number | null;
  /** The first actor by name whose hash differs; null where none does, or they were not kept. */
  readonly actor: string | null;
}

/** The parts of a digest. Cost O(slices + actors · log). */
export function digestParts(digest: RunDigest): DigestParts {
  return { slices: digest.slices(), actors: digest.actors() };
}

/** Where two digests part first; undefined where they are equal. */
export function firstDivergence(a: DigestParts, b: DigestParts): DigestDivergence | undefined {
  const sliceUs = firstDifference(a.slices, b.slices);
  const actor =
    a.actors === null || b.actors === null ? undefined : firstDifference(a.actors, b.actors);
  if (sliceUs === undefined && actor === undefined) return undefined;
  return { sliceUs: sliceUs ?? null, actor: actor ?? null };
}

function firstDifference<K>(
  a: readonly (readonly [K, string])[],
  b: readonly (readonly [K, string])[],
): K | undefined {
  const length = Math.max(a.length, b.length);
  for (let i = 0; i < length; i += 1) {
    if (a[i]?.[0] !== b[i]?.[0] || a[i]?.[1] !== b[i]?.[1]) return (a[i] ?? b[i])?.[0];
  }
  return undefined;
}
