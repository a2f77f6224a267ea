/** The builder of plans: what it records, what it refuses to compile, that it never changes. */
import { describe, expect, it } from 'vitest';
import { minutes, seconds } from '../../../src/kernel/time.ts';
import { count, min, sum } from '../../../src/streams/plan/builder/aggregate.ts';
import { literal, when } from '../../../src/streams/plan/builder/column.ts';
import { desc, pipeline, table } from '../../../src/streams/plan/builder/pipeline.ts';
import {
  boundedOutOfOrderness,
  session,
  tumbling,
} from '../../../src/streams/plan/builder/window.ts';
import { defineFunction } from '../../../src/streams/plan/functions.ts';

const titles = table('titles', {
  key: 'string',
  columns: { kind: 'string', runtime_ms: 'integer' },
});
const shout = defineFunction({
  name: 'shout',
  version: 2,
  args: ['string'],
  returns: 'string',
  body: (text) => `${text}!`,
});

const playback = () =>
  pipeline('top-titles').source('playback', {
    columns: {
      id: 'string',
      title_id: { type: 'string', path: 'data.titleId' },
      event_type: 'string',
      watched_ms: 'integer',
      is_ad: 'boolean',
      event_ts: 'timestamp',
    },
    time: 'event_ts',
    watermark: boundedOutOfOrderness(seconds(5)),
    idleTimeoutUs: seconds(30),
  });

const topTitles = () =>
  playback()
    .dedupe({ by: (f) => [f.id], ttlUs: minutes(60) })
    .filter((f) => f.event_type.in('play', 'ping'))
    .window(tumbling(minutes(1)), { allowedLatenessUs: minutes(10) })
    .groupBy((f) => ({ title_id: f.title_id }))
    .aggregate({
      plays: count((f) => f.event_type.eq('play')),
      minutes: sum((f) => f.watched_ms.div(60_000)),
    })
    .top(10, { by: [desc('minutes')] })
    .late('dead_letters')
    .sink('title_top', { mode: 'upsert', key: ['window_start', 'rank'] });

describe('the builder', () => {
  it('records the whole chain as plain data', () => {
    const plan = topTitles();
    expect(JSON.parse(JSON.stringify(plan))).toEqual(plan);
    expect(plan.steps.map(({ kind }) => kind)).toEqual(['dedupe', 'filter', 'window']);
    expect(plan.steps[1]).toEqual({
      kind: 'filter',
      where: {
        kind: 'operator',
        operator: 'in',
        args: [
          { kind: 'column', name: 'event_type' },
          { kind: 'literal', value: 'play' },
          { kind: 'literal', value: 'ping' },
        ],
      },
    });
    expect(plan.steps[2]).toMatchObject({
      lateOutput: 'dead_letters',
      top: { limit: 10, by: [{ column: 'minutes', direction: 'desc' }] },
      window: { assign: { kind: 'tumbling', sizeUs: 60_000_000 }, allowedLatenessUs: 600_000_000 },
    });
    expect(plan.source.columns['title_id']).toEqual({ type: 'string', path: 'data.titleId' });
  });

  it('gives a new builder with every call', () => {
    const start = playback();
    const one = start.filter((f) => f.is_ad);
    const other = start.filter((f) => f.is_ad.not());
    const steps = [start, one, one, other].map(
      (builder) => builder.sink('out', { mode: 'append', key: [] }).steps.length,
    );
    expect(steps).toEqual([0, 1, 1, 1]);
    expect(one.sink('out', { mode: 'append', key: [] }).steps).not.toEqual(
      other.sink('out', { mode: 'append', key: [] }).steps,
    );
  });

  it('types rows through maps, lookups, joins, functions and cases', () => {
    const plan = playback()
      .lookup(titles, { on: (f) => f.title_id, take: { kind: 'kind', runtime: 'runtime_ms' } })
      .joinWithin('profiles', {
        right: {
          columns: { play_id: 'string', age: 'integer', at: 'timestamp' },
          time: 'at',
          watermark: { kind: 'ascending' },
        },
        leftKey: (f) => f.id,
        rightKey: (r) => r.play_id,
        lowerUs: -seconds(5),
        upperUs: seconds(5),
        take: { age: 'age' },
      })
      .map((f) => ({
        title_id: f.title_id,
        share: f.watched_ms.div(f.runtime),
        loud: shout.of(f.kind),
        group: when(f.age.lt(18), 'minor').when(f.age.lt(65), 'adult').otherwise('elder'),
        nothing: literal<string>(null),
      }))
      .window(session(minutes(30)))
      .groupBy((f) => ({ title_id: f.title_id, group: f.group }))
      .aggregate({ least: min((f) => f.loud), rows: count() })
      .filter((f) => f.least.startsWith('film').and(f.rows.gt(3)))
      .sink('out', { mode: 'upsert', key: ['title_id', 'group', 'window_start'] });
    expect(plan.tables).toEqual({ titles: titles.spec });
    expect(plan.steps.map(({ kind }) => kind)).toEqual([
      'lookup-join',
      'interval-join',
      'map',
      'window',
      'filter',
    ]);
  });

  it('does not compile wrong columns and types', () => {
    const start = playback();
    const build = () => [
      // @ts-expect-error no such column
      start.filter((f) => f.titel_id.eq('a')),
      // @ts-expect-error a number is no text
      start.filter((f) => f.watched_ms.eq('a')),
      // @ts-expect-error a text cannot be divided
      start.map((f) => ({ x: f.title_id.div(2) })),
      // @ts-expect-error a condition is wanted
      start.filter((f) => f.watched_ms),
      // @ts-expect-error a text cannot be summed
      start.window(tumbling(minutes(1))).aggregate({ x: sum((f) => f.title_id) }),
      // @ts-expect-error the column is gone after the map
      start.map((f) => ({ a: f.id })).filter((f) => f.title_id.eq('b')),
      // @ts-expect-error the sink has no such column
      start.map((f) => ({ a: f.id })).sink('s', { mode: 'append', key: ['id'] }),
      // @ts-expect-error the table has no such column
      start.lookup(titles, { on: (f) => f.title_id, take: { kind: 'kindd' } }),
      // @ts-expect-error the function takes a text
      start.map((f) => ({ a: shout.of(f.watched_ms) })),
      start
        .window(tumbling(minutes(1)))
        .aggregate({ rows: count() })
        // @ts-expect-error there is nothing of this name to order by
        .top(3, { by: [desc('plays')] }),
      pipeline('p').source('s', {
        columns: { a: 'string' },
        // @ts-expect-error the source has no such column
        time: 'b',
        watermark: { kind: 'ascending' },
      }),
    ];
    expect(build).toThrow(/column "titel_id": there are id, title_id/);
  });

  it('tells all problems that the compiler does not see', () => {
    const plan = () =>
      pipeline('p')
        .source('s', {
          columns: { a: 'string', t: 'string' },
          time: 't',
          watermark: boundedOutOfOrderness(0.5),
        })
        .window(tumbling(0))
        .groupBy((f) => ({ window_start: f.a }))
        .aggregate({ rows: count() })
        .sink('s', { mode: 'upsert', key: [] });
    expect(plan).toThrow(/PLAN_INVALID: plan "p": .*sink\.key.*source\.time.*window_start/);
  });
});
