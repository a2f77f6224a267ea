/** The set of watched seconds, against a plain set. */
import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import {
  NOTHING_WATCHED,
  wasWatched,
  watchedCount,
  withWatched,
} from '../../../src/sdk/media/watched-seconds.ts';

const stretch = (fromSeconds: number, toSeconds: number) => ({ fromSeconds, toSeconds });

it('A50: a second that is watched again counts once', () => {
  const once = withWatched(NOTHING_WATCHED, stretch(0, 10));
  const twice = withWatched(withWatched(once, stretch(4, 12)), stretch(0, 3));
  expect(twice).toEqual([0, 12]);
  expect(watchedCount(twice)).toBe(12);
});

it('A50: parts of a second count as the second', () => {
  expect(withWatched(NOTHING_WATCHED, stretch(2.9, 4.1))).toEqual([2, 5]);
  expect(withWatched(NOTHING_WATCHED, stretch(3, 3))).toEqual([]);
});

it('A50: a jump over more than an hour, or back, counts only the second it ended in', () => {
  expect(withWatched(NOTHING_WATCHED, stretch(0, 3_600))).toEqual([0, 3_600]);
  expect(withWatched(NOTHING_WATCHED, stretch(0, 3_601))).toEqual([3_601, 3_602]);
  expect(withWatched(NOTHING_WATCHED, stretch(90, 5.5))).toEqual([5, 6]);
});

it('A50: agrees with a set of seconds, in intervals that ascend and do not touch', () => {
  const stretches = fc.array(fc.tuple(fc.nat(80), fc.nat(12)), { maxLength: 25 });
  let largest = 0;
  void fc.assert(
    fc.property(stretches, (list) => {
      const seconds = new Set<number>();
      let watched = NOTHING_WATCHED;
      for (const [from, length] of list) {
        watched = withWatched(watched, stretch(from, from + length));
        for (let second = from; second < from + length; second += 1) seconds.add(second);
      }
      expect(watchedCount(watched)).toBe(seconds.size);
      for (let second = 0; second < 95; second += 1) {
        if (wasWatched(watched, second) !== seconds.has(second)) throw new Error(`at ${second}`);
      }
      for (let i = 1; i < watched.length; i += 1) {
        if ((watched[i] ?? 0) <= (watched[i - 1] ?? 0)) throw new Error(watched.join());
      }
      largest = Math.max(largest, watched.length);
    }),
    { numRuns: 1_000, seed: 20261126 },
  );
  expect(largest).toBeGreaterThan(8);
});
