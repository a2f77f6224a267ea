/** A small world whose tastes are known. */
import { createBuiltInCatalogue } from '../../src/domain/built-in-catalogue.ts';
import { createTastes, DEFAULT_TASTES } from '../../src/domain/taste/tastes.ts';
import { createChance } from '../../src/kernel/chance.ts';

/** Catalogue, tastes and chance of a seed. */
export function analyticsWorld({ titles = 60, seed = 7 }: { titles?: number; seed?: number } = {}) {
  const chance = createChance({ seed, replication: 0 });
  const catalogue = createBuiltInCatalogue({ titles, seed });
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
  return { chance, catalogue, tastes, genreOf, genres };
}

/** 0, 1, … */
export function numbersTo(count: number): number[] {
  return Array.from({ length: count }, (_, i) => i);
}
