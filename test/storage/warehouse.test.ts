/** The warehouse: what a batch writes, what a second writing changes (nothing), and what files it
 * refuses. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { afterAll, describe, expect, it } from 'vitest';
import type { WindowPane } from '../../src/domain/pipeline-ports.ts';
import { minutes } from '../../src/kernel/time.ts';
import { SCHEMA_VERSION } from '../../src/storage/warehouse/schema.ts';
import { openWarehouse } from '../../src/storage/warehouse.ts';
import { badRow, batchOf, contentOf, fact, START_US, warehouseWith } from './warehouse-builder.ts';

const folder = mkdtempSync(join(tmpdir(), 'backlot-warehouse-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const pane: WindowPane = {
  metric: 'plays_1m',
  key: 't1',
  windowStartUs: START_US,
  windowEndUs: START_US + minutes(1),
  value: 1,
  timing: 'ON_TIME',
  paneIndex: 0,
  emitTimeUs: START_US,
};
const full = batchOf({
  facts: Array.from({ length: 37 }, (_, i) =>
    fact({ id: `e${i}`, data: { titleId: `t${i % 3}` } }),
  ),
  panes: [pane],
  late: [{ eventId: 'e1', metric: 'plays_1m', eventTimeUs: START_US, watermarkUs: START_US }],
  badRows: [badRow({ offset: 3, reason: 'no' })],
  nextOffsets: [40, 7],
  stageCounts: [
    { stage: 'validate', received: 38, passed: 37, rejected: { no: 1 }, dropped: {} },
    { stage: 'dedupe', received: 37, passed: 37, rejected: {}, dropped: { duplicate: 0 } },
  ],
});

describe('warehouse', () => {
  it('S2: a small one in memory is like any other, and another one is empty', () => {
    const [usual, small, next] = [{}, { isSmall: true }, { isSmall: true }].map((options) =>
      openWarehouse({ path: ':memory:', ...options }),
    );
    if (usual === undefined || small === undefined || next === undefined) throw new Error('none');
    usual.commit(full);
    small.commit(full);
    expect(contentOf(small)).toEqual(contentOf(usual));
    expect(small.committedOffsets(2)).toEqual([40, 7]);
    expect(next.query('SELECT count(*) AS n FROM fact_event')).toEqual([{ n: 0 }]);
    expect(next.committedOffsets(2)).toEqual([0, 0]);
    for (const one of [usual, small, next]) one.close();
  });

  it('S2: a small one after another is as empty as the first, and has the same keys', () => {
    const open = () => openWarehouse({ path: ':memory:', isSmall: true });
    const first = open();
    const empty = contentOf(first);
    first.commit(full);
    const filled = contentOf(first);
    first.close();
    first.close();
    expect(() => first.query('SELECT 1')).toThrow('closed');
    const second = open();
    expect(contentOf(second)).toEqual(empty);
    expect(second.committedState()).toBeUndefined();
    second.commit(full);
    expect(contentOf(second)).toEqual(filled);
    second.close();
  });

  it('S2: counts that go back after a pipeline began anew are written', () => {
    const warehouse = openWarehouse({ path: ':memory:' });
    const received = (count: number) => {
      const stageCounts = full.stageCounts.map((stage) => ({ ...stage, received: count }));
      warehouse.commit({ ...full, stageCounts });
      const rows = warehouse.query(`SELECT events FROM stage_count WHERE outcome = 'received'`);
      return rows.map(({ events }) => events);
    };
    for (const count of [7, 7, 9, 3]) {
      expect(new Set(received(count))).toEqual(new Set([count]));
    }
    warehouse.close();
  });

  it('S2 writes every kind of row, dimensions by integer keys', () => {
    const warehouse = openWarehouse({ path: ':memory:' });
    warehouse.commit(full);
    const content = contentOf(warehouse);
    const counts = Object.entries(content).map(([table, rows]) => [table, rows.length]);
    expect(Object.fromEntries(counts)).toEqual({
      dim_title: 3,
      dim_device: 1,
      dim_country: 1,
      dim_event_type: 1,
      dim_geo: 1,
      dim_user: 0,
      dim_date: 0,
      fact_event: 37,
      fact_playback_session: 0,
      fact_impression: 0,
      touched_session: 1,
      pipeline_state: 0,
      pane: 1,
      late_event: 1,
      bad_row: 1,
      stage_count: 6,
      source_offset: 2,
    });
    expect(JSON.parse(content['fact_event']?.[0] ?? '')).toEqual({
      event_id: 'e0',
      event_type_sk: 1,
      subject: 'v1',
      session_id: 's1',
      sequence: 0,
      event_time_us: START_US,
      ingest_time_us: START_US + 1_000_000,
      process_time_us: START_US + 2_000_000,
      device_sk: 1,
      country_sk: 1,
      local_hour: 1,
      title_sk: 1,
      playback_id: null,
      position_s: null,
      completed: null,
      status: null,
      response_bytes: null,
      detail: null,
      geo_sk: 1,
      client_sk: null,
    });
    expect(warehouse.committedOffsets(3)).toEqual([40, 7, 0]);
  });

  it('keeps what has no column of its own as JSON', () => {
    const data = { method: 'GET', path: '/x', status: 200, responseBytes: 2 ** 40 };
    const warehouse = warehouseWith([fact({ id: 'r', type: 'http.request', data })]);
    expect(warehouse.query('SELECT status, response_bytes, detail FROM fact_event')).toEqual([
      { status: 200, response_bytes: 2 ** 40, detail: '{"method":"GET","path":"/x"}' },
    ]);
  });

  it('S3 writing a batch again changes nothing', () => {
    const warehouse = openWarehouse({ path: ':memory:' });
    warehouse.commit(full);
    const before = contentOf(warehouse);
    warehouse.commit(full);
    expect(contentOf(warehouse)).toEqual(before);
  });

  it('S3 a later pane replaces the earlier one of its window and key', () => {
    const warehouse = openWarehouse({ path: ':memory:' });
    warehouse.commit(batchOf({ panes: [pane, { ...pane, value: 2, paneIndex: 1 }] }));
    warehouse.commit(batchOf({ panes: [{ ...pane, value: 3, paneIndex: 2, timing: 'LATE' }] }));
    const rows = warehouse.query('SELECT value, timing, pane_index FROM pane');
    expect(rows).toEqual([{ value: 3, timing: 'LATE', pane_index: 2 }]);
  });

  it('S4 two warehouses of one input have the same bytes', () => {
    const [first, second] = ['one', 'two'].map((name) => {
      const path = join(folder, `${name}.sqlite`);
      const warehouse = openWarehouse({ path });
      warehouse.commit(full);
      warehouse.close();
      return new Database(path, { readonly: true }).serialize();
    });
    expect(first?.length).toBeGreaterThan(10_000);
    expect(second && first?.equals(second)).toBe(true);
  });

  it('goes on with a file: dimension keys, offsets and rows are as they were', () => {
    const path = join(folder, 'resumed.sqlite');
    const once = openWarehouse({ path: ':memory:' });
    const added = batchOf({
      facts: [fact({ id: 'new', data: { titleId: 't2' } }), fact({ id: 'e1' })],
      nextOffsets: [41, 7],
    });
    for (const batch of [full, added]) {
      once.commit(batch);
      const warehouse = openWarehouse({ path });
      warehouse.commit(batch);
      warehouse.close();
    }
    const resumed = openWarehouse({ path });
    expect(resumed.committedOffsets(2)).toEqual([41, 7]);
    expect(contentOf(resumed)).toEqual(contentOf(once));
    resumed.close();
  });

  it('keeps the offsets, panes and bad rows of several sources apart', () => {
    const path = join(folder, 'sources.sqlite');
    for (const source of ['a', 'b']) {
      const warehouse = openWarehouse({ path, source });
      expect(warehouse.committedOffsets(1)).toEqual([0]);
      warehouse.commit(batchOf({ ...full, facts: [] }));
      warehouse.close();
    }
    const both = openWarehouse({ path });
    expect(contentOf(both)).toMatchObject({ pane: { length: 2 }, bad_row: { length: 2 } });
    both.close();
  });

  it('takes watermarks before the first and after the last event', () => {
    const warehouse = openWarehouse({ path: ':memory:' });
    for (const watermarkUs of [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY]) {
      warehouse.commit(batchOf({ watermarkUs }));
    }
    expect(warehouse.query('SELECT watermark_us AS w FROM source_offset')).toEqual([
      { w: Number.MAX_SAFE_INTEGER },
    ]);
  });
});

describe('a file that is no warehouse', () => {
  const refused = (name: string) => {
    const path = join(folder, name);
    try {
      openWarehouse({ path });
    } catch (error) {
      return error;
    }
    return undefined;
  };

  it('is refused where it is something else', () => {
    writeFileSync(join(folder, 'letter.txt'), 'Dear reader, '.repeat(100));
    expect(refused('letter.txt')).toMatchObject({ code: 'WAREHOUSE_UNREADABLE' });
  });

  it('is refused where it is of another version, or of another program', () => {
    const newer = new Database(join(folder, 'newer.sqlite'));
    newer.pragma(`user_version = ${SCHEMA_VERSION + 1}`);
    newer.close();
    expect(refused('newer.sqlite')).toMatchObject({
      code: 'WAREHOUSE_UNREADABLE',
      message: expect.stringContaining(`version is ${SCHEMA_VERSION + 1}, not ${SCHEMA_VERSION}`),
    });
    const foreign = new Database(join(folder, 'foreign.sqlite'));
    foreign.exec('CREATE TABLE recipes (name TEXT)');
    foreign.close();
    expect(refused('foreign.sqlite')).toMatchObject({ code: 'WAREHOUSE_UNREADABLE' });
  });

  it('is refused where it cannot be made', () => {
    expect(refused('no/such/folder.sqlite')).toMatchObject({
      code: 'WAREHOUSE_UNREADABLE',
      details: { path: join(folder, 'no/such/folder.sqlite') },
    });
  });
});
