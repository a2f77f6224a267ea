/** Co-visitation against brute force over dense vectors. Spec: M33. */
import { fc, test } from '@fast-check/vitest';
import { describe, expect, it } from 'vitest';
import {
  BM25_DEFAULTS,
  COSINE_DEFAULTS,
  trainCoVisitation,
} from '../../../src/analytics/recommenders/co-visitation.ts';
import { numbersTo } from '../analytics-world.ts';
import { type HandMadePlay, playsByHand } from '../hand-made-plays.ts';

const USERS = 5;
const TITLES = 6;
const plays = fc.array(
  fc.tuple(fc.nat(USERS - 1), fc.nat(TITLES - 1), fc.nat(100)) as fc.Arbitrary<HandMadePlay>,
  { minLength: 1, maxLength: 30 },
);

/** Plays by title and user. */
function counts(found: readonly HandMadePlay[]): readonly (readonly number[])[] {
  return numbersTo(TITLES).map((title) =>
    numbersTo(USERS).map((user) => found.filter(([u, t]) => u === user && t === title).length),
  );
}

function dot(a: readonly number[], b: readonly number[]): number {
  return a.reduce((sum, value, i) => sum + value * (b[i] ?? 0), 0);
}

function cosines(found: readonly HandMadePlay[]): readonly (readonly number[])[] {
  const rows = counts(found).map((row) => row.map((count) => Math.min(1, count)));
  return rows.map((a) =>
    rows.map((b) => dot(a, b) / Math.max(1e-300, Math.sqrt(dot(a, a) * dot(b, b)))),
  );
}

function bm25(found: readonly HandMadePlay[]): readonly (readonly number[])[] {
  const rows = counts(found);
  const { k1, b } = BM25_DEFAULTS;
  const lengths = rows.map((row) => row.reduce((sum, count) => sum + count, 0));
  const mean = lengths.reduce((sum, length) => sum + length, 0) / TITLES;
  const titlesOf = numbersTo(USERS).map(
    (user) => rows.filter((row) => (row[user] ?? 0) > 0).length,
  );
  const weights = rows.map((row, title) =>
    row.map((count, user) => {
      const norm = 1 - b + (b * (lengths[title] ?? 0)) / mean;
      const idf = Math.log(TITLES / (1 + (titlesOf[user] ?? 0)));
      return ((count * (k1 + 1)) / (count + k1 * norm)) * idf;
    }),
  );
  return weights.map((a) => weights.map((b2) => dot(a, b2)));
}

describe('co-visitation', () => {
  for (const settings of [COSINE_DEFAULTS, BM25_DEFAULTS]) {
    test.prop([plays], { numRuns: 30 })(
      `M33: by ${settings.weighting}, equals brute force`,
      (found) => {
        const near = settings.weighting === 'cosine' ? cosines(found) : bm25(found);
        const interactions = playsByHand(found, TITLES);
        const model = trainCoVisitation(interactions, { ...settings, neighbours: TITLES });
        interactions.users.forEach((id, user) => {
          const scores = new Float64Array(TITLES);
          model.score(user, scores);
          const own = numbersTo(TITLES).filter((title) =>
            found.some(([u, t]) => `u${u}` === id && t === title),
          );
          const expected = numbersTo(TITLES).map((title) =>
            own
              .filter((one) => one !== title && (near[one]?.[title] ?? 0) > 0)
              .reduce((sum, one) => sum + (near[one]?.[title] ?? 0), 0),
          );
          expected.forEach((value, title) => {
            expect(Math.abs((scores[title] ?? Number.NaN) - value)).toBeLessThan(1e-6);
          });
        });
      },
    );
  }

  it('M33: keeps the nearest, nearest first, ties to the lower number', () => {
    const found = playsByHand([
      [0, 0, 0],
      [0, 1, 1],
      [0, 2, 2],
      [1, 0, 3],
      [1, 3, 4],
      [2, 3, 5],
    ]);
    const model = trainCoVisitation(found, { weighting: 'cosine', neighbours: 2 });
    expect([...model.neighbours]).toEqual([1, 2, 2, 0, 1, 0, 0, -1]);
    expect(model.nearness[0]).toBeCloseTo(1 / Math.sqrt(2));
    const stranger = new Float64Array(4);
    model.score(-1, stranger);
    expect([...stranger]).toEqual([2, 1, 1, 2]);
  });
});
