/** One job a worker: a job starts where a worker is free and nobody waits, else it waits; a worker
 * that is done takes whom the line gives. Each job in service has one event, its end, which moves
 * only when the pace of its replica changes. Spec: Q61–Q66. */
import type { HandlerId, Simulation } from '../../../kernel/simulation.ts';
import type { FleetConfig } from '../fleet-config.ts';
import type { Job, OfferVerdict } from '../job.ts';
import type { JobLedger } from '../job-ledger.ts';
import { type JobTable, NONE } from '../job-table.ts';
import type { Replica } from '../replica.ts';
import type { ReplicaService } from './replica-service.ts';
import { WaitingLines } from './waiting-line.ts';

/** What both kinds of service are made of. */
export interface ServiceOptions<J extends Job> {
  readonly name: string;
  readonly config: FleetConfig;
  readonly ledger: JobLedger<J>;
  /** Grows as replicas are added. */
  readonly replicas: readonly Replica[];
}

/** Service under FIFO, LIFO, adaptive LIFO and priority. */
export class WorkerService<J extends Job> implements ReplicaService<J> {
  readonly #ledger: JobLedger<J>;
  readonly #table: JobTable<J>;
  readonly #simulation: Simulation;
  readonly #replicas: readonly Replica[];
  readonly #lines: WaitingLines<J>;
  /** By replica: the ring of the jobs in service, in the order in which they started. */
  readonly #inService: number[] = [];
  readonly #endHandler: HandlerId;
  readonly #maxWaiting: number;
  readonly #expires: boolean;
  readonly #sheds: boolean;

