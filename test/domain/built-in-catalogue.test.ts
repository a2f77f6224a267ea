/** The built-in catalogue: the same for one seed, plausible, and decided by named chance only. */
import { createHash } from 'node:crypto';
import { faker } from '@faker-js/faker';
import { fc, test } from '@fast-check/vitest';
import { describe, expect, it, vi } from 'vitest';
import { createBuiltInCatalogue } from '../../src/domain/built-in-catalogue.ts';

const SEED = 7;

function hashOf(value: unknown): string {
  return createHash('sha256').update(JSON.stringify(value)).digest('hex').slice(0, 16);
}

/** What is decided of the titles, without who takes part: that depends on how many people are. */
function withoutPeople(titles: number, seed: number) {
  return createBuiltInCatalogue({ titles, seed }).titles.map((title) => ({
    ...title,
    directorIds: [],
    castIds: title.castIds.length > 0,
  }));
}

describe('built-in catalogue', () => {
  it('is this one for seed 7', () => {
    const catalogue = createBuiltInCatalogue({ titles: 200, seed: SEED });
    expect(catalogue.titles[0]).toMatchInlineSnapshot(`
      {
        "castIds": [
          "pp00063",
          "pp00190",
          "pp00290",
          "pp00004",
          "pp00051",
          "pp00009",
          "pp00199",
          "pp00312",
          "pp00248",
        ],
        "countries": [
          "US",
        ],
        "directorIds": [
          "pp00021",
        ],
        "durationMinutes": 37,
        "genres": [
          "Drama",
          "Thriller",
        ],
        "id": "tt00001",
        "kind": "show",
        "maturityRating": "TV-14",
        "name": "Immense Maestro",
        "releaseYear": 2023,
        "studio": "Anderson Studios",
      }
    `);
    expect(hashOf(catalogue)).toMatchInlineSnapshot(`"d25c73ac3e8f478b"`);
  });

  it('differs between seeds', () => {
    expect(withoutPeople(20, 1)).not.toEqual(withoutPeople(20, 2));
  });

  test.prop([fc.integer({ min: 1, max: 40 }), fc.integer({ min: 0, max: 40 }), fc.nat()], {
    seed: 11,
    numRuns: 40,
  })('more titles leave the first ones as they are', (few, more, seed) => {
    expect(withoutPeople(few + more, seed).slice(0, few)).toEqual(withoutPeople(few, seed));
  });

  test.prop([fc.integer({ min: 1, max: 300 }), fc.nat()], { seed: 12, numRuns: 30 })(
    'everybody who takes part is in the list of people, once a title',
    (count, seed) => {
      const { titles, people } = createBuiltInCatalogue({ titles: count, seed });
      const known = new Set(people.map((person) => person.id));
      expect(titles).toHaveLength(count);
      expect(new Set(titles.map((title) => title.id)).size).toBe(count);
      expect(known.size).toBe(people.length);
      for (const { castIds, directorIds, genres, durationMinutes } of titles) {
        expect(new Set(castIds).size).toBe(castIds.length);
        expect([...castIds, ...directorIds].every((id) => known.has(id))).toBe(true);
        expect(new Set(genres).size).toBe(genres.length);
        expect(durationMinutes).toBeGreaterThanOrEqual(20);
        expect(durationMinutes).toBeLessThanOrEqual(180);
      }
    },
  );

  it('has the shares it is made of, within four standard errors', () => {
    const { titles } = createBuiltInCatalogue({ titles: 5_000, seed: SEED });
    const share = (holds: (title: (typeof titles)[number]) => boolean) =>
      titles.filter(holds).length / titles.length;
    const standardError = (p: number) => Math.sqrt((p * (1 - p)) / titles.length);
    const cases = [
      { found: share((title) => title.kind === 'film'), p: 0.7 },
      { found: share((title) => title.genres[0] === 'Drama'), p: 0.3 },
      { found: share((title) => title.countries[0] === 'US'), p: 0.48 },
      { found: share((title) => title.maturityRating === 'TV-MA'), p: 0.4 },
    ];
    for (const { found, p } of cases) {
      expect(Math.abs(found - p)).toBeLessThan(4 * standardError(p));
    }
  });

  it('has all its genres, as often as it weighs them', () => {
    const { titles } = createBuiltInCatalogue({ titles: 5_000, seed: SEED + 1 });
    const weights = {
      Drama: 30,
      Comedy: 26,
      Action: 14,
      Thriller: 9,
      Documentary: 6,
      Horror: 6,
      'Science Fiction': 4,
      Romance: 3,
      Animated: 2,
    };
    expect(new Set(titles.flatMap((title) => title.genres))).toEqual(new Set(Object.keys(weights)));
    for (const [genre, weight] of Object.entries(weights)) {
      const expected = titles.length * (weight / 100);
      const found = titles.filter((title) => title.genres[0] === genre).length;
      const sigma = Math.sqrt(expected * (1 - weight / 100));
      expect(Math.abs(found - expected), genre).toBeLessThan(4 * sigma);
    }
  });

  it('seldom gives one name twice', () => {
    const { titles, people } = createBuiltInCatalogue({ titles: 2_000, seed: SEED });
    const names = new Set(titles.map((title) => title.name));
    expect(names.size).toBeGreaterThan(0.99 * titles.length);
    expect(new Set(people.map((person) => person.name)).size).toBeGreaterThan(0.98 * people.length);
    expect(new Set(titles.map((title) => title.studio)).size).toBeGreaterThan(20);
    for (const name of names) expect(name).toMatch(/^\p{Lu}\S* \p{Lu}/u);
  });

  it('C1: neither reads nor moves the chance of faker or of the machine', () => {
    const random = vi.spyOn(Math, 'random');
    faker.seed(42);
    const expected = [faker.number.int(), faker.person.fullName()];
    const catalogue = createBuiltInCatalogue({ titles: 50, seed: SEED });
    faker.seed(42);
    const first = faker.number.int();
    random.mockClear();
    expect(createBuiltInCatalogue({ titles: 50, seed: SEED })).toEqual(catalogue);
    expect([first, faker.person.fullName()]).toEqual(expected);
    expect(random).not.toHaveBeenCalled();
  });

  it('gives people filmographies', () => {
    const { titles, people } = createBuiltInCatalogue({ titles: 300, seed: SEED });
    const parts = new Map<string, number>();
    for (const id of titles.flatMap((title) => title.castIds)) {
      parts.set(id, (parts.get(id) ?? 0) + 1);
    }
    const severalTimes = [...parts.values()].filter((count) => count > 1).length;
    expect(severalTimes).toBeGreaterThan(people.length / 2);
  });
});
