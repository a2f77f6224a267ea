/** What became of calls and their tries, kept apart from the edges' own accounts: who is open, who
 * ended, and in what order things happened to each. */
import type { World } from '../../../experiment/assemble.ts';
import type { Attempt, Call, CallOwner } from '../../../experiment/requests/calls/call.ts';
import type { CallEdge } from '../../../experiment/requests/calls/call-edge.ts';
import type { Server } from '../../../experiment/requests/servers/server.ts';
import type { Changes } from './changes.ts';
import type { Happenings } from './happenings.ts';
import { wrapMethod } from './wrap-method.ts';

/** What can be wrong with a call. */
export type CallFault = 'finished-twice' | 'reply-before-request';

/** The first call that was wrong in this way. */
export interface CallFinding {
  readonly message: string;
  readonly details: Readonly<Record<string, unknown>>;
}

/** What one edge's calls came to, counted one by one. */
export class EdgeNotes {
  readonly edge: CallEdge;
  /** Those that have not ended, and since when they are open; the oldest is first. */
  readonly open = new Map<Call, number>();
  begun = 0;
  settled = 0;
  abandoned = 0;

  constructor(edge: CallEdge) {
    this.edge = edge;
  }

  /** Tries of open calls, those that wait for a place in a bulkhead included. */
  get openTries(): number {
    let count = 0;
    for (const call of this.open.keys()) count += call.openCount;
    return count;
  }

  /** Since when the oldest open call is open. */
  get oldestUs(): number | undefined {
    for (const sinceUs of this.open.values()) return sinceUs;
    return undefined;
  }
}

/** Watches calls. */
export class CallNotes {
  readonly edges: EdgeNotes[] = [];
  /** Pages that somebody waits for, by their number, and since when; the oldest is first. */
  readonly #pages = new Map<number, number>();
  /** How often a call, or a try, came to its end; how often an answer came. */
  endings = 0;
  replies = 0;
  readonly #found = new Map<CallFault, CallFinding>();
  readonly #arrived = new WeakMap<Attempt, number>();
  readonly #responded = new WeakMap<Attempt, number>();
  readonly #ended = new WeakSet<Attempt>();
  readonly #heard = new WeakSet<Call>();
  readonly #owners = new WeakSet<CallOwner>();
  readonly #happenings: Happenings;
  readonly #changes: Changes;
  readonly #now: () => number;

  constructor(happenings: Happenings, changes: Changes, now: () => number) {
    this.#happenings = happenings;
    this.#changes = changes;
    this.#now = now;
  }

  found(fault: CallFault): CallFinding | undefined {
    return this.#found.get(fault);
  }

  /** Since when the oldest open page is wanted. */
  get oldestPageUs(): number | undefined {
    for (const sinceUs of this.#pages.values()) return sinceUs;
    return undefined;
  }

  watch({ wired, recorder }: World): void {
    this.#watchPages(recorder);
    for (const edge of wired.edges) this.#watchEdge(new EdgeNotes(edge));
    for (const server of wired.servers) this.#watchArrivals(server);
    wrapMethod(wired.path, 'abandon', (abandon, load) => {
      this.#happenings['page-abandoned'] += 1;
      this.#changed();
      abandon(load);
    });
  }

  #watchPages(recorder: World['recorder']): void {
    wrapMethod(recorder, 'pageAsked', (pageAsked, request, load) => {
      this.#pages.set(request, this.#now());
      this.#changed();
      pageAsked(request, load);
    });
    wrapMethod(recorder, 'pageShown', (pageShown, ...args) => {
      this.#pages.delete(args[0]);
      this.#changed();
      pageShown(...args);
    });
    wrapMethod(recorder, 'pageRefusedOffline', (refused, request, atUs) => {
      this.#pages.delete(request);
      this.#changed();
      refused(request, atUs);
    });
  }

