/** History against the same things told by events. */
import { describe, expect, it } from 'vitest';
import { seconds } from '../../../../src/kernel/time.ts';
import type {
  HistoryImpression,
  HistoryPlay,
} from '../../../../src/storage/warehouse/history/history-writer.ts';
import { openWarehouse } from '../../../../src/storage/warehouse.ts';
import { fact, START_US, warehouseWith } from '../../warehouse-builder.ts';

const TITLE = {
  titleId: 't1',
  name: 'One',
  kind: 'film',
  genres: ['Drama'],
  releaseDate: '2026',
  runtimeSeconds: 600,
};
const PLAY: HistoryPlay = {
  playId: 'p1',
  userId: 'v1',
  sessionId: 's1',
  titleId: 't1',
  startUs: START_US,
  playedUs: seconds(300),
  isToTheEnd: false,
};
const SHOWN: HistoryImpression = {
  impressionId: 'i1',
  userId: 'v1',
  sessionId: 's1',
  rowId: 'for-you',
  slot: 3,
  titleId: 't1',
  policyId: 'random',
  propensity: 0.25,
  timeUs: START_US,
  isClicked: true,
  isPlayed: true,
};

function emptyWarehouse() {
  const warehouse = openWarehouse({ path: ':memory:' });
  warehouse.describe({ titles: [TITLE] });
  return warehouse;
}

/** The same play and impression, as events tell of them. */
function derivedWarehouse(playedSeconds: number) {
  const media = { titleId: 't1', playbackId: 'p1' };
  const shown = { titleId: 't1', row: 'for-you', slot: 3, policyId: 'random', propensity: 0.25 };
  const warehouse = warehouseWith([
    fact({ id: 'i1', type: 'ui.impression', sequence: 0, data: shown }),
    fact({ id: 'c1', type: 'ui.click', sequence: 1, data: { titleId: 't1', target: 'row' } }),
    fact({ id: 'e1', sequence: 2, data: { ...media, positionSeconds: 0 } }),
    fact({
      id: 'e2',
      type: 'media.end',
      atSeconds: playedSeconds,
      sequence: 3,
      data: { ...media, positionSeconds: playedSeconds, completed: playedSeconds === 600 },
    }),
  ]);
  warehouse.describe({ titles: [TITLE] });
  warehouse.derive();
  return warehouse;
}

/** What only a device can tell. */
const OF_DEVICES = ['device_sk', 'geo_sk', 'startup_ms', 'avg_bitrate_kbps'];

function rowOf(warehouse: ReturnType<typeof emptyWarehouse>, table: string) {
  const [row = {}] = warehouse.query(`SELECT * FROM ${table}`);
  return Object.fromEntries(Object.entries(row).filter(([name]) => !OF_DEVICES.includes(name)));
}

describe('history', () => {
  it.each([600, 300, 20])('M10: of %i s is the row that events of it would give', (played) => {
    const warehouse = emptyWarehouse();
    const counts = warehouse.writeHistory((writer) => {
      writer.impression(SHOWN);
      writer.play({ ...PLAY, playedUs: seconds(played), isToTheEnd: played === 600 });
    });
    expect(counts).toEqual({ plays: 1, impressions: 1 });
    const derived = derivedWarehouse(played);
    for (const table of ['fact_playback_session', 'fact_impression', 'dim_date']) {
      expect(Object.keys(rowOf(derived, table)).length).toBeGreaterThan(4);
      expect(rowOf(warehouse, table)).toEqual(rowOf(derived, table));
    }
  });

  it('M10: is written whole or not at all; a title must be known', () => {
    const warehouse = emptyWarehouse();
    const write = () =>
      warehouse.writeHistory((writer) => {
        writer.play(PLAY);
        writer.play({ ...PLAY, playId: 'p2', titleId: 'tx' });
      });
    expect(write).toThrow(/title tx.*describe it first/);
    expect(warehouse.query('SELECT * FROM fact_playback_session')).toEqual([]);
  });

  it('M10: written again changes nothing', () => {
    const warehouse = emptyWarehouse();
    const write = () => warehouse.writeHistory((writer) => writer.play(PLAY));
    write();
    const once = warehouse.query('SELECT * FROM fact_playback_session');
    write();
    expect(warehouse.query('SELECT * FROM fact_playback_session')).toEqual(once);
  });
});
