/** The reference of the kernel bench: a plain binary heap of objects with closures, as one would
 * write it without thinking of memory. Same order, same work. */

interface Entry {
  readonly timeUs: number;
  readonly sequence: number;
  readonly run: () => void;
}

/** A future event list of objects. */
export class ObjectHeap {
  readonly #entries: Entry[] = [];
  #sequence = 0;
  nowUs = 0;

  schedule(delayUs: number, run: () => void): void {
    const entries = this.#entries;
    const entry = { timeUs: this.nowUs + delayUs, sequence: this.#sequence, run };
    this.#sequence += 1;
    let position = entries.push(entry) - 1;
    while (position > 0) {
      const parent = (position - 1) >> 1;
      const other = entries[parent];
      if (other === undefined || isBefore(other, entry)) break;
      entries[position] = other;
      position = parent;
    }
    entries[position] = entry;
  }

  step(): void {
    const entries = this.#entries;
    const first = entries[0];
    const last = entries.pop();
    if (first === undefined || last === undefined) return;
    if (entries.length > 0) this.#sink(last);
    this.nowUs = first.timeUs;
    first.run();
  }

  #sink(entry: Entry): void {
    const entries = this.#entries;
    let position = 0;
    for (let child = 1; child < entries.length; child = position * 2 + 1) {
      const right = entries[child + 1];
      const left = entries[child];
      const best =
        right !== undefined && left !== undefined && isBefore(right, left) ? right : left;
      if (best === undefined || isBefore(entry, best)) break;
      entries[position] = best;
      position = best === left ? child : child + 1;
    }
    entries[position] = entry;
  }
}

function isBefore(a: Entry, b: Entry): boolean {
  return a.timeUs < b.timeUs || (a.timeUs === b.timeUs && a.sequence < b.sequence);
}
