/** How long do viewers stay, and what do they do? Sessions of half an hour's silence. */
import {
  boundedOutOfOrderness,
  count,
  countDistinct,
  min,
  minutes,
  pipeline,
  session,
} from 'backlot/streams';

/** One row a session. */
export const plan = pipeline('viewer-sessions')
  .source('events', {
    columns: {
      viewer_id: { type: 'string', path: 'viewerId' },
      title_id: { type: 'string', path: 'data.titleId' },
      event_type: { type: 'string', path: 'type' },
      event_ts: { type: 'timestamp', path: 'eventTimeUs' },
    },
    time: 'event_ts',
    watermark: boundedOutOfOrderness(minutes(5)),
    idleTimeoutUs: minutes(10),
  })
  .window(session(minutes(30)))
  .groupBy((f) => ({ viewer_id: f.viewer_id }))
  .aggregate({
    events: count(),
    plays: count((f) => f.event_type.eq('media.play')),
    titles: countDistinct((f) => f.title_id),
    first_at: min((f) => f.event_ts),
  })
  .late('late_events')
  .sink('sessions', { mode: 'upsert', key: ['viewer_id', 'window_start'] });
