/** Recovery: bad rows patched and replayed, once; the ledger closes and nothing is lost. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { TrackedEvent } from '../../../src/domain/tracked-event.ts';
import {
  applyPatch,
  NO_PATCH,
  type Patch,
  parsePatch,
  readPatch,
} from '../../../src/experiment/recover/patch.ts';
import { recoverBadRows } from '../../../src/experiment/recover/recover.ts';
import { minutes, seconds } from '../../../src/kernel/time.ts';
import { createPartitionedLog } from '../../../src/storage/log/memory-log.ts';
import { openWarehouse, type Warehouse } from '../../../src/storage/warehouse.ts';
import { type CountSpec, countPlan } from '../../../src/streams/count-plan.ts';
import { createPipeline } from '../../../src/streams/pipeline.ts';
import { temporaryFolder } from '../../temporary-folder.ts';

const WATERMARK = { boundUs: seconds(30), idleTimeoutUs: minutes(1) };
const COUNTS: readonly CountSpec[] = [
  { metric: 'plays_1m', sizeUs: minutes(1), types: ['media.play'], keyBy: 'titleId' },
];

const folder = temporaryFolder();
const START_US = 1_795_204_800_000_000;
const CAST: Patch = parsePatch({
  schema: 'backlot.patch/1',
  where: { reason: 'eventTimeUs: invalid_type' },
  steps: [{ op: 'cast', field: 'eventTimeUs', to: 'integer' }],
});

function eventOf(n: number): TrackedEvent {
  return {
    id: `e${n}`,
    type: 'media.play',
    subject: `v${n % 3}`,
    sessionId: `s${n % 3}`,
    sequence: n,
    eventTimeUs: START_US + seconds(n),
    data: { titleId: 't1' },
  };
}

const spoilt = (n: number) => ({ ...eventOf(n), eventTimeUs: String(eventOf(n).eventTimeUs) });

/** A warehouse into which these records went. */
function warehouseOf(name: string, raws: readonly unknown[]): string {
  const path = folder.path(`${name}.sqlite`);
  const warehouse = openWarehouse({ path });
  const log = createPartitionedLog({ partitions: 1 });
  const pipeline = createPipeline({
    log,
    sink: warehouse,
    reference: {
      title: () => ({ name: 'Nine Lives', genre: 'Drama' }),
      country: () => 'IN',
      utcOffsetMinutes: () => 330,
    },
    watermark: WATERMARK,
    plans: COUNTS.map((spec) =>
      countPlan(spec, { watermark: WATERMARK, allowedLatenessUs: minutes(10) }),
    ),
    dedupeTtlUs: minutes(60),
    maxRecordsPerPoll: 1_000,
  });
  log.append({
    ingestTimeUs: START_US + minutes(2),
    partitionKey: 'k',
    payload: {
      sentTimeUs: START_US,
      userAgent: 'Roku/DVP-12.5',
      clientAddress: '192.0.2.9',
      events: raws,
    },
  });
  pipeline.finish(START_US + minutes(2));
  warehouse.close();
  return path;
}

function query<T>(path: string, read: (warehouse: Warehouse) => T): T {
  const warehouse = openWarehouse({ path });
  try {
    return read(warehouse);
  } finally {
    warehouse.close();
  }
}

