/** `backlot/streams` as its users have it: the example of the README, and a pipeline of the project
 * with two sources, a table and sketches. */
import { from } from 'rxjs';
import { describe, expect, it } from 'vitest';
import { plan as startUp } from '../../pipelines/start-up.ts';
import {
  assignWatermarks,
  count,
  createVersionedTable,
  dedupeWithin,
  filterRows,
  minutes,
  pipeline,
  runPlan,
  type StreamItem,
  seconds,
  tumbling,
  windowAggregate,
} from '../../src/streams/index.ts';

const events = [
  { id: 'e1', title: 'heat', type: 'play', at: seconds(5) },
  { id: 'e2', title: 'heat', type: 'play', at: seconds(50) },
  { id: 'e2', title: 'heat', type: 'play', at: seconds(50) },
  { id: 'e3', title: 'alien', type: 'play', at: seconds(70) },
  { id: 'e4', title: 'alien', type: 'pause', at: seconds(71) },
  { id: 'e5', title: 'heat', type: 'play', at: seconds(58) },
];
const expected = [
  { title: 'heat', plays: 3, start: 0 },
  { title: 'alien', plays: 1, start: minutes(1) },
];

describe('plays by title and minute', () => {
  it('with operators of one’s own RxJS chain', () => {
    const told: unknown[] = [];
    from(events)
      .pipe(
        assignWatermarks({
          partitionCount: 1,
          strategy: { kind: 'bounded', boundUs: seconds(15) },
          timeUsOf: (event) => event.at,
        }),
        dedupeWithin({ keyOf: (event) => event.id, ttlUs: minutes(10) }),
        filterRows((event) => event.type === 'play'),
        windowAggregate({
          window: { assign: { kind: 'tumbling', sizeUs: minutes(1) } },
          keyOf: (event) => event.title,
          aggregator: {
            create: () => 0,
            add: (acc: number) => acc + 1,
            merge: (into, more) => into + more,
            result: (acc) => acc,
            save: (acc) => acc,
            load: (saved) => Number(saved),
          },
          toRow: ({ key, value, info }) => ({ title: key, plays: value, start: info.startUs }),
        }),
      )
      .subscribe((item: StreamItem<unknown>) => {
        if (item.kind === 'row') told.push(item.row);
      });
    expect(told).toEqual(expected);
  });

  it('with a plan', () => {
    const plan = pipeline('plays')
      .source('events', {
        columns: { id: 'string', title: 'string', type: 'string', at: 'timestamp' },
        time: 'at',
        watermark: { kind: 'bounded', boundUs: seconds(15) },
      })
      .dedupe({ by: (f) => [f.id], ttlUs: minutes(10) })
      .filter((f) => f.type.eq('play'))
      .window(tumbling(minutes(1)))
      .groupBy((f) => ({ title: f.title }))
      .aggregate({ plays: count() })
      .map((f) => ({ title: f.title, plays: f.plays, start: f.window_start }))
      .sink('plays', { mode: 'upsert', key: ['title', 'start'] });
    const told: unknown[] = [];
    runPlan(plan, { records$: from(events), onResult: ({ row }) => told.push(row) });
    expect(told).toEqual(expected);
  });
});

describe('pipelines/start-up.ts', () => {
  it('tells start-up times by kind, slow starts aside', () => {
    const titles = createVersionedTable({
      changes: [{ key: 't1', validFromUs: 0, values: { kind: 'film' } }],
    });
    const told: Record<string, unknown>[] = [];
    const slow: unknown[] = [];
    const run = runPlan(startUp, { tables: { titles }, onResult: ({ row }) => told.push(row) });
    run.output('slow_starts').subscribe(({ row }) => slow.push(row));
    for (let n = 1; n <= 100; n += 1) {
      const pressed_at = seconds(n);
      const title_id = n === 100 ? 'unknown' : 't1';
      run.push({ play_id: `p${n}`, viewer_id: `v${n % 10}`, title_id, pressed_at });
      run.pushTo('first_frames', { play_id: `p${n}`, shown_at: pressed_at + n * 1_000 });
    }
    run.push({ play_id: 'p0', viewer_id: 'v0', title_id: 't1', pressed_at: seconds(101) });
    run.pushTo('first_frames', { play_id: 'p0', shown_at: seconds(112) });
    run.finish();
    expect(slow).toEqual([{ kind: 'film', viewer_id: 'v0', start_ms: 11_000 }]);
    expect(told.map(({ kind, plays, viewers }) => [kind, plays, viewers])).toEqual([
      ['film', 99, 10],
      ['unknown', 1, 1],
    ]);
    const [film] = told;
    expect(Number(film?.['median_ms']) / 50).toBeCloseTo(1, 1);
    expect(Number(film?.['p95_ms']) / 94).toBeCloseTo(1, 1);
    expect(run.stateSize).toBe(0);
  });
});
