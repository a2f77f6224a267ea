/** What a client holds for one service: the states of its call policies, behind the questions
 * that a simulated call asks on its way. Mutable for the hot path; all that it knows are the plain
 * states of the pure policies, so it can be saved. A policy that is absent costs a comparison. For
 * each attempt: `admit`; unless it was refused, one of `finished` and `cancelled`, or `withdraw`
 * while it waits. Spec: Q36, Q37. */
import {
  type AdaptiveThrottle,
  type AdaptiveThrottleState,
  createAdaptiveThrottle,
} from './adaptive-throttle.ts';
import { type BackoffState, type BackoffStep, nextBackoff, pushedBack } from './backoff.ts';
import type { BreakerStatus, CircuitBreaker } from './breakers/circuit-breaker.ts';
import {
  type CircuitBreakerState,
  createCircuitBreaker,
} from './breakers/create-circuit-breaker.ts';
import { createRetryBudget, type RetryBudgetState } from './budgets/create-retry-budget.ts';
import type { RetryBudget } from './budgets/retry-budget.ts';
import { type Bulkhead, type BulkheadState, createBulkhead } from './bulkhead.ts';
import type { CallFailure } from './call-failure.ts';
import type { CallPolicies } from './call-policies.ts';
import { remainingUs } from './deadline.ts';
import { chooseFallback, type DegradedAnswer, type FailedCall } from './fallback.ts';
import { createHedging, type HedgeState, type Hedging } from './hedging.ts';
import { type FailedAttempt, wantsRetry } from './retry-policy.ts';

/** One attempt of a call. Retries and hedges are extra attempts, which budgets pay for. */
export interface Attempt {
  /** The caller's number for the attempt: it comes back where the attempt waited in line. */
  readonly id: number;
  readonly role: 'first' | 'retry' | 'hedge';
}

/** `waiting`: for a place in the bulkhead; its timeout is `expireWaiting` after `maxWaitUs`. */
export type AdmitVerdict = 'admitted' | 'waiting' | 'throttled' | 'breaker-open' | 'bulkhead-full';

/** How an admitted attempt ended. */
export interface AttemptEnd {
  /** Undefined for a success. */
  readonly failure: CallFailure | undefined;
  readonly durationUs: number;
  readonly nowUs: number;
  readonly role: Attempt['role'];
  /** Retries: the failure that this attempt answered to. */
  readonly retryOf?: CallFailure | undefined;
}

/** The states of the policies that a guard has: plain data. */
export interface CallGuardState {
  readonly active: number;
  readonly activeExtra: number;
  readonly budget?: RetryBudgetState | undefined;
  readonly breaker?: CircuitBreakerState | undefined;
  readonly bulkhead?: BulkheadState<Attempt> | undefined;
  readonly hedge?: HedgeState | undefined;
  readonly throttle?: AdaptiveThrottleState | undefined;
}

