/** The broker of a world with faults: the log on a simulated disk, synced before it answers. Where
 * its disk failed a sync, its process died or a record could not be read as it was written, it
 * stops, and opens the log again a little later; meanwhile nothing can be appended and there is
 * nothing to read. Spec: E470, E471, E474. */
import type { AppendReceipt, AppendRequest, LogWriter } from '../../../domain/collector-ports.ts';
import type { LogReader } from '../../../domain/pipeline-ports.ts';
import { EngineError } from '../../../kernel/errors.ts';
import type { Simulation } from '../../../kernel/simulation.ts';
import { seconds } from '../../../kernel/time.ts';
import { type DiskLog, openDiskLog } from '../../../storage/log/disk-log.ts';
import { systemCodeOf } from '../../../storage/log/log-files.ts';
import { type PartitionedLog, partitionOf } from '../../../storage/log/partitioned-log.ts';
import { createSimulatedDisk } from '../../../storage/simulated-disk/simulated-disk.ts';
import type { ActiveFault } from '../board/fault-board.ts';
import { type FaultSight, identityOf } from '../fault-sight.ts';
import { createDiskDecisions, type DiskDecisions, LOG_TARGET } from './disk-decisions.ts';

/** What a run needs of its log. */
export type WorldLog = LogReader &
  LogWriter &
  Pick<PartitionedLog, 'unreadFrom' | 'truncateBefore' | 'endOffsets'>;

/** A broker. */
export interface Broker extends WorldLog {
  /** How long the disk takes longer to sync what was appended now, µs. */
  syncDelayUs(): number;
  /** Opens the log, if it is not open: when the run is over. */
  comeBack(): void;
  /** What befell it. */
  readonly count: { readonly restarts: number; readonly repairs: number; readonly refused: number };
}

/** What a broker is made of. */
export interface BrokerOptions {
  readonly partitions: number;
  readonly simulation: Simulation;
  readonly sight: FaultSight;
  /** An append that was refused as the process died is in the log all the same. */
  readonly onSurvived: (request: AppendRequest, receipt: AppendReceipt) => void;
}

/** How long a broker takes to start again. Assumption: a small broker under a supervisor. */
export const BROKER_RESTART_US = seconds(2);
/** Small, so that a run of minutes rolls and removes segments. */
const SEGMENT_BYTES_MAX = 8_192;
const FOLDER = 'broker/log';

/** Makes a broker with an empty log. */
export function createBroker(options: BrokerOptions): Broker {
  return new DiskBroker(options);
}

/** An append whose end nobody saw. */
interface Uncertain {
  readonly request: AppendRequest;
  readonly receipt: AppendReceipt;
}

class DiskBroker implements Broker {
  readonly partitionCount: number;
  readonly count = { restarts: 0, repairs: 0, refused: 0 };
  readonly #options: BrokerOptions;
  readonly #decisions: DiskDecisions;
  readonly #disk: ReturnType<typeof createSimulatedDisk>;
  #log: DiskLog;
  #isUp = true;
  #upAtUs = 0;
  #uncertain: Uncertain | undefined;

  constructor(options: BrokerOptions) {
    const { partitions, sight } = options;
    this.partitionCount = partitions;
    this.#options = options;
    this.#decisions = createDiskDecisions(sight);
    this.#disk = createSimulatedDisk((operation) => this.#decisions.decide(operation));
    this.#log = this.#open();
    const powerLoss = (fault: ActiveFault) => this.#losePower(fault);
    sight.listen('storage.lost-writes', { begin: powerLoss, end: () => {} });
    const lockOut = (fault: ActiveFault) => {
      if (isOfLog(fault)) this.#stop(BROKER_RESTART_US);
    };
    sight.listen('storage.permission', { begin: lockOut, end: () => {} });
  }

