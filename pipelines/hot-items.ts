/** Which titles are asked for most right now? NEXMark's query 5 on a catalogue. */
import { boundedOutOfOrderness, count, desc, hopping, pipeline, seconds } from 'backlot/streams';

/** The three titles with most events of the last ten seconds, every two seconds. */
export const plan = pipeline('hot-items')
  .source('events', {
    columns: {
      title_id: { type: 'string', path: 'data.titleId' },
      event_ts: { type: 'timestamp', path: 'eventTimeUs' },
    },
    time: 'event_ts',
    watermark: boundedOutOfOrderness(seconds(3)),
  })
  .filter((f) => f.title_id.isNotNull())
  .window(hopping({ sizeUs: seconds(10), slideUs: seconds(2) }))
  .groupBy((f) => ({ title_id: f.title_id }))
  .aggregate({ requests: count() })
  .top(3, { by: [desc('requests')] })
  .sink('hot_items', { mode: 'append', key: ['window_end', 'rank'] });
