/** All jobs of a fleet in columns: one row a job, used again when it has left, so that a job costs
 * no allocation. Rows hang in rings (a replica's line, its jobs in service) through two columns;
 * a ring's head is a row without a job. */
import type { Job } from './job.ts';

/** No row, no event. */
export const NONE = -1;

/** Rows of jobs. A column is replaced when the table grows: do not keep one. */
export class JobTable<J extends Job> {
  /** When it was offered, in µs. */
  offeredUs: Float64Array<ArrayBuffer>;
  /** When a worker took it, in µs. */
  startedUs: Float64Array<ArrayBuffer>;
  /** Work left when it was last booked; under processor sharing: the service each job of the
   * replica has attained when this one is done. */
  workUs: Float64Array<ArrayBuffer>;
  /** When the work was last booked, in µs; under processor sharing: the order of arrival. */
  mark: Float64Array<ArrayBuffer>;
  /** The event that ends its service. */
  event: Float64Array<ArrayBuffer>;
  /** Index of its replica. */
  replica: Int32Array<ArrayBuffer>;
  next: Int32Array<ArrayBuffer>;
  previous: Int32Array<ArrayBuffer>;
  readonly #jobs: (J | undefined)[] = [];
  #capacity: number;
  #used = 0;
  #free = NONE;

  constructor(capacity = 256) {
    this.#capacity = capacity;
    this.offeredUs = new Float64Array(capacity);
    this.startedUs = new Float64Array(capacity);
    this.workUs = new Float64Array(capacity);
    this.mark = new Float64Array(capacity);
    this.event = new Float64Array(capacity);
    this.replica = new Int32Array(capacity);
    this.next = new Int32Array(capacity);
    this.previous = new Int32Array(capacity);
  }

  /** A row for a job; it hangs nowhere yet. */
  add(job: J, replica: number, nowUs: number): number {
    const row = this.#takeRow();
    this.#jobs[row] = job;
    this.replica[row] = replica;
    this.offeredUs[row] = nowUs;
    this.event[row] = NONE;
    return row;
  }

  /** Gives back a row that hangs nowhere. @returns its job. */
  remove(row: number): J {
    const job = this.#jobs[row] as J;
    this.#jobs[row] = undefined;
    this.next[row] = this.#free;
    this.#free = row;
    return job;
  }

  job(row: number): J {
    return this.#jobs[row] as J;
  }

  /** The jobs inside, and how long they have been there. Cost O(rows ever used). */
  inside(nowUs: number): { readonly count: number; readonly sojournUs: number } {
    let count = 0;
    let sojournUs = 0;
    for (let row = 0; row < this.#used; row += 1) {
      if (this.#jobs[row] === undefined) continue;
      count += 1;
      sojournUs += nowUs - (this.offeredUs[row] as number);
    }
    return { count, sojournUs };
  }

  /** Makes an empty ring. @returns the row of its head. */
  createRing(): number {
    const head = this.#takeRow();
    this.#jobs[head] = undefined;
    this.next[head] = head;
    this.previous[head] = head;
    return head;
  }

  /** Hangs a row in at the end. */
  append(head: number, row: number): void {
    const last = this.previous[head] as number;
    this.next[last] = row;
    this.previous[row] = last;
    this.next[row] = head;
    this.previous[head] = row;
  }

  /** Takes a row out of its ring. */
  unlink(row: number): void {
    const following = this.next[row] as number;
    const preceding = this.previous[row] as number;
    this.next[preceding] = following;
    this.previous[following] = preceding;
  }

  /** The first row of a ring, or NONE. */
  first(head: number): number {
    const row = this.next[head] as number;
    return row === head ? NONE : row;
  }

  /** The last row of a ring, or NONE. */
  last(head: number): number {
    const row = this.previous[head] as number;
    return row === head ? NONE : row;
  }

  /** The row after `row`, or NONE at the end. */
  following(head: number, row: number): number {
    const next = this.next[row] as number;
    return next === head ? NONE : next;
  }

  #takeRow(): number {
    const row = this.#free;
    if (row !== NONE) {
      this.#free = this.next[row] as number;
      return row;
    }
    if (this.#used === this.#capacity) this.#grow();
    this.#used += 1;
    return this.#used - 1;
  }

  #grow(): void {
    const capacity = this.#capacity * 2;
    this.#capacity = capacity;
    this.offeredUs = copied(this.offeredUs, new Float64Array(capacity));
    this.startedUs = copied(this.startedUs, new Float64Array(capacity));
    this.workUs = copied(this.workUs, new Float64Array(capacity));
    this.mark = copied(this.mark, new Float64Array(capacity));
    this.event = copied(this.event, new Float64Array(capacity));
    this.replica = copied(this.replica, new Int32Array(capacity));
    this.next = copied(this.next, new Int32Array(capacity));
    this.previous = copied(this.previous, new Int32Array(capacity));
  }
}

function copied<A extends Float64Array | Int32Array>(from: A, into: A): A {
  into.set(from);
  return into;
}
