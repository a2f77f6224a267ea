/** Plans run on RxJS: ledgers close, state ends empty, snapshots are invisible, and a plan answers
 * as the operators that a user would chain by hand. */
import { fc, test } from '@fast-check/vitest';
import { from, map, Subject, tap } from 'rxjs';
import { afterAll, describe, expect, it } from 'vitest';
import type { PlainValue } from '../../../src/domain/plain-value.ts';
import { minutes, seconds } from '../../../src/kernel/time.ts';
import { createCount } from '../../../src/streams/aggregates/basic-aggregators.ts';
import {
  type PlanRun,
  type RunPlanOptions,
  runPlan,
} from '../../../src/streams/execute/run-plan.ts';
import { createVersionedTable } from '../../../src/streams/joins/versioned-table.ts';
import { assignWatermarks } from '../../../src/streams/operators/assign-watermarks.ts';
import { dedupeWithin } from '../../../src/streams/operators/dedupe-within.ts';
import { filterRows } from '../../../src/streams/operators/rows.ts';
import { windowAggregate } from '../../../src/streams/operators/window-aggregate.ts';
import { count, sum } from '../../../src/streams/plan/builder/aggregate.ts';
import { desc, pipeline, table } from '../../../src/streams/plan/builder/pipeline.ts';
import {
  boundedOutOfOrderness,
  punctuatedBy,
  tumbling,
} from '../../../src/streams/plan/builder/window.ts';
import { defineFunction } from '../../../src/streams/plan/functions.ts';
import type { PipelinePlan } from '../../../src/streams/plan/plan.ts';
import { type RandomRecord, randomPlans, randomRecords } from '../plan/random-plans.ts';

/** A run and all that came out of it, in order. */
function start(plan: PipelinePlan, options: RunPlanOptions = {}) {
  const told: unknown[] = [];
  const run = runPlan(plan, options);
  run.results$.subscribe(({ row, timeUs }) => told.push(['result', row, timeUs]));
  run.rejected$.subscribe((rejected) => told.push(['rejected', rejected]));
  for (const step of plan.steps) {
    const name = step.kind === 'divert' ? step.output : undefined;
    const output = step.kind === 'window' ? step.lateOutput : name;
    if (output !== undefined) run.output(output).subscribe((row) => told.push([output, row]));
  }
  return { run, told };
}

function expectClosedLedger(run: PlanRun): void {
  const counts = run.counts();
  const total = (reasons: Readonly<Record<string, number>>) =>
    Object.values(reasons).reduce((sumSoFar, n) => sumSoFar + n, 0);
  counts.forEach(({ received, passed, rejected, dropped }) => {
    expect(received).toBe(passed + total(rejected) + total(dropped));
  });
  for (let n = 1; n < counts.length; n += 1) {
    expect(counts[n]?.received).toBe(counts[n - 1]?.emitted);
  }
}

const PARTITIONS = 2;
const push = (run: PlanRun, record: RandomRecord, n: number) => run.push(record, n % PARTITIONS);

/** What the properties saw, so that they cannot pass by doing nothing. */
const seen = { results: 0, late: 0, diverted: 0 };
afterAll(() => {
  for (const count of Object.values(seen)) expect(count).toBeGreaterThan(200);
});

function note(told: readonly unknown[]): void {
  for (const one of told) {
    const [output] = one as [string];
    if (output === 'result') seen.results += 1;
    if (output === 'too_late') seen.late += 1;
    if (output === 'flagged') seen.diverted += 1;
  }
}

