/** The whole chain: SDK batches through the collector, the log, enrichment and windows into a
 * committed warehouse file and a committed lake. The lake's Parquet is written on DuckDB's own
 * thread meanwhile, as it is in a run; the time taken is that of the clock on the wall. */
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { setImmediate as breathe } from 'node:timers/promises';
import type { ReferenceData } from '../../src/domain/pipeline-ports.ts';
import { minutes, seconds } from '../../src/kernel/time.ts';
import { openLake } from '../../src/lake/lake.ts';
import { CURATED_EVENTS } from '../../src/lake/lake-family.ts';
import { createPartitionedLog } from '../../src/storage/log/memory-log.ts';
import { openWarehouse } from '../../src/storage/warehouse.ts';
import { createCollector } from '../../src/streams/collector/collector.ts';
import { type CountSpec, countPlan } from '../../src/streams/count-plan.ts';
import { createPipeline } from '../../src/streams/pipeline.ts';
import { BATCH_EVENTS, type SdkBatch } from './sdk-batches.ts';

const PARTITIONS = 4;
const BATCHES_PER_POLL = 100;
const POLLS_PER_LAKE_COMMIT = 25;
const WATERMARK = { boundUs: seconds(30), idleTimeoutUs: minutes(1) };
const COUNTS: readonly CountSpec[] = [
  { metric: 'plays_1m', sizeUs: minutes(1), types: ['media.play'], keyBy: 'titleId' },
  { metric: 'events_1m', sizeUs: minutes(1), types: null, keyBy: 'type' },
];

const REFERENCE: ReferenceData = {
  title: (titleId) => ({ name: `Title ${titleId}`, genre: 'Drama' }),
  country: () => 'US',
  utcOffsetMinutes: () => -300,
};

/** Runs batches through. @returns seconds taken. @throws Error unless every event is a row of the
 * warehouse and of the lake. */
export async function endToEndSeconds(
  batches: readonly SdkBatch[],
  folder: string,
): Promise<number> {
  const path = join(folder, 'bench.sqlite');
  const directory = join(folder, 'lake');
  for (const old of [path, directory]) rmSync(old, { recursive: true, force: true });
  const started = performance.now();
  const warehouse = openWarehouse({ path });
  const lake = await openLake({ directory, job: 'bench' });
  const curated = await lake.writer(CURATED_EVENTS);
  const log = createPartitionedLog({ partitions: PARTITIONS });
  const collector = createCollector({ log });
  const pipeline = createPipeline({
    log,
    sink: {
      commit(batch) {
        warehouse.commit(batch);
        for (const fact of batch.facts) curated.append(fact);
      },
      committedOffsets: (count) => warehouse.committedOffsets(count),
    },
    reference: REFERENCE,
    plans: COUNTS.map((spec) =>
      countPlan(spec, { watermark: WATERMARK, allowedLatenessUs: minutes(10) }),
    ),
    watermark: WATERMARK,
    dedupeTtlUs: minutes(60),
    maxRecordsPerPoll: 2_000,
  });
  let polls = 0;
  let committing = Promise.resolve();
  for (let at = 0; at < batches.length; at += BATCHES_PER_POLL) {
    const arrived = batches.slice(at, at + BATCHES_PER_POLL);
    for (const { payload, ingestTimeUs, partitionKey } of arrived) {
      collector.take(payload, { ingestTimeUs, partitionKey });
    }
    pipeline.poll(arrived.at(-1)?.ingestTimeUs ?? 0);
    const offsets = warehouse.committedOffsets(PARTITIONS);
    log.truncateBefore(offsets);
    polls += 1;
    // As a server between requests: what DuckDB has done meanwhile is heard of.
    await breathe();
    if (polls % POLLS_PER_LAKE_COMMIT > 0) continue;
    await committing;
    committing = lake.commit({ checkpoint: polls, offsets });
  }
  pipeline.finish(batches.at(-1)?.ingestTimeUs ?? 0);
  await committing;
  await lake.commit({ checkpoint: polls + 1, offsets: warehouse.committedOffsets(PARTITIONS) });
  const seconds_ = (performance.now() - started) / 1_000;
  const facts = Number(warehouse.query('SELECT count(*) AS n FROM fact_event')[0]?.['n']);
  const rows = lake.manifest.files.reduce((sum, file) => sum + file.rows, 0);
  warehouse.close();
  await lake.close();
  const sent = batches.length * BATCH_EVENTS;
  if (facts !== sent || rows !== sent) {
    throw new Error(`bench: of ${sent} events ${facts} are in the warehouse, ${rows} in the lake`);
  }
  return seconds_;
}
