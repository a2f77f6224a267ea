/** What drives the pipeline in a run: the log in front of it, the workers that it runs on, if it
 * has any, and the commits on the kernel's clock. Without workers it takes no time, and reads all
 * that there is at each poll. Where faults can hit it, the log is a broker's and the pipeline may
 * die. Spec: E310, E313, E315, E470. */
import type { AppendRequest, LogWriter } from '../../domain/collector-ports.ts';
import type { LogReader, PipelineSink } from '../../domain/pipeline-ports.ts';
import type { RunDigest } from '../../kernel/digest.ts';
import type { Simulation } from '../../kernel/simulation.ts';
import { createPartitionedLog } from '../../storage/log/memory-log.ts';
import type { Warehouse } from '../../storage/warehouse.ts';
import type { Pipeline, PipelineOptions } from '../../streams/pipeline.ts';
import type { FaultBoard } from '../faults/board/fault-board.ts';
import {
  CHECKPOINT,
  type ClickstreamFaults,
  createClickstreamFaults,
} from '../faults/clickstream-faults.ts';
import { createPipelineLife, type PipelineLife } from '../faults/pipeline/pipeline-life.ts';
import type { MadeRecords } from '../faults/pipeline/record-faults.ts';
import type { WorldLog } from '../faults/storage/broker.ts';
import type { Scenario } from '../scenario/schema.ts';
import { createPipelineWorkers, type PipelineWorkers } from './workers/pipeline-workers.ts';
import type { WorkerStatistics } from './workers/worker-meter.ts';

/** What befell the log and the pipeline. */
export interface PipelineMishaps {
  /** How often the pipeline died, and went on from its last commit. */
  readonly pipelineDeaths: number;
  /** How often the broker opened its log again, and what it had to cut off or mend then. */
  readonly brokerRestarts: number;
  readonly logRepairs: number;
  /** Appends that the log did not take. */
  readonly refusedAppends: number;
}

/** A pipeline that is driven. */
export interface PipelineDrive {
  /** The one that runs: after a crash it is another one. */
  readonly pipeline: Pipeline;
  /** Records that faults have put into the log; undefined where none can. */
  readonly made: MadeRecords | undefined;
  /** How much longer than usual the log takes to sync what was appended now, µs. */
  syncDelayUs(): number;
  mishaps(): PipelineMishaps;
  /** What the collector writes to. */
  readonly writer: LogWriter;
  /** Starts committing on the kernel's clock, until `untilUs`. */
  start(untilUs: number): void;
  /** Reads what is left, as workers get to it, and closes all windows. */
  finish(): void;
  /** Events in the log that are not committed. */
  unread(): number;
  /** Per partition of the log, the offset of the next record. */
  endOffsets(): readonly number[];
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
  readonly board: FaultBoard;
  /** An append that the collector was refused is in the log all the same. */
  readonly onSurvived: (request: AppendRequest) => void;
  readonly createPipeline: (parts: PipelineParts) => Pipeline;
}

/** What the drive has to say of the pipeline. */
export interface PipelineParts extends Pick<PipelineOptions, 'log' | 'checkpoint'> {
  /** Stands in front of the sink. */
  readonly wrapSink: (sink: PipelineSink) => PipelineSink;
}

/** Makes a pipeline with its log and its drive. */
export function createPipelineDrive(options: PipelineDriveOptions): PipelineDrive {
  const { simulation, digest, warehouse } = options;
  const { partitions, pollEvery, workers: config } = options.scenario.clickstream;
  const faults = createClickstreamFaults(options);
  const log = faults?.broker ?? createPartitionedLog({ partitions });
  const workers = config && createPipelineWorkers({ ...options, config, log });
  const paced = { writer: workers?.writer ?? log, reader: workers?.reader ?? log };
  const { writer, reader } = faults?.around(paced, workers) ?? paced;
  const life = beginLife({ ...options, faults, workers, reader, log });
  const everyUs = config?.flushEvery ?? pollEvery;
  let drainedAtUs: number | undefined;
  const committed = () => warehouse.committedOffsets(partitions);
  const poll = (atUs: number) => {
    const records = life.poll(atUs);
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
    get pipeline() {
      return life.pipeline;
    },
    get made() {
      return faults?.made;
    },
    writer,
    start(untilUs) {
      simulation.schedule(everyUs, handler, untilUs);
    },
    finish() {
      faults?.end();
      life.revive(simulation.nowUs);
      if (workers === undefined) poll(simulation.nowUs);
      drainedAtUs = workers === undefined ? simulation.nowUs : drain(workers);
      life.finish(drainedAtUs);
    },
    endOffsets: () => log.endOffsets(),
    unread: () => log.unreadFrom(committed()) + (faults?.waiting() ?? 0),
    syncDelayUs: () => faults?.broker.syncDelayUs() ?? 0,
    mishaps: () => ({
      pipelineDeaths: life.deaths,
      brokerRestarts: faults?.broker.count.restarts ?? 0,
      logRepairs: faults?.broker.count.repairs ?? 0,
      refusedAppends: faults?.broker.count.refused ?? 0,
    }),
    workerStatistics: () => workers?.statistics(),
    get drainedAtUs() {
      return drainedAtUs;
    },
  };
}

/** The pipeline, which faults may end; its workers stop and go on with it. */
function beginLife(
  options: PipelineDriveOptions & {
    readonly faults: ClickstreamFaults | undefined;
    readonly workers: PipelineWorkers | undefined;
    readonly reader: LogReader;
    readonly log: WorldLog;
  },
): PipelineLife {
  const { epochUs, faults, workers, reader, log, warehouse, simulation, scenario } = options;
  const { partitions, workers: config } = scenario.clickstream;
  /** What is committed need not be kept. */
  const forgetCommitted = (sink: PipelineSink) => () =>
    log.truncateBefore(sink.committedOffsets(partitions));
  if (faults === undefined) {
    const parts: PipelineParts = { log: reader, wrapSink: (sink) => sink };
    return createPipelineLife({
      epochUs,
      build: () => options.createPipeline(parts),
      afterPoll: forgetCommitted(warehouse),
    });
  }
  const onSlow = (delayUs: number) => life.pause(simulation.nowUs + delayUs);
  const wrapSink = (sink: PipelineSink) => faults.sink(sink, onSlow);
  const parts: PipelineParts = { log: reader, wrapSink, checkpoint: CHECKPOINT };
  const life = createPipelineLife({
    epochUs,
    build: () => options.createPipeline(parts),
    afterPoll: forgetCommitted(wrapSink(warehouse)),
    recovery: {
      onDeath: () => workers?.halt(warehouse.committedOffsets(partitions)),
      onRebirth: () => workers?.resume(faults.members(config?.count ?? 1)),
    },
  });
  faults.haunt(life);
  return life;
}
