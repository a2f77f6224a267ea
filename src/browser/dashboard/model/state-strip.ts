/** What state something was in, and when: a strip of stretches, such as a breaker's. Spec: L70. */

/** A stretch of one state. */
export interface StateStretch<S extends string> {
  readonly fromUs: number;
  readonly toUs: number;
  readonly state: S;
}

const STRETCHES_MAX = 600;

/** The stretches, the oldest first; beyond 600 the oldest are dropped. */
export class StateStrip<S extends string> {
  readonly #stretches: StateStretch<S>[] = [];

  /** From the moment before until `atUs` it is in `state`, as far as anybody saw. */
  add(atUs: number, state: S): void {
    this.forgetAfter(atUs);
    const last = this.#stretches.at(-1);
    if (last?.state === state) {
      this.#stretches[this.#stretches.length - 1] = { ...last, toUs: atUs };
      return;
    }
    this.#stretches.push({ fromUs: last?.toUs ?? atUs, toUs: atUs, state });
    if (this.#stretches.length > STRETCHES_MAX) this.#stretches.shift();
  }

  /** Drops what is later than `atUs`. */
  forgetAfter(atUs: number): void {
    while ((this.#stretches.at(-1)?.fromUs ?? -1) > atUs) this.#stretches.pop();
    const last = this.#stretches.at(-1);
    if (last !== undefined && last.toUs > atUs) {
      this.#stretches[this.#stretches.length - 1] = { ...last, toUs: atUs };
    }
  }

  get stretches(): readonly StateStretch<S>[] {
    return this.#stretches;
  }
}