/** A caller's policies for one service, at work. Times in µs and never going back. */
export interface CallGuard {
  /** An attempt wants out. Asked in this order: breaker, bulkhead, throttle; who refuses leaves the
   * others as they were. @param u - A uniform in (0, 1), for the throttle. */
  admit(nowUs: number, u: number, attempt: Attempt): AdmitVerdict;
  /** An attempt that was on its way ended. @returns the waiting attempt that starts now. */
  finished(end: AttemptEnd): Attempt | undefined;
  /** An attempt on its way was given up without a result: a hedge that lost, a page that is gone.
   * @returns the waiting attempt that starts now. */
  cancelled(nowUs: number, role: Attempt['role']): Attempt | undefined;
  /** @returns the waiting attempts whose wait is over: `bulkhead-full`, and done with. */
  expireWaiting(nowUs: number): readonly Attempt[];
  /** A waiting attempt is given up: nothing is left of it. One that does not wait is none. */
  withdraw(nowUs: number, attempt: Attempt): void;
  /** Whether a failed attempt is followed by another: asks the policy, then pays the budget. What
   * is granted is admitted later as a retry, or handed back by `abandonExtra`. */
  mayRetry(failed: FailedAttempt, nowUs: number): boolean;
  /** Whether a hedge may be sent: within its cap, and paid by the budget. @param sent - Hedges that
   * the call has sent. What is granted is admitted as a hedge. */
  mayHedge(nowUs: number, sent: number): boolean;
  /** A granted retry or hedge is not made after all. What it cost stays paid. */
  abandonExtra(): void;
  /** The pause before a granted retry. @param u - A uniform in (0, 1). @param pushbackUs - The
   * server's word, ≥ 0, which then counts alone. */
  backoff(state: BackoffState, u: number, pushbackUs?: number): BackoffStep;
  /** µs from an attempt to the next hedge; undefined without hedging. */
  hedgeAfterUs(): number | undefined;
  /** µs to the next hedge after an attempt failed; undefined where none follows. */
  hedgeAfterFailureUs(failure: CallFailure, pushbackUs?: number): number | undefined;
  /** µs that an attempt started now is waited for; 0: do not start, it is `too-late`.
   * @param deadlineUs - The inherited deadline, Infinity for none. Without a deadline policy it is
   * not looked at. */
  timeoutUs(nowUs: number, deadlineUs: number): number;
  /** What stands in for a call that failed for good. */
  fallback(call: FailedCall): DegradedAnswer | undefined;
  breakerStatus(nowUs: number): BreakerStatus;
  /** Whatever the breaker thinks: open turns everybody away, closed lets everybody pass; undefined
   * leaves it to the breaker again, which learned of all that ended meanwhile. For questions of
   * the kind "what if it had opened here"; not saved. Spec: E395. */
  holdBreaker(status: 'open' | 'closed' | undefined): void;
  save(): CallGuardState;
}

/** Hears of what a guard decides. It is told after the fact and changes nothing; a guard without a
 * breaker or a budget has nothing to tell of it. */
export interface GuardWatch {
  breakerChanged(from: BreakerStatus, to: BreakerStatus, nowUs: number): void;
  /** The budget was asked for a retry or a hedge that the policy wants. */
  extraAsked(isGranted: boolean, nowUs: number): void;
}

/** Makes a guard, new or as it was saved under the same policies. */
export function createCallGuard(
  policies: CallPolicies,
  saved?: CallGuardState,
  watch?: GuardWatch,
): CallGuard {
  return new PolicyGuard(policies, saved, watch);
}

interface Held<P, S> {
  readonly policy: P;
  state: S;
}

function held<P extends { readonly initial: S }, S>(policy: P, saved: S | undefined): Held<P, S> {
  return { policy, state: saved ?? policy.initial };
}

class PolicyGuard implements CallGuard {
  readonly #policies: CallPolicies;
  readonly #budget: Held<RetryBudget<RetryBudgetState>, RetryBudgetState> | undefined;
  readonly #breaker: Held<CircuitBreaker<CircuitBreakerState>, CircuitBreakerState> | undefined;
  readonly #bulkhead: Held<Bulkhead<Attempt>, BulkheadState<Attempt>> | undefined;
  readonly #hedge: Held<Hedging, HedgeState> | undefined;
  readonly #throttle: Held<AdaptiveThrottle, AdaptiveThrottleState> | undefined;
  #active: number;
  #activeExtra: number;
  #heldBreaker: 'open' | 'closed' | undefined;
  readonly #watch: GuardWatch | undefined;
  #toldStatus: BreakerStatus = 'closed';

  constructor(
    policies: CallPolicies,
    saved: CallGuardState | undefined,
    watch: GuardWatch | undefined,
  ) {
    this.#watch = watch;
    const { budget, breaker, bulkhead, hedge, throttle } = policies;
    this.#policies = policies;
    this.#budget = budget && held(createRetryBudget(budget), saved?.budget);
    this.#breaker = breaker && held(createCircuitBreaker(breaker), saved?.breaker);
    this.#bulkhead = bulkhead && held(createBulkhead<Attempt>(bulkhead), saved?.bulkhead);
    this.#hedge = hedge && held(createHedging(hedge), saved?.hedge);
    this.#throttle = throttle && held(createAdaptiveThrottle(throttle), saved?.throttle);
    this.#active = saved?.active ?? 0;
    this.#activeExtra = saved?.activeExtra ?? 0;
  }

