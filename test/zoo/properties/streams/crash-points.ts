/** Points at which something can crash: whoever passes one counts it, and dies where a crash was
 * drawn. The lives after a crash go on counting, so that crashes meet recoveries too. */

/** A process died. */
export class Crash extends Error {}

/** Counts points and crashes at those that were drawn, once each. */
export class CrashPoints {
  readonly #at: readonly number[];
  #passed = 0;
  #crashes = 0;

  /** @param gaps - Points that pass before each crash, since the one before. */
  constructor(gaps: readonly number[]) {
    this.#at = gaps.map((_, i) => gaps.slice(0, i + 1).reduce((sum, gap) => sum + gap + 1, 0));
  }

  /** Crashes that happened. */
  get crashes(): number {
    return this.#crashes;
  }

  pass(): void {
    this.#passed += 1;
    if (this.#at[this.#crashes] !== this.#passed) return;
    this.#crashes += 1;
    throw new Crash(`at point ${this.#passed}`);
  }

  /** Before and after an act. */
  around<T>(act: () => T): T {
    this.pass();
    const result = act();
    this.pass();
    return result;
  }
}

/** Lives until one reaches its end. @param live - Throws a {@link Crash} where it dies. */
export function liveOn<T>(live: () => T): T {
  for (;;) {
    try {
      return live();
    } catch (cause) {
      if (!(cause instanceof Crash)) throw cause;
    }
  }
}
