/** What lasts, and whom churn is asked of, by hand. */
import { describe, expect, it } from 'vitest';
import { readHistory } from '../../../src/analytics/features/history.ts';
import {
  groupOf,
  mostPlayed,
  timeToChurn,
  timeToReturn,
  watchThrough,
} from '../../../src/analytics/outcomes/lifetimes.ts';
import { churnRows } from '../../../src/analytics/outcomes/questions.ts';
import {
  DAY_US,
  emptyWarehouse,
  type InventedPlay,
  RUNTIME_SECONDS,
  START_US,
  writePlay,
} from './invented-history.ts';

/** Plays at days, of 1,000 s and left, unless told otherwise. */
function historyOf(plays: readonly (Partial<InventedPlay> & { user: string; day: number })[]) {
  const warehouse = emptyWarehouse();
  plays.forEach(({ day, ...play }, n) => {
    const startUs = START_US + day * DAY_US;
    const usual = { session: `s${n}`, title: 0, seconds: 1_000, isComplete: false };
    writePlay(warehouse, { id: `p${100 + n}`, startUs, ...usual, ...play });
  });
  const history = readHistory(warehouse);
  warehouse.close();
  return history;
}

const END = { user: 'end', day: 40 };

describe('lifetimes', () => {
  it('M79: to churn end with the last visit, if that is a horizon ago', () => {
    const history = historyOf([
      { user: 'gone', day: 1, isComplete: true },
      { user: 'gone', day: 11 },
      { user: 'there', day: 2 },
      { user: 'there', day: 39 },
      END,
    ]);
    const { duration, hasEnded, group } = timeToChurn(history, 7 * DAY_US);
    const end = 40 + 1_000 / 86_400;
    // Who came a horizon before the end, or later, is not counted; the others not beyond that.
    expect([...duration]).toEqual([10, expect.closeTo(end - 7 - 2, 6)]);
    expect([...hasEnded]).toEqual([1, 0]);
    expect([...group]).toEqual([1, 0]);
    const all = { duration, hasEnded, group };
    expect([...groupOf(all, 1).duration, ...groupOf(all, 0).hasEnded]).toEqual([10, 0]);
  });

  it('M79: to the return are to the next session, and censored at the end of the data', () => {
    const history = historyOf([
      { user: 'back', day: 1, session: 'a' },
      { user: 'back', day: 1.5, session: 'a' },
      { user: 'back', day: 4, session: 'b' },
      { user: 'away', day: 2 },
      END,
    ]);
    const { duration, hasEnded } = timeToReturn(history);
    const played = 1_000 / 86_400;
    expect([...duration]).toEqual([
      expect.closeTo(3 - played, 6),
      expect.closeTo(38, 6),
      expect.closeTo(0, 6),
    ]);
    expect([...hasEnded]).toEqual([1, 0, 0]);
  });

  it('M79: of plays end where they were left; complete ones and failures are censored', () => {
    const half = RUNTIME_SECONDS / 2;
    const history = historyOf([
      { user: 'a', day: 1, seconds: half },
      { user: 'b', day: 1, seconds: RUNTIME_SECONDS, isComplete: true },
      { user: 'c', day: 1, seconds: half, error: 'E1' },
      { user: 'd', day: 1, seconds: 0, error: 'E1' },
      { user: 'e', day: 1, title: 3 },
    ]);
    const { duration, hasEnded } = watchThrough(history, 0);
    const found = Array.from(duration, (percent, i) => [percent, hasEnded[i]]);
    expect(found.sort()).toEqual([
      [100, 0],
      [50, 0],
      [50, 1],
    ]);
    expect(mostPlayed(history, 5)).toEqual([0, 3]);
  });

  it('M78: asks about who was seen lately, and learns from times whose answers were known', () => {
    const days = (user: string, ...all: number[]) => all.map((day) => ({ user, day }));
    const history = historyOf([
      ...days('stays', 1, 6, 12, 18, 24, 30, 36),
      ...days('leaves', 2, 8, 14, 20, 26, 31),
      ...days('long-gone', 3),
      END,
    ]);
    const question = { horizonUs: 7 * DAY_US, activeUs: 14 * DAY_US };
    const rows = churnRows(history, question);
    if (typeof rows === 'string') throw new Error(rows);
    expect(rows.askedUs).toBe(history.untilUs - 7 * DAY_US);
    const answers = [...rows.test].map((row) => [
      history.users[rows.unit[row] ?? 0],
      rows.outcome[row],
    ]);
    expect(answers.sort()).toEqual([
      ['leaves', 1],
      ['stays', 0],
    ]);
    expect(rows.training.length).toBeGreaterThan(2);
    const short = churnRows(historyOf([END]), question);
    expect(short).toContain('the history spans 0 days; it takes 28');
  });
});