  admit(nowUs: number, u: number, attempt: Attempt): AdmitVerdict {
    const isFirst = attempt.role === 'first';
    if (isFirst && this.#budget !== undefined) {
      this.#budget.state = this.#budget.policy.onRequest(this.#budget.state, nowUs);
    }
    const verdict = this.#verdict(nowUs, u, attempt);
    if (verdict === 'admitted' || verdict === 'waiting') {
      this.#active += 1;
      if (isFirst && this.#hedge !== undefined) {
        this.#hedge.state = this.#hedge.policy.onRequest(this.#hedge.state);
      }
    } else if (!isFirst) {
      this.#activeExtra -= 1;
    }
    return verdict;
  }

  #verdict(nowUs: number, u: number, attempt: Attempt): AdmitVerdict {
    const breaker = this.#breaker;
    if (this.#heldBreaker === 'open') return 'breaker-open';
    const passed = breaker?.policy.admit(breaker.state, nowUs);
    if (passed?.admitted === false && this.#heldBreaker === undefined) return 'breaker-open';
    const bulkhead = this.#bulkhead;
    const entered = bulkhead?.policy.enter(bulkhead.state, attempt, nowUs);
    if (entered?.verdict === 'rejected') return 'bulkhead-full';
    if (!this.#passesThrottle(nowUs, u)) return 'throttled';
    if (breaker !== undefined && passed?.admitted === true) {
      breaker.state = passed.state;
      this.#tellBreaker(nowUs);
    }
    if (bulkhead === undefined || entered === undefined) return 'admitted';
    bulkhead.state = entered.state;
    return entered.verdict === 'waiting' ? 'waiting' : 'admitted';
  }

  #passesThrottle(nowUs: number, u: number): boolean {
    const throttle = this.#throttle;
    if (throttle === undefined) return true;
    const { state, admitted } = throttle.policy.admit(throttle.state, nowUs, u);
    throttle.state = state;
    return admitted;
  }

  finished(end: AttemptEnd): Attempt | undefined {
    const { failure, durationUs, nowUs } = end;
    // A caller's own mistake was answered: the service is well.
    const ok = failure === undefined || failure === 'invalid';
    const breaker = this.#breaker;
    if (breaker !== undefined) {
      breaker.state = breaker.policy.record(breaker.state, { ok, durationUs, nowUs });
      this.#tellBreaker(nowUs);
    }
    const throttle = this.#throttle;
    if (throttle !== undefined && ok) {
      throttle.state = throttle.policy.onAccept(throttle.state, nowUs);
    }
    const hedge = this.#hedge;
    if (hedge !== undefined && failure === undefined) {
      hedge.state = hedge.policy.onSuccess(hedge.state, durationUs);
    }
    this.#tellBudget(end);
    return this.#leave(nowUs, end.role);
  }

  #tellBudget({ failure, nowUs, role, retryOf }: AttemptEnd): void {
    const budget = this.#budget;
    if (budget === undefined) return;
    if (failure !== undefined && !this.#policies.retry.retryOn.includes(failure)) return;
    budget.state = budget.policy.onOutcome(budget.state, {
      ok: failure === undefined,
      timedOut: failure === 'timeout',
      nowUs,
      retryOf: role === 'first' ? undefined : retryOf === 'timeout' ? 'timeout' : 'failure',
    });
  }

  cancelled(nowUs: number, role: Attempt['role']): Attempt | undefined {
    this.#cancelAtBreaker(nowUs);
    return this.#leave(nowUs, role);
  }

  expireWaiting(nowUs: number): readonly Attempt[] {
    const bulkhead = this.#bulkhead;
    if (bulkhead === undefined) return [];
    const { state, expired } = bulkhead.policy.expire(bulkhead.state, nowUs);
    bulkhead.state = state;
    for (const { role } of expired) this.#neverLeft(nowUs, role);
    return expired;
  }

  withdraw(nowUs: number, attempt: Attempt): void {
    const bulkhead = this.#bulkhead;
    if (bulkhead === undefined) return;
    const isIt = ({ id }: Attempt) => id === attempt.id;
    const { state, withdrawn } = bulkhead.policy.withdraw(bulkhead.state, isIt);
    bulkhead.state = state;
    if (withdrawn !== undefined) this.#neverLeft(nowUs, withdrawn.role);
  }

  /** A waiting attempt is gone: its trial is another's. */
  #neverLeft(nowUs: number, role: Attempt['role']): void {
    this.#cancelAtBreaker(nowUs);
    this.#forget(role);
  }