describe('runPlan', () => {
  test.prop([randomPlans, randomRecords], { seed: 34, numRuns: 250 })(
    'closes the ledger of every step and ends without state (W34, W41)',
    (plan, records) => {
      const { run, told } = start(plan, { partitions: PARTITIONS });
      records.forEach((record, n) => {
        push(run, record, n);
        if (n % 10 === 0) expectClosedLedger(run);
      });
      run.finish();
      expectClosedLedger(run);
      expect(run.counts()[0]?.received).toBe(records.length);
      expect(run.stateSize).toBe(0);
      note(told);
    },
  );

  test.prop([randomPlans, randomRecords, fc.nat(40)], { seed: 35, numRuns: 250 })(
    'a snapshot through JSON at any step is invisible (W42)',
    (plan, records, at) => {
      const whole = start(plan, { partitions: PARTITIONS });
      records.forEach((record, n) => {
        push(whole.run, record, n);
      });
      whole.run.finish();
      let part = start(plan, { partitions: PARTITIONS });
      const told = [...part.told];
      records.forEach((record, n) => {
        if (n === Math.min(at, records.length - 1)) {
          const saved = JSON.parse(JSON.stringify(part.run.snapshot()));
          told.push(...part.told);
          part = start(plan, { partitions: PARTITIONS });
          part.run.restore(saved);
          expect(JSON.parse(JSON.stringify(part.run.snapshot()))).toEqual(saved);
        }
        push(part.run, record, n);
      });
      part.run.finish();
      expect([...told, ...part.told]).toEqual(whole.told);
      expect(part.run.counts()).toEqual(whole.run.counts());
    },
  );

  const playsPerTitle = pipeline('plays')
    .source('events', {
      columns: { id: 'string', k: 'string', n: 'integer', flag: 'boolean', at: 'timestamp' },
      time: 'at',
      watermark: boundedOutOfOrderness(10),
    })
    .dedupe({ by: (f) => [f.id], ttlUs: 50 })
    .filter((f) => f.n.gt(0))
    .window(tumbling(20))
    .groupBy((f) => ({ k: f.k }))
    .aggregate({ rows: count() })
    .top(2, { by: [desc('rows')] })
    .sink('o', { mode: 'append', key: ['window_start', 'rank'] });

  test.prop([randomRecords], { seed: 36, numRuns: 200 })(
    'answers as the operators that one would chain by hand',
    (records) => {
      const whole = records.map((record) => ({ ...record, k: record.k ?? 'none' }));
      const { run, told } = start(playsPerTitle);
      for (const record of whole) run.push(record);
      run.finish();
      const byHand: unknown[] = [];
      const records$ = new Subject<(typeof whole)[number]>();
      records$
        .pipe(
          assignWatermarks({
            partitionCount: 1,
            strategy: { kind: 'bounded', boundUs: 10 },
            timeUsOf: (row) => row.at,
          }),
          dedupeWithin({ keyOf: (row) => row.id, ttlUs: 50 }),
          filterRows((row) => row.n > 0),
          windowAggregate({
            window: { assign: { kind: 'tumbling', sizeUs: 20 } },
            keyOf: (row) => row.k,
            aggregator: { ...createCount(), add: (acc: number) => acc + 1 },
            toRow: ({ key, value, info }) => ({
              k: key,
              rows: value,
              window_start: info.startUs,
              window_end: info.endUs,
            }),
            top: {
              limit: 2,
              compare: (a, b) => b.rows - a.rows || (a.k < b.k ? -1 : 1),
              ranked: (row, rank) => ({ ...row, rank }),
            },
          }),
        )
        .subscribe((item) => {
          if (item.kind === 'row') byHand.push(['result', item.row, item.timeUs]);
        });
      for (const record of whole) records$.next(record);
      records$.complete();
      expect(told).toEqual(byHand);
    },
  );

  it('re-ranks the places that a late row changes, and only those', () => {
    const plan = pipeline('late')
      .source('events', {
        columns: { k: 'string', at: 'timestamp' },
        time: 'at',
        watermark: boundedOutOfOrderness(0),
      })
      .window(tumbling(10), { allowedLatenessUs: 100, accumulation: 'retracting' })
      .groupBy((f) => ({ k: f.k }))
      .aggregate({ rows: count() })
      .top(2, { by: [desc('rows')] })
      .late('too_late')
      .sink('o', { mode: 'upsert', key: ['window_start', 'rank'] });
    const { run, told } = start(plan);
    const row = (k: string, at: number) => run.push({ k, at });
    for (const k of ['a', 'a', 'b', 'c']) row(k, 5);
    row('z', 30);
    const newsSoFar = () =>
      told.splice(0).map((one) => {
        const [output, value] = one as [string, Record<string, unknown>];
        return [
          output,
          value['k'] ?? value['reason'],
          value['rows'],
          value['rank'],
          value['is_retraction'],
        ];
      });
    expect(newsSoFar()).toEqual([
      ['result', 'a', 2, 1, false],
      ['result', 'b', 1, 2, false],
    ]);
    row('c', 6);
    expect(newsSoFar()).toEqual([
      ['result', 'b', 1, 2, true],
      ['result', 'c', 2, 2, false],
    ]);
    row('z', 500);
    expect(newsSoFar()).toEqual([['result', 'z', 1, 1, false]]);
    row('a', 6);
    expect(newsSoFar()).toEqual([['too_late', 'late', undefined, undefined, undefined]]);
    expectClosedLedger(run);
  });

  it('rejects what is no row and rows whose functions fail; nothing is lost (W40)', () => {
    const risky = defineFunction({
      name: 'risky',
      version: 1,
      args: ['integer'],
      returns: 'integer',
      body: (n) => {
        if (n > 5) throw new Error('no');
        return n;
      },
    });
    const plan = pipeline('bad')
      .source('events', {
        columns: { id: { type: 'string', path: 'data.id' }, n: 'integer', at: 'timestamp' },
        time: 'at',
        watermark: boundedOutOfOrderness(0),
      })
      .window(tumbling(10))
      .aggregate({ total: sum((f) => risky.of(f.n)) })
      .sink('o', { mode: 'append', key: [] });
    const { run, told } = start(plan, { functions: [risky] });
    const bad: unknown[] = [
      null,
      'text',
      { at: 'noon' },
      { at: 1.5 },
      { data: { id: 7 }, at: 1 },
      JSON.parse('{"__proto__": {"at": 5}, "data": {"id": {"length": 1}}, "at": 1}'),
      { n: 1 },
      { n: 9, at: 2 },
    ];
    for (const record of bad) run.push(record);
    run.push({ n: 2, at: 1, data: null, constructor: 'x' });
    run.push({ n: 3, at: 2, data: { id: 'x', more: true } });
    run.finish();
    const reasons = told.map((one) => (one as [string, { reason?: string }])[1].reason);
    expect(reasons).toEqual([
      'no object',
      'no object',
      'at: no timestamp',
      'at: no timestamp',
      'id: no string',
      'id: no string',
      'at: no event time',
      'function risky failed',
      undefined,
    ]);
    expect(told.at(-1)).toEqual(['result', { total: 5, window_start: 0, window_end: 10 }, 9]);
    expect(run.counts()[0]).toMatchObject({ received: 10, passed: 3, emitted: 3 });
    expectClosedLedger(run);
    expect(({} as Record<string, unknown>)['at']).toBeUndefined();
  });
});