  constructor({ name, config, ledger, replicas }: ServiceOptions<J>) {
    this.#ledger = ledger;
    this.#table = ledger.table;
    this.#simulation = ledger.simulation;
    this.#replicas = replicas;
    this.#lines = new WaitingLines(ledger.table, config);
    this.#maxWaiting = config.maxWaiting;
    this.#expires = config.expireWaiting;
    this.#sheds = config.whenFull === 'shed';
    this.#endHandler = this.#simulation.registerHandler(`fleet.${name}.job-end`, (row) =>
      this.#end(row),
    );
  }

  addReplica(): void {
    this.#inService.push(this.#table.createRing());
    this.#lines.addReplica();
  }

  offer(job: J, replica: Replica): OfferVerdict {
    const waiting = this.#lines.length(replica.index);
    if (waiting === 0 && replica.inService < replica.workers) {
      if (this.#isExpired(job)) return this.#ledger.turnAway(job, replica, 'expired');
      if (this.#ledger.shedsAtStart(job, 0)) return this.#ledger.turnAway(job, replica, 'shed');
      this.#start(this.#ledger.enter(job, replica), replica);
      return 'started';
    }
    if (waiting < this.#maxWaiting) {
      this.#lines.append(this.#ledger.enter(job, replica), replica.index);
      return 'waiting';
    }
    return this.#offerToFullLine(job, replica);
  }

  cancel(job: J, replica: Replica): boolean {
    const row = this.#lines.find(job, replica.index);
    if (row === NONE) return false;
    this.#leaveLine(row, replica);
    this.#ledger.cancel(row, replica);
    return true;
  }

  settle(replica: Replica): void {
    const table = this.#table;
    const { nowUs } = this.#simulation;
    const head = this.#ringOf(replica);
    for (let row = table.first(head); row !== NONE; row = table.following(head, row)) {
      const doneUs = replica.pace.workBetweenUs(table.mark[row] as number, nowUs);
      table.workUs[row] = (table.workUs[row] as number) - doneUs;
      table.mark[row] = nowUs;
      this.#simulation.cancel(table.event[row] as number);
      table.event[row] = NONE;
    }
  }

  resume(replica: Replica): void {
    if (replica.pace.isStill) return;
    const head = this.#ringOf(replica);
    let row = this.#table.first(head);
    for (; row !== NONE; row = this.#table.following(head, row)) this.#planEnd(row, replica);
  }

  cutShort(job: J, replica: Replica): boolean {
    const table = this.#table;
    const head = this.#ringOf(replica);
    let row = table.first(head);
    while (row !== NONE && table.job(row) !== job) row = table.following(head, row);
    if (row === NONE) return false;
    this.settle(replica);
    table.workUs[row] = 0;
    this.resume(replica);
    return true;
  }

  givenInsideUs(replica: Replica): number {
    const head = this.#ringOf(replica);
    let givenUs = 0;
    let row = this.#table.first(head);
    for (; row !== NONE; row = this.#table.following(head, row)) givenUs += this.#heldUs(row);
    return givenUs;
  }

  reset(replica: Replica): void {
    const head = this.#ringOf(replica);
    for (let row = this.#table.first(head); row !== NONE; row = this.#table.first(head)) {
      this.#simulation.cancel(this.#table.event[row] as number);
      this.#table.unlink(row);
      this.#ledger.stop(replica, this.#heldUs(row));
      this.#ledger.reportDropped(row, replica, 'reset');
    }
    const lines = this.#lines;
    for (let row = lines.first(replica.index); row !== NONE; row = lines.first(replica.index)) {
      this.#leaveLine(row, replica);
      this.#ledger.reportDropped(row, replica, 'reset');
    }
  }

  #offerToFullLine(job: J, replica: Replica): OfferVerdict {
    const last = this.#sheds
      ? this.#lines.lastToBeTaken(job, replica.index, this.#simulation.nowUs)
      : NONE;
    if (last === NONE) return this.#ledger.turnAway(job, replica, 'rejected');
    this.#leaveLine(last, replica);
    this.#lines.append(this.#ledger.enter(job, replica), replica.index);
    this.#ledger.reportDropped(last, replica, 'shed');
    return 'waiting';
  }

  #start(row: number, replica: Replica): void {
    const table = this.#table;
    this.#ledger.start(row, replica);
    table.append(this.#ringOf(replica), row);
    table.workUs[row] = table.job(row).demandUs;
    table.mark[row] = this.#simulation.nowUs;
    if (!replica.pace.isStill) this.#planEnd(row, replica);
  }

  #planEnd(row: number, replica: Replica): void {
    const table = this.#table;
    const workUs = table.workUs[row] as number;
    const delayUs = replica.pace.delayUs(workUs, this.#simulation.nowUs);
    table.event[row] = this.#simulation.schedule(delayUs, this.#endHandler, row);
  }

  #end(row: number): void {
    const replica = this.#replicas[this.#table.replica[row] as number] as Replica;
    this.#table.unlink(row);
    this.#ledger.stop(replica, this.#heldUs(row));
    this.#fillWorkers(replica);
    this.#ledger.reportFinished(row, replica);
  }

  /** Gives free workers to those who wait, before anybody hears of the end that freed one: the
   * listener never sees a free worker beside a waiting job. */
  #fillWorkers(replica: Replica): void {
    while (replica.inService < replica.workers) {
      const row = this.#lines.next(replica.index, this.#simulation.nowUs);
      if (row === NONE) return;
      this.#lines.remove(row, replica.index);
      const refusal = this.#refusalAtStart(row);
      if (refusal === undefined) {
        this.#start(row, replica);
        continue;
      }
      this.#ledger.leaveLine(replica);
      this.#ledger.reportDropped(row, replica, refusal);
    }
  }

  /** Why a job that has waited does not start after all. */
  #refusalAtStart(row: number): 'expired' | 'shed' | undefined {
    const job = this.#table.job(row);
    if (this.#isExpired(job)) return 'expired';
    const waitTimeUs = this.#simulation.nowUs - (this.#table.offeredUs[row] as number);
    return this.#ledger.shedsAtStart(job, waitTimeUs) ? 'shed' : undefined;
  }

  #leaveLine(row: number, replica: Replica): void {
    this.#lines.remove(row, replica.index);
    this.#ledger.leaveLine(replica);
  }

  /** How long a job has had its worker. */
  #heldUs(row: number): number {
    return this.#simulation.nowUs - (this.#table.startedUs[row] as number);
  }

  #isExpired(job: J): boolean {
    return this.#expires && job.deadlineUs <= this.#simulation.nowUs;
  }

  #ringOf(replica: Replica): number {
    return this.#inService[replica.index] as number;
  }
}
