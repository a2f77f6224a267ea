/** The built-in world of the parts that judge decisions: viewers whose tastes are known. */
import { createBuiltInCatalogue } from '../../src/domain/built-in-catalogue.ts';
import { createTastes, DEFAULT_TASTES } from '../../src/domain/taste/tastes.ts';
import { createChance } from '../../src/kernel/chance.ts';

/** Viewers at scale 1. */
const VIEWERS = 50_000;
const TITLES = 300;
const SEED = 7;

/** A built-in world of so many titles, whose tastes are known. */
export function knownWorld(titles: number) {
  const chance = createChance({ seed: SEED, replication: 0 });
  const catalogue = createBuiltInCatalogue({ titles, seed: SEED });
  const genres = [...new Set(catalogue.titles.flatMap((title) => title.genres))].sort();
  const draws = chance.draws('audience.genre');
  const genreOf = (viewer: number) =>
    genres[Math.floor(draws.uniform(viewer, 0) * genres.length)] ?? '';
  const tastes = createTastes({
    config: DEFAULT_TASTES,
    catalogue,
    profileOf: (viewer) => ({ favouriteGenre: genreOf(viewer) }),
    chance,
  });
  return { chance, catalogue, tastes, genreOf };
}

/** The world at a scale: 50,000 viewers and 300 titles at 1, no fewer than 200 and 40. */
export function judgedWorld(scale: number) {
  const titles = Math.max(40, Math.round(TITLES * Math.min(1, scale)));
  const count = Math.max(200, Math.round(VIEWERS * Math.min(1, scale)));
  return { ...knownWorld(titles), viewers: Array.from({ length: count }, (_, i) => i) };
}
