/** A logical call and its tries. One question of a client to a server stays one `Call`, however
 * often it is tried: tries are `Attempt`s of their own, and what comes back for one that was given
 * up is waste, not an answer. Mutable records of the hot path; whoever makes them owns them. */
import type { ActorId } from '../../../actors/runtime/actor-system.ts';
import type { CallOutcome, PageEnd, TracedCall } from '../../../gateway/page-trace.ts';
import type { EventKey } from '../../../kernel/simulation.ts';
import type { BackoffState } from '../../../queueing/calls/backoff.ts';
import type { CallFailure } from '../../../queueing/calls/call-failure.ts';
import type { DropReason, Job } from '../../../queueing/stations/job.ts';
import type { WanConnection } from '../../households/wan-connection.ts';
import type { PageRequest } from './page-request.ts';

/** Why a server did not answer, or answered with an error of its own; `unreadable`: its answer's
 * checksum does not hold, or its end is missing. */
export type ServerFailure = DropReason | 'error' | 'unreadable';

/** How a server's reason looks from the client's side. */
export const CLIENT_VIEW: Readonly<Record<ServerFailure, CallFailure>> = {
  rejected: 'overloaded',
  shed: 'overloaded',
  expired: 'overloaded',
  refused: 'unavailable',
  reset: 'unavailable',
  error: 'error',
  unreadable: 'unavailable',
};

/** First tries, tries after a failure, and tries beside one that is under way. */
export type AttemptRole = 'first' | 'retry' | 'hedge';

/** Who asked, and wants to know. */
export interface CallOwner {
  /** The actor that answers are sent to. */
  readonly actor: ActorId;
  /** Where it stands; −1 outside of the datacentre. */
  readonly zone: number;
  /** The try that a gateway asks for; undefined on a device. */
  readonly attempt?: Attempt | undefined;
  /** Which of those it is that ask the same, tries of the page included: 0 where it is left out. */
  readonly repetition?: number;
  settled(call: Call, outcome: CallOutcome, failure: CallFailure | undefined): void;
}

/** How a call's tries get to their server and back, and what their timers do. */
export interface CallRoute {
  readonly account: { readonly name: string };
  /** The server is done with a try. Sends the answer on its way. */
  respond(attempt: Attempt, failure: ServerFailure | undefined): void;
  /** Workers got done what the try needed no more when they did. */
  workedInVain(workUs: number): void;
  /** The answer reached who asked. */
  answered(attempt: Attempt): void;
  timedOut(attempt: Attempt): void;
  retryDue(call: Call): void;
  hedgeDue(call: Call): void;
  refused(call: Call): void;
  /** Nobody wants the answer any more. */
  giveUp(call: Call): void;
  bulkheadDue(call: Call): void;
}

/** A plan in execution for a try, as far as the try knows it. */
export interface AbandonableRun {
  /** Worker time behind the answers so far, in µs. */
  readonly workUs: number;
  /** The call begun last: each knows the one before it. */
  readonly lastCall: Call | undefined;
  abandon(): void;
}

/** Worker time of a call in µs. */
export interface Demand {
  readonly totalUs: number;
  /** The part of it that is for entities: what a cache hit saves its share of. */
  readonly entitiesUs: number;
}

/** A page as a whole: its gateway decides what it costs. */
export const NO_DEMAND: Demand = { totalUs: 0, entitiesUs: 0 };
/** No event is pending. */
export const NO_EVENT: EventKey = -1;
/** Draw slot of the page's own leg, beside those of its calls. */
const PAGE_SLOT = 255;
const NO_KEYS: readonly string[] = [];

/** What a call is made of. */
export interface CallOptions {
  readonly route: CallRoute;
  readonly request: PageRequest;
  readonly owner: CallOwner;
  /** What is asked and answered; undefined for a page as a whole. */
  readonly traced: TracedCall | undefined;
  /** Drawn once, the same for all tries. */
  readonly demand: Demand;
  /** Nobody waits for the answer any longer than this; Infinity where somebody always does. */
  readonly deadlineUs: number;
}

