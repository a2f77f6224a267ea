/** Every named metric on facts made by hand, and plays per minute against the panes of a stream. */
import { fc, test } from '@fast-check/vitest';
import { describe, expect, it } from 'vitest';
import type { EnrichedEvent } from '../../src/domain/pipeline-ports.ts';
import { minutes, seconds } from '../../src/kernel/time.ts';
import { createPartitionedLog } from '../../src/storage/log/memory-log.ts';
import { METRICS, type MetricName } from '../../src/storage/metrics/catalogue.ts';
import { runMetric } from '../../src/storage/metrics.ts';
import { openWarehouse } from '../../src/storage/warehouse.ts';
import { type CountSpec, countPlan } from '../../src/streams/count-plan.ts';
import { createPipeline } from '../../src/streams/pipeline.ts';
import { badRow, batchOf, fact, START_US, warehouseWith } from './warehouse-builder.ts';

const WATERMARK = { boundUs: minutes(1), idleTimeoutUs: minutes(60) };
const COUNTS: readonly CountSpec[] = [
  { metric: 'plays_1m', sizeUs: minutes(1), types: ['media.play'], keyBy: 'titleId' },
];

const minuteUs = (minute: number) => START_US + minutes(minute);
const metric = (name: MetricName, facts: readonly EnrichedEvent[]) =>
  runMetric(warehouseWith(facts), name);

/** Plays of titles, so many of each. */
function plays(counts: Readonly<Record<string, number>>, genre = 'Drama') {
  return Object.entries(counts).flatMap(([titleId, count]) =>
    Array.from({ length: count }, (_, i) =>
      fact({ id: `${titleId}-${i}`, genre, data: { titleId } }),
    ),
  );
}

/** A playback with an event at each of these seconds. */
const playback = (playbackId: string, ...atSeconds: readonly number[]) =>
  atSeconds.map((at) =>
    fact({ id: `${playbackId}@${at}`, type: 'media.ping', atSeconds: at, data: { playbackId } }),
  );

