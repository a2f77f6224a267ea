/** Plans inside the pipeline: what they must be, what they tell, and that they tell what `runPlan`
 * tells of the same rows. Spec: W140, W141, W143, W145, W146. */
import { fc, test } from '@fast-check/vitest';
import { afterAll, describe, expect, it } from 'vitest';
import type { StageCount } from '../../src/domain/pipeline-ports.ts';
import { EngineError } from '../../src/kernel/errors.ts';
import { minutes, seconds } from '../../src/kernel/time.ts';
import { enrichedEvents } from '../../src/streams/enriched-source.ts';
import { runPlan } from '../../src/streams/execute/run-plan.ts';
import { createPipeline } from '../../src/streams/pipeline.ts';
import { count, sum } from '../../src/streams/plan/builder/aggregate.ts';
import { pipeline, table } from '../../src/streams/plan/builder/pipeline.ts';
import { hopping, session, tumbling } from '../../src/streams/plan/builder/window.ts';
import { defineFunction } from '../../src/streams/plan/functions.ts';
import type { PipelinePlan } from '../../src/streams/plan/plan.ts';
import {
  createListLog,
  createListSink,
  pipelineOptions,
  START_US,
  trackedEvent,
} from './clickstream-builder.ts';

const EVENTS = enrichedEvents({ boundUs: seconds(10) });

/** Positions by title and minute, upserted; pings aside, late rows aside. */
const POSITIONS = pipeline('positions')
  .from(EVENTS)
  .divert('pings', (f) => f.event_type.eq('media.ping'))
  .window(tumbling(minutes(1)), { allowedLatenessUs: seconds(20) })
  .groupBy((f) => ({ title: f.title_id, country: f.country }))
  .aggregate({ events: count(), seconds: sum((f) => f.position_s) })
  .late('late')
  .sink('positions', { mode: 'upsert', key: ['title', 'country', 'window_start'] });

const SESSIONS = pipeline('sessions')
  .from(EVENTS)
  .window(session(seconds(15)), { accumulation: 'retracting', allowedLatenessUs: minutes(1) })
  .groupBy((f) => ({ title: f.title_id }))
  .aggregate({ events: count() })
  .sink('sessions', { mode: 'append', key: ['title'] });

const TOPS = pipeline('tops')
  .from(EVENTS)
  .filter((f) => f.title_id.isNotNull())
  .window(hopping({ sizeUs: seconds(30), slideUs: seconds(10) }))
  .groupBy((f) => ({ title: f.title_id }))
  .aggregate({ events: count() })
  .top(2, { by: [{ column: 'events', direction: 'desc' }] })
  .sink('tops', { mode: 'upsert', key: ['rank', 'window_start'] });

const USERS_PLANS = [POSITIONS, SESSIONS, TOPS];

const closes = ({ received, passed, rejected, dropped }: StageCount) =>
  received ===
  [passed, ...Object.values(rejected), ...Object.values(dropped)].reduce((a, b) => a + b);

