/** What callers' policies were asked and said: every step of every guard of a run, with the state
 * of its breaker before and after. */
import type { BreakerStatus } from '../../../queueing/calls/breakers/circuit-breaker.ts';
import type { AdmitVerdict, AttemptEnd, CallGuard } from '../../../queueing/calls/call-guard.ts';
import type { CallPolicies } from '../../../queueing/calls/call-policies.ts';
import { type FailedAttempt, wantsRetry } from '../../../queueing/calls/retry-policy.ts';
import type { Happenings } from './happenings.ts';
import { type Signal, Teller } from './signal.ts';
import { wrapMethod } from './wrap-method.ts';

/** The guard of one caller for one server. */
export interface WatchedGuard {
  readonly edge: string;
  readonly policies: CallPolicies;
  readonly guard: CallGuard;
}

type Role = AttemptEnd['role'];

/** What a guard was asked, and what it said. */
export type GuardAsked =
  | { readonly ask: 'admit'; readonly role: Role; readonly verdict: AdmitVerdict }
  | { readonly ask: 'finished'; readonly end: AttemptEnd }
  | { readonly ask: 'cancelled'; readonly role: Role }
  /** Tries that waited and never left. */
  | { readonly ask: 'left-line'; readonly roles: readonly Role[] }
  | { readonly ask: 'retry'; readonly failed: FailedAttempt; readonly granted: boolean }
  | { readonly ask: 'hedge'; readonly sent: number; readonly granted: boolean }
  | { readonly ask: 'given-back' };

/** One step of a guard. */
export type GuardStep = GuardAsked & {
  readonly of: WatchedGuard;
  readonly nowUs: number;
  readonly before: BreakerStatus;
  readonly after: BreakerStatus;
};

/** Watches guards. */
export class GuardNotes {
  readonly all: WatchedGuard[] = [];
  readonly #byEdge = new Map<string, WatchedGuard[]>();
  readonly #bulkheads = new Map<string, WatchedGuard[]>();
  readonly #steps = new Teller<GuardStep>();
  readonly #happenings: Happenings;
  readonly #now: () => number;

  constructor(happenings: Happenings, now: () => number) {
    this.#happenings = happenings;
    this.#now = now;
  }

  get steps(): Signal<GuardStep> {
    return this.#steps;
  }

  ofEdge(edge: string): readonly WatchedGuard[] {
    return this.#byEdge.get(edge) ?? NONE;
  }

  /** Those of an edge that have a bulkhead. */
  bulkheadsOf(edge: string): readonly WatchedGuard[] {
    return this.#bulkheads.get(edge) ?? NONE;
  }

  watch(edge: string, guard: CallGuard, policies: CallPolicies): void {
    const of: WatchedGuard = { edge, policies, guard };
    this.all.push(of);
    add(this.#byEdge, of);
    if (policies.bulkhead !== undefined) add(this.#bulkheads, of);
    wrapMethod(guard, 'admit', (admit, ...args) =>
      this.#step(of, () => {
        const verdict = admit(...args);
        return [verdict, { ask: 'admit', role: args[2].role, verdict }];
      }),
    );
    wrapMethod(guard, 'finished', (finished, end) =>
      this.#step(of, () => [finished(end), { ask: 'finished', end }]),
    );
    wrapMethod(guard, 'cancelled', (cancelled, nowUs, role) =>
      this.#step(of, () => [cancelled(nowUs, role), { ask: 'cancelled', role }]),
    );
    wrapMethod(guard, 'expireWaiting', (expire, nowUs) =>
      this.#step(of, () => {
        const expired = expire(nowUs);
        return [expired, { ask: 'left-line', roles: expired.map(({ role }) => role) }];
      }),
    );
    wrapMethod(guard, 'withdraw', (withdraw, nowUs, attempt) =>
      this.#step(of, () => {
        const waitingBefore = guard.save().bulkhead?.waiting.length ?? 0;
        withdraw(nowUs, attempt);
        const waited = (guard.save().bulkhead?.waiting.length ?? 0) < waitingBefore;
        return [undefined, { ask: 'left-line', roles: waited ? [attempt.role] : [] }];
      }),
    );
    wrapMethod(guard, 'mayRetry', (mayRetry, failed, nowUs) =>
      this.#step(of, () => {
        const granted = mayRetry(failed, nowUs);
        return [granted, { ask: 'retry', failed, granted }];
      }),
    );
    wrapMethod(guard, 'mayHedge', (mayHedge, nowUs, sent) =>
      this.#step(of, () => {
        const granted = mayHedge(nowUs, sent);
        return [granted, { ask: 'hedge', sent, granted }];
      }),
    );
    wrapMethod(guard, 'abandonExtra', (abandonExtra) =>
      this.#step(of, () => [abandonExtra(), { ask: 'given-back' }]),
    );
  }

  #step<R>(of: WatchedGuard, ask: () => readonly [R, GuardAsked]): R {
    const nowUs = this.#now();
    const before = of.guard.breakerStatus(nowUs);
    const [result, asked] = ask();
    const after = of.guard.breakerStatus(nowUs);
    this.#count(of, asked);
    this.#countBreaker(before, after);
    if (this.#steps.isHeard) this.#steps.tell({ ...asked, of, nowUs, before, after });
    return result;
  }

  #countBreaker(before: BreakerStatus, after: BreakerStatus): void {
    if (after === before) return;
    const happened = this.#happenings;
    if (after === 'open') happened['breaker-opened'] += 1;
    else if (after === 'half-open') happened['breaker-half-opened'] += 1;
    else happened['breaker-closed-again'] += 1;
  }

  #count({ policies }: WatchedGuard, asked: GuardAsked): void {
    const happened = this.#happenings;
    if (asked.ask === 'retry') {
      happened[asked.granted ? 'retry-granted' : 'retry-refused'] += 1;
      const isBudget = !asked.granted && wantsRetry(policies.retry, asked.failed);
      if (isBudget) happened['retry-budget-exhausted'] += 1;
    }
    if (asked.ask === 'hedge' && asked.granted) happened['hedge-sent'] += 1;
    if (asked.ask !== 'admit') return;
    if (asked.verdict === 'breaker-open') happened['breaker-turned-away'] += 1;
    else if (asked.verdict === 'bulkhead-full') happened['bulkhead-full'] += 1;
    else if (asked.verdict === 'waiting') happened['bulkhead-waited'] += 1;
    else if (asked.verdict === 'throttled') happened['call-throttled'] += 1;
  }
}

const NONE: readonly WatchedGuard[] = [];

function add(to: Map<string, WatchedGuard[]>, one: WatchedGuard): void {
  const ofEdge = to.get(one.edge);
  if (ofEdge === undefined) to.set(one.edge, [one]);
  else ofEdge.push(one);
}
