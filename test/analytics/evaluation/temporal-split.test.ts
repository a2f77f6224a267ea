/** Past and future of a cut. Spec: M37–M38. */
import { describe, expect, it } from 'vitest';
import {
  cutAtShare,
  judgedUsers,
  temporalSplit,
} from '../../../src/analytics/evaluation/temporal-split.ts';
import { HOUR_US, playsByHand } from '../hand-made-plays.ts';

/** The cut is at hour 10; a play lasts half an hour. */
const CUT_US = 10 * HOUR_US;
const ALL = playsByHand([
  [0, 0, 1],
  [0, 1, 12],
  [0, 0, 13],
  [1, 0, 2],
  [2, 1, 11],
  [3, 2, 3],
  [3, 2, 14],
  [4, 1, 9.75],
]);

describe('a cut in time', () => {
  it('M37: gives plays that ended by it to learn from, those begun after it to judge by', () => {
    const { train, future, straddling } = temporalSplit(ALL, CUT_US);
    expect(train.users).toEqual(['u0', 'u1', 'u3']);
    expect([...train.user]).toEqual([0, 1, 2]);
    expect([...train.title]).toEqual([0, 0, 2]);
    expect(future.users).toEqual(['u0', 'u2', 'u3']);
    expect([...future.title]).toEqual([1, 1, 0, 2]);
    expect(straddling).toBe(1);
  });

  it('M37: is the same for everybody, after a share of the plays', () => {
    expect(cutAtShare(ALL, 0.5)).toBe(11 * HOUR_US);
    expect(cutAtShare(ALL, 0)).toBe(1 * HOUR_US);
  });

  it('M38: counts who cannot be judged, by why', () => {
    const found = judgedUsers(temporalSplit(ALL, CUT_US));
    expect(found).toEqual({
      judged: [{ id: 'u0', user: 0, relevant: Int32Array.of(1) }],
      withoutHistory: 1,
      withoutFuture: 1,
      onlySeenAgain: 1,
    });
  });

  it('says what is missing where a side is empty', () => {
    expect(() => temporalSplit(ALL, 0)).toThrow('ANALYTICS_NO_DATA: no play ended before it');
    expect(() => temporalSplit(ALL, 99 * HOUR_US)).toThrow('no play began after it; choose');
    const none = playsByHand([], 3);
    expect(() => temporalSplit(none, 0)).toThrow('ANALYTICS_NO_DATA: no valid play');
    expect(() => cutAtShare(none, 0.8)).toThrow('ANALYTICS_NO_DATA: no valid play');
  });
});