describe('plans beside the built-in counts', () => {
  const seen = { results: 0, late: 0, pings: 0, retractions: 0 };
  afterAll(() => {
    expect(seen.results).toBeGreaterThan(1_000);
    expect(Math.min(seen.late, seen.pings, seen.retractions)).toBeGreaterThan(50);
  });

  const arrival = fc.record({
    partition: fc.nat(2),
    atSeconds: fc.nat(200),
    type: fc.constantFrom('media.play', 'media.ping', 'media.end'),
    title: fc.nat(3),
  });

  test.prop(
    [
      fc.array(arrival, { minLength: 20, maxLength: 90, size: 'max' }),
      fc.integer({ min: 1, max: 9 }),
    ],
    {
      seed: 143,
      numRuns: 60,
    },
  )('W143, W146 tell what runPlan tells, and every row is accounted for', (sent, every) => {
    const log = createListLog(3);
    const sink = createListSink();
    const running = createPipeline(pipelineOptions({ log, sink, plans: USERS_PLANS }));
    const partitionOf = new Map<string, number>();
    sent.forEach(({ partition, atSeconds, type, title }, i) => {
      const id = `e${i}`;
      partitionOf.set(id, partition);
      const data = { ...(title > 0 ? { titleId: `t${title}` } : {}), positionSeconds: i };
      const eventTimeUs = START_US + seconds(atSeconds);
      log.append({ partition, raw: trackedEvent({ id, type, eventTimeUs, data } as never) });
      if (i % every === 0) running.poll(START_US + seconds(300 + i));
    });
    running.finish(START_US + seconds(600));
    const facts = sink.all('facts');
    expect(facts).toHaveLength(sent.length);
    for (const plan of USERS_PLANS) {
      const told: unknown[] = [];
      const aside: unknown[] = [];
      const run = runPlan(plan, {
        partitions: 3,
        onResult: ({ row, timeUs }) => told.push([row, timeUs]),
      });
      for (const name of plan === POSITIONS ? ['pings', 'late'] : []) {
        run.output(name).subscribe(({ row, timeUs }) => aside.push([name, row, timeUs]));
      }
      for (const fact of facts) run.push(fact, partitionOf.get(fact.event.id) ?? 0);
      run.finish();
      const results = sink.batches.flatMap((batch) => batch.results ?? []);
      const mine = results.filter((one) => one.pipeline === plan.name);
      expect(mine.map(({ row, eventTimeUs }) => [JSON.parse(row), eventTimeUs])).toEqual(told);
      expect(mine.map(({ number }) => number)).toEqual(mine.map((_, n) => n));
      seen.results += mine.length;
      seen.retractions += mine.filter(({ isRetraction }) => isRetraction).length;
      const rows = sink.batches.flatMap((batch) => batch.sideRows ?? []);
      const asides = rows.filter((one) => one.pipeline === plan.name);
      expect(asides.map((one) => [one.output, JSON.parse(one.row), one.eventTimeUs])).toEqual(
        aside,
      );
      seen.late += asides.filter(({ output }) => output === 'late').length;
      seen.pings += asides.filter(({ output }) => output === 'pings').length;
    }
    const counts = running.planCounts();
    expect(counts.length).toBe(8);
    expect(counts.every(closes)).toBe(true);
    expect(counts[0]).toMatchObject({
      stage: 'positions: source enriched_event',
      received: facts.length,
    });
    expect(sink.batches.at(-1)?.stageCounts.slice(-counts.length)).toEqual(counts);
  });
});

describe('rows that cannot be computed', () => {
  const picky = defineFunction({
    name: 'picky',
    version: 1,
    args: ['string'],
    returns: 'integer',
    body: (title) => {
      if (title === 't2') throw new Error('t2 is private');
      return title.length;
    },
  });
  const plan = pipeline('lengths')
    .from(EVENTS)
    .map((f) => ({ event_id: f.event_id, length: picky.of(f.title_id), completed: f.completed }))
    .sink('lengths', { mode: 'append', key: ['event_id'] });

  it('W145 are counted and kept with their reason; nothing stops, no fact is lost', () => {
    const log = createListLog(1);
    const sink = createListSink();
    const running = createPipeline(
      pipelineOptions({ log, sink, plans: [plan], functions: [picky] }),
    );
    for (const id of ['t1', 't2', 't3']) {
      log.append({ raw: trackedEvent({ id, data: { titleId: id } }) });
    }
    running.finish(START_US + minutes(5));
    expect(sink.all('facts')).toHaveLength(3);
    const [, map] = running.planCounts();
    expect(map).toEqual({
      stage: 'lengths: steps[0] map',
      received: 3,
      passed: 2,
      rejected: { 'function picky failed': 1 },
      dropped: {},
    });
    expect(sink.batches.flatMap((batch) => batch.sideRows ?? [])).toMatchObject([
      { pipeline: 'lengths', output: '(rejected)', number: 0, reason: 'function picky failed' },
    ]);
    expect(JSON.stringify(sink.batches)).not.toContain('is private');
    const results = sink.batches.flatMap((batch) => batch.results ?? []);
    expect(results.map(({ key, mode }) => [key, mode])).toEqual([
      ['["t1"]', 'append'],
      ['["t3"]', 'append'],
    ]);
  });

  it('W141 a plan whose functions are not there does not start', () => {
    const parts = { log: createListLog(1), sink: createListSink(), plans: [plan] };
    expect(() => createPipeline(pipelineOptions(parts))).toThrow(
      /PLAN_INVALID: plan "lengths": steps\[0\]: "picky version 1": its body is not here/,
    );
  });
});

