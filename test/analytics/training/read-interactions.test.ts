/** Warehouse → columns. Spec: M30–M31. */
import { describe, expect, it } from 'vitest';
import { TRAINERS } from '../../../src/analytics/recommenders/trainers.ts';
import { fingerprintOf } from '../../../src/analytics/training/fingerprint.ts';
import { numberOf } from '../../../src/analytics/training/interactions.ts';
import { readInteractions } from '../../../src/analytics/training/read-interactions.ts';
import type { HistoryPlay } from '../../../src/storage/warehouse/history/history-writer.ts';
import { openWarehouse, type Warehouse } from '../../../src/storage/warehouse.ts';
import { panelWarehouse } from '../hand-made-plays.ts';

const MINUTE_US = 60_000_000;

function warehouseOf(plays: readonly Partial<HistoryPlay>[]): Warehouse {
  const warehouse = openWarehouse({ path: ':memory:', isSmall: true });
  const title = (titleId: string, runtimeSeconds: number) => ({
    titleId,
    name: titleId,
    kind: 'film',
    genres: ['Drama'],
    releaseDate: null,
    runtimeSeconds,
  });
  warehouse.describe({ titles: [title('tt2', 600), title('tt1', 6_000), title('tt3', 600)] });
  warehouse.writeHistory((writer) => {
    plays.forEach((play, n) => {
      writer.play({
        playId: `p${n}`,
        userId: 'v1',
        sessionId: 's1',
        titleId: 'tt1',
        startUs: 0,
        playedUs: 10 * MINUTE_US,
        isToTheEnd: false,
        ...play,
      });
    });
  });
  return warehouse;
}

describe('reading plays', () => {
  it('M30: takes the valid plays that had ended by then, numbered by ids, ordered in total', () => {
    const found = readInteractions(
      warehouseOf([
        { userId: 'v2', titleId: 'tt2', startUs: 5 * MINUTE_US },
        { userId: 'v10', titleId: 'tt1', startUs: 5 * MINUTE_US },
        { userId: 'v2', titleId: 'tt1', startUs: 0 },
        { userId: 'v3', startUs: 0, playedUs: 1_000_000 },
        { userId: 'v4', startUs: 6 * MINUTE_US },
      ]),
      { untilUs: 15 * MINUTE_US },
    );
    expect(found.users).toEqual(['v10', 'v2']);
    expect(found.titles).toEqual(['tt1', 'tt2', 'tt3']);
    expect([...found.user]).toEqual([1, 0, 1]);
    expect([...found.title]).toEqual([0, 0, 1]);
    expect([...found.timeUs]).toEqual([0, 5 * MINUTE_US, 5 * MINUTE_US]);
    expect([...found.endUs]).toEqual([10, 15, 15].map((minutes) => minutes * MINUTE_US));
    expect([...found.share]).toEqual([0.1, 0.1, 1]);
    expect(['v10', 'v2', 'v1', 'v9'].map((id) => numberOf(found.users, id))).toEqual([
      0, 1, -1, -1,
    ]);
  });

  it('M31: gives the same arrays and models whatever the order of rows in the file', () => {
    const { warehouse } = panelWarehouse({ viewers: 40, days: 20, titles: 30 });
    const before = readInteractions(warehouse);
    const prints = () =>
      Object.entries(TRAINERS).map(([name, { train }]) => [
        name,
        fingerprintOf(train(readInteractions(warehouse), 5).weights),
      ]);
    const printed = prints();
    // Rows lie in the order of their keys: other keys, another order.
    warehouse.query(
      'UPDATE fact_playback_session SET play_id = hex(start_us % 997) || play_id RETURNING 1',
    );
    const rows = warehouse.query('SELECT user_id FROM fact_playback_session');
    expect(rows.map((row) => row['user_id'])).not.toEqual(
      [...before.user].map((user) => before.users[user]),
    );
    expect(readInteractions(warehouse)).toEqual(before);
    expect(prints()).toEqual(printed);
    expect(before.user.length).toBeGreaterThan(200);
  });

  it('M31: of an empty warehouse, gives columns without rows; every model is level', () => {
    const found = readInteractions(warehouseOf([]));
    expect([found.users.length, found.titles.length, found.user.length]).toEqual([0, 3, 0]);
    for (const [name, { train }] of Object.entries(TRAINERS)) {
      const scores = new Float64Array(3);
      train(found, 1).score(-1, scores);
      expect(scores.every(Number.isFinite), name).toBe(true);
      if (name !== 'random') expect([...scores], name).toEqual([0, 0, 0]);
    }
  });
});
