/** A page in the making: runs a page's call plan where its architecture says, on the device or at
 * a gateway, by asking servers over edges. It ends when no call is open. Spec: A13, E11. */
import type { ActorId } from '../../../actors/runtime/actor-system.ts';
import type {
  CallOutcome,
  PageEnd,
  PageTraceRun,
  TracedCall,
} from '../../../gateway/page-trace.ts';
import { invariant } from '../../../kernel/errors.ts';
import { type AbandonableRun, type Attempt, Call, type CallOwner } from './call.ts';
import type { CallEdge } from './call-edge.ts';
import type { Demands, Occurrences } from './demands.ts';
import type { PageRequest } from './page-request.ts';

/** What page hosts of one kind share. */
export interface PageHostWorld {
  /** The edge to the server that answers a call. */
  readonly edgeTo: (service: string) => CallEdge;
  readonly demands: Demands;
}

/** Hears of the end of a page. */
export interface PageEnded {
  pageEnded(end: PageEnd, host: PageHost): void;
}

/** Has something to do with each answer before its page's plan goes on. */
export interface AnswerIntake {
  /** Ends in {@link PageHost.takenIn}, now or later. */
  answerCame(call: Call, host: PageHost): void;
}

/** Where a page is hosted. */
export interface PageHostOptions {
  readonly request: PageRequest;
  readonly run: PageTraceRun;
  readonly actor: ActorId;
  readonly zone: number;
  readonly deadlineUs: number;
  readonly attempt: Attempt | undefined;
  readonly onEnd: PageEnded;
  /** The plan goes on at once where it is left out. */
  readonly intake?: AnswerIntake | undefined;
}

/** Tries of one page that are told apart. */
const TRIES_OF_A_PAGE = 16;

/** One run of a page's plan. */
export class PageHost implements CallOwner, AbandonableRun {
  readonly actor: ActorId;
  readonly zone: number;
  /** The try that a gateway runs the plan for; undefined on a device. */
  readonly attempt: Attempt | undefined;
  readonly #world: PageHostWorld;
  readonly #o: PageHostOptions;
  readonly #occurrences: Occurrences;
  /** The call begun last: each knows the one before it. */
  #lastCall: Call | undefined = undefined;
  #untaken: Call[] | undefined = undefined;
  #isOver = false;
  /** Worker time behind the answers so far, in µs. */
  workUs = 0;

  constructor(world: PageHostWorld, options: PageHostOptions) {
    this.actor = options.actor;
    this.zone = options.zone;
    this.attempt = options.attempt;
    this.#world = world;
    this.#o = options;
    this.#occurrences = world.demands.begin();
  }

  get lastCall(): Call | undefined {
    return this.#lastCall;
  }

  /** Answers that are here and not taken in yet, oldest first. */
  get untaken(): Call[] {
    this.#untaken ??= [];
    return this.#untaken;
  }

  get repetition(): number {
    if (this.attempt === undefined) return 0;
    const { number, call } = this.attempt;
    return number - 1 + TRIES_OF_A_PAGE * (call.owner.repetition ?? 0);
  }

  /** Asks for what can be asked for at once. */
  start(): void {
    this.#go(this.#o.run.start());
  }

  settled(call: Call, outcome: CallOutcome): void {
    this.workUs += call.answeredBy?.workedUs ?? 0;
    if (this.#isOver) return;
    const { intake } = this.#o;
    if (intake === undefined || outcome !== 'answered') this.takenIn(call, outcome);
    else intake.answerCame(call, this);
  }

  /** The plan goes on with what became of a call. */
  takenIn(call: Call, outcome: CallOutcome): void {
    if (this.#isOver) return;
    this.#go(this.#o.run.complete(call.traced?.callId ?? 0, outcome));
  }

  /** Nobody wants the page any more: open calls are hung up. */
  abandon(): void {
    this.#isOver = true;
    for (let call = this.#lastCall; call !== undefined; call = call.previous) {
      this.#world.edgeTo(call.traced?.service ?? '').giveUp(call);
    }
  }

  #go(calls: readonly TracedCall[]): void {
    const { request, run, deadlineUs, onEnd } = this.#o;
    const { edgeTo, demands } = this.#world;
    for (let i = 0; i < calls.length; i += 1) {
      const traced = calls[i] as TracedCall;
      const route = edgeTo(traced.service);
      const call = new Call({
        route,
        request,
        owner: this,
        traced,
        demand: demands.of(request, traced, this.#occurrences),
        deadlineUs,
      });
      call.previous = this.#lastCall;
      this.#lastCall = call;
      route.begin(call);
    }
    if (run.openCalls > 0) return;
    const end = run.end();
    invariant(end !== undefined, 'PAGE_WITHOUT_END', { page: request.page });
    this.#isOver = true;
    onEnd.pageEnded(end, this);
  }
}