/** One question of one owner over one edge. */
export class Call {
  readonly route: CallRoute;
  readonly request: PageRequest;
  readonly owner: CallOwner;
  readonly traced: TracedCall | undefined;
  readonly demand: Demand;
  readonly deadlineUs: number;
  /** Which of the page's draws are this call's. */
  readonly slot: number;
  /** Tries made, and hedges among them. */
  attempts = 0;
  hedges = 0;
  /** Tries under way, or waiting for a place in the bulkhead: the first, and those beside it.
   * Nearly every call has one at a time, which then needs no list. */
  #open: Attempt | undefined = undefined;
  #others: Attempt[] | undefined = undefined;
  hedgeKey: EventKey = NO_EVENT;
  backoff: BackoffState | undefined = undefined;
  /** Whether the pause before the next try is running. */
  isRetryDue = false;
  /** The failure that the next try answers to. */
  retryOf: CallFailure | undefined = undefined;
  /** Why it never left, until its owner has been told. */
  refusal: CallFailure = 'too-late';
  isSettled = false;
  /** The call that its owner began before it. */
  previous: Call | undefined = undefined;
  /** The try that answered it. */
  answeredBy: Attempt | undefined = undefined;
  /** For traces: when it began, how it was settled and how much later, when a try was too late to
   * be made (−1: none), and the try made last. */
  beganAtUs = 0;
  settledAs: CallOutcome | 'abandoned' | undefined = undefined;
  settledUs = 0;
  tooLateUs = -1;
  lastTry: Attempt | undefined = undefined;

  constructor(options: CallOptions) {
    this.route = options.route;
    this.request = options.request;
    this.owner = options.owner;
    this.traced = options.traced;
    this.demand = options.demand;
    this.deadlineUs = options.deadlineUs;
    this.slot = options.traced?.callId ?? PAGE_SLOT;
  }

  get hasOpen(): boolean {
    return this.#open !== undefined;
  }

