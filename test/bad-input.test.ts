/** Everything bad that a client or a machine can do to the pipeline, through the collector, the log
 * on disk, the stages and the warehouse: nothing accepted is lost, every rejection is kept with its
 * reason, and the ledger closes, each piece of input accounted for exactly once. */
import Database from 'better-sqlite3';
import { afterEach, describe, expect, it } from 'vitest';
import type { CollectorAnswer } from '../src/domain/collector-ports.ts';
import { seconds } from '../src/kernel/time.ts';
import { type DiskLog, openDiskLog } from '../src/storage/log/disk-log.ts';
import { NODE_LOG_FILES } from '../src/storage/log/log-files.ts';
import { openWarehouse, type Warehouse } from '../src/storage/warehouse.ts';
import { createCollector } from '../src/streams/collector/collector.ts';
import { countPlan } from '../src/streams/count-plan.ts';
import { createPipeline } from '../src/streams/pipeline.ts';
import { REFERENCE, START_US, trackedEvent, WINDOWS } from './streams/clickstream-builder.ts';
import { temporaryFolder } from './temporary-folder.ts';

const folder = temporaryFolder();
const NOW_US = START_US + seconds(10);
const SENDER = { userAgent: 'Roku/DVP-12.5', clientAddress: '192.0.2.1', ingestTimeUs: NOW_US };
const YEAR_US = seconds(365 * 86_400);

/** Where one piece of input must end up, and nowhere else. */
type Fate = { readonly fact: string } | { readonly bad: string } | { readonly duplicate: true };

/** One body, and the fates of what it brings, in order. */
interface Category {
  readonly name: string;
  readonly body: string | Uint8Array;
  readonly fates: readonly Fate[];
}

const json = (events: readonly unknown[]) => JSON.stringify({ sentTimeUs: NOW_US, events });
/** The event as JSON text with one field more, as no object of JavaScript could have it. */
const withText = (id: string, field: string) =>
  `${JSON.stringify(trackedEvent({ id })).slice(0, -1)},${field}}`;
const wrong = (id: string, part: Readonly<Record<string, unknown>>) => ({
  ...trackedEvent({ id }),
  ...part,
});

const CATEGORIES: readonly Category[] = [
  { name: 'good', body: json([trackedEvent({ id: 'good' })]), fates: [{ fact: 'good' }] },
  {
    name: 'malformed JSON',
    body: '{"events":[{"id":"cut',
    fates: [{ bad: 'body is not valid JSON' }],
  },
  {
    name: 'no text',
    body: new Uint8Array([0x7b, 0xff, 0xfe]),
    fates: [{ bad: 'body is not UTF-8 text' }],
  },
  {
    name: 'wrong types',
    body: json([
      wrong('type-1', { eventTimeUs: 'soon' }),
      wrong('type-2', { data: [] }),
      wrong('type-3', { subject: 7 }),
      wrong('type-4', { sequence: -1.5 }),
      { ...trackedEvent(), id: 7 },
      'text',
      null,
      [1],
      trackedEvent({ id: 'beside' }),
    ]),
    fates: [
      { bad: 'eventTimeUs: invalid_type' },
      { bad: 'data: invalid_type' },
      { bad: 'subject: invalid_type' },
      { bad: 'sequence: invalid_type' },
      { bad: 'event without an id' },
      { bad: 'event is no object' },
      { bad: 'event is no object' },
      { bad: 'event is no object' },
      { fact: 'beside' },
    ],
  },
  {
    name: 'an event of 10 MB, in a body that is too large',
    body: json([wrong('huge', { data: { query: 'x'.repeat(10_000_000) } })]),
    fates: [{ bad: 'body too large' }],
  },
  {
    name: 'an event of 1 MB beside a small one',
    body: json([
      wrong('large', { data: { query: 'x'.repeat(1_000_000) } }),
      trackedEvent({ id: 'small' }),
    ]),
    fates: [{ bad: 'event too large' }, { fact: 'small' }],
  },
  {
    name: 'nesting',
    body: `{"events":[${withText('deep', `"x":${'['.repeat(100)}${']'.repeat(100)}`)}]}`,
    fates: [{ bad: 'nested too deeply' }],
  },
  {
    name: 'prototype-polluting keys',
    body: `{"events":[${[
      withText('proto-1', '"__proto__":{"polluted":true}'),
      withText('proto-2', '"constructor":{"prototype":{"polluted":true}}'),
      JSON.stringify(trackedEvent({ id: 'proto-3' })).replace(
        '"data":{',
        '"data":{"__proto__":{"polluted":true},',
      ),
    ].join(',')}]}`,
    fates: [{ bad: 'forbidden key' }, { bad: 'forbidden key' }, { bad: 'forbidden key' }],
  },
  {
    name: 'clocks years off',
    body: json([
      trackedEvent({ id: 'past', eventTimeUs: START_US - 40 * YEAR_US }),
      trackedEvent({ id: 'future', eventTimeUs: START_US + 40 * YEAR_US }),
      trackedEvent({ id: 'epoch', eventTimeUs: 0 }),
      trackedEvent({ id: 'before', eventTimeUs: -1 }),
      trackedEvent({ id: 'beyond', eventTimeUs: 2 ** 60 }),
    ]),
    fates: [
      { fact: 'past' },
      { fact: 'future' },
      { fact: 'epoch' },
      { bad: 'eventTimeUs: too_small' },
      { bad: 'eventTimeUs: too_big' },
    ],
  },
  {
    name: 'unknown schema versions',
    body: json([
      wrong('schema-1', { schema: 'com.example/other/9-0-0' }),
      wrong('schema-2', { schema: '' }),
      wrong('schema-3', { schema: 3 }),
    ]),
    fates: [
      { bad: 'unknown schema version' },
      { bad: 'unknown schema version' },
      { bad: 'schema: invalid_type' },
    ],
  },
  {
    name: 'duplicate ids with different payloads',
    body: json([
      trackedEvent({ id: 'twice' }),
      trackedEvent({ id: 'twice' }),
      trackedEvent({ id: 'twice', data: { titleId: 't2', playbackId: 'p2' } }),
    ]),
    fates: [{ fact: 'twice' }, { duplicate: true }, { bad: 'duplicate id with another payload' }],
  },
];

