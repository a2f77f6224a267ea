/** Calls that wait in line, first come first, with the time when each came: a ring buffer, so that
 * a call costs no allocation. */

/** A line of calls. It allocates nothing until somebody waits. */
export class CallLine<C> {
  #calls: (C | undefined)[] = [];
  #sinceUs: number[] = [];
  #head = 0;
  #size = 0;

  get size(): number {
    return this.#size;
  }

  /** When the oldest came; Infinity where nobody waits. */
  get oldestSinceUs(): number {
    return this.#size === 0 ? Number.POSITIVE_INFINITY : (this.#sinceUs[this.#head] as number);
  }

  push(call: C, nowUs: number): void {
    if (this.#size === this.#calls.length) this.#grow();
    const place = (this.#head + this.#size) & (this.#calls.length - 1);
    this.#calls[place] = call;
    this.#sinceUs[place] = nowUs;
    this.#size += 1;
  }

  /** Takes the oldest out. */
  shift(): C | undefined {
    if (this.#size === 0) return undefined;
    const call = this.#calls[this.#head];
    this.#calls[this.#head] = undefined;
    this.#head = (this.#head + 1) & (this.#calls.length - 1);
    this.#size -= 1;
    return call;
  }

  /** Takes a call out wherever it stands. @returns false where it is not here. Cost O(waiting),
   * looking at the oldest first. */
  remove(call: C): boolean {
    const mask = this.#calls.length - 1;
    let at = 0;
    while (at < this.#size && this.#calls[(this.#head + at) & mask] !== call) at += 1;
    if (at === this.#size) return false;
    // Those before it move up by one, so that taking out the oldest costs nothing.
    for (; at > 0; at -= 1) {
      const place = (this.#head + at) & mask;
      const before = (this.#head + at - 1) & mask;
      this.#calls[place] = this.#calls[before];
      this.#sinceUs[place] = this.#sinceUs[before] as number;
    }
    this.shift();
    return true;
  }

  clear(): void {
    this.#calls = [];
    this.#sinceUs = [];
    this.#head = 0;
    this.#size = 0;
  }

  #grow(): void {
    const { length } = this.#calls;
    const calls: (C | undefined)[] = [];
    const sinceUs: number[] = [];
    for (let i = 0; i < Math.max(4, 2 * length); i += 1) {
      const place = (this.#head + i) & (length - 1);
      calls.push(i < length ? this.#calls[place] : undefined);
      sinceUs.push(i < length ? (this.#sinceUs[place] as number) : 0);
    }
    this.#calls = calls;
    this.#sinceUs = sinceUs;
    this.#head = 0;
  }
}