describe('recover', () => {
  it('W100 makes facts of what a patch mends, as if they had never been bad', async () => {
    const events = Array.from({ length: 40 }, (_, n) => eventOf(n));
    const straight = warehouseOf('straight', events);
    const path = warehouseOf(
      'mended',
      events.map((event, n) => (n % 4 === 1 ? spoilt(n) : event)),
    );
    const document = await recoverBadRows({ warehousePath: path, patch: CAST });
    expect(document).toMatchObject({
      selected: 10,
      recovered: 10,
      stillBad: 0,
      ledger: { badRowsBefore: 10, factsGained: 10, duplicates: 0, badRowsAfter: 0, residual: 0 },
    });
    const facts = (warehouse: Warehouse) =>
      warehouse.query(
        `SELECT event_id, subject, event_time_us, title_sk, d.kind, c.code, local_hour
         FROM fact_event JOIN dim_device d USING (device_sk) JOIN dim_country c USING (country_sk)
         ORDER BY 1`,
      );
    expect(query(path, facts)).toEqual(query(straight, facts));
    const plays = (warehouse: Warehouse) =>
      warehouse.query(`SELECT window_start_us, key, sum(value) AS plays FROM pane GROUP BY 1, 2`);
    expect(query(path, plays)).toEqual(query(straight, plays));
  });

  it('W101 a second run finds nothing to do and changes no byte', async () => {
    const path = warehouseOf('twice', [eventOf(0), spoilt(1), { broken: true }]);
    await recoverBadRows({ warehousePath: path, patch: CAST });
    const before = readFileSync(path);
    for (const patch of [CAST, NO_PATCH]) {
      const again = await recoverBadRows({ warehousePath: path, patch });
      expect(again).toMatchObject({ recovered: 0, ledger: { factsGained: 0, residual: 0 } });
      expect(readFileSync(path).equals(before)).toBe(true);
    }
  });

  it('W102 a dry run tells the same and changes nothing', async () => {
    const path = warehouseOf('dry', [eventOf(0), spoilt(1), spoilt(2)]);
    const before = readFileSync(path);
    const dry = await recoverBadRows({ warehousePath: path, patch: CAST, isDryRun: true });
    expect(dry).toMatchObject({ isDryRun: true, selected: 2, recovered: 2 });
    expect(dry.ledger).toMatchObject({ factsGained: 0, badRowsAfter: 2, residual: 0 });
    expect(readFileSync(path).equals(before)).toBe(true);
    const wet = await recoverBadRows({ warehousePath: path, patch: CAST });
    expect({ ...wet, isDryRun: true, ledger: dry.ledger }).toEqual(dry);
  });

  it('W103 loses nothing: what is refused again, taken, or no event stays a bad row', async () => {
    const path = warehouseOf('mixed', [
      eventOf(0),
      spoilt(1),
      spoilt(1),
      { ...eventOf(0), data: { titleId: 't2' } },
      { ...spoilt(3), id: 'e0' },
      { ...eventOf(4), eventTimeUs: 'noon' },
      { ...eventOf(5), sequence: -1 },
      { unparsed: 'half a li', reason: 'not a line' },
      'prose',
      null,
    ]);
    const document = await recoverBadRows({ warehousePath: path, patch: { ...CAST, where: {} } });
    expect(document).toMatchObject({
      selected: 9,
      recovered: 1,
      duplicates: 1,
      stillBad: 4,
      notRecoverable: 3,
      reasons: {
        'duplicate id with another payload': 2,
        'event: invalid_type': 2,
        'eventTimeUs: invalid_type': 1,
        'not a line': 1,
        'sequence: too_small': 1,
      },
      ledger: { badRowsBefore: 9, factsGained: 1, duplicates: 1, badRowsAfter: 7, residual: 0 },
    });
    const titles = query(path, (warehouse) =>
      warehouse.query(`SELECT t.title_id FROM fact_event JOIN dim_title t USING (title_sk)
        WHERE event_id = 'e0'`),
    );
    expect(titles).toEqual([{ title_id: 't1' }]);
  });

  it('is about the rows that the patch and the caller name', async () => {
    const path = warehouseOf('filtered', [spoilt(1), { ...eventOf(2), sequence: -1 }]);
    const about = async (filter: object) =>
      (await recoverBadRows({ warehousePath: path, patch: NO_PATCH, filter, isDryRun: true }))
        .selected;
    expect(await about({})).toBe(2);
    expect(await about({ reason: 'sequence: too_small' })).toBe(1);
    expect(await about({ stage: 'schema' })).toBe(2);
    expect(await about({ stage: 'decode' })).toBe(0);
    expect(await about({ source: 'clickstream', field: 'eventTimeUs' })).toBe(1);
  });

  it('W103 sets, renames and deletes fields', async () => {
    const { eventTimeUs, ...rest } = eventOf(1);
    const path = warehouseOf('steps', [
      { ...rest, time: eventTimeUs, mood: 1, type: 'media.started' },
    ]);
    const patch = parsePatch({
      schema: 'backlot.patch/1',
      steps: [
        { op: 'rename', field: 'time', to: 'eventTimeUs' },
        { op: 'delete', field: 'mood' },
        { op: 'set', field: 'type', value: 'media.play' },
        { op: 'set', field: 'data.page', value: 'home' },
        { op: 'delete', field: 'data.absent.deep' },
      ],
    });
    expect(await recoverBadRows({ warehousePath: path, patch })).toMatchObject({ recovered: 1 });
  });
});

describe('patch', () => {
  it('tells all its problems at once', () => {
    const steps = [
      { op: 'set', field: '__proto__.admin', value: true },
      { op: 'move', field: 'a' },
    ];
    expect(() => parsePatch({ schema: 'backlot.patch/1', steps, extra: 1 })).toThrow(
      /^RECOVERY_BAD_PATCH: .*steps\.0\.field.*steps\.1\.op.*patch: /,
    );
    expect(() => readPatch(folder.write('no.json', '{'))).toThrow(/not valid JSON/);
    expect(() => readPatch(folder.path('none.json'))).toThrow(/^INPUT_UNREADABLE/);
  });

  it('reads a file, and changes no prototype and no event that it was given', () => {
    const file = folder.write('cast.json', JSON.stringify(CAST));
    expect(readPatch(file)).toEqual(CAST);
    const raw = { a: '7', b: 'x', c: 'true', d: 1.6, e: { f: 1 } };
    const cast = (field: string, to: 'integer' | 'number' | 'text' | 'boolean') =>
      ({ op: 'cast', field, to }) as const;
    const steps = [
      cast('a', 'number'),
      cast('b', 'integer'),
      cast('c', 'boolean'),
      cast('d', 'integer'),
      cast('e.f', 'text'),
      cast('toString', 'text'),
    ];
    expect(applyPatch(raw, steps)).toEqual({ a: 7, b: 'x', c: true, d: 2, e: { f: '1' } });
    expect(raw.e.f).toBe(1);
  });

  it('refuses a warehouse that is none, in one line', async () => {
    const missing = recoverBadRows({ warehousePath: folder.path('gone.sqlite'), patch: NO_PATCH });
    await expect(missing).rejects.toThrow(/^INPUT_UNREADABLE: .*no such file/);
    const letter = folder.write('letter.sqlite', 'Dear reader, '.repeat(100));
    await expect(recoverBadRows({ warehousePath: letter, patch: NO_PATCH })).rejects.toThrow(
      /^WAREHOUSE_UNREADABLE/,
    );
  });
});
