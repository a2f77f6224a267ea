/** Who likes what: latent vectors of viewers and titles, pure functions of their numbers, so that
 * one viewer or title more changes nobody else. Nothing that recommends may see them but the
 * oracle; whoever judges recommendations may. Spec: D20–D22. */
import type { Chance } from '../../kernel/chance.ts';
import { normalQuantile } from '../../kernel/distributions/normal-quantile.ts';
import { hashText } from '../../kernel/hash.ts';
import type { ViewerProfile } from '../audience.ts';
import type { Catalogue } from '../catalogue.ts';
import type { ViewerId } from '../ids.ts';

/** How tastes are made. */
export interface TasteConfig {
  /** Length of the vectors. */
  readonly factors: number;
  /** Share of a vector's variance that its genre explains, 0–1; the rest is its own. */
  readonly genreShare: number;
  /** Standard deviation over titles of the popularity that draws everybody alike. */
  readonly popularityWeight: number;
  /** Standard deviation over viewers and titles of what draws one and not the other. */
  readonly tasteWeight: number;
  /** Standard deviation of clickbait: what draws clicks and disappoints. */
  readonly clickbaitWeight: number;
}

/** Tastes of all viewers and titles of a run; titles by their place in the catalogue. */
export interface Tastes {
  readonly config: TasteConfig;
  readonly titleCount: number;
  /** How well a title suits a viewer: over all pairs, mean 0 and standard deviation about 1. */
  affinity(viewer: ViewerId, title: number): number;
  /** How popular it is, standardised over the catalogue. */
  popularity(title: number): number;
  /** How much more it promises than it keeps: standard normal over titles. */
  clickbait(title: number): number;
  /** What draws the viewer to click, in logits: weighted sum of the three. */
  attraction(viewer: ViewerId, title: number): number;
  /** What the viewer has of it, in logits: 0 is a lukewarm evening. */
  enjoyment(viewer: ViewerId, title: number): number;
}

/** A world in which taste says more than popularity does, and both say something. */
export const DEFAULT_TASTES: TasteConfig = {
  factors: 8,
  genreShare: 0.5,
  popularityWeight: 0.8,
  tasteWeight: 1.4,
  clickbaitWeight: 0.3,
};

/** Makes the tastes. Vectors are made when first asked for and kept: 8 bytes a factor.
 * @param options - `profileOf`: whose favourite genre leans a viewer's taste. The order of the
 * catalogue is that of popularity: standardised −ln(rank). Cost of an affinity: O(factors). */
export function createTastes(options: {
  readonly config: TasteConfig;
  readonly catalogue: Catalogue;
  readonly profileOf: (viewer: ViewerId) => Pick<ViewerProfile, 'favouriteGenre'>;
  readonly chance: Chance;
}): Tastes {
  const { config, catalogue, profileOf, chance } = options;
  const { factors } = config;
  const titleCount = catalogue.titles.length;
  const blend = createBlend(config, chance);
  const titleVectors = new Float64Array(titleCount * factors);
  catalogue.titles.forEach(({ genres }, title) => {
    titleVectors.set(blend({ purpose: 'title', entity: title }, genres), title * factors);
  });
  const viewerVectors = new Map<ViewerId, Float64Array>();
  const vectorOf = (viewer: ViewerId): Float64Array => {
    const known = viewerVectors.get(viewer);
    if (known !== undefined) return known;
    const made = blend({ purpose: 'viewer', entity: viewer }, [profileOf(viewer).favouriteGenre]);
    viewerVectors.set(viewer, made);
    return made;
  };
  const popularities = standardised(titleCount, (title) => -Math.log(title + 1));
  const bait = chance.draws('taste.clickbait');
  const baits = Float64Array.from({ length: titleCount }, (_, title) =>
    normalQuantile(bait.uniform(title, 0)),
  );
  const scale = 1 / Math.sqrt(factors);
  const affinity = (viewer: ViewerId, title: number) => {
    const vector = vectorOf(viewer);
    const at = title * factors;
    let sum = 0;
    for (let i = 0; i < factors; i += 1) sum += (vector[i] ?? 0) * (titleVectors[at + i] ?? 0);
    return sum * scale;
  };
  const { popularityWeight, tasteWeight, clickbaitWeight } = config;
  const popularity = (title: number) => popularities[title] ?? 0;
  const clickbait = (title: number) => baits[title] ?? 0;
  return {
    config,
    titleCount,
    affinity,
    popularity,
    clickbait,
    attraction: (viewer, title) =>
      popularityWeight * popularity(title) +
      tasteWeight * affinity(viewer, title) +
      clickbaitWeight * clickbait(title),
    enjoyment: (viewer, title) =>
      tasteWeight * affinity(viewer, title) - clickbaitWeight * clickbait(title),
  };
}

type Blend = (
  own: { readonly purpose: 'title' | 'viewer'; readonly entity: number },
  genres: readonly string[],
) => Float64Array;

/** Vectors of unit variance a factor: the mean of genres, and something of one's own. */
function createBlend({ factors, genreShare }: TasteConfig, chance: Chance): Blend {
  const genreDraws = chance.draws('taste.genre');
  const ownDraws = { title: chance.draws('taste.title'), viewer: chance.draws('taste.viewer') };
  const centres = new Map<string, Float64Array>();
  const centreOf = (genre: string): Float64Array => {
    const known = centres.get(genre);
    if (known !== undefined) return known;
    const key = hashText(genre, 0);
    const made = Float64Array.from({ length: factors }, (_, i) =>
      normalQuantile(genreDraws.uniform(key, i)),
    );
    centres.set(genre, made);
    return made;
  };
  return ({ purpose, entity }, genres) => {
    const shared = Math.sqrt(genreShare / Math.max(1, genres.length));
    const single = Math.sqrt(1 - (genres.length === 0 ? 0 : genreShare));
    const vector = new Float64Array(factors);
    for (let i = 0; i < factors; i += 1) {
      let sum = single * normalQuantile(ownDraws[purpose].uniform(entity, i));
      for (const genre of genres) sum += shared * (centreOf(genre)[i] ?? 0);
      vector[i] = sum;
    }
    return vector;
  };
}

function standardised(count: number, of: (i: number) => number): Float64Array {
  const values = Float64Array.from({ length: count }, (_, i) => of(i));
  const mean = values.reduce((sum, value) => sum + value, 0) / count;
  const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / count;
  const scale = variance > 0 ? 1 / Math.sqrt(variance) : 0;
  return values.map((value) => (value - mean) * scale);
}
