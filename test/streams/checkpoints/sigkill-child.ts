/** A pipeline in a process of its own, to be killed by the system: reads a log that is always the
 * same from where its warehouse left off, and ends with exit code 0. */
import { minutes, seconds } from '../../../src/kernel/time.ts';
import { openWarehouse } from '../../../src/storage/warehouse.ts';
import { createPipeline } from '../../../src/streams/pipeline.ts';
import { createListLog, pipelineOptions, START_US, trackedEvent } from '../clickstream-builder.ts';

const RECORDS = 20_000;
const [path = ''] = process.argv.slice(2);
const warehouse = openWarehouse({ path, survives: 'process' });
const log = createListLog(3);
for (let i = 0; i < RECORDS; i += 1) {
  const eventTimeUs = START_US + seconds(i / 100);
  const id = `e${i - (i % 50 === 0 ? 1 : 0)}`;
  const raw = trackedEvent({ id, eventTimeUs, data: { titleId: `t${i % 7}` } });
  log.append({ partition: i % 3, ingestTimeUs: eventTimeUs, raw });
}
const pipeline = createPipeline(
  pipelineOptions({
    log,
    sink: warehouse,
    maxRecordsPerPoll: 50,
    checkpoint: { everyRecords: 300 },
  }),
);
process.stdout.write('ready');
pipeline.finish(START_US + minutes(60));
warehouse.close();
