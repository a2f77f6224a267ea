/** What an adaptive concurrency limit learns from and what it is: a pure reducer from finished
 * requests to how many may be in flight. The algorithms are beside this file. Spec: Q40–Q43. */

/** One finished request, or one window of them. */
export interface LimitSample {
  /** From start to end, µs; less than 1 counts as 1. */
  readonly durationUs: number;
  /** Requests in flight when it started, itself included. */
  readonly inFlight: number;
  /** Whether it was dropped: timed out or turned away for lack of capacity. */
  readonly dropped: boolean;
  /** When it ended. */
  readonly nowUs: number;
  /** A uniform in (0, 1) of its own; read where an algorithm draws the time of its next probe. */
  readonly u: number;
}

/** A limit on requests in flight that adapts to samples. States are plain data. */
export interface ConcurrencyLimit<S> {
  readonly initial: S;
  /** Requests that may be in flight: a whole number within the configured bounds. */
  limitOf(state: S): number;
  /** The state after a sample; the same object where nothing changes. */
  onSample(state: S, sample: LimitSample): S;
}

/** Bounds that every adaptive limit keeps: 1 ≤ minLimit ≤ initialLimit ≤ maxLimit. */
export interface LimitBounds {
  readonly initialLimit: number;
  readonly minLimit: number;
  readonly maxLimit: number;
}
