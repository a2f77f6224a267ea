/** What a circuit breaker is: it watches how calls to a service end, turns calls away while too
 * many fail, and after a pause lets a few through as trials. Pure: states are plain data and are
 * never changed; nothing needs a timer, because time comes with every question. Spec: Q26. */

/** Closed: calls pass. Open: calls are turned away. Half-open: trials are under way. A breaker
 * whose pause is over is still open; the call that is then admitted makes it half-open. */
export type BreakerStatus = 'closed' | 'open' | 'half-open';

/** How a call ended. */
export interface CallSample {
  readonly ok: boolean;
  readonly durationUs: number;
  readonly nowUs: number;
}

/** A circuit breaker over states of type S. Times never go back. */
export interface CircuitBreaker<S> {
  readonly initial: S;
  /** A call asks to pass. Every admitted call ends in `record` or `cancel`. */
  admit(state: S, nowUs: number): { readonly state: S; readonly admitted: boolean };
  /** An admitted call ended. Like the originals, the breaker does not ask when it began: a late
   * result speaks to the status it finds. */
  record(state: S, sample: CallSample): S;
  /** An admitted call ended without a result: never sent, or given up with its page. */
  cancel(state: S, nowUs: number): S;
  statusOf(state: S, nowUs: number): BreakerStatus;
}
