/** What is played next. Spec: M46–M48. */
import { describe, expect, it } from 'vitest';
import { evaluateNext } from '../../../src/analytics/sequences/evaluate-next.ts';
import { trainMarkov } from '../../../src/analytics/sequences/markov.ts';
import type { NextTitleModel } from '../../../src/analytics/sequences/next-title-model.ts';
import { trainSessionNeighbours } from '../../../src/analytics/sequences/session-neighbours.ts';
import { sessionsOf } from '../../../src/analytics/sequences/sessions.ts';
import { trainUnigram } from '../../../src/analytics/sequences/unigram.ts';
import { fingerprintOf } from '../../../src/analytics/training/fingerprint.ts';
import { HOUR_US, playsByHand } from '../hand-made-plays.ts';

/** Sessions: u0 t0 t1 | t2, u1 t0 t1 t0 t2. */
const PLAYS = playsByHand(
  [
    [0, 0, 0],
    [0, 1, 1],
    [0, 2, 30],
    [1, 0, 2],
    [1, 1, 3],
    [1, 0, 4],
    [1, 2, 5],
  ],
  4,
);
const GAP = 6;

function scored(model: NextTitleModel, session: readonly number[]): number[] {
  const scores = new Float64Array(4);
  model.scoreNext(Int32Array.from(session), scores);
  return [...scores];
}

describe('sessions', () => {
  it('M46: end where nothing was played for longer than the gap', () => {
    const { title, start, user } = sessionsOf(PLAYS, GAP);
    expect([...title]).toEqual([0, 1, 2, 0, 1, 0, 2]);
    expect([...start]).toEqual([0, 2, 3, 7]);
    expect([...user]).toEqual([0, 0, 1]);
    expect([...sessionsOf(playsByHand([], 2), GAP).start]).toEqual([0]);
  });
});

describe('the Markov chain', () => {
  const model = trainMarkov(PLAYS, { smoothing: 2, gapHours: GAP });
  /** Plays + 1 over all plays + titles. */
  const unigram = [4, 3, 3, 1].map((count) => count / 11);

  it('M46: mixes what followed the last title with what is played at all', () => {
    // After t0: t1 twice, t2 once.
    expect(scored(model, [2, 0])).toEqual(
      [0, 2, 1, 0].map((count, t) => expect.closeTo((count + 2 * (unigram[t] ?? 0)) / 5, 12)),
    );
    const sum = scored(model, [0]).reduce((total, p) => total + p, 0);
    expect(sum).toBeCloseTo(1, 12);
  });

  it('M46: backs off where nothing followed, and without a session', () => {
    for (const session of [[2], [3], []]) {
      expect(scored(model, session)).toEqual(unigram.map((p) => expect.closeTo(p, 12)));
    }
  });
});

describe('sessions like this one', () => {
  const settings = { neighbours: 2, sample: 10, gapHours: GAP, sessionLength: 5 };
  const model = trainSessionNeighbours(PLAYS, settings);

  it('M47: vote, the more the later their title was', () => {
    // This session is t3 t1: of length 2, so that t1 weighs 1. Both sessions with t1 are as near.
    const scores = scored(model, [3, 1]);
    expect(scores).toEqual([2, 2, 1, 0].map((votes) => expect.closeTo(votes, 6)));
    // t0 t3: t0 weighs ½, and is the title before the last: × 0.9.
    expect(scored(model, [0, 3])).toEqual(
      [2, 2, 1, 0].map((votes) => expect.closeTo(votes * 0.5 * 0.9, 6)),
    );
  });

  it('M47: only the nearest vote, ties to the later session', () => {
    const one = trainSessionNeighbours(PLAYS, { ...settings, neighbours: 1 });
    // u1's session ended later than u0's first.
    expect(scored(one, [1])).toEqual([1, 1, 1, 0].map((votes) => expect.closeTo(votes, 6)));
    expect(scored(one, [1])).toEqual(scored(one, [1]));
    expect(scored(one, [])).toEqual(scored(trainUnigram(PLAYS), []).map((n) => n * 1e-9));
  });
});

describe('judging the next title', () => {
  it('M48: asks at each play after the cut, given what was played before it', () => {
    const all = playsByHand(
      [
        [0, 0, 0],
        [0, 1, 11],
        [0, 2, 12],
        [0, 0, 13],
        [1, 2, 12],
        [1, 3, 14],
      ],
      4,
    );
    const asked: number[][] = [];
    const model: NextTitleModel = {
      name: 'in order',
      weights: [],
      scoreNext: (session, into) => {
        asked.push([...session]);
        into.set(into.map((_, title) => -title));
      },
    };
    const found = evaluateNext({
      all,
      cutUs: 10 * HOUR_US,
      models: [model],
      k: 2,
      sessionLength: 1,
    });
    expect(asked).toEqual([[0], [1], [2]]);
    expect(found).toMatchObject({ plays: 3, users: 2, withoutSession: 1, seenAgain: 1 });
    // u0: t1 first, t2 first; u1: t3 after t0 and t1, so not among two.
    expect([...(found.models[0]?.recall ?? [])]).toEqual([1, 0]);
    expect([...(found.models[0]?.mrr ?? [])]).toEqual([1, 0]);
  });

  it('says where there is nothing to tell from', () => {
    const all = playsByHand([[0, 0, 11]], 2);
    const ask = () => evaluateNext({ all, cutUs: 0, models: [], k: 2, sessionLength: 3 });
    expect(ask).toThrow('ANALYTICS_NO_DATA: no play after the cut has one of the same user');
  });

  it('trains the same weights twice', () => {
    for (const train of [trainUnigram, () => trainMarkov(PLAYS, { smoothing: 1, gapHours: 1 })]) {
      expect(fingerprintOf(train(PLAYS).weights)).toBe(fingerprintOf(train(PLAYS).weights));
    }
  });
});
