/** Tastes: whose they are, how they spread, what they lean to. */
import { describe, expect, it } from 'vitest';
import { createBuiltInCatalogue } from '../../../src/domain/built-in-catalogue.ts';
import { createTastes, DEFAULT_TASTES } from '../../../src/domain/taste/tastes.ts';
import { createChance } from '../../../src/kernel/chance.ts';

const SEED = 7;
const GENRES = ['Drama', 'Comedy', 'Action', 'Horror'];

function tastesOf(titles: number) {
  return createTastes({
    config: DEFAULT_TASTES,
    catalogue: createBuiltInCatalogue({ titles, seed: SEED }),
    profileOf: (viewer) => ({ favouriteGenre: GENRES[viewer % GENRES.length] ?? '' }),
    chance: createChance({ seed: SEED, replication: 0 }),
  });
}

describe('tastes', () => {
  it('D20: do not change with the number of titles, or with who was asked before', () => {
    const few = tastesOf(50);
    const many = tastesOf(200);
    many.affinity(99, 150);
    expect(few.affinity(3, 7)).toBe(many.affinity(3, 7));
    expect(few.clickbait(7)).toBe(many.clickbait(7));
  });

  it('D21: of all pairs, have a mean of 0 and a standard deviation of about 1', () => {
    const tastes = tastesOf(300);
    const all = Array.from({ length: 300 }, (_, viewer) =>
      Array.from({ length: 300 }, (__, title) => tastes.affinity(viewer, title)),
    ).flat();
    const mean = all.reduce((sum, one) => sum + one, 0) / all.length;
    const variance = all.reduce((sum, one) => sum + (one - mean) ** 2, 0) / all.length;
    expect(Math.abs(mean)).toBeLessThan(0.25);
    expect(Math.sqrt(variance)).toBeGreaterThan(0.75);
    expect(Math.sqrt(variance)).toBeLessThan(1.35);
  });

  it('D22: lean to the favourite genre; clickbait draws, and disappoints', () => {
    const tastes = tastesOf(300);
    const { titles } = createBuiltInCatalogue({ titles: 300, seed: SEED });
    const mean = (isOwn: boolean) => {
      const found = titles.flatMap(({ genres }, title) =>
        Array.from({ length: 200 }, (_, viewer) => viewer)
          .filter((viewer) => genres.includes(GENRES[viewer % 4] ?? '') === isOwn)
          .map((viewer) => tastes.affinity(viewer, title)),
      );
      return found.reduce((sum, one) => sum + one, 0) / found.length;
    };
    expect(mean(true)).toBeGreaterThan(mean(false) + 0.2);
    const bait = titles.map((_, title) => title).find((title) => tastes.clickbait(title) > 1) ?? 0;
    const { popularityWeight } = DEFAULT_TASTES;
    const drawn = tastes.attraction(5, bait) - popularityWeight * tastes.popularity(bait);
    expect(drawn).toBeGreaterThan(tastes.enjoyment(5, bait));
  });
});