describe('metrics', () => {
  it('plays_per_minute counts plays, and nothing else, by event time', () => {
    const facts = [
      fact({ id: 'a', atSeconds: 0 }),
      fact({ id: 'b', atSeconds: 59.999999 }),
      fact({ id: 'c', atSeconds: 60 }),
      fact({ id: 'd', atSeconds: 61, type: 'media.ping' }),
      fact({ id: 'e', atSeconds: 180 }),
    ];
    expect(metric('plays_per_minute', facts)).toEqual([
      { minute_us: minuteUs(0), plays: 2 },
      { minute_us: minuteUs(1), plays: 1 },
      { minute_us: minuteUs(3), plays: 1 },
    ]);
  });

  it('S6 top_titles has ten, ties by title id', () => {
    const ids = ['t09', 't03', 't07', 't01', 't11', 't05', 't02', 't08', 't04', 't06', 't10'];
    const facts = plays(Object.fromEntries(ids.map((id) => [id, id === 't11' ? 3 : 1])));
    const rows = metric('top_titles', facts);
    expect(rows[0]).toEqual({ title_id: 't11', name: 'Title t11', plays: 3 });
    expect(rows.map((row) => row['title_id'])).toEqual(
      't11 t01 t02 t03 t04 t05 t06 t07 t08 t09'.split(' '),
    );
  });

  it('S6 top_genres sums the plays of titles, ties by name', () => {
    const facts = [
      ...plays({ t1: 2, t2: 1 }, 'Drama'),
      ...plays({ t3: 3 }, 'Comedy'),
      ...plays({ t4: 4 }, 'Western'),
      fact({ id: 'x', genre: null, data: { titleId: 't9' } }),
    ];
    expect(metric('top_genres', facts)).toEqual([
      { genre: 'Western', plays: 4 },
      { genre: 'Comedy', plays: 3 },
      { genre: 'Drama', plays: 3 },
      { genre: 'unknown', plays: 1 },
    ]);
  });

  it('completion is the share of ended plays that reached the end', () => {
    const end = (id: string, completed: boolean) =>
      fact({ id, type: 'media.end', data: { titleId: 't1', completed } });
    const facts = [
      end('a', true),
      end('b', false),
      end('c', false),
      end('d', true),
      end('e', true),
    ];
    expect(metric('completion', facts)).toEqual([{ ended: 5, share: 0.6 }]);
    expect(metric('completion', [])).toEqual([{ ended: 0, share: null }]);
  });

  it('concurrent_viewers carries open plays into minutes without news', () => {
    const facts = [
      ...playback('p1', 10, 250),
      ...playback('p2', 20, 70),
      ...playback('p3', 30, 65),
      ...playback('p4', 66, 68),
    ];
    expect(metric('concurrent_viewers', facts)).toEqual([
      { minute_us: minuteUs(0), viewers: 3 },
      { minute_us: minuteUs(1), viewers: 3 },
      { minute_us: minuteUs(2), viewers: 1 },
      { minute_us: minuteUs(3), viewers: 1 },
      { minute_us: minuteUs(4), viewers: 1 },
    ]);
    expect(metric('concurrent_viewers', [])).toEqual([]);
  });

  it('concurrent_viewers: who ends when another begins is not there with them', () => {
    const facts = [...playback('p1', 0, 60), ...playback('p2', 60, 90)];
    expect(metric('concurrent_viewers', facts).map((row) => row['viewers'])).toEqual([1, 1]);
  });

  test.prop([fc.array(fc.tuple(fc.nat(400), fc.nat(300)), { minLength: 1, maxLength: 20 })], {
    seed: 91,
    numRuns: 60,
  })('concurrent_viewers is what counting second by second gives', (spans) => {
    const open = spans.map(([from, length]) => ({ from, to: from + length }));
    const facts = open.flatMap(({ from, to }, i) =>
      playback(`p${i}`, from, to).slice(0, to - from + 1),
    );
    const expected = new Map<number, number>();
    const last = Math.max(...open.map(({ to }) => to));
    const first = Math.floor(Math.min(...open.map(({ from }) => from)) / 60) * 60;
    for (let second = first; second <= last; second += 1) {
      const minute = minuteUs(Math.floor(second / 60));
      const viewers = open.filter(({ from, to }) => from <= second && second < to).length;
      expected.set(minute, Math.max(expected.get(minute) ?? 0, viewers));
    }
    const rows = metric('concurrent_viewers', facts);
    expect(new Map(rows.map((row) => [row['minute_us'], row['viewers']]))).toEqual(expected);
  });

  it('error_ledger, bad_rows and stored tell what was lost and where', () => {
    const warehouse = openWarehouse({ path: ':memory:' });
    const bad = (offset: number, payload: string) => badRow({ offset, payload });
    warehouse.commit(
      batchOf({
        facts: plays({ t1: 2 }),
        badRows: [bad(0, 'one'), bad(1, 'one'), bad(2, 'two')],
        late: ['plays_1m', 'events_1m'].map((name) => ({
          eventId: 't1-0',
          metric: name,
          eventTimeUs: START_US,
          watermarkUs: START_US,
        })),
        stageCounts: [
          {
            stage: 'validate',
            received: 5,
            passed: 2,
            rejected: { 'id: too_small': 3 },
            dropped: {},
          },
        ],
      }),
    );
    const line = { source: 'clickstream', stage: 'validate', reason: '' };
    expect(runMetric(warehouse, 'error_ledger')).toEqual([
      { ...line, outcome: 'passed', events: 2 },
      { ...line, outcome: 'received', events: 5 },
      { ...line, outcome: 'rejected', reason: 'id: too_small', events: 3 },
    ]);
    expect(runMetric(warehouse, 'bad_rows')).toEqual([{ reason: 'id: too_small', events: 3 }]);
    expect(runMetric(warehouse, 'stored')).toEqual([
      { facts: 2, bad_rows: 3, bad_events: 2, late_events: 1, panes: 0 },
    ]);
  });

  it('freshness gives order statistics, not interpolations', () => {
    const aged = (count: number) =>
      Array.from({ length: count }, (_, i) => fact({ id: `e${i}`, ageSeconds: i + 1 }));
    expect(metric('freshness', aged(100))).toEqual([{ p50: 50, p95: 95, p99: 99 }]);
    expect(metric('freshness', aged(3))).toEqual([{ p50: 2, p95: 3, p99: 3 }]);
    expect(metric('freshness', aged(1))).toEqual([{ p50: 1, p95: 1, p99: 1 }]);
    expect(metric('freshness', [])).toEqual([{ p50: null, p95: null, p99: null }]);
  });

  it('http_statuses and http_totals count requests, bytes and hosts', () => {
    const request = (
      id: string,
      subject: string,
      data: { status: number; responseBytes?: number },
    ) => fact({ id, subject, type: 'http.request', data });
    const facts = [
      request('a', 'h1', { status: 200, responseBytes: 1_000 }),
      request('b', 'h1', { status: 404 }),
      request('c', 'h2', { status: 200, responseBytes: 2 ** 33 }),
    ];
    expect(metric('http_statuses', facts)).toEqual([
      { status: 200, requests: 2 },
      { status: 404, requests: 1 },
    ]);
    expect(metric('http_totals', facts)).toEqual([
      { rows: 3, bytes: 2 ** 33 + 1_000, subjects: 2 },
    ]);
  });

  it('all say in words and in a unit what they are, and run on an empty warehouse', () => {
    const names = Object.keys(METRICS) as MetricName[];
    expect(names.length).toBeGreaterThan(9);
    for (const name of names) {
      expect(METRICS[name].words).toMatch(/\.$/);
      expect(METRICS[name].unit).not.toBe('');
      expect(metric(name, []).length).toBeLessThanOrEqual(name === 'funnel' ? 4 : 1);
    }
  });
});

