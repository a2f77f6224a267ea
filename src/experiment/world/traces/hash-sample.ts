/** A sample by hash: whoever is in it was drawn by name alone, so that it says nothing of how
 * things went, holds the same names in every architecture, and needs no generator. */

/** A sample of bounded size. */
export interface HashSample<T> {
  /** Whether one of this hash would be taken now: ask before making what is to be kept. */
  wants(hash: number): boolean;
  /** Takes one that is wanted. */
  take(hash: number, item: T): void;
  /** Those with the smallest hashes, at most the bound, by hash. */
  items(): readonly T[];
}

const HASHES = 2 ** 32;

/** Makes a sample. Where many come, about `2 · bound · ln(number ÷ bound)` of them are taken on the
 * way, which is what it costs. @param bound - Most items that are kept in the end, ≥ 1. */
export function createHashSample<T>(bound: number): HashSample<T> {
  /** Hashes at or above it are out: whoever has the smallest ones stays in at every halving. */
  let limit = HASHES;
  let kept: { readonly hash: number; readonly item: T }[] = [];
  const smallest = () => [...kept].sort((a, b) => a.hash - b.hash).slice(0, bound);
  return {
    wants: (hash) => hash < limit,
    take(hash, item) {
      kept.push({ hash, item });
      if (kept.length < 2 * bound) return;
      kept = smallest();
      limit = kept.at(-1)?.hash ?? 0;
    },
    items: () => smallest().map(({ item }) => item),
  };
}

/** A hash of two numbers below 2³², in [0, 2³²): MurmurHash3's finaliser over both. Source: Austin
 * Appleby, MurmurHash3 (fmix32). */
export function hashOfPair(a: number, b: number): number {
  return mixed(mixed(a) ^ Math.imul(b + 1, 0x9e37_79b1)) >>> 0;
}

function mixed(value: number): number {
  let h = value | 0;
  h = Math.imul(h ^ (h >>> 16), 0x85eb_ca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2_ae35);
  return h ^ (h >>> 16);
}
