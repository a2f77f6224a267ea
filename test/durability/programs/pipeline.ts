/** The whole way: what arrives is appended to a log on disk, and the pipeline brings it into a
 * warehouse, with its own state in the same transaction. */
import { join } from 'node:path';
import type { PipelineSink } from '../../../src/domain/pipeline-ports.ts';
import { minutes, seconds } from '../../../src/kernel/time.ts';
import { openDiskLog } from '../../../src/storage/log/disk-log.ts';
import { openWarehouse } from '../../../src/storage/warehouse.ts';
import { countPlan } from '../../../src/streams/count-plan.ts';
import { createPipeline } from '../../../src/streams/pipeline.ts';
import { fact, START_US } from '../../storage/warehouse-builder.ts';
import type { Content, DurableProgram } from '../program.ts';
import { soundContentOf } from './parts/batches.ts';

const ROUNDS = 4;
const EVENTS = 3;
const WATERMARK = { boundUs: seconds(5), idleTimeoutUs: seconds(600) };

const openParts = (folder: string) => ({
  log: openDiskLog({ folder: join(folder, 'log'), partitions: 1, durability: 'disk' }),
  warehouse: openWarehouse({ path: join(folder, 'warehouse.sqlite'), survives: 'power' }),
});

const pipelineOf = (log: ReturnType<typeof openDiskLog>, sink: PipelineSink) =>
  createPipeline({
    checkpoint: { everyRecords: 1 },
    log,
    sink,
    reference: { title: () => undefined, country: () => 'ZZ', utcOffsetMinutes: () => 0 },
    watermark: WATERMARK,
    plans: [
      countPlan(
        { metric: 'plays_1m', sizeUs: minutes(1), types: ['media.play'], keyBy: 'titleId' },
        { watermark: WATERMARK, allowedLatenessUs: seconds(20) },
      ),
    ],
    dedupeTtlUs: minutes(60),
    maxRecordsPerPoll: 10,
  });

/** The program: each round is appended and acknowledged, and then polled; in the end all windows
 * are closed. */
export const program: DurableProgram = {
  name: 'pipeline',
  steps: ROUNDS + 1,
  open(folder) {
    const { log, warehouse } = openParts(folder);
    let pipeline = pipelineOf(log, warehouse);
    return {
      step(step) {
        const nowUs = START_US + minutes(step);
        if (step < ROUNDS && (log.endOffsets()[0] ?? 0) <= step * EVENTS) log.append(round(step));
        try {
          if (step === ROUNDS) pipeline.finish(nowUs);
          else pipeline.poll(nowUs);
        } catch (error) {
          pipeline = pipelineOf(log, warehouse);
          throw error;
        }
      },
      close() {
        warehouse.close();
        log.close();
      },
    };
  },
  content(folder) {
    const { log, warehouse } = openParts(folder);
    try {
      const records = log.read(0, 0, Number.MAX_SAFE_INTEGER);
      const raw = records.map((record) => JSON.stringify(record));
      return { ...soundContentOf(warehouse, { journal: 'wal', synchronous: 2 }), log: raw };
    } finally {
      warehouse.close();
      log.close();
    }
  },
  isAllowed(found, before, after) {
    const isLogAt = (one: Content) => isEqual(found['log'], one['log']);
    const isStoreAt = (one: Content) => isEqual({ ...found, log: [] }, { ...one, log: [] });
    return isLogAt(after) ? isStoreAt(before) || isStoreAt(after) : isEqual(found, before);
  },
};

function isEqual(a: unknown, b: unknown): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}

function round(step: number) {
  const events = Array.from({ length: EVENTS }, (_, n) => {
    const data = { titleId: `t${n}` };
    return fact({ id: `e${step}-${n}`, atSeconds: step * 60 + n, data }).event;
  });
  return {
    ingestTimeUs: START_US + minutes(step),
    partitionKey: 'v1',
    payload: { sentTimeUs: START_US, userAgent: '-', clientAddress: '', events },
  };
}