describe('panes and metrics', () => {
  test.prop([fc.array(fc.tuple(fc.nat(600), fc.nat(4)), { minLength: 1, maxLength: 200 })], {
    seed: 92,
    numRuns: 40,
  })('plays per minute are the sums of the panes, where nothing was late', (played) => {
    const warehouse = openWarehouse({ path: ':memory:' });
    const log = createPartitionedLog({ partitions: 2 });
    const pipeline = createPipeline({
      log,
      sink: warehouse,
      reference: { title: () => undefined, country: () => 'ZZ', utcOffsetMinutes: () => 0 },
      watermark: WATERMARK,
      plans: COUNTS.map((spec) =>
        countPlan(spec, { watermark: WATERMARK, allowedLatenessUs: minutes(10) }),
      ),
      dedupeTtlUs: minutes(60),
      maxRecordsPerPoll: 50,
    });
    played.forEach(([atSeconds, title], i) => {
      const { event } = fact({ id: `e${i}`, atSeconds, data: { titleId: `t${title}` } });
      const payload = { sentTimeUs: START_US, userAgent: '', clientAddress: '', events: [event] };
      log.append({ payload, ingestTimeUs: START_US + seconds(i), partitionKey: `v${i}` });
      if (i % 20 === 0) pipeline.poll(START_US + seconds(i));
    });
    pipeline.finish(START_US + seconds(played.length));
    const panes = warehouse.query(
      `SELECT window_start_us AS minute_us, CAST(sum(value) AS INTEGER) AS plays
       FROM pane GROUP BY 1 ORDER BY 1`,
    );
    expect(runMetric(warehouse, 'stored')).toMatchObject([{ late_events: 0 }]);
    expect(runMetric(warehouse, 'plays_per_minute')).toEqual(panes);
    expect(panes.length).toBeGreaterThan(0);
  });
});