describe('W140, W141 a plan that does not fit', () => {
  const refusals = (plans: readonly PipelinePlan[]): readonly string[] => {
    try {
      createPipeline(pipelineOptions({ log: createListLog(1), sink: createListSink(), plans }));
    } catch (error) {
      if (!(error instanceof EngineError)) throw error;
      const { problems } = error.details as { problems: readonly { path: string; rule: string }[] };
      return problems.map(({ path, rule }) => `${path}: ${rule}`);
    }
    return [];
  };
  const source = (change: object): PipelinePlan => ({
    ...TOPS,
    source: { ...TOPS.source, ...change },
  });
  const sink = (change: object): PipelinePlan => ({
    ...POSITIONS,
    steps: POSITIONS.steps.slice(1),
    sink: { ...POSITIONS.sink, name: 'pane', ...change },
  });
  const titles = table('titles', { key: 'string', columns: { name: 'string' } });
  const lookup = pipeline('lookup')
    .from(EVENTS)
    .lookup(titles, { on: (f) => f.title_id, take: { title: 'name' } })
    .sink('named', { mode: 'append', key: ['event_id'] });

  it.each<[string, readonly PipelinePlan[], RegExp]>([
    ['another source', [source({ name: 'clicks' })], /^source.name: must be enriched_event$/],
    [
      'a column that events lack',
      [source({ columns: { ...TOPS.source.columns, mood: { type: 'string' } } })],
      /^source.columns.mood: must be one of event_id, /,
    ],
    [
      'a column read elsewhere',
      [source({ columns: { ...TOPS.source.columns, genre: { type: 'string', path: 'country' } } })],
      /^source.columns.genre: must be {"type":"string","path":"genre"}$/,
    ],
    ['another time', [source({ time: 'ingest_time_us' })], /^source.time: must be event_time_us$/],
    [
      'another bound',
      [source({ watermark: { kind: 'bounded', boundUs: seconds(9) } })],
      /^source.watermark: .* must be {"kind":"bounded","boundUs":10000000}$/,
    ],
    ['another kind', [source({ watermark: { kind: 'ascending' } })], /^source.watermark: /],
    [
      'another idle timeout',
      [source({ idleTimeoutUs: 7 })],
      /^source.idleTimeoutUs: .*or left out$/,
    ],
    ['a table', [lookup], /^steps\[0\]: the pipeline has no source or table but enriched_event/],
    ['a name twice', [TOPS, TOPS], /^name: another plan of the pipeline has this name/],
    ['panes without a key', [sink({})], /^sink.name: rows of the table "pane" have a text/],
  ])('%s is refused', (_name, plans, expected) => {
    expect(refusals(plans)[0]).toMatch(expected);
  });

  it('all problems are told at once, and a plan that says what the pipeline says starts', () => {
    expect(refusals([source({ name: 'clicks' })]).length).toBe(1);
    expect(refusals([source({ time: 'ingest_time_us', idleTimeoutUs: 7 })]).length).toBe(2);
    expect(refusals([source({ idleTimeoutUs: Number.MAX_SAFE_INTEGER })])).toEqual([]);
  });
});