describe('sources, tables and side outputs of a run', () => {
  const titles = table('titles', { key: 'string', columns: { kind: 'string' } });
  const joined = pipeline('joined')
    .source('plays', {
      columns: { id: 'string', title: 'string', at: 'timestamp' },
      time: 'at',
      watermark: boundedOutOfOrderness(seconds(1)),
      idleTimeoutUs: seconds(10),
    })
    .lookup(titles, { on: (f) => f.title, take: { kind: 'kind' }, missing: 'drop' })
    .joinWithin('frames', {
      right: {
        columns: { play: 'string', shown: 'timestamp', mark: 'timestamp' },
        time: 'shown',
        watermark: punctuatedBy('mark'),
      },
      leftKey: (f) => f.id,
      rightKey: (r) => r.play,
      lowerUs: 0,
      upperUs: seconds(5),
      take: { shown: 'shown' },
    })
    .map((f) => ({ id: f.id, kind: f.kind, wait: f.shown.sub(f.at) }))
    .divert('slow', (f) => f.wait.gt(seconds(2)))
    .sink('o', { mode: 'append', key: ['id'] });
  const change = (key: string, validFromUs: number, kind: string) => ({
    key,
    validFromUs,
    values: { kind },
  });
  const tablesNow = () => ({
    titles: createVersionedTable({
      changes: [change('t', 0, 'film'), change('t', seconds(5), 'show')],
    }),
  });

  it('joins, looks up and diverts', () => {
    const tables = tablesNow();
    const { run, told } = start(joined, { tables });
    run.push({ id: 'a', title: 't', at: seconds(1) });
    run.push({ id: 'b', title: 't', at: seconds(6) });
    run.push({ id: 'c', title: 'unknown', at: seconds(6) });
    run.pushTo('frames', { play: 'a', shown: seconds(4) });
    run.pushTo('frames', { play: 'b', shown: seconds(7), mark: seconds(6) });
    run.finish();
    expect(told).toEqual([
      [
        'slow',
        {
          row: { id: 'a', kind: 'film', wait: seconds(3) },
          timeUs: seconds(4),
          reason: 'diverted',
        },
      ],
      ['result', { id: 'b', kind: 'show', wait: seconds(1) }, seconds(7)],
    ]);
    expect(run.stateSize).toBe(0);
    const dropped = Object.fromEntries(run.counts().map(({ step, dropped: all }) => [step, all]));
    expect(dropped).toMatchObject({
      'steps[0] lookup-join': { 'no match': 1 },
      'steps[3] divert': { diverted: 1 },
    });
  });

  it('saves joins and tables with the run, but not frozen tables', () => {
    const before = start(joined, { tables: tablesNow() });
    before.run.push({ id: 'b', title: 't', at: seconds(6) });
    const saved = JSON.parse(JSON.stringify(before.run.snapshot()));
    const after = start(joined, { tables: { titles: createVersionedTable() } });
    after.run.restore(saved);
    after.run.push({ id: 'd', title: 't', at: seconds(4) });
    after.run.pushTo('frames', { play: 'b', shown: seconds(7) });
    after.run.pushTo('frames', { play: 'd', shown: seconds(5) });
    expect(after.told.map((one) => (one as [string, { kind: string }])[1].kind)).toEqual([
      'show',
      'film',
    ]);
    const frozen = createVersionedTable({ changes: [change('t', 0, 'film')], isFrozen: true });
    expect(start(joined, { tables: { titles: frozen } }).run.snapshot()).toMatchObject({
      tables: {},
    });
  });

  it('lets a silent partition go by process time', () => {
    const plan = pipeline('idle')
      .source('events', {
        columns: { at: 'timestamp' },
        time: 'at',
        watermark: boundedOutOfOrderness(0),
        idleTimeoutUs: seconds(30),
      })
      .window(tumbling(minutes(1)))
      .aggregate({ rows: count() })
      .sink('o', { mode: 'append', key: [] });
    const { run, told } = start(plan, { partitions: { events: 2 } });
    run.passProcessTime(0);
    run.push({ at: 1 }, 0);
    run.passProcessTime(seconds(20));
    run.push({ at: minutes(2) }, 0);
    expect(told).toEqual([]);
    run.passProcessTime(seconds(31));
    expect(told).toHaveLength(1);
    expect(run.watermarkUs).toBe(minutes(2) - 1);
  });

  it.each(['plays', 'frames'])('a join waits no longer for silent %s (W36)', (silent) => {
    const source = { columns: { id: 'string', at: 'timestamp' }, time: 'at' } as const;
    const options = { ...source, watermark: boundedOutOfOrderness(0), idleTimeoutUs: 10 };
    const plan = pipeline('silent')
      .source('plays', options)
      .joinWithin('frames', {
        right: options,
        leftKey: (f) => f.id,
        rightKey: (r) => r.id,
        lowerUs: -5,
        upperUs: 5,
        take: { shown: 'at' },
      })
      .window(tumbling(10))
      .aggregate({ pairs: count() })
      .sink('o', { mode: 'append', key: [] });
    const other = silent === 'plays' ? 'frames' : 'plays';
    const pairs = (told: readonly unknown[]) =>
      told.map((one) => (one as [string, { pairs: number }])[1].pairs);
    let { run, told } = start(plan);
    run.passProcessTime(0);
    run.pushTo(silent, { id: 'a', at: 1 });
    for (let at = 2; at < 40; at += 1) run.pushTo(other, { id: 'a', at });
    const held = run.stateSize;
    run.passProcessTime(5);
    run.pushTo(other, { id: 'a', at: 40 });
    expect(pairs(told)).toEqual([]);
    run.passProcessTime(12);
    expect(pairs(told)).toEqual([5]);
    expect(run.stateSize).toBeLessThan(held / 2);
    const saved = JSON.parse(JSON.stringify(run.snapshot()));
    ({ run, told } = start(plan));
    run.restore(saved);
    run.pushTo(other, { id: 'a', at: 60 });
    // Late by what was said while it was silent; in time again.
    run.pushTo(silent, { id: 'a', at: 30 });
    run.pushTo(silent, { id: 'a', at: 62 });
    run.pushTo(other, { id: 'a', at: 90 });
    expect(run.counts()[2]?.dropped).toEqual({ late: 1 });
    expect(pairs(told)).toEqual([]);
    run.finish();
    expect(pairs(told)).toEqual([1]);
    expect(run.stateSize).toBe(0);
  });

  it('takes the snapshot of an equal plan whose fields stand in another order', () => {
    const columns = { at: 'timestamp' } as const;
    const watermark = boundedOutOfOrderness(0);
    const sink = { mode: 'append', key: [] } as const;
    const one = pipeline('p').source('s', { columns, time: 'at', watermark }).sink('o', sink);
    const other = pipeline('p').source('s', { watermark, time: 'at', columns }).sink('o', sink);
    const run = runPlan(one);
    run.push({ at: 7 });
    const next = runPlan(other);
    next.restore(run.snapshot());
    expect(next.watermarkUs).toBe(6);
    expect(JSON.stringify(other)).not.toBe(JSON.stringify(one));
  });

  it('refuses what does not fit, in words', () => {
    const { run } = start(joined, { tables: tablesNow() });
    expect(() => run.pushTo('frame', {})).toThrow(/source "frame": the plan has plays, frames/);
    expect(() => run.push({}, 1)).toThrow(/source plays: partition 1 of 1/);
    expect(() => run.push({}, 0.5)).toThrow(/source plays: partition 0.5 of 1/);
    expect(() => run.output('fast')).toThrow(/side output "fast": the plan has slow/);
    expect(() => runPlan(joined)).toThrow(/PLAN_INVALID: table "titles" is not given/);
    expect(() => runPlan(joined, { partitions: 0, tables: tablesNow() })).toThrow(/at least 1/);
    const other = pipeline('other').source('s', {
      columns: { at: 'timestamp' },
      time: 'at',
      watermark: boundedOutOfOrderness(0),
    });
    const saved = runPlan(other.sink('o', { mode: 'append', key: [] })).snapshot();
    expect(() => run.restore(saved)).toThrow(/SNAPSHOT_REFUSED: a run of "joined"/);
    expect(() => run.restore(null)).toThrow(/SNAPSHOT_REFUSED/);
    const good = run.snapshot() as Readonly<Record<string, PlainValue>>;
    for (const part of ['sources', 'stages', 'tables'] as const) {
      for (const bad of [[7], [null], [{}], { titles: 'x' }, [{ counts: [1, -1], state: [] }]]) {
        expect(() => run.restore({ ...good, [part]: bad })).toThrow(/SNAPSHOT_REFUSED/);
      }
    }
    expect(() => run.restore(good)).not.toThrow();
  });

  it('throws what a taker of results throws, from then on', () => {
    const plan = pipeline('p')
      .source('s', {
        columns: { at: 'timestamp' },
        time: 'at',
        watermark: boundedOutOfOrderness(0),
      })
      .sink('o', { mode: 'append', key: [] });
    const onResult = () => {
      throw new Error('disk full');
    };
    const run = runPlan(plan, { onResult });
    expect(() => run.push({ at: 1 })).toThrow('disk full');
    expect(() => run.push({ at: 2 })).toThrow('disk full');
    let read = 0;
    const records$ = from([1, 2, 3]).pipe(
      tap(() => {
        read += 1;
      }),
      map((at) => ({ at })),
    );
    expect(() => runPlan(plan, { records$, onResult })).toThrow('disk full');
    expect(read).toBe(1);
    const later$ = new Subject<unknown>();
    const later = runPlan(plan, { records$: later$, onResult });
    const errors: unknown[] = [];
    later.results$.subscribe({ error: ({ message }) => errors.push(message) });
    later$.next({ at: 1 });
    expect(errors).toEqual(['disk full']);
    expect(later$.observed).toBe(false);
  });

  it('reads a stream of records to its end', () => {
    const records$ = new Subject<unknown>();
    const plan = pipeline('p')
      .source('s', {
        columns: { at: 'timestamp' },
        time: 'at',
        watermark: boundedOutOfOrderness(9),
      })
      .window(tumbling(10))
      .aggregate({ rows: count() })
      .sink('o', { mode: 'append', key: [] });
    const { told } = start(plan, { records$ });
    for (const at of [3, 4, 11]) records$.next({ at });
    records$.complete();
    expect(told.map((one) => (one as [string, { rows: number }])[1].rows)).toEqual([2, 1]);
  });
});
