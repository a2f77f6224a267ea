/** Pending events by when they are due: time, priority, order of scheduling. A plain binary heap:
 * an order of its own to hold the kernel's timing wheel against. */

/** One scheduled event. */
export interface DueEvent {
  readonly dueUs: number;
  readonly priority: number;
  readonly sequence: number;
  readonly handler: number;
  readonly target: number;
  readonly payload: unknown;
  /** What became of it. */
  state: 'pending' | 'cancelled' | 'ran';
}

/** Whether an event is due before another. */
export function isBefore(a: DueEvent, b: DueEvent): boolean {
  if (a.dueUs !== b.dueUs) return a.dueUs < b.dueUs;
  if (a.priority !== b.priority) return a.priority < b.priority;
  return a.sequence < b.sequence;
}

/** The heap. Cost of a change O(log size). */
export class DueHeap {
  readonly #rows: DueEvent[] = [];

  get top(): DueEvent | undefined {
    return this.#rows[0];
  }

  /** All of them, in no order. */
  get all(): readonly DueEvent[] {
    return this.#rows;
  }

  push(event: DueEvent): void {
    const rows = this.#rows;
    let at = rows.push(event) - 1;
    while (at > 0) {
      const up = (at - 1) >> 1;
      if (!isBefore(event, rows[up] as DueEvent)) break;
      rows[at] = rows[up] as DueEvent;
      at = up;
    }
    rows[at] = event;
  }

  pop(): void {
    const rows = this.#rows;
    const last = rows.pop();
    if (last === undefined || rows.length === 0) return;
    let at = 0;
    for (let below = 1; below < rows.length; below = 2 * at + 1) {
      const right = rows[below + 1];
      if (right !== undefined && isBefore(right, rows[below] as DueEvent)) below += 1;
      if (!isBefore(rows[below] as DueEvent, last)) break;
      rows[at] = rows[below] as DueEvent;
      at = below;
    }
    rows[at] = last;
  }
}
