/** Watches the calls of one page: every try, what became of it, and what servers did for it. It
 * draws nothing, changes nothing and feeds no digest. Spec: E372. */
import type { World } from '../../assemble.ts';
import type { Attempt, Call, CallOwner } from '../../requests/calls/call.ts';
import type { CallEdge } from '../../requests/calls/call-edge.ts';
import { PageHost } from '../../requests/calls/page-host.ts';
import { requestName } from '../../results/traces/request-name.ts';
import { intercept } from './intercept.ts';
import type { WatchedCall, WatchedPage, WatchedTry } from './page-records.ts';

/** Watches the calls made for a request from now on. @param pageOf - The request's page, once it
 * has been asked for. */
export function watchCalls(
  world: World,
  request: string,
  pageOf: () => WatchedPage | undefined,
): void {
  const { wired, simulation } = world;
  const notes = new CallNotes(request, pageOf, () => simulation.nowUs);
  for (const edge of wired.edges) watchEdge(edge, notes);
  for (const server of wired.servers) {
    const arrived = (attempt: Attempt) => notes.arrived(attempt);
    intercept(server, 'admit', { before: arrived });
    intercept(server, 'refuse', { before: arrived });
    const queued = (attempt: Attempt) => notes.queued(attempt);
    intercept(server, 'work', { before: queued });
    intercept(server, 'workMore', { before: queued });
    intercept(server, 'started', { before: (attempt) => notes.started(attempt) });
    intercept(server, 'finished', { before: (attempt) => notes.worked(attempt) });
  }
}

function watchEdge(edge: CallEdge, notes: CallNotes): void {
  const { name } = edge.account;
  const look = { after: (call: Call) => notes.look(call) };
  intercept(edge, 'begin', { before: (call) => notes.began(call, name), ...look });
  intercept(edge, 'retryDue', look);
  intercept(edge, 'hedgeDue', look);
  intercept(edge, 'bulkheadDue', look);
  intercept(edge, 'refused', { before: (call) => notes.refused(call), ...look });
  intercept(edge, 'connected', {
    before: (attempt, handshakeUs) => notes.sent(attempt, handshakeUs),
  });
  intercept(edge, 'respond', { before: (attempt) => notes.responded(attempt) });
  intercept(edge, 'answered', {
    before: (attempt) => notes.answered(attempt),
    after: ({ call }) => notes.look(call),
  });
  intercept(edge, 'timedOut', {
    before: (attempt) => notes.ended(attempt, 'timeout'),
    after: ({ call }) => notes.look(call),
  });
  intercept(edge, 'giveUp', {
    before: (call) => notes.settled(call, 'abandoned'),
    after: (call) => notes.look(call),
  });
}

/** The notes of one request. */
class CallNotes {
  readonly #request: string;
  readonly #pageOf: () => WatchedPage | undefined;
  readonly #now: () => number;
  readonly #calls = new Map<Call, WatchedCall>();
  readonly #tries = new Map<Attempt, WatchedTry>();
  readonly #owners = new WeakSet<CallOwner>();

  constructor(request: string, pageOf: () => WatchedPage | undefined, now: () => number) {
    this.#request = request;
    this.#pageOf = pageOf;
    this.#now = now;
  }

  began(call: Call, edge: string): void {
    const { client, pageSequence } = call.request;
    if (requestName(client.profile.viewer, pageSequence) !== this.#request) return;
    const made: WatchedCall = {
      edge,
      operation: call.traced?.operation ?? null,
      beganAtUs: this.#now(),
      settledAtUs: null,
      outcome: null,
      tries: [],
    };
    this.#calls.set(call, made);
    this.#madeFor(call.owner).push(made);
    if (this.#owners.has(call.owner)) return;
    this.#owners.add(call.owner);
    intercept(call.owner, 'settled', {
      before: (settled, outcome) => this.settled(settled, outcome),
    });
  }

  /** The list that a call of this owner belongs to. */
  #madeFor(owner: CallOwner): WatchedCall[] {
    const attempt = owner instanceof PageHost ? owner.attempt : undefined;
    const inner = attempt && this.#tries.get(attempt)?.calls;
    return inner ?? this.#pageOf()?.calls ?? [];
  }

  settled(call: Call, outcome: string): void {
    const made = this.#calls.get(call);
    if (made === undefined || made.settledAtUs !== null) return;
    made.settledAtUs = this.#now();
    made.outcome = outcome;
  }

  /** A try never left. */
  refused(call: Call): void {
    const nowUs = this.#now();
    const role = call.attempts > 1 ? 'retry' : 'first';
    this.#calls.get(call)?.tries.push({
      ...emptyTry(role, nowUs),
      endedAtUs: nowUs,
      outcome: `refused: ${call.refusal}`,
    });
  }

  sent(attempt: Attempt, handshakeUs: number): void {
    const made = this.#tryOf(attempt);
    if (made === undefined) return;
    made.sentAtUs = this.#now();
    made.handshakeUs = handshakeUs;
  }

  arrived(attempt: Attempt): void {
    const made = this.#tries.get(attempt);
    if (made !== undefined) made.arrivedAtUs = this.#now();
  }

  queued(attempt: Attempt): void {
    const visit = { queuedAtUs: this.#now(), startedAtUs: null, endedAtUs: null };
    this.#tries.get(attempt)?.visits.push(visit);
  }

  started(attempt: Attempt): void {
    const visit = this.#tries.get(attempt)?.visits.at(-1);
    if (visit !== undefined) visit.startedAtUs = this.#now();
  }

  worked(attempt: Attempt): void {
    const visit = this.#tries.get(attempt)?.visits.at(-1);
    if (visit !== undefined) visit.endedAtUs = this.#now();
  }

  responded(attempt: Attempt): void {
    const made = this.#tries.get(attempt);
    if (made !== undefined) made.respondedAtUs = this.#now();
  }

  /** Its answer is here, wanted or not. */
  answered(attempt: Attempt): void {
    if (!attempt.isWanted) return;
    this.ended(attempt, attempt.failure === undefined ? 'answered' : `failed: ${attempt.failure}`);
  }

  ended(attempt: Attempt, outcome: string): void {
    const made = this.#tries.get(attempt);
    if (made === undefined || made.endedAtUs !== null) return;
    made.endedAtUs = this.#now();
    made.outcome = outcome;
  }

  /** Looks at what an edge did with a call: tries that are new, and tries that are over. */
  look(call: Call): void {
    if (!this.#calls.has(call)) return;
    for (const attempt of call.openTries()) this.#tryOf(attempt);
    for (const attempt of this.#tries.keys()) {
      if (attempt.call !== call || call.openTries().includes(attempt)) continue;
      this.ended(attempt, attempt.isWanted ? 'withdrawn' : 'hung up');
    }
  }

  #tryOf(attempt: Attempt): WatchedTry | undefined {
    const known = this.#tries.get(attempt);
    const call = this.#calls.get(attempt.call);
    if (known !== undefined || call === undefined) return known;
    const made = emptyTry(attempt.role, this.#now());
    call.tries.push(made);
    this.#tries.set(attempt, made);
    return made;
  }
}

function emptyTry(role: WatchedTry['role'], beganAtUs: number): WatchedTry {
  return {
    role,
    beganAtUs,
    sentAtUs: null,
    handshakeUs: 0,
    arrivedAtUs: null,
    respondedAtUs: null,
    endedAtUs: null,
    outcome: null,
    visits: [],
    calls: [],
  };
}