  #watchArrivals(server: Server): void {
    wrapMethod(server, 'admit', (admit, attempt) => {
      this.#arrivedNow(attempt);
      const awaited = attempt.awaitedKeys;
      this.#changed();
      admit(attempt);
      if (attempt.awaitedKeys > awaited) this.#happenings['cache-miss-coalesced'] += 1;
    });
    wrapMethod(server, 'refuse', (refuse, attempt) => {
      this.#arrivedNow(attempt);
      this.#changed();
      refuse(attempt);
    });
    for (const name of ['crash', 'recover', 'crashReplica', 'recoverReplica'] as const) {
      wrapMethod(server, name, (act, ...args) => {
        this.#changed();
        act(...args);
      });
    }
  }

  #changed(): void {
    this.#changes.requests.count += 1;
  }

  #arrivedNow(attempt: Attempt): void {
    if (!this.#arrived.has(attempt)) this.#arrived.set(attempt, this.#now());
  }

  #watchEdge(notes: EdgeNotes): void {
    const { edge } = notes;
    const { account } = edge;
    this.edges.push(notes);
    wrapMethod(edge, 'begin', (begin, call) => {
      notes.begun += 1;
      this.#changed();
      notes.open.set(call, this.#now());
      this.#watchOwner(call.owner, notes);
      begin(call);
    });
    wrapMethod(edge, 'giveUp', (giveUp, call) => {
      const before = account.abandoned;
      this.#changed();
      giveUp(call);
      if (account.abandoned === before) return;
      notes.abandoned += 1;
      this.#over(call, notes);
    });
    wrapMethod(edge, 'respond', (respond, attempt, failure) => {
      this.#changed();
      if (!this.#responded.has(attempt)) this.#responded.set(attempt, this.#now());
      respond(attempt, failure);
    });
    wrapMethod(edge, 'answered', (answered, attempt) => {
      const { answers, errors } = account;
      this.#changed();
      answered(attempt);
      if (account.answers + account.errors === answers + errors) return;
      this.#tryEnded(attempt, edge);
      if (account.answers === answers) return;
      this.#replied(attempt, edge);
      if (attempt.role === 'hedge') this.#happenings['hedge-won'] += 1;
    });
    wrapMethod(edge, 'timedOut', (timedOut, attempt) => {
      const { timeouts } = account;
      this.#changed();
      timedOut(attempt);
      if (account.timeouts === timeouts) return;
      this.#happenings['try-timed-out'] += 1;
      this.#tryEnded(attempt, edge);
    });
  }

  /** Owners hear of the end of each of their calls, once. */
  #watchOwner(owner: CallOwner, notes: EdgeNotes): void {
    if (this.#owners.has(owner)) return;
    this.#owners.add(owner);
    const edgeOf = (call: Call) => this.edges.find(({ edge }) => edge === call.route) ?? notes;
    wrapMethod(owner, 'settled', (settled, ...args) => {
      const [call, outcome] = args;
      const of = edgeOf(call);
      of.settled += 1;
      if (outcome === 'failed') this.#happenings['call-failed'] += 1;
      else if (outcome !== 'answered') this.#happenings['call-fell-back'] += 1;
      this.#over(call, of);
      settled(...args);
    });
  }

  #over(call: Call, { open, edge }: EdgeNotes): void {
    this.endings += 1;
    open.delete(call);
    if (this.#heard.has(call)) this.#note('finished-twice', edge, 'a call came to its end twice');
    this.#heard.add(call);
  }

  #tryEnded(attempt: Attempt, edge: CallEdge): void {
    this.endings += 1;
    if (this.#ended.has(attempt)) this.#note('finished-twice', edge, 'a try came to its end twice');
    this.#ended.add(attempt);
  }

  #replied(attempt: Attempt, edge: CallEdge): void {
    this.replies += 1;
    const nowUs = this.#now();
    const arrivedUs = this.#arrived.get(attempt) ?? Number.POSITIVE_INFINITY;
    const respondedUs = this.#responded.get(attempt) ?? Number.POSITIVE_INFINITY;
    const isInOrder =
      attempt.sentAtUs <= arrivedUs && arrivedUs <= respondedUs && respondedUs <= nowUs;
    if (!isInOrder) this.#note('reply-before-request', edge, 'an answer came before its question');
  }

  #note(fault: CallFault, { account }: CallEdge, message: string): void {
    if (this.#found.has(fault)) return;
    const details = { edge: account.name, nowUs: this.#now() };
    this.#changes.alarms.count += 1;
    this.#found.set(fault, { message: `${message}, over ${account.name}`, details });
  }
}
