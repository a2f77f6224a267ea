/** Edges and their callers' policies as invariants see them. */
import type { EdgeNotes } from '../notes/call-notes.ts';
import type { GuardNotes, WatchedGuard } from '../notes/guard-notes.ts';
import type { BulkheadView, EdgeView, GuardView } from './world-view.ts';

class LiveGuard implements GuardView {
  readonly #of: WatchedGuard;
  readonly #now: () => number;

  constructor(of: WatchedGuard, now: () => number) {
    this.#of = of;
    this.#now = now;
  }

  get breaker(): GuardView['breaker'] {
    const { guard, policies } = this.#of;
    return policies.breaker === undefined ? undefined : guard.breakerStatus(this.#now());
  }

  get active(): number {
    return this.#of.guard.save().active;
  }

  get activeExtra(): number {
    return this.#of.guard.save().activeExtra;
  }

  get bulkhead(): BulkheadView | undefined {
    const { bulkhead: config } = this.#of.policies;
    const state = config && this.#of.guard.save().bulkhead;
    if (config === undefined || state === undefined) return undefined;
    const { maxConcurrent, maxWaiting } = config;
    return { active: state.active, waiting: state.waiting.length, maxConcurrent, maxWaiting };
  }
}

/** An edge, live. */
export class LiveEdge implements EdgeView {
  readonly name: string;
  readonly from: string;
  readonly to: string;
  readonly #notes: EdgeNotes;
  readonly #guards: GuardNotes;
  readonly #now: () => number;
  readonly #live: LiveGuard[] = [];

  constructor(notes: EdgeNotes, guards: GuardNotes, now: () => number) {
    this.name = notes.edge.account.name;
    const [from = '', to = ''] = this.name.split('→');
    this.from = from;
    this.to = to;
    this.#notes = notes;
    this.#guards = guards;
    this.#now = now;
  }

  get calls(): number {
    return this.#notes.edge.account.calls;
  }

  get settled(): EdgeView['settled'] {
    return this.#notes.edge.account.settled;
  }

  get abandoned(): number {
    return this.#notes.edge.account.abandoned;
  }

  get openCalls(): number {
    return this.#notes.open.size;
  }

  get tries(): number {
    return this.#notes.edge.account.attempts;
  }

  get retries(): number {
    return this.#notes.edge.account.retries;
  }

  get hedges(): number {
    return this.#notes.edge.account.hedges;
  }

  get answers(): number {
    return this.#notes.edge.account.answers;
  }

  get errors(): number {
    return this.#notes.edge.account.errors;
  }

  get timeouts(): number {
    return this.#notes.edge.account.timeouts;
  }

  get hangUps(): number {
    return this.#notes.edge.account.hangUps;
  }

  /** Those that wait for a place in a bulkhead have not been sent. */
  get openTries(): number {
    let waiting = 0;
    for (const { guard } of this.#guards.bulkheadsOf(this.name)) {
      waiting += guard.save().bulkhead?.waiting.length ?? 0;
    }
    return this.#notes.openTries - waiting;
  }

  get guards(): readonly GuardView[] {
    const all = this.#guards.ofEdge(this.name);
    for (let i = this.#live.length; i < all.length; i += 1) {
      this.#live.push(new LiveGuard(all[i] as WatchedGuard, this.#now));
    }
    return this.#live;
  }
}
