/** What drives the pipeline in a run: the log in front of it, the workers that it runs on, if it
 * has any, and the commits on the kernel's clock. Without workers it takes no time, and reads all
 * that there is at each poll. Spec: E310, E313, E315. */
import type { LogWriter } from '../../domain/collector-ports.ts';
import type { LogReader } from '../../domain/pipeline-ports.ts';
import type { RunDigest } from '../../kernel/digest.ts';
import type { Simulation } from '../../kernel/simulation.ts';
import { createPartitionedLog } from '../../storage/log/memory-log.ts';
import type { Warehouse } from '../../storage/warehouse.ts';
import type { Pipeline } from '../../streams/pipeline.ts';
import type { Scenario } from '../scenario/schema.ts';
import { createPipelineWorkers, type PipelineWorkers } from './workers/pipeline-workers.ts';
import type { WorkerStatistics } from './workers/worker-meter.ts';

/** A pipeline that is driven. */
export interface PipelineDrive {
  readonly pipeline: Pipeline;
  /** What the collector writes to. */
  readonly writer: LogWriter;
  /** Starts committing on the kernel's clock, until `untilUs`. */
  start(untilUs: number): void;
  /** Reads what is left, as workers get to it, and closes all windows. */
  finish(): void;
  /** Events in the log that are not committed. */
  unread(): number;
  /** What workers did during the run; undefined where it takes no time. */
  workerStatistics(): WorkerStatistics | undefined;
  /** When the last of what was accepted was committed, µs: after the run, where workers were
   * behind. Undefined before {@link PipelineDrive.finish}. */
  readonly drainedAtUs: number | undefined;
}

/** What a drive is made of. */
export interface PipelineDriveOptions {
  readonly scenario: Scenario;
  readonly simulation: Simulation;
  readonly digest: RunDigest;
  readonly warehouse: Warehouse;
  /** The Unix time at virtual time 0, in µs. */
  readonly epochUs: number;
  /** Length of a time bucket of series, and the end of the run, µs. */
  readonly bucketUs: number;
  readonly endUs: number;
  readonly createPipeline: (log: LogReader) => Pipeline;
}

/** Makes a pipeline with its log and its drive. */
export function createPipelineDrive(options: PipelineDriveOptions): PipelineDrive {
  const { simulation, digest, warehouse, epochUs } = options;
  const { partitions, pollEvery, workers: config } = options.scenario.clickstream;
  const log = createPartitionedLog({ partitions });
  const workers = config && createPipelineWorkers({ ...options, config, log });
  const pipeline = options.createPipeline(workers?.reader ?? log);
  const everyUs = config?.flushEvery ?? pollEvery;
  let drainedAtUs: number | undefined;
  const committed = () => warehouse.committedOffsets(partitions);
  const poll = (atUs: number) => {
    const records = pipeline.poll(epochUs + atUs);
    log.truncateBefore(committed());
    if (records > 0) digest.record(atUs, 'pipeline', 'poll', records);
  };
  const handler = simulation.registerHandler('pipeline.poll', (untilUs) => {
    poll(simulation.nowUs);
    if (simulation.nowUs + everyUs > untilUs) return;
    simulation.schedule(everyUs, handler, untilUs);
  });
  /** Flush by flush until workers have nothing left. @returns when that was. */
  const drain = (behind: PipelineWorkers): number => {
    behind.stop();
    let atUs = Math.floor(simulation.nowUs / everyUs) * everyUs;
    for (let isBehind = true; isBehind; ) {
      atUs += everyUs;
      isBehind = behind.drainTo(atUs);
      poll(atUs);
    }
    return atUs;
  };
  return {
    pipeline,
    writer: workers?.writer ?? log,
    start(untilUs) {
      simulation.schedule(everyUs, handler, untilUs);
    },
    finish() {
      if (workers === undefined) poll(simulation.nowUs);
      drainedAtUs = workers === undefined ? simulation.nowUs : drain(workers);
      pipeline.finish(epochUs + drainedAtUs);
    },
    unread: () => log.unreadFrom(committed()),
    workerStatistics: () => workers?.statistics(),
    get drainedAtUs() {
      return drainedAtUs;
    },
  };
}
