/** Timers by time: a binary heap in two flat arrays, so that each of millions costs 16 bytes. */

/** Holds references until their time. Order among equal times is not defined: callers sort. */
export class TimerHeap<Ref> {
  #times = new Float64Array(16);
  readonly #refs: Ref[] = [];
  #size = 0;

  get size(): number {
    return this.#size;
  }

  /** The least time; NaN where the heap is empty, so that no comparison with it is true. */
  get nextUs(): number {
    return this.#size === 0 ? Number.NaN : (this.#times[0] as number);
  }

  push(timeUs: number, ref: Ref): void {
    if (this.#size === this.#times.length) this.#grow();
    const times = this.#times;
    const refs = this.#refs;
    let at = this.#size++;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      const parentUs = times[parent] as number;
      if (parentUs <= timeUs) break;
      times[at] = parentUs;
      refs[at] = refs[parent] as Ref;
      at = parent;
    }
    times[at] = timeUs;
    refs[at] = ref;
  }

  /** Takes the reference with the least time. The heap must not be empty. */
  pop(): Ref {
    const times = this.#times;
    const refs = this.#refs;
    const top = refs[0] as Ref;
    const size = --this.#size;
    const lastUs = times[size] as number;
    const last = refs.pop() as Ref;
    if (size === 0) return top;
    let at = 0;
    for (;;) {
      let child = 2 * at + 1;
      if (child >= size) break;
      if (child + 1 < size && (times[child + 1] as number) < (times[child] as number)) child += 1;
      const childUs = times[child] as number;
      if (childUs >= lastUs) break;
      times[at] = childUs;
      refs[at] = refs[child] as Ref;
      at = child;
    }
    times[at] = lastUs;
    refs[at] = last;
    return top;
  }

  clear(): void {
    this.#times = new Float64Array(16);
    this.#refs.length = 0;
    this.#size = 0;
  }

  #grow(): void {
    const { length } = this.#times;
    const grown = new Float64Array(length < 1_048_576 ? length * 2 : Math.ceil(length * 1.5));
    grown.set(this.#times);
    this.#times = grown;
  }
}
