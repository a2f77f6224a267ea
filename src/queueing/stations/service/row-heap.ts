/** A binary heap of rows of a job table, by (`workUs`, `mark`): the smallest work first, equal ones
 * in the order of their marks. */
import type { Job } from '../job.ts';
import { type JobTable, NONE } from '../job-table.ts';

/** Rows in heap order. The columns of a row must not change while it is in. */
export class RowHeap {
  readonly #table: JobTable<Job>;
  readonly #rows: number[] = [];

  constructor(table: JobTable<Job>) {
    this.#table = table;
  }

  /** The smallest row, or NONE. */
  first(): number {
    return this.#rows[0] ?? NONE;
  }

  /** Puts a row in. Cost O(log n). */
  push(row: number): void {
    const rows = this.#rows;
    let place = rows.length;
    rows.push(row);
    while (place > 0) {
      const parent = (place - 1) >> 1;
      const above = rows[parent] as number;
      if (!this.#isBefore(row, above)) break;
      rows[place] = above;
      place = parent;
    }
    rows[place] = row;
  }

  /** Takes the smallest row out. Cost O(log n). */
  pop(): void {
    const rows = this.#rows;
    const row = rows.pop();
    const size = rows.length;
    if (row === undefined || size === 0) return;
    let place = 0;
    for (let child = 1; child < size; child = 2 * place + 1) {
      const right = child + 1;
      if (right < size && this.#isBefore(rows[right] as number, rows[child] as number)) {
        child = right;
      }
      const below = rows[child] as number;
      if (!this.#isBefore(below, row)) break;
      rows[place] = below;
      place = child;
    }
    rows[place] = row;
  }

  /** Takes a row out, wherever it is. Cost O(n log n). */
  remove(row: number): void {
    const others = this.#rows.filter((one) => one !== row);
    this.clear();
    for (const other of others) this.push(other);
  }

  /** Empties the heap. */
  clear(): void {
    this.#rows.length = 0;
  }

  #isBefore(a: number, b: number): boolean {
    const { workUs, mark } = this.#table;
    const difference = (workUs[a] as number) - (workUs[b] as number);
    if (difference !== 0) return difference < 0;
    return (mark[a] as number) < (mark[b] as number);
  }
}
