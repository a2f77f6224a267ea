/** How long until the first frame? Plays are joined with their first frame and with the title, as
 * it was at that time; slow starts leave for an output of their own. */
import {
  approxCountDistinct,
  boundedOutOfOrderness,
  count,
  hours,
  minutes,
  pipeline,
  quantile,
  seconds,
  table,
  tumbling,
} from 'backlot/streams';

const titles = table('titles', { key: 'string', columns: { kind: 'string' } });

/** Start-up times by kind of title and five minutes. */
export const plan = pipeline('start-up')
  .source('plays', {
    columns: {
      play_id: 'string',
      viewer_id: 'string',
      title_id: 'string',
      pressed_at: 'timestamp',
    },
    time: 'pressed_at',
    watermark: boundedOutOfOrderness(seconds(10)),
    idleTimeoutUs: minutes(1),
  })
  .dedupe({ by: (f) => [f.play_id], ttlUs: hours(1) })
  .lookup(titles, { on: (f) => f.title_id, take: { kind: 'kind' } })
  .joinWithin('first_frames', {
    right: {
      columns: { play_id: 'string', shown_at: 'timestamp' },
      time: 'shown_at',
      watermark: boundedOutOfOrderness(seconds(10)),
      idleTimeoutUs: minutes(1),
    },
    leftKey: (play) => play.play_id,
    rightKey: (frame) => frame.play_id,
    lowerUs: 0,
    upperUs: minutes(1),
    take: { shown_at: 'shown_at' },
  })
  .map((f) => ({
    kind: f.kind.coalesce('unknown'),
    viewer_id: f.viewer_id,
    start_ms: f.shown_at.sub(f.pressed_at).div(1_000),
  }))
  .divert('slow_starts', (f) => f.start_ms.gt(10_000))
  .window(tumbling(minutes(5)), {
    allowedLatenessUs: minutes(1),
    trigger: { late: { kind: 'never' } },
  })
  .groupBy((f) => ({ kind: f.kind }))
  .aggregate({
    plays: count(),
    viewers: approxCountDistinct((f) => f.viewer_id),
    median_ms: quantile((f) => f.start_ms, { q: 0.5 }),
    p95_ms: quantile((f) => f.start_ms, { q: 0.95 }),
  })
  .sink('start_up', { mode: 'upsert', key: ['kind', 'window_start'] });
