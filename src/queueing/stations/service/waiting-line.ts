/** The waiting lines of a fleet, one a replica: who is taken next and who would be taken last,
 * by discipline. Spec: Q62–Q64. */
import { badArgument } from '../../bad-argument.ts';
import type { FleetConfig } from '../fleet-config.ts';
import { type Job, PRIORITY_CLASSES } from '../job.ts';
import { type JobTable, NONE } from '../job-table.ts';

/** Takes the first, the last, the first or last by age, or the first of the most urgent class. */
export class WaitingLines<J extends Job> {
  readonly #table: JobTable<J>;
  readonly #discipline: FleetConfig['discipline'];
  readonly #lifoAfterWaitUs: number;
  readonly #classes: number;
  /** Row of the ring of a replica's class: `replica × classes + class`. */
  readonly #rings: number[] = [];
  readonly #lengths: number[] = [];

  constructor(table: JobTable<J>, config: FleetConfig) {
    this.#table = table;
    this.#discipline = config.discipline;
    this.#lifoAfterWaitUs = config.lifoAfterWaitUs;
    this.#classes = config.discipline === 'priority' ? PRIORITY_CLASSES : 1;
  }

  /** Makes the line of the next replica. */
  addReplica(): void {
    for (let i = 0; i < this.#classes; i += 1) this.#rings.push(this.#table.createRing());
    this.#lengths.push(0);
  }

  length(replica: number): number {
    return this.#lengths[replica] as number;
  }

  /** Puts a job at the end of its class.
   * @throws EngineError `QUEUEING_BAD_ARGUMENT` for a priority that is no class. */
  append(row: number, replica: number): void {
    this.#table.append(this.#ringOf(row, replica), row);
    this.#lengths[replica] = this.length(replica) + 1;
  }

  /** Takes a job out. */
  remove(row: number, replica: number): void {
    this.#table.unlink(row);
    this.#lengths[replica] = this.length(replica) - 1;
  }

  /** Who is to be taken next; NONE where nobody waits. Cost O(1), priority O(classes). */
  next(replica: number, nowUs: number): number {
    if (this.length(replica) === 0) return NONE;
    const base = replica * this.#classes;
    if (this.#classes > 1) return this.#firstOfMostUrgent(base);
    const ring = this.#rings[base] as number;
    return this.#takesNewest(ring, nowUs) ? this.#table.last(ring) : this.#table.first(ring);
  }

  /** Who would be taken last, `job` included: NONE stands for `job` itself. */
  lastToBeTaken(job: J, replica: number, nowUs: number): number {
    if (this.length(replica) === 0) return NONE;
    const base = replica * this.#classes;
    if (this.#classes > 1) return this.#lastOfLessUrgent(base, this.#classOf(job));
    const ring = this.#rings[base] as number;
    return this.#takesNewest(ring, nowUs) ? this.#table.first(ring) : NONE;
  }

  /** The row of a job that waits here, or NONE. Cost O(waiting), the oldest are looked at first. */
  find(job: J, replica: number): number {
    const base = replica * this.#classes;
    for (let i = 0; i < this.#classes; i += 1) {
      const head = this.#rings[base + i] as number;
      let row = this.#table.first(head);
      while (row !== NONE && this.#table.job(row) !== job) row = this.#table.following(head, row);
      if (row !== NONE) return row;
    }
    return NONE;
  }

  /** Who waits longest, the most urgent class first; NONE where nobody waits. */
  first(replica: number): number {
    return this.length(replica) === 0 ? NONE : this.#firstOfMostUrgent(replica * this.#classes);
  }

  #takesNewest(ring: number, nowUs: number): boolean {
    if (this.#discipline === 'fifo') return false;
    if (this.#discipline === 'lifo') return true;
    const oldestUs = this.#table.offeredUs[this.#table.first(ring)] as number;
    return nowUs - oldestUs > this.#lifoAfterWaitUs;
  }

  #firstOfMostUrgent(base: number): number {
    for (let i = 0; i < this.#classes; i += 1) {
      const row = this.#table.first(this.#rings[base + i] as number);
      if (row !== NONE) return row;
    }
    return NONE;
  }

  #lastOfLessUrgent(base: number, than: number): number {
    for (let i = this.#classes - 1; i > than; i -= 1) {
      const row = this.#table.last(this.#rings[base + i] as number);
      if (row !== NONE) return row;
    }
    return NONE;
  }

  #ringOf(row: number, replica: number): number {
    if (this.#classes === 1) return this.#rings[replica] as number;
    return this.#rings[replica * this.#classes + this.#classOf(this.#table.job(row))] as number;
  }

  #classOf(job: J): number {
    const { priority } = job;
    const isClass = Number.isInteger(priority) && priority >= 0 && priority < PRIORITY_CLASSES;
    if (!isClass) throw badArgument('job.priority', priority, `give 0 … ${PRIORITY_CLASSES - 1}`);
    return priority;
  }
}
