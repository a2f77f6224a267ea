/** The plans whose Flink SQL is kept in `test/golden/flink`. */
import { minutes, ms, seconds } from '../../../src/kernel/time.ts';
import {
  avg,
  count,
  countDistinct,
  max,
  sum,
} from '../../../src/streams/plan/builder/aggregate.ts';
import { when } from '../../../src/streams/plan/builder/column.ts';
import { asc, desc, pipeline, table } from '../../../src/streams/plan/builder/pipeline.ts';
import {
  ascendingTimes,
  boundedOutOfOrderness,
  cumulate,
  globalWindow,
  hopping,
  session,
  tumbling,
} from '../../../src/streams/plan/builder/window.ts';
import type { PipelinePlan } from '../../../src/streams/plan/plan.ts';

const HOUR = minutes(60);

const titles = table('titles', {
  key: 'string',
  columns: { kind: 'string', runtime_ms: 'integer' },
});

const playback = (name: string) =>
  pipeline(name).source('playback', {
    columns: {
      id: 'string',
      user_id: 'string',
      title_id: 'string',
      event_type: 'string',
      watched_ms: 'integer',
      event_ts: 'timestamp',
    },
    time: 'event_ts',
    watermark: boundedOutOfOrderness(seconds(5)),
    idleTimeoutUs: seconds(30),
  });

/** The reference's example: deduplicated, late rows aside, ten titles a minute. */
const topTitles = playback('top-titles')
  .dedupe({ by: (f) => [f.id], ttlUs: HOUR })
  .filter((f) => f.event_type.in('play', 'ping'))
  .window(tumbling(minutes(1)), { allowedLatenessUs: minutes(10) })
  .groupBy((f) => ({ title_id: f.title_id }))
  .aggregate({
    plays: count((f) => f.event_type.eq('play')),
    minutes: sum((f) => f.watched_ms.div(60_000)),
  })
  .top(10, { by: [desc('minutes'), asc('plays')] })
  .late('playback_late')
  .sink('title_top', { mode: 'upsert', key: ['window_start', 'rank'] });

/** Overlapping windows, a computed key, a filter on the result. */
const trending = playback('trending')
  .window(hopping({ sizeUs: minutes(10), slideUs: minutes(1) }), { allowedLatenessUs: seconds(90) })
  .groupBy((f) => ({ series: f.title_id.coalesce('?').lower() }))
  .aggregate({ viewers: countDistinct((f) => f.user_id), longest: max((f) => f.watched_ms) })
  .filter((f) => f.viewers.ge(100))
  .sink('trending', { mode: 'upsert', key: ['series', 'window_end'] });

/** Sessions of viewers. */
const sessions = playback('watch-sessions')
  .window(session(minutes(30)))
  .groupBy((f) => ({ user_id: f.user_id }))
  .aggregate({ events: count(), watched: sum((f) => f.watched_ms) })
  .sink('watch_sessions', { mode: 'upsert', key: ['user_id', 'window_start', 'window_end'] });

/** Nested records, a temporal join, a side output, and no window at all. */
const enriched = pipeline('enriched-plays')
  .source('raw', {
    columns: {
      id: { type: 'string', path: 'event.id' },
      title_id: { type: 'string', path: 'event.data.titleId' },
      position_s: { type: 'double', path: 'event.data.positionSeconds' },
      at: { type: 'timestamp', path: 'event.eventTimeUs' },
      received: { type: 'timestamp', path: 'ingestTimeUs' },
    },
    time: 'at',
    watermark: ascendingTimes(),
  })
  .divert('from_the_future', (f) => f.at.gt(f.received.add(seconds(60))))
  .lookup(titles, {
    on: (f) => f.title_id,
    take: { title_kind: 'kind', runtime_ms: 'runtime_ms' },
    missing: 'drop',
  })
  .map((f) => ({
    id: f.id,
    title_id: f.title_id,
    kind: f.title_kind,
    share: f.position_s.mul(1000).div(f.runtime_ms),
    label: when(f.title_kind.startsWith('ser'), 'series').otherwise('film'),
  }))
  .sink('enriched_plays', { mode: 'upsert', key: ['id'] });

/** What an impression shown at most half an hour before a play was worth. */
const attribution = playback('attribution')
  .filter((f) => f.event_type.eq('play'))
  .joinWithin('impressions', {
    right: {
      columns: { user_id: 'string', row_name: 'string', shown_at: 'timestamp' },
      time: 'shown_at',
      watermark: boundedOutOfOrderness(ms(2_500)),
    },
    leftKey: (f) => f.user_id,
    rightKey: (f) => f.user_id,
    lowerUs: -minutes(30),
    upperUs: 0,
    take: { row_name: 'row_name' },
  })
  .window(tumbling(HOUR))
  .groupBy((f) => ({ row_name: f.row_name }))
  .aggregate({ plays: count(), mean_ms: avg((f) => f.watched_ms) })
  .sink('attribution', { mode: 'upsert', key: ['row_name', 'window_start'] });

/** Texts that want quotes, in names and values. */
const quoting = playback('quoting')
  .filter((f) => f.title_id.ne("it's `quoted` -- or\nnot").and(f.event_type.isNotNull()))
  .window(tumbling(seconds(1)), { allowedLatenessUs: ms(1) })
  .groupBy((f) => ({ order: f.title_id, select: f.user_id }))
  .aggregate({ from: count() })
  .late('row')
  .sink('values', { mode: 'upsert', key: ['order', 'select', 'window_start'] });

/** Windows that grow, on a grid of their own; only final results know them. */
const dayToDate = playback('day-to-date')
  .window(cumulate({ stepUs: HOUR, maxSizeUs: 24 * HOUR, offsetUs: -2 * HOUR }))
  .groupBy((f) => ({ title_id: f.title_id }))
  .aggregate({ plays: count() })
  .sink('day_to_date', { mode: 'append', key: [] });

/** No window; only updates know it. */
const totals = playback('totals')
  .window(globalWindow())
  .groupBy((f) => ({ title_id: f.title_id }))
  .aggregate({ plays: count() })
  .sink('totals', { mode: 'upsert', key: ['title_id'] });

/** Name of the golden file → plan, and the variants it has. */
export const GOLDEN_PLANS: readonly {
  readonly plan: PipelinePlan;
  readonly variants: readonly ('final' | 'update')[];
}[] = [
  ...[topTitles, trending, sessions, enriched, attribution, quoting].map((plan) => ({
    plan,
    variants: ['final', 'update'] as const,
  })),
  { plan: dayToDate, variants: ['final'] },
  { plan: totals, variants: ['update'] },
];
