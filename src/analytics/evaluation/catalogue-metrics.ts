/** What all lists of a model together do with the catalogue. Sources: Shani and Gunawardana 2011
 * (catalogue and distributional coverage); Gini 1912, as Fleder and Hosanagar 2009 apply it to what
 * is recommended. Spec: M40. */

/** How lists spread over the catalogue. */
export interface CatalogueSpread {
  /** Share of titles that are in at least one list, 0–1. */
  readonly coverage: number;
  /** Shannon entropy of the titles' shares of all places in lists, bits: log₂(titles) where all are
   * shown alike, 0 where only one is. */
  readonly entropyBits: number;
  /** Gini coefficient of those shares: 0 where all titles are shown alike, next to 1 where one
   * is. */
  readonly gini: number;
}

/** The spread of how often titles were shown; all 0 where nothing was shown.
 * @param shown - Places in lists by title. Cost O(titles · log titles). */
export function catalogueSpread(shown: Float64Array): CatalogueSpread {
  const ascending = shown.slice().sort();
  const total = ascending.reduce((sum, count) => sum + count, 0);
  if (total === 0) return { coverage: 0, entropyBits: 0, gini: 0 };
  let covered = 0;
  let entropyBits = 0;
  let weighted = 0;
  ascending.forEach((count, n) => {
    weighted += (2 * (n + 1) - ascending.length - 1) * count;
    if (count === 0) return;
    covered += 1;
    entropyBits -= (count / total) * Math.log2(count / total);
  });
  return {
    coverage: covered / ascending.length,
    // A sum of nothing but −1 · log₂ 1 is −0.
    entropyBits: Math.max(0, entropyBits),
    gini: weighted / (ascending.length * total),
  };
}