/** Fills the disk of the log while `isFull`. */
function createLogDisk() {
  const state = { isFull: false };
  const write: typeof NODE_LOG_FILES.write = (file, bytes, position) => {
    if (!state.isFull) return NODE_LOG_FILES.write(file, bytes, position);
    // Half of it is there when the disk says no.
    NODE_LOG_FILES.write(file, bytes.subarray(0, bytes.length >> 1), position);
    throw Object.assign(new Error('no space left on device'), { code: 'ENOSPC', syscall: 'write' });
  };
  return { state, files: { ...NODE_LOG_FILES, write } };
}

interface World {
  readonly at: string;
  readonly log: DiskLog;
  readonly disk: ReturnType<typeof createLogDisk>['state'];
  readonly warehouse: Warehouse;
  readonly collector: ReturnType<typeof createCollector>;
  readonly pipeline: ReturnType<typeof createPipeline>;
  send(body: string | Uint8Array): CollectorAnswer;
}

const open: { close(): void }[] = [];
afterEach(() => {
  for (const one of open.splice(0)) one.close();
});

function createWorld(): World {
  const at = folder.fresh();
  const { state: disk, files } = createLogDisk();
  // One partition, so that bodies are there in their order.
  const log = openDiskLog({ folder: `${at}/log`, partitions: 1, files });
  const warehouse = openWarehouse({
    path: `${at}/w.sqlite`,
    survives: 'process',
    lockTimeoutMs: 0,
  });
  open.push(log, warehouse);
  const collector = createCollector({ log });
  const watermark = { boundUs: seconds(5), idleTimeoutUs: seconds(60) };
  const pipeline = createPipeline({
    log,
    sink: warehouse,
    reference: REFERENCE,
    plans: WINDOWS.map((spec) => countPlan(spec, { watermark, allowedLatenessUs: seconds(60) })),
    watermark,
    dedupeTtlUs: seconds(3_600),
    maxRecordsPerPoll: 1_000,
  });
  const send = (body: string | Uint8Array) =>
    collector.collect({ ...SENDER, body: typeof body === 'string' ? Buffer.from(body) : body });
  return { at, log, disk, warehouse, collector, pipeline, send };
}

const sumOf = (counts: Readonly<Record<string, number>>) =>
  Object.values(counts).reduce((sum, count) => sum + count, 0);

/** What there is of everything received, counted where it is, not where it was announced. */
function ledgerOf({ collector, log, pipeline, warehouse }: World) {
  const { received, accepted, rejected, deferred } = collector.count();
  const count = (sql: string) => Number(warehouse.query(`SELECT count(*) AS n ${sql}`)[0]?.['n']);
  const duplicates = pipeline
    .counts()
    .reduce((sum, { dropped }) => sum + (dropped['duplicate'] ?? 0), 0);
  const facts = count('FROM fact_event');
  const badRows = count('FROM bad_row');
  const unread = log.unreadFrom(warehouse.committedOffsets(1));
  return {
    received,
    facts,
    badRows,
    duplicates,
    collectorResidual: received - accepted - sumOf(rejected) - sumOf(deferred),
    residual: received - sumOf(deferred) - facts - badRows - duplicates - unread,
    badRowsWithoutReason: count("FROM bad_row WHERE reason = '' OR processor = ''"),
  };
}

const CLOSED = { collectorResidual: 0, residual: 0, badRowsWithoutReason: 0 };

/** Reasons of the bad rows with offsets from one to before another, sorted. */
function badReasons({ warehouse }: World, from = 0, to = Number.MAX_SAFE_INTEGER) {
  return warehouse
    .query('SELECT reason FROM bad_row WHERE log_offset >= ? AND log_offset < ?', [from, to])
    .map((row) => String(row['reason']))
    .sort();
}