  get openCount(): number {
    if (this.#open === undefined) return 0;
    return this.#others === undefined ? 1 : 1 + this.#others.length;
  }

  /** One of the open tries; undefined where there is none. */
  anyOpen(): Attempt | undefined {
    return this.#others?.at(-1) ?? this.#open;
  }

  settle(outcome: CallOutcome | 'abandoned', nowUs: number): void {
    this.isSettled = true;
    this.settledAs = outcome;
    this.settledUs = nowUs - this.beganAtUs;
  }

  /** The open tries as of now. */
  openTries(): readonly Attempt[] {
    return this.#open === undefined ? [] : [this.#open, ...(this.#others ?? [])];
  }

  addOpen(attempt: Attempt): void {
    if (this.#open === undefined) {
      this.#open = attempt;
      return;
    }
    this.#others ??= [];
    this.#others.push(attempt);
  }

  removeOpen(attempt: Attempt): void {
    const others = this.#others;
    if (this.#open === attempt) this.#open = others?.pop();
    else if (others !== undefined) others.splice(others.indexOf(attempt), 1);
  }
}

/** What a try is made of. */
export interface AttemptOptions {
  readonly id: number;
  readonly nowUs: number;
  readonly role: AttemptRole;
  /** Of a copy: the number of the original. */
  readonly number?: number;
}

/** One try of a call: what guards admit and stations serve. */
export class Attempt implements Job {
  readonly call: Call;
  readonly role: AttemptRole;
  /** 1-based within the call. */
  readonly number: number;
  /** Unique among the tries over its edge. */
  readonly id: number;
  /** What workers do for it now. */
  demandUs: number;
  readonly priority: number;
  /** When the server knows that nobody waits any more. */
  deadlineUs = Number.POSITIVE_INFINITY;
  sentAtUs: number;
  replica = -1;
  timeoutKey: EventKey = NO_EVENT;
  /** When it reached its server; −1: not yet. */
  admittedAtUs = -1;
  /** Tries in flight at the server when it was admitted, itself included. */
  inFlightAtStart = 0;
  /** Worker time spent on it so far, in µs. */
  workedUs = 0;
  /** Worker time that other servers spent on calls made for it. */
  innerWorkUs = 0;
  /** A gateway's run of the page's plan for it. */
  host: AbandonableRun | undefined = undefined;
  /** What the server answers a page with; undefined for other calls. */
  end: PageEnd | undefined = undefined;
  failure: ServerFailure | undefined = undefined;
  /** Whether who asked still waits for it. */
  isWanted = true;
  /** Whether the server is done with it. */
  isResponded = false;
  /** Whether the answer has reached who asked. */
  isAnswered = false;
  /** Whether the network made it of another one: nobody waits for its answer. */
  isCopy = false;
  /** Whether the server cannot read it. */
  isUnreadable = false;
  /** Whether its connection broke on the way back. */
  isBroken = false;
  /** Whether it has been sent: over a connection of its client, where clients have such. */
  isConnected = false;
  /** The connection that it holds or held; undefined inside the datacentre. */
  connection: WanConnection | undefined = undefined;
  /** What a gateway's workers do for it. */
  visit: 'plan' | 'merge' = 'plan';
  /** Keys that a service's cache lacks and this try fetches; keys that another one is fetching. */
  fetches: readonly string[] = NO_KEYS;
  awaitedKeys = 0;
  /** Whether its query is under way. */
  isAtDatabase = false;
  /** Why a key that it waits for does not come. */
  lostKeyTo: ServerFailure | undefined = undefined;
  /** Whether its database has answered, or need not. */
  isQueried = false;
  /** For traces, as durations, which cost no allocation: how long it waited for a place in the
   * bulkhead before it was sent; from there until it left, and until it was over for its client;
   * from its arrival until the server responded. −1: that has not happened. */
  heldUs = 0;
  leftUs = -1;
  handshakeUs = 0;
  endedUs = -1;
  respondedUs = -1;
  /** What workers do for it, or did last: when it was given to them, when one began and when it was
   * done, since its arrival; and all that they did before, three numbers each. */
  givenUs = -1;
  startedUs = -1;
  doneUs = -1;
  earlierVisits: number[] | undefined = undefined;
  /** How it ended, where its other fields do not tell. */
  ending: string | undefined = undefined;
  /** The run of a page's plan for it, over or not. */
  ran: AbandonableRun | undefined = undefined;
  /** The try of the call that was made before it. */
  previous: Attempt | undefined = undefined;

  constructor(call: Call, options: AttemptOptions) {
    if (options.number === undefined) {
      call.attempts += 1;
      this.previous = call.lastTry;
      call.lastTry = this;
    }
    this.call = call;
    this.role = options.role;
    this.number = options.number ?? call.attempts;
    this.id = options.id;
    this.sentAtUs = options.nowUs;
    this.demandUs = call.demand.totalUs;
    this.priority = call.request.priority;
  }

  /** It leaves, over a connection that is open after `handshakeUs`. */
  leave(nowUs: number, handshakeUs: number): void {
    this.isConnected = true;
    this.leftUs = nowUs - this.sentAtUs;
    this.handshakeUs = handshakeUs;
  }

  /** It never left. */
  refuse(reason: CallFailure): void {
    this.ending = `refused: ${reason}`;
    if (this.endedUs < 0) this.endedUs = 0;
  }

  /** Workers get something to do for it. */
  give(nowUs: number): void {
    if (this.givenUs >= 0) {
      this.earlierVisits ??= [];
      this.earlierVisits.push(this.givenUs, this.startedUs, this.doneUs);
    }
    this.givenUs = nowUs - this.admittedAtUs;
    this.startedUs = -1;
    this.doneUs = -1;
  }

  /** They are done with it. */
  done(nowUs: number): void {
    this.doneUs = nowUs - this.admittedAtUs;
  }

  /** The same question once more, on its way to the same replica. It is no try of its call. */
  copied(): Attempt {
    const { id, sentAtUs: nowUs, role, number } = this;
    const copy = new Attempt(this.call, { id, nowUs, role, number });
    copy.isCopy = true;
    copy.isConnected = true;
    copy.replica = this.replica;
    copy.connection = this.connection;
    copy.deadlineUs = this.deadlineUs;
    return copy;
  }
}
