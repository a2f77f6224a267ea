/** A bulkhead: at most `maxConcurrent` calls of a client to a service are under way, so that one
 * slow service cannot take all of the client with it. One more waits in line (first come first
 * served) for at most `maxWaitUs`, where there is a line; else it is turned away. Defaults: 25 and
 * no waiting (resilience4j's semaphore bulkhead); Hystrix has 10. Spec: Q30. */

/** How many at once, and who may wait. */
export interface BulkheadConfig {
  readonly kind: 'semaphore';
  readonly maxConcurrent: number;
  readonly maxWaiting: number;
  readonly maxWaitUs: number;
}

/** Plain data. `T` names a waiting call. */
export interface BulkheadState<T> {
  readonly active: number;
  /** In the order of their coming, which is that of their deadlines. */
  readonly waiting: readonly { readonly call: T; readonly deadlineUs: number }[];
}

/** A bulkhead as pure functions of its state. */
export interface Bulkhead<T> {
  readonly initial: BulkheadState<T>;
  /** A call comes. Cost O(1), O(waiting) where it waits. */
  enter(
    state: BulkheadState<T>,
    call: T,
    nowUs: number,
  ): {
    readonly state: BulkheadState<T>;
    readonly verdict: 'started' | 'waiting' | 'rejected';
  };
  /** A started call ended. @returns the waiting call that takes its place, if there is one whose
   * wait is not over. */
  leave(
    state: BulkheadState<T>,
    nowUs: number,
  ): { readonly state: BulkheadState<T>; readonly next: T | undefined };
  /** A waiting call is given up: the place in line is another's. One that does not wait is none.
   * @param isIt - Picks the call. Cost O(waiting). */
  withdraw(
    state: BulkheadState<T>,
    isIt: (call: T) => boolean,
  ): { readonly state: BulkheadState<T>; readonly withdrawn: T | undefined };
  /** Turns out the calls whose wait ends now or ended before. */
  expire(
    state: BulkheadState<T>,
    nowUs: number,
  ): { readonly state: BulkheadState<T>; readonly expired: readonly T[] };
}

/** resilience4j's defaults. */
export const DEFAULT_BULKHEAD: BulkheadConfig = {
  kind: 'semaphore',
  maxConcurrent: 25,
  maxWaiting: 0,
  maxWaitUs: 0,
};

/** Makes the bulkhead. */
export function createBulkhead<T>(config: BulkheadConfig): Bulkhead<T> {
  return {
    initial: { active: 0, waiting: [] },
    enter(state, call, nowUs) {
      const { active, waiting } = state;
      if (active < config.maxConcurrent) {
        return { state: { active: active + 1, waiting }, verdict: 'started' };
      }
      if (waiting.length >= config.maxWaiting || config.maxWaitUs === 0) {
        return { state, verdict: 'rejected' };
      }
      const entry = { call, deadlineUs: nowUs + config.maxWaitUs };
      return { state: { active, waiting: [...waiting, entry] }, verdict: 'waiting' };
    },
    leave(state, nowUs) {
      const { active, waiting } = state;
      const index = waiting.findIndex(({ deadlineUs }) => deadlineUs >= nowUs);
      const next = waiting[index];
      if (next === undefined) {
        return { state: { active: Math.max(0, active - 1), waiting }, next: undefined };
      }
      return { state: { active, waiting: waiting.toSpliced(index, 1) }, next: next.call };
    },
    withdraw(state, isIt) {
      const { active, waiting } = state;
      const index = waiting.findIndex(({ call }) => isIt(call));
      const found = waiting[index];
      if (found === undefined) return { state, withdrawn: undefined };
      return { state: { active, waiting: waiting.toSpliced(index, 1) }, withdrawn: found.call };
    },
    expire(state, nowUs) {
      const { active, waiting } = state;
      const count = waiting.findLastIndex(({ deadlineUs }) => deadlineUs <= nowUs) + 1;
      if (count === 0) return { state, expired: [] };
      const expired = waiting.slice(0, count).map(({ call }) => call);
      return { state: { active, waiting: waiting.slice(count) }, expired };
    },
  };
}