const reasonsOf = (fates: readonly Fate[]) =>
  fates.flatMap((fate) => ('bad' in fate ? [fate.bad] : [])).sort();

const factIds = ({ warehouse }: World) =>
  warehouse
    .query('SELECT event_id FROM fact_event ORDER BY event_id')
    .map((row) => row['event_id']);

const idsOf = (fates: readonly Fate[]) =>
  fates.flatMap((fate) => ('fact' in fate ? [fate.fact] : [])).sort();

describe('bad input, from the body to the warehouse', () => {
  it.each(CATEGORIES)('$name: each piece of it once, the ledger closes', ({ body, fates }) => {
    const world = createWorld();
    const answer = world.send(body);
    const isRefused = answer.status !== 200;
    // Whoever is told `ok` or `drop` need not send again: the log has it.
    expect(answer.results).toHaveLength(isRefused ? 0 : fates.length);
    expect(world.log.unreadFrom([0])).toBe(fates.length);
    world.pipeline.poll(NOW_US);
    world.pipeline.finish(NOW_US);
    expect(badReasons(world)).toEqual(reasonsOf(fates));
    expect(factIds(world)).toEqual(idsOf(fates));
    expect(ledgerOf(world)).toMatchObject({ received: fates.length, ...CLOSED });
  });

  it('all of it, one after the other, and sent again', () => {
    const world = createWorld();
    const offsets: number[] = [];
    for (const { body } of CATEGORIES) {
      offsets.push(world.log.unreadFrom([0]));
      world.send(body);
    }
    world.pipeline.poll(NOW_US);
    for (const [i, { fates }] of CATEGORIES.entries()) {
      const [start, end] = offsets.slice(i);
      expect(badReasons(world, start, end)).toEqual(reasonsOf(fates));
    }
    const fates = CATEGORIES.flatMap((category) => category.fates);
    expect(factIds(world)).toEqual(idsOf(fates));
    const first = ledgerOf(world);
    expect(first).toMatchObject({ received: fates.length, ...CLOSED });
    for (const { body } of CATEGORIES) world.send(body);
    world.pipeline.finish(NOW_US);
    const ledger = ledgerOf(world);
    expect(ledger).toMatchObject({ received: 2 * fates.length, facts: first.facts, ...CLOSED });
    expect(ledger.badRows).toBe(2 * first.badRows);
    expect(ledger.duplicates).toBe(first.facts + 2 * first.duplicates);
    expect(({} as { polluted?: boolean }).polluted).toBeUndefined();
  });

  it('a full disk below the log: nothing is acknowledged, and the same body goes in later', () => {
    const world = createWorld();
    const body = json([trackedEvent({ id: 'a' }), trackedEvent({ id: 'b' })]);
    world.disk.isFull = true;
    const answer = world.send(body);
    expect(answer).toMatchObject({ status: 503, retryAfterSeconds: 5 });
    expect(answer.results.map(({ result }) => result)).toEqual(['retry', 'retry']);
    world.pipeline.poll(NOW_US);
    expect(ledgerOf(world)).toMatchObject({ received: 2, facts: 0, badRows: 0, ...CLOSED });
    world.disk.isFull = false;
    expect(world.send(body).results.map(({ result }) => result)).toEqual(['ok', 'ok']);
    world.pipeline.finish(NOW_US);
    expect(ledgerOf(world)).toMatchObject({ received: 4, facts: 2, duplicates: 0, ...CLOSED });
    expect(world.collector.count().deferred).toEqual({ 'the log cannot be written': 2 });
  });

  it('a full disk below the warehouse, or a locked one: what was accepted waits', () => {
    const world = createWorld();
    const troubles = [
      () => {
        const [row = {}] = world.warehouse.query('PRAGMA page_count');
        const limit = Number(row['page_count']);
        world.warehouse.query(`PRAGMA max_page_count = ${limit}`);
        return () => world.warehouse.query('PRAGMA max_page_count = 1073741823');
      },
      () => {
        const holder = new Database(`${world.at}/w.sqlite`);
        holder.exec('BEGIN IMMEDIATE');
        return () => holder.close();
      },
    ];
    let sent = 0;
    for (const trouble of troubles) {
      const end = trouble();
      const before = ledgerOf(world);
      for (let body = 0; body < 20; body += 1) {
        const events = Array.from({ length: 50 }, (_, i) =>
          trackedEvent({ id: `event-${sent + i}`, sequence: sent + i }),
        );
        sent += world.send(json(events)).results.filter(({ result }) => result === 'ok').length;
      }
      expect(() => world.pipeline.poll(NOW_US)).toThrow(/WAREHOUSE_UNWRITABLE/);
      expect(ledgerOf(world)).toMatchObject({ facts: before.facts, ...CLOSED });
      end();
      world.pipeline.poll(NOW_US);
      expect(ledgerOf(world)).toMatchObject({ received: sent, facts: sent, ...CLOSED });
    }
    expect(sent).toBe(2_000);
  });
});
