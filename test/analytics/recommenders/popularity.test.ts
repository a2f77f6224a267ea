/** Decayed popularity, by hand. Spec: M32. */
import { describe, expect, it } from 'vitest';
import { trainPopularity } from '../../../src/analytics/recommenders/popularity.ts';
import { trainRandom } from '../../../src/analytics/recommenders/random.ts';
import { playsByHand } from '../hand-made-plays.ts';

const PLAYS = playsByHand(
  [
    [0, 0, 0],
    [1, 0, 10],
    [1, 1, 20],
  ],
  3,
);

function scoresOf(model: { score(user: number, into: Float64Array): void }, user: number) {
  const scores = new Float64Array(3);
  model.score(user, scores);
  return [...scores];
}

describe('popularity', () => {
  it('M32: counts half what is a half-life older than the latest play', () => {
    const model = trainPopularity(PLAYS, { halfLifeHours: 10 });
    const scores = scoresOf(model, 0);
    expect(scores).toEqual([expect.closeTo(0.75, 12), 1, 0]);
    expect(scoresOf(model, -1)).toEqual(scores);
  });

  it('refuses a half-life of nothing', () => {
    expect(() => trainPopularity(PLAYS, { halfLifeHours: 0 })).toThrow(
      'ANALYTICS_BAD_ARGUMENT: popularity: halfLifeHours is 0, but it must be above 0',
    );
  });
});

describe('random', () => {
  it('is an order of one’s own, which hangs on the seed and on nobody else', () => {
    const model = trainRandom(PLAYS, 3);
    expect(scoresOf(model, 0)).not.toEqual(scoresOf(model, 1));
    expect(scoresOf(trainRandom(PLAYS, 3), 0)).toEqual(scoresOf(model, 0));
    expect(scoresOf(trainRandom(PLAYS, 4), 0)).not.toEqual(scoresOf(model, 0));
    const alone = playsByHand([[1, 0, 10]], 3);
    expect(scoresOf(trainRandom(alone, 3), 0)).toEqual(scoresOf(model, 1));
  });
});
