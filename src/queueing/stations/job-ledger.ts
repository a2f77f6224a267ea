/** What came of the jobs of a fleet: the table of those inside, the counts of those that left, and
 * the listener that hears of them. At any instant offered = finished + dropped + cancelled + in
 * the system. Spec: Q60. */
import type { Simulation } from '../../kernel/simulation.ts';
import { DROP_REASONS, type DropReason, type FleetListener, type Job } from './job.ts';
import { JobTable } from './job-table.ts';
import type { Replica } from './replica.ts';

/** Books and listener of one fleet. */
export class JobLedger<J extends Job> {
  readonly table = new JobTable<J>();
  readonly simulation: Simulation;
  offered = 0;
  started = 0;
  finished = 0;
  cancelled = 0;
  /** Sums of {@link FleetBooks}. */
  finishedSojournUs = 0;
  undoneSojournUs = 0;
  givenUs = 0;
  readonly dropped = Object.fromEntries(DROP_REASONS.map((reason) => [reason, 0])) as Record<
    DropReason,
    number
  >;
  readonly #listener: FleetListener<J>;
  readonly #left: (replica: Replica) => void;

  /** @param options - `left` hears of a replica that a job left. */
  constructor(options: {
    readonly simulation: Simulation;
    readonly listener: FleetListener<J>;
    readonly left: (replica: Replica) => void;
  }) {
    this.simulation = options.simulation;
    this.#listener = options.listener;
    this.#left = options.left;
  }

  /** A job comes in. @returns its row. */
  enter(job: J, replica: Replica): number {
    const { nowUs } = this.simulation;
    replica.book(nowUs);
    replica.outstanding += 1;
    return this.table.add(job, replica.index, nowUs);
  }

  /** Turns a job away at the door. */
  turnAway(job: J, replica: Replica, reason: DropReason): 'dropped' {
    this.dropped[reason] += 1;
    this.#listener.dropped(job, replica.index, reason);
    return 'dropped';
  }

  /** Whether the listener sheds a job that is about to start. */
  shedsAtStart(job: J, waitTimeUs: number): boolean {
    return this.#listener.shedsAtStart?.(job, waitTimeUs) ?? false;
  }

  /** A worker takes a job on. */
  start(row: number, replica: Replica): void {
    const { nowUs } = this.simulation;
    replica.book(nowUs);
    replica.inService += 1;
    this.started += 1;
    this.table.startedUs[row] = nowUs;
  }

  /** A job in service leaves it, done or not; the row stays.
   * @param givenUs - Worker time that it had. */
  stop(replica: Replica, givenUs: number): void {
    replica.book(this.simulation.nowUs);
    this.givenUs += givenUs;
    replica.inService -= 1;
    replica.outstanding -= 1;
  }

  /** Reports a job that was {@link JobLedger.stop}ped and is done. */
  reportFinished(row: number, replica: Replica): void {
    const { table } = this;
    const offeredUs = table.offeredUs[row] as number;
    const startedUs = table.startedUs[row] as number;
    const job = table.remove(row);
    const { nowUs } = this.simulation;
    this.finished += 1;
    this.finishedSojournUs += nowUs - offeredUs;
    const serviceTimeUs = nowUs - startedUs;
    this.#listener.finished(job, replica.index, startedUs - offeredUs, serviceTimeUs);
    this.#afterwards(replica);
  }

  /** Reports a job that left undone. */
  reportDropped(row: number, replica: Replica, reason: DropReason): void {
    this.#bookUndone(row);
    this.turnAway(this.table.remove(row), replica, reason);
    this.#afterwards(replica);
  }

  /** A waiting job leaves the line, for whatever reason; the row stays. */
  leaveLine(replica: Replica): void {
    replica.book(this.simulation.nowUs);
    replica.outstanding -= 1;
  }

  /** The client of a waiting job, which left its line, is gone. */
  cancel(row: number, replica: Replica): void {
    this.#bookUndone(row);
    this.table.remove(row);
    this.cancelled += 1;
    this.#afterwards(replica);
  }

  #bookUndone(row: number): void {
    this.undoneSojournUs += this.simulation.nowUs - (this.table.offeredUs[row] as number);
  }

  #afterwards(replica: Replica): void {
    if (replica.state === 'draining') this.#left(replica);
  }
}
