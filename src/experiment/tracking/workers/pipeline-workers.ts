/** The pipeline's workers on the kernel's clock: what is appended to the log shows to the pipeline
 * when a worker is done with it. When the run is over they work on until the log is empty, nobody
 * arriving any more, so that the last events have their true freshness. Spec: E310–E315. */
import type { AppendReceipt, LogWriter } from '../../../domain/collector-ports.ts';
import type { LogReader } from '../../../domain/pipeline-ports.ts';
import type { RunDigest } from '../../../kernel/digest.ts';
import type { Simulation } from '../../../kernel/simulation.ts';
import type { PipelineWorkersConfig } from '../../scenario/clickstream/pipeline-workers-schema.ts';
import { createPacedLog } from './paced-log.ts';
import { type BegunBatch, createWorkerGroup } from './worker-group.ts';
import type { WorkerStatistics } from './worker-meter.ts';

/** Workers between the log and the pipeline. */
export interface PipelineWorkers {
  /** What the collector writes to. */
  readonly writer: LogWriter;
  /** What the pipeline reads. */
  readonly reader: LogReader;
  /** Of the run: up to now, and once it is over up to its end. */
  statistics(): WorkerStatistics;
  /** They stop, as the pipeline does whose workers they are; what shows from these offsets on (one
   * a partition) must be processed again. */
  halt(committedOffsets: readonly number[]): void;
  /** They go on, sharing the partitions out among so many. */
  resume(members: number): void;
  /** The log has records that were not told of when they were appended. */
  appended(receipt: AppendReceipt): void;
  /** The run is over: from now on the kernel's clock stands still. */
  stop(): void;
  /** After {@link PipelineWorkers.stop}: works on. @returns whether anything is left to do. */
  drainTo(untilUs: number): boolean;
}

/** What they are made of. */
export interface PipelineWorkersOptions {
  readonly config: PipelineWorkersConfig;
  readonly log: LogReader & LogWriter;
  readonly simulation: Simulation;
  readonly digest: RunDigest;
  readonly bucketUs: number;
  readonly endUs: number;
}

/** Makes the workers of a run. */
export function createPipelineWorkers(options: PipelineWorkersOptions): PipelineWorkers {
  const { log, simulation, digest } = options;
  const group = createWorkerGroup({ ...options, partitionCount: log.partitionCount });
  let ofRun: WorkerStatistics | undefined;
  /** Batches of lives before this one are given up. */
  let life = 0;
  const appended = ({ partition, count }: AppendReceipt) =>
    begin(group.append(partition, count, simulation.nowUs));
  const paced = createPacedLog(log, appended);
  const finish = (worker: number, nowUs: number): BegunBatch | undefined => {
    const { processed, next } = group.finish(worker, nowUs);
    for (const { partition, count } of processed) paced.reveal(partition, count);
    const events = processed.reduce((sum, { count }) => sum + count, 0);
    digest.record(nowUs, `worker/${worker}`, 'batch', events);
    return next;
  };
  const finished = simulation.registerHandler('pipeline.worker', (worker, begunIn) => {
    if (begunIn === life) begin(finish(worker, simulation.nowUs));
  });
  const begin = (batch: BegunBatch | undefined) => {
    if (batch === undefined) return;
    simulation.schedule(batch.finishUs - simulation.nowUs, finished, batch.worker, life);
  };
  return {
    writer: paced.writer,
    reader: paced.reader,
    appended,
    halt(committedOffsets) {
      life += 1;
      group.halt(paced.hideFrom(committedOffsets), simulation.nowUs);
    },
    resume(members) {
      for (const batch of group.resume(members, simulation.nowUs)) begin(batch);
    },
    statistics: () => ofRun ?? group.statistics(simulation.nowUs),
    stop() {
      ofRun = group.statistics(simulation.nowUs);
    },
    drainTo(untilUs) {
      let batch = group.next();
      while (batch !== undefined && batch.finishUs <= untilUs) {
        finish(batch.worker, batch.finishUs);
        batch = group.next();
      }
      return batch !== undefined;
    },
  };
}
