/** An edge: how the clients of one kind call one server. It makes the tries of a call, times them
 * out, tries again, hedges, falls back, and keeps account of each; the policies are those of
 * `queueing/calls/`, behind a guard. What answers, and when, is the server's business.
 * Spec: E10–E14. */
import type { ActorId } from '../../../actors/runtime/actor-system.ts';
import type { CallOutcome } from '../../../gateway/page-trace.ts';
import type { Simulation } from '../../../kernel/simulation.ts';
import { FIRST_BACKOFF } from '../../../queueing/calls/backoff.ts';
import type { CallFailure } from '../../../queueing/calls/call-failure.ts';
import type { CallGuard } from '../../../queueing/calls/call-guard.ts';
import { type EdgeAccount, noteFailure } from './accounts.ts';
import {
  Attempt,
  type AttemptRole,
  type Call,
  type CallRoute,
  CLIENT_VIEW,
  NO_EVENT,
  type ServerFailure,
} from './call.ts';
import type { CallTimers } from './call-timers.ts';
import type { Carrier } from './carrier.ts';
import type { Connections } from './connections.ts';

/** A server as edges know it. */
export interface CallTarget {
  readonly name: string;
  readonly actor: ActorId;
  readonly region: number;
  /** Where a replica stands within the region; undefined where there is none. */
  zoneOf(replica: number): number | undefined;
  /** The replica that gets the try; −1 where none can take it. */
  choose(attempt: Attempt): number;
  /** What came of a try, as its client saw it: what balancers and outlier detectors learn from. */
  observe(attempt: Attempt, ok: boolean, durationUs: number): void;
  /** The try is over for its client. */
  closed(attempt: Attempt): void;
  /** The client has hung up: work that did not begin need not begin. */
  hungUp(attempt: Attempt): void;
}

/** What edges of a run share. */
export interface EdgeWorld {
  readonly simulation: Simulation;
  readonly timers: CallTimers;
  /** A uniform for the pause before the next try. */
  readonly backoffUniform: (call: Call) => number;
}

/** What an edge is made of. */
export interface EdgeOptions {
  readonly target: CallTarget;
  readonly carrier: Carrier;
  readonly connections: Connections | undefined;
  /** The guard of who asks: one for all where the clients are one gateway. */
  readonly guardOf: (call: Call) => CallGuard;
  readonly account: EdgeAccount;
  /** A uniform for throttling a try. */
  readonly admissionUniform: (call: Call) => number;
  /** How long a try may wait for a place in the bulkhead, in µs. */
  readonly bulkheadWaitUs: number;
  /** Whether the server sees the deadline and the hang-up of clients. */
  readonly tellsServer: boolean;
  /** Where answers are kept to stand in for later ones; undefined where none are. */
  readonly answersKept: AnswersKept | undefined;
  /** Left out where nobody else asks. */
  readonly crowd?: Crowd | undefined;
}

/** Clients who ask the same beside a call. */
export interface Crowd {
  /** A call has begun. @param begin - Begins another one over its edge. */
  joins(call: Call, begin: (another: Call) => void): void;
}

/** What was answered before, and when. */
export interface AnswersKept {
  keep(call: Call, nowUs: number): void;
  keptAtUs(call: Call): number | undefined;
}

/** A try that waits for a place, as a guard gives it back. */
type WaitingTry = Pick<Attempt, 'id' | 'role'>;

/** An edge. */
export class CallEdge implements CallRoute {
  readonly #world: EdgeWorld;
  readonly #o: EdgeOptions;
  /** Tries that wait for a place in the bulkhead, by id. */
  readonly #waiting = new Map<number, Attempt>();
  #tries = 0;

  constructor(world: EdgeWorld, options: EdgeOptions) {
    this.#world = world;
    this.#o = options;
  }

  get account(): EdgeAccount {
    return this.#o.account;
  }

  /** Asks. The owner hears of it, never within this call. */
  begin(call: Call): void {
    this.#o.account.calls += 1;
    call.beganAtUs = this.#world.simulation.nowUs;
    this.#try(call, 'first');
    this.#o.crowd?.joins(call, (another) => this.begin(another));
  }

