/** Egalitarian processor sharing: each of the n jobs of a replica gets on at min(1, c/n) of its
 * pace. All of them attain the same service in the same time, so one number a replica (service
 * attained by a job that is always there) and a heap of the values at which jobs are done replace
 * a walk over the jobs; one event a replica, its next end. Cost O(log n) a job. Spec: Q65, Q66. */
import type { HandlerId, Simulation } from '../../../kernel/simulation.ts';
import type { Job, OfferVerdict } from '../job.ts';
import type { JobLedger } from '../job-ledger.ts';
import { type JobTable, NONE } from '../job-table.ts';
import type { Replica } from '../replica.ts';
import type { ReplicaService } from './replica-service.ts';
import { RowHeap } from './row-heap.ts';
import type { ServiceOptions } from './worker-service.ts';

/** Work in µs that counts as none: what sums of doubles leave. */
const TOLERANCE_US = 1e-3;

class Share {
  /** Service that a job there from the beginning of the busy period has attained, in µs. */
  attainedUs = 0;
  bookedUs = 0;
  /** Worker time that a job there from the very beginning would have had, in µs: unlike the
   * service attained, pauses and pace do not touch it. */
  givenUs = 0;
  event = NONE;
  /** Jobs in service, in the order of arrival. */
  readonly ring: number;
  readonly heap: RowHeap;

  constructor(ring: number, heap: RowHeap) {
    this.ring = ring;
    this.heap = heap;
  }
}

/** Service under processor sharing. */
export class SharedService<J extends Job> implements ReplicaService<J> {
  readonly #ledger: JobLedger<J>;
  readonly #table: JobTable<J>;
  readonly #simulation: Simulation;
  readonly #replicas: readonly Replica[];
  readonly #shares: Share[] = [];
  readonly #endHandler: HandlerId;
  readonly #maxWaiting: number;
  readonly #expires: boolean;
  /** By row: `givenUs` of its share when the job came. */
  readonly #givenBefore: number[] = [];
  #arrivals = 0;

  constructor({ name, config, ledger, replicas }: ServiceOptions<J>) {
    this.#ledger = ledger;
    this.#table = ledger.table;
    this.#simulation = ledger.simulation;
    this.#replicas = replicas;
    this.#maxWaiting = config.maxWaiting;
    this.#expires = config.expireWaiting;
    this.#endHandler = this.#simulation.registerHandler(`fleet.${name}.shared-end`, (index) =>
      this.#end(this.#replicas[index] as Replica),
    );
  }

  addReplica(): void {
    this.#shares.push(new Share(this.#table.createRing(), new RowHeap(this.#table)));
  }

  offer(job: J, replica: Replica): OfferVerdict {
    const { nowUs } = this.#simulation;
    if (replica.inService >= replica.workers + this.#maxWaiting) {
      return this.#ledger.turnAway(job, replica, 'rejected');
    }
    if (this.#expires && job.deadlineUs <= nowUs) {
      return this.#ledger.turnAway(job, replica, 'expired');
    }
    this.settle(replica);
    const share = this.#shareOf(replica);
    const row = this.#ledger.enter(job, replica);
    this.#ledger.start(row, replica);
    this.#table.append(share.ring, row);
    this.#table.workUs[row] = share.attainedUs + job.demandUs;
    this.#table.mark[row] = this.#arrivals;
    this.#givenBefore[row] = share.givenUs;
    this.#arrivals += 1;
    share.heap.push(row);
    this.resume(replica);
    return 'started';
  }

  /** Nobody waits here. */
  cancel(): boolean {
    return false;
  }

  settle(replica: Replica): void {
    const { nowUs } = this.#simulation;
    const share = this.#shareOf(replica);
    const elapsedUs = replica.pace.workBetweenUs(share.bookedUs, nowUs);
    if (replica.inService === 0) share.attainedUs = 0;
    else {
      share.attainedUs += elapsedUs / crowding(replica);
      share.givenUs += (nowUs - share.bookedUs) / crowding(replica);
    }
    share.bookedUs = nowUs;
  }

  resume(replica: Replica): void {
    const share = this.#shareOf(replica);
    if (share.event !== NONE) this.#simulation.cancel(share.event);
    share.event = NONE;
    const row = share.heap.first();
    if (row === NONE || replica.pace.isStill) return;
    const leftUs = Math.max(0, (this.#table.workUs[row] as number) - share.attainedUs);
    const delayUs = replica.pace.delayUs(leftUs * crowding(replica), this.#simulation.nowUs);
    share.event = this.#simulation.schedule(delayUs, this.#endHandler, replica.index);
  }

  cutShort(job: J, replica: Replica): boolean {
    const table = this.#table;
    const share = this.#shareOf(replica);
    let row = table.first(share.ring);
    while (row !== NONE && table.job(row) !== job) row = table.following(share.ring, row);
    if (row === NONE) return false;
    this.settle(replica);
    share.heap.remove(row);
    table.workUs[row] = Math.min(table.workUs[row] as number, share.attainedUs);
    share.heap.push(row);
    this.resume(replica);
    return true;
  }

  givenInsideUs(replica: Replica): number {
    const share = this.#shareOf(replica);
    // Since the last change. To book it here would make a run round otherwise for being looked at.
    const sinceUs = (this.#simulation.nowUs - share.bookedUs) / crowding(replica);
    let givenUs = 0;
    let row = this.#table.first(share.ring);
    for (; row !== NONE; row = this.#table.following(share.ring, row)) {
      givenUs += this.#givenUs(row, share) + sinceUs;
    }
    return givenUs;
  }

  reset(replica: Replica): void {
    const share = this.#shareOf(replica);
    if (share.event !== NONE) this.#simulation.cancel(share.event);
    share.event = NONE;
    share.heap.clear();
    const { ring } = share;
    for (let row = this.#table.first(ring); row !== NONE; row = this.#table.first(ring)) {
      this.#table.unlink(row);
      this.#ledger.stop(replica, this.#givenUs(row, share));
      this.#ledger.reportDropped(row, replica, 'reset');
    }
  }

  #end(replica: Replica): void {
    const share = this.#shareOf(replica);
    share.event = NONE;
    this.settle(replica);
    // The first is done whatever the doubles say: its end was planned anew at every change.
    let isDone = true;
    while (isDone) {
      const row = share.heap.first();
      share.heap.pop();
      this.#table.unlink(row);
      this.#ledger.stop(replica, this.#givenUs(row, share));
      this.#ledger.reportFinished(row, replica);
      isDone = this.#isFirstDone(share);
    }
    this.resume(replica);
  }

  #givenUs(row: number, share: Share): number {
    return share.givenUs - (this.#givenBefore[row] as number);
  }

  #isFirstDone(share: Share): boolean {
    const row = share.heap.first();
    return row !== NONE && this.#leftUs(row, share) <= TOLERANCE_US;
  }

  #leftUs(row: number, share: Share): number {
    return (this.#table.workUs[row] as number) - share.attainedUs;
  }

  #shareOf(replica: Replica): Share {
    return this.#shares[replica.index] as Share;
  }
}

/** Jobs for each worker, at least 1. */
function crowding(replica: Replica): number {
  return replica.inService > replica.workers ? replica.inService / replica.workers : 1;
}
