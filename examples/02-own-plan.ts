/** A plan of one's own needs neither rows nor an oracle: its columns say what to draw, its batch
 * SQL, run by SQLite, what is right. Run: `node examples/02-own-plan.ts`. */
import { test } from 'node:test';
import {
  boundedOutOfOrderness,
  count,
  minutes,
  pipeline,
  seconds,
  tumbling,
} from 'backlot/streams';
import {
  agreesWithBatch,
  checkPipeline,
  conserves,
  dedupes,
  orderInsensitive,
  resumesFromAnySnapshot,
  windowMembership,
} from 'backlot/testing';

const plan = pipeline('starts-per-minute')
  .source('playback', {
    columns: { id: 'string', title: 'string', verb: 'string', at: 'timestamp' },
    time: 'at',
    watermark: boundedOutOfOrderness(seconds(5)),
  })
  .dedupe({ by: (f) => [f.id], ttlUs: minutes(10) })
  .filter((f) => f.verb.in('play', 'resume'))
  .window(tumbling(minutes(1)), { allowedLatenessUs: minutes(2) })
  .groupBy((f) => ({ title: f.title }))
  .aggregate({ starts: count() })
  .sink('starts', { mode: 'upsert', key: ['title', 'window_start'] });

test('starts per minute hold', async () => {
  const report = await checkPipeline(
    plan,
    [
      conserves(),
      orderInsensitive(),
      dedupes(),
      agreesWithBatch(),
      windowMembership(),
      resumesFromAnySnapshot(),
    ],
    { runs: 40 },
  );
  process.stdout.write(`${report.runs} streams, seed ${report.seed}\n`);
});
