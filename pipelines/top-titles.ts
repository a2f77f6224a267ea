/** Which titles are watched most, minute by minute? */
import {
  boundedOutOfOrderness,
  count,
  desc,
  minutes,
  pipeline,
  seconds,
  sum,
  tumbling,
} from 'backlot/streams';

/** Ten titles a minute; what comes up to ten minutes late changes them. */
export const plan = pipeline('top-titles')
  .source('playback', {
    columns: {
      id: 'string',
      title_id: { type: 'string', path: 'data.titleId' },
      event_type: { type: 'string', path: 'type' },
      watched_ms: { type: 'integer', path: 'data.watchedMs' },
      event_ts: { type: 'timestamp', path: 'eventTimeUs' },
    },
    time: 'event_ts',
    watermark: boundedOutOfOrderness(seconds(5)),
    idleTimeoutUs: seconds(30),
  })
  .dedupe({ by: (f) => [f.id], ttlUs: minutes(60) })
  .filter((f) => f.event_type.in('media.play', 'media.ping'))
  .window(tumbling(minutes(1)), { allowedLatenessUs: minutes(10) })
  .groupBy((f) => ({ title_id: f.title_id }))
  .aggregate({
    plays: count((f) => f.event_type.eq('media.play')),
    minutes: sum((f) => f.watched_ms.div(60_000)),
  })
  .top(10, { by: [desc('minutes')] })
  .late('dead_letters')
  .sink('title_top', { mode: 'upsert', key: ['window_start', 'rank'] });