  #cancelAtBreaker(nowUs: number): void {
    const breaker = this.#breaker;
    if (breaker === undefined) return;
    breaker.state = breaker.policy.cancel(breaker.state, nowUs);
    this.#tellBreaker(nowUs);
  }

  #tellBreaker(nowUs: number): void {
    if (this.#watch === undefined) return;
    const status = this.breakerStatus(nowUs);
    if (status === this.#toldStatus) return;
    this.#watch.breakerChanged(this.#toldStatus, status, nowUs);
    this.#toldStatus = status;
  }

  #leave(nowUs: number, role: Attempt['role']): Attempt | undefined {
    this.#forget(role);
    const bulkhead = this.#bulkhead;
    if (bulkhead === undefined) return undefined;
    const { state, next } = bulkhead.policy.leave(bulkhead.state, nowUs);
    bulkhead.state = state;
    return next;
  }

  #forget(role: Attempt['role']): void {
    this.#active -= 1;
    if (role !== 'first') this.#activeExtra -= 1;
  }

  mayRetry(failed: FailedAttempt, nowUs: number): boolean {
    if (!wantsRetry(this.#policies.retry, failed)) return false;
    return this.#payForExtra(nowUs, failed.failure === 'timeout');
  }

  mayHedge(nowUs: number, sent: number): boolean {
    const hedge = this.#hedge;
    if (hedge === undefined) return false;
    const { state, allowed } = hedge.policy.tryHedge(hedge.state, sent);
    if (!allowed || !this.#payForExtra(nowUs, false)) return false;
    hedge.state = state;
    return true;
  }

  #payForExtra(nowUs: number, timedOut: boolean): boolean {
    const budget = this.#budget;
    if (budget !== undefined) {
      const { state, allowed } = budget.policy.tryRetry(budget.state, {
        nowUs,
        activeRequests: this.#active,
        activeRetries: this.#activeExtra,
        timedOut,
      });
      budget.state = state;
      this.#watch?.extraAsked(allowed, nowUs);
      if (!allowed) return false;
    }
    this.#activeExtra += 1;
    return true;
  }

  abandonExtra(): void {
    this.#activeExtra -= 1;
  }

  backoff(state: BackoffState, u: number, pushbackUs?: number): BackoffStep {
    const pushed = pushbackUs === undefined ? undefined : pushedBack(pushbackUs);
    return pushed ?? nextBackoff(this.#policies.retry.backoff, state, u);
  }

  hedgeAfterUs(): number | undefined {
    return this.#hedge?.policy.delayUs(this.#hedge.state);
  }

  hedgeAfterFailureUs(failure: CallFailure, pushbackUs?: number): number | undefined {
    return this.#hedge?.policy.afterFailureUs(failure, pushbackUs);
  }

  timeoutUs(nowUs: number, deadlineUs: number): number {
    const { timeoutUs, deadline } = this.#policies;
    return deadline === undefined
      ? timeoutUs
      : remainingUs(deadline, { timeoutUs, nowUs, deadlineUs });
  }

  fallback(call: FailedCall): DegradedAnswer | undefined {
    const { fallback } = this.#policies;
    return fallback === undefined ? undefined : chooseFallback(fallback, call);
  }

  breakerStatus(nowUs: number): BreakerStatus {
    if (this.#heldBreaker !== undefined) return this.#heldBreaker;
    const breaker = this.#breaker;
    return breaker === undefined ? 'closed' : breaker.policy.statusOf(breaker.state, nowUs);
  }

  holdBreaker(status: 'open' | 'closed' | undefined): void {
    this.#heldBreaker = status;
  }

  save(): CallGuardState {
    return {
      active: this.#active,
      activeExtra: this.#activeExtra,
      budget: this.#budget?.state,
      breaker: this.#breaker?.state,
      bulkhead: this.#bulkhead?.state,
      hedge: this.#hedge?.state,
      throttle: this.#throttle?.state,
    };
  }
}