  append(request: AppendRequest): AppendReceipt {
    const log = this.#serving();
    if (log === undefined) throw this.#refusal();
    const partition = partitionOf(request.partitionKey, this.partitionCount);
    const firstOffset = log.endOffsets()[partition] ?? 0;
    try {
      return log.append(request);
    } catch (error) {
      if (!(error instanceof EngineError) || error.code !== 'LOG_UNWRITABLE') throw error;
      this.count.refused += 1;
      const { length: count } = request.payload.events;
      if (this.#disk.isStopped) {
        this.#uncertain = { request, receipt: { partition, firstOffset, count } };
      }
      if (this.#disk.isStopped || this.#decisions.hasFailedSync) this.#stop(BROKER_RESTART_US);
      throw error;
    }
  }

  appendAll(requests: readonly AppendRequest[]): readonly AppendReceipt[] {
    return requests.map((request) => this.append(request));
  }

  read(partition: number, offset: number, maxRecords: number) {
    const log = this.#serving();
    if (log === undefined) return [];
    try {
      return log.read(partition, offset, maxRecords);
    } catch (error) {
      // What it holds in memory is not what is on the disk: it must be read anew.
      if (error instanceof EngineError && error.code === 'LOG_CORRUPT') {
        this.#stop(BROKER_RESTART_US);
      }
      throw error;
    }
  }

  endOffsets(): readonly number[] {
    return this.#log.endOffsets();
  }

  unreadFrom(nextOffsets: readonly number[]): number {
    return this.#log.unreadFrom(nextOffsets);
  }

  truncateBefore(nextOffsets: readonly number[]): void {
    const log = this.#serving();
    if (log === undefined) return;
    try {
      log.truncateBefore(nextOffsets);
    } catch (error) {
      // A segment that cannot be removed takes room, and nothing else.
      const isRefusal =
        error instanceof EngineError
          ? error.code === 'LOG_UNWRITABLE'
          : systemCodeOf(error) !== undefined;
      if (!isRefusal) throw error;
    }
  }

  syncDelayUs(): number {
    let delayUs = 0;
    for (const fault of this.#options.sight.active('storage.slow', LOG_TARGET)) {
      this.#options.sight.struck(fault);
      delayUs += fault.intensity;
    }
    return delayUs;
  }

  comeBack(): void {
    if (!this.#isUp) this.#upAtUs = this.#options.simulation.nowUs;
    this.#serving();
  }

  /** The log, if it is open or can be opened by now. */
  #serving(): DiskLog | undefined {
    if (this.#isUp) return this.#log;
    const { nowUs } = this.#options.simulation;
    if (nowUs < this.#upAtUs) return undefined;
    this.#disk.start();
    try {
      this.#log = this.#open();
    } catch (error) {
      if (!(error instanceof EngineError)) throw error;
      this.#stop(BROKER_RESTART_US);
      return undefined;
    }
    this.#isUp = true;
    this.count.restarts += 1;
    this.count.repairs += this.#log.repairs.length;
    this.#tellSurvivor();
    return this.#log;
  }

  #open(): DiskLog {
    this.#decisions.isServing = false;
    this.#decisions.hasFailedSync = false;
    const log = openDiskLog({
      folder: FOLDER,
      partitions: this.partitionCount,
      durability: 'disk',
      segmentBytesMax: SEGMENT_BYTES_MAX,
      files: this.#disk.files,
    });
    this.#decisions.isServing = true;
    return log;
  }

  #tellSurvivor(): void {
    const uncertain = this.#uncertain;
    this.#uncertain = undefined;
    if (uncertain === undefined) return;
    const { partition, firstOffset } = uncertain.receipt;
    if ((this.#log.endOffsets()[partition] ?? 0) <= firstOffset) return;
    this.#options.onSurvived(uncertain.request, uncertain.receipt);
  }

  #losePower(fault: ActiveFault): void {
    if (!isOfLog(fault)) return;
    const { sight, simulation } = this.#options;
    const draws = fault.draws('survives');
    sight.struck(fault);
    this.#disk.losePower(({ kind, path }, index) =>
      draws.uniform(identityOf(`${kind} ${path}`), index),
    );
    this.#stop(fault.endsAtUs - simulation.nowUs);
  }

  #stop(forUs: number): void {
    this.#disk.stop();
    this.#isUp = false;
    this.#upAtUs = Math.max(this.#upAtUs, this.#options.simulation.nowUs + forUs);
  }

  #refusal(): EngineError {
    this.count.refused += 1;
    const message = `${FOLDER}: the broker is down; nothing was appended, append again later`;
    const details = { path: FOLDER, systemCode: 'ECONNREFUSED' };
    return new EngineError('LOG_UNWRITABLE', message, details);
  }
}

function isOfLog({ target }: ActiveFault): boolean {
  return target === undefined || target === LOG_TARGET;
}