  /** Nobody wants the answer any more. */
  giveUp(call: Call): void {
    if (call.isSettled) return;
    call.settle('abandoned', this.#world.simulation.nowUs);
    this.#o.account.abandoned += 1;
    this.#hangUpAll(call);
  }

  respond(attempt: Attempt, failure: ServerFailure | undefined): void {
    attempt.isResponded = true;
    attempt.respondedUs = this.#world.simulation.nowUs - attempt.admittedAtUs;
    attempt.failure = failure;
    if (attempt.isWanted && !attempt.isCopy) this.#o.carrier.answer(attempt);
    else this.#waste(attempt);
  }

  workedInVain(workUs: number): void {
    this.#o.account.wastedWorkUs += workUs;
  }

  answered(attempt: Attempt): void {
    // The network may deliver an answer twice.
    if (attempt.isAnswered) return;
    attempt.isAnswered = true;
    if (!attempt.isWanted) {
      this.#waste(attempt);
      return;
    }
    const { account } = this.#o;
    const { call } = attempt;
    const failure = attempt.failure && CLIENT_VIEW[attempt.failure];
    this.#close(attempt, attempt.isBroken);
    if (failure === undefined) this.#withdrawWaiting(call);
    this.#ended(attempt, failure);
    if (failure !== undefined) {
      account.errors += 1;
      account.wastedWorkUs += attempt.workedUs;
      account.undoneWorkUs += attempt.innerWorkUs;
      this.#failed(call, failure);
      return;
    }
    account.answers += 1;
    account.usefulWorkUs += attempt.workedUs;
    call.answeredBy = attempt;
    this.#o.answersKept?.keep(call, this.#world.simulation.nowUs);
    this.#settle(call, 'answered', undefined);
  }

  timedOut(attempt: Attempt): void {
    attempt.timeoutKey = NO_EVENT;
    this.#o.account.timeouts += 1;
    attempt.ending = 'timeout';
    this.#hangUp(attempt);
    this.#ended(attempt, 'timeout');
    this.#failed(attempt.call, 'timeout');
  }

  retryDue(call: Call): void {
    call.isRetryDue = false;
    if (call.isSettled) {
      this.#o.guardOf(call).abandonExtra();
      return;
    }
    this.#try(call, 'retry');
  }

  hedgeDue(call: Call): void {
    call.hedgeKey = NO_EVENT;
    const guard = this.#o.guardOf(call);
    if (call.isSettled || !guard.mayHedge(this.#world.simulation.nowUs, call.hedges)) return;
    call.hedges += 1;
    this.#try(call, 'hedge');
  }

  refused(call: Call): void {
    if (!call.isSettled) this.#tryAgain(call, call.refusal);
  }

  bulkheadDue(call: Call): void {
    const { simulation } = this.#world;
    for (const { id } of this.#o.guardOf(call).expireWaiting(simulation.nowUs)) {
      const attempt = this.#waiting.get(id);
      if (attempt === undefined) continue;
      this.#waiting.delete(id);
      this.#close(attempt, false);
      attempt.refuse('bulkhead-full');
      this.#failed(attempt.call, 'bulkhead-full');
    }
  }

  /** A connection is free for a try that waited for one. */
  connected(attempt: Attempt, handshakeUs: number): void {
    const { target, carrier } = this.#o;
    attempt.leave(this.#world.simulation.nowUs, handshakeUs);
    attempt.replica = target.choose(attempt);
    carrier.ask(attempt, handshakeUs);
  }

  #try(call: Call, role: AttemptRole): void {
    const { nowUs } = this.#world.simulation;
    const guard = this.#o.guardOf(call);
    const waitUs = guard.timeoutUs(nowUs, call.deadlineUs);
    if (waitUs <= 0) {
      if (role !== 'first') guard.abandonExtra();
      call.tooLateUs = nowUs - call.beganAtUs;
      this.#refuse(call, 'too-late');
      return;
    }
    this.#tries += 1;
    const attempt = new Attempt(call, { id: this.#tries, nowUs, role });
    const verdict = guard.admit(nowUs, this.#o.admissionUniform(call), attempt);
    if (verdict === 'admitted') {
      call.addOpen(attempt);
      this.#launch(attempt, waitUs);
    } else if (verdict === 'waiting') {
      call.addOpen(attempt);
      this.#waiting.set(attempt.id, attempt);
      const { timers, simulation } = this.#world;
      simulation.schedule(this.#o.bulkheadWaitUs, timers.bulkhead, 0, call);
    } else {
      attempt.refuse(verdict);
      this.#refuse(call, verdict);
    }
  }

  /** A try is under way: its timers run. @param waitUs - How long it is waited for. */
  #launch(attempt: Attempt, waitUs: number): void {
    const { simulation, timers } = this.#world;
    const { account, connections, tellsServer } = this.#o;
    const { call } = attempt;
    account.attempts += 1;
    if (attempt.role === 'retry') account.retries += 1;
    else if (attempt.role === 'hedge') account.hedges += 1;
    attempt.heldUs = simulation.nowUs - attempt.sentAtUs;
    attempt.sentAtUs = simulation.nowUs;
    if (waitUs !== Number.POSITIVE_INFINITY) {
      if (tellsServer) attempt.deadlineUs = simulation.nowUs + waitUs;
      attempt.timeoutKey = simulation.schedule(Math.max(1, waitUs), timers.timeout, 0, attempt);
    }
    this.#planHedge(call, this.#o.guardOf(call).hedgeAfterUs());
    if (connections === undefined) this.connected(attempt, 0);
    else connections.acquire(attempt, this);
  }

  #planHedge(call: Call, afterUs: number | undefined): void {
    if (afterUs === undefined || call.hedgeKey !== NO_EVENT) return;
    const { simulation, timers } = this.#world;
    call.hedgeKey = simulation.schedule(Math.max(0, Math.round(afterUs)), timers.hedge, 0, call);
  }

  #cancelHedge(call: Call): void {
    if (call.hedgeKey === NO_EVENT) return;
    this.#world.simulation.cancel(call.hedgeKey);
    call.hedgeKey = NO_EVENT;
  }

  /** A try never left. Another one may be under way, or about to be. */
  #refuse(call: Call, failure: CallFailure): void {
    noteFailure(this.#o.account, failure);
    if (call.hasOpen || call.isRetryDue) return;
    call.refusal = failure;
    this.#world.simulation.schedule(0, this.#world.timers.refused, 0, call);
  }

  /** A try failed: another one may still answer, else try again, else fall back. */
  #failed(call: Call, failure: CallFailure): void {
    noteFailure(this.#o.account, failure);
    if (call.isSettled) return;
    this.#cancelHedge(call);
    if (call.hasOpen) {
      this.#planHedge(call, this.#o.guardOf(call).hedgeAfterFailureUs(failure));
      return;
    }
    if (!call.isRetryDue) this.#tryAgain(call, failure);
  }

  /** No try is under way: another one follows, or the call has failed for good. */
  #tryAgain(call: Call, failure: CallFailure): void {
    const { simulation, timers } = this.#world;
    const guard = this.#o.guardOf(call);
    const isFinal =
      failure === 'too-late' ||
      !guard.mayRetry({ failure, attempts: call.attempts }, simulation.nowUs);
    if (isFinal) {
      this.#failedForGood(call, failure);
      return;
    }
    call.retryOf = failure;
    const step = guard.backoff(call.backoff ?? FIRST_BACKOFF, this.#world.backoffUniform(call));
    call.backoff = step.state;
    call.isRetryDue = true;
    simulation.schedule(Math.max(0, Math.round(step.pauseUs)), timers.retry, 0, call);
  }

  #failedForGood(call: Call, failure: CallFailure): void {
    const { nowUs } = this.#world.simulation;
    const cachedAtUs = this.#o.answersKept?.keptAtUs(call);
    const instead = this.#o.guardOf(call).fallback({ failure, nowUs, cachedAtUs });
    const outcome =
      instead === undefined ? 'failed' : instead.source === 'stale-cache' ? 'stale' : 'default';
    this.#settle(call, outcome, failure);
  }

  #settle(call: Call, outcome: CallOutcome, failure: CallFailure | undefined): void {
    if (call.isSettled) return;
    call.settle(outcome, this.#world.simulation.nowUs);
    this.#hangUpAll(call);
    this.#o.account.settled[outcome] += 1;
    call.owner.settled(call, outcome, failure);
  }

  #hangUpAll(call: Call): void {
    const { simulation } = this.#world;
    this.#cancelHedge(call);
    this.#withdrawWaiting(call);
    for (let attempt = call.anyOpen(); attempt !== undefined; attempt = call.anyOpen()) {
      this.#o.account.hangUps += 1;
      this.#hangUp(attempt);
      const guard = this.#o.guardOf(call);
      this.#goOn(guard, guard.cancelled(simulation.nowUs, attempt.role));
    }
  }

  /** Takes the call's tries out of the bulkhead's line, before a place there is handed on. */
  #withdrawWaiting(call: Call): void {
    if (this.#waiting.size === 0) return;
    for (const attempt of call.openTries()) {
      if (!this.#waiting.delete(attempt.id)) continue;
      this.#o.guardOf(call).withdraw(this.#world.simulation.nowUs, attempt);
      this.#close(attempt, false);
    }
  }

  #hangUp(attempt: Attempt): void {
    this.#close(attempt, true);
    attempt.isWanted = false;
    if (!attempt.isResponded && this.#o.tellsServer) this.#o.target.hungUp(attempt);
  }

  /** Tells guard and target how a try that was under way ended. */
  #ended(attempt: Attempt, failure: CallFailure | undefined): void {
    const { nowUs } = this.#world.simulation;
    const durationUs = nowUs - attempt.sentAtUs;
    const { call, role } = attempt;
    const retryOf = role === 'retry' ? call.retryOf : undefined;
    const end = { failure, durationUs, nowUs, role, retryOf };
    const guard = this.#o.guardOf(call);
    this.#goOn(guard, guard.finished(end));
    this.#o.target.observe(attempt, failure === undefined, durationUs);
  }

  /** A place in the bulkhead is free for a try that waited. One that is too late by now leaves it
   * to the next. */
  #goOn(guard: CallGuard, first: WaitingTry | undefined): void {
    const { nowUs } = this.#world.simulation;
    for (let next = first; next !== undefined; next = guard.cancelled(nowUs, next.role)) {
      const attempt = this.#waiting.get(next.id);
      if (attempt === undefined) continue;
      this.#waiting.delete(attempt.id);
      const { call } = attempt;
      const waitUs = guard.timeoutUs(nowUs, call.deadlineUs);
      if (waitUs > 0) {
        this.#launch(attempt, waitUs);
        return;
      }
      this.#close(attempt, false);
      attempt.refuse('too-late');
      this.#refuse(call, 'too-late');
    }
  }

  /** The try is over for its client. */
  #close(attempt: Attempt, isBroken: boolean): void {
    attempt.endedUs = this.#world.simulation.nowUs - attempt.sentAtUs;
    attempt.call.removeOpen(attempt);
    if (attempt.timeoutKey !== NO_EVENT) {
      this.#world.simulation.cancel(attempt.timeoutKey);
      attempt.timeoutKey = NO_EVENT;
    }
    if (attempt.isConnected) this.#o.target.closed(attempt);
    this.#o.connections?.release(attempt, isBroken);
  }

  #waste(attempt: Attempt): void {
    const { account } = this.#o;
    if (attempt.failure === undefined && !attempt.isCopy) account.lateAnswers += 1;
    account.wastedWorkUs += attempt.workedUs;
    account.undoneWorkUs += attempt.innerWorkUs;
  }
}
