/** Faults of the families storage and pipeline, as they stand around a world's log and pipeline:
 * collector → spool → records → (workers) → broker → (workers) → stalls → pipeline → warehouse. A
 * world without such faults has none of it. Spec: E470–E486, E490. */
import type { AppendRequest, LogWriter } from '../../domain/collector-ports.ts';
import type { LogReader, PipelineSink } from '../../domain/pipeline-ports.ts';
import type { Simulation } from '../../kernel/simulation.ts';
import { seconds } from '../../kernel/time.ts';
import type { CheckpointTrigger } from '../../streams/checkpoints/pipeline-checkpoints.ts';
import type { Scenario } from '../scenario/schema.ts';
import type { PipelineWorkers } from '../tracking/workers/pipeline-workers.ts';
import type { FaultBoard } from './board/fault-board.ts';
import type { FaultFamily } from './catalogue/fault-kind.ts';
import { FAULT_KINDS } from './catalogue/fault-kinds.ts';
import { createFaultSight, type FaultSight } from './fault-sight.ts';
import { createLateBatches } from './pipeline/late-batches.ts';
import type { PipelineLife } from './pipeline/pipeline-life.ts';
import { createRecordFaults, type MadeRecords } from './pipeline/record-faults.ts';
import { createStalledReader } from './pipeline/stalled-reader.ts';
import { isCatalogued } from './plan/fault-schema.ts';
import { type Broker, createBroker } from './storage/broker.ts';
import { createFaultySink } from './storage/warehouse-faults.ts';

/** Faults around one clickstream. */
export interface ClickstreamFaults {
  readonly broker: Broker;
  /** Records that faults have put into the log. */
  readonly made: MadeRecords;
  /** Events that were accepted and are not in the log yet. */
  waiting(): number;
  /** Puts faults in front of what the collector writes to, and of what the pipeline reads. */
  around(log: Log, workers: PipelineWorkers | undefined): Log;
  /** Puts faults in front of what the pipeline commits to. */
  sink(sink: PipelineSink, onSlow: (delayUs: number) => void): PipelineSink;
  /** Lets a pipeline die of what ends pipelines. */
  haunt(life: PipelineLife): void;
  /** How many of so many workers are there. */
  members(workers: number): number;
  /** The run is over: there are no faults any more, and everything accepted is in the log. */
  end(): void;
}

/** Both ends of a log. */
export interface Log {
  readonly writer: LogWriter;
  readonly reader: LogReader;
}

/** What they stand in. */
export interface ClickstreamFaultsOptions {
  readonly scenario: Scenario;
  readonly simulation: Simulation;
  readonly board: FaultBoard;
  /** An append that the collector was refused is in the log all the same. */
  readonly onSurvived: (request: AppendRequest) => void;
}

/** Pipelines that may die commit with their state so often: then what was read since is read again,
 * while it is little. */
export const CHECKPOINT: CheckpointTrigger = { everyRecords: 10_000, everyUs: seconds(5) };

const FAMILIES: ReadonlySet<FaultFamily> = new Set(['storage', 'pipeline']);

/** Makes them, where the scenario has any. */
export function createClickstreamFaults(
  options: ClickstreamFaultsOptions,
): ClickstreamFaults | undefined {
  const { scenario, simulation, board } = options;
  const kinds = scenario.faults.filter(isCatalogued).map(({ kind }) => kind);
  if (!kinds.some((kind) => FAMILIES.has(FAULT_KINDS[kind].family))) return undefined;
  const sight = createFaultSight(board);
  const { partitions } = scenario.clickstream;
  let parts: ReturnType<typeof layAround> | undefined;
  let reads = 0;
  const nextRead = () => {
    reads += 1;
    return reads;
  };
  const broker = createBroker({
    partitions,
    simulation,
    sight,
    onSurvived(request, receipt) {
      parts?.workers?.appended(receipt);
      const original = parts?.records.survived(request) ?? request;
      parts?.late.survived(original);
      options.onSurvived(original);
    },
  });
  return {
    broker,
    get made() {
      return parts?.records.made ?? { poison: 0, duplicate: 0 };
    },
    waiting: () => parts?.late.waiting() ?? 0,
    around(log, workers) {
      const changesSchema = kinds.includes('pipeline.schema-change');
      parts = layAround(log, workers, { sight, simulation, changesSchema });
      return { writer: parts.late.writer, reader: parts.reader };
    },
    sink: (sink, onSlow) => createFaultySink({ sink, sight, onSlow, nextRead }),
    haunt: (life) => haunt(life, sight, simulation),
    members: (workers) => Math.max(1, workers - sight.active('pipeline.rebalance').length),
    end() {
      sight.end();
      broker.comeBack();
      parts?.late.flush();
    },
  };
}

function layAround(
  { writer, reader }: Log,
  workers: PipelineWorkers | undefined,
  ground: {
    readonly sight: FaultSight;
    readonly simulation: Simulation;
    readonly changesSchema: boolean;
  },
) {
  const { sight, simulation } = ground;
  const records = createRecordFaults({ writer, ...ground });
  const late = createLateBatches({ writer: records.writer, sight, simulation });
  return { records, late, reader: createStalledReader(reader, sight), workers };
}

function haunt(life: PipelineLife, sight: FaultSight, simulation: Simulation): void {
  sight.listen('pipeline.crash', {
    begin(fault) {
      sight.struck(fault);
      life.die(simulation.nowUs, fault.endsAtUs);
    },
    end() {},
  });
  // A member leaves, and comes back: each time all read again from the last commit.
  const shareAnew = () => life.die(simulation.nowUs, simulation.nowUs);
  sight.listen('pipeline.rebalance', {
    begin(fault) {
      sight.struck(fault);
      shareAnew();
    },
    end: shareAnew,
  });
}
