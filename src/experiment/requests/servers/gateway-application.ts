/** What a gateway or router does with a page: CPU to look the plan up, the plan's calls (which
 * hold no worker), CPU for each answer (a page's answers one after the other: a page is one task),
 * CPU to merge and serialise. Each try of a page runs the whole plan. Spec: A12, E11, E33. */
import type { PageEnd, PageTraces } from '../../../gateway/page-trace.ts';
import { invariant } from '../../../kernel/errors.ts';
import type { Attempt, Call } from '../calls/call.ts';
import {
  type AnswerIntake,
  type PageEnded,
  PageHost,
  type PageHostWorld,
} from '../calls/page-host.ts';
import type { GatewayCosts } from './gateway-costs.ts';
import type { Application, Server } from './server.ts';

/** What a gateway's application is made of. */
export interface GatewayApplicationOptions {
  readonly costs: GatewayCosts;
  readonly traces: PageTraces;
  readonly world: PageHostWorld;
  /** Whether the page's deadline bounds the calls made for it. */
  readonly propagatesDeadline: boolean;
}

/** The application of a gateway or a router. */
export class GatewayApplication implements Application, PageEnded, AnswerIntake {
  readonly stopsAtHangUp = true;
  readonly #o: GatewayApplicationOptions;
  #server: Server | undefined;

  constructor(options: GatewayApplicationOptions) {
    this.#o = options;
  }

  begin(attempt: Attempt, server: Server): void {
    this.#server = server;
    attempt.visit = 'plan';
    server.work(attempt, this.#o.costs.planUs(attempt.call));
  }

  worked(attempt: Attempt, server: Server): void {
    if (attempt.visit === 'merge') {
      server.complete(attempt, undefined);
    } else if (attempt.host instanceof PageHost) {
      this.#tookIn(attempt.host);
    } else {
      this.#run(attempt, server);
    }
  }

  #run(attempt: Attempt, server: Server): void {
    if (!attempt.isWanted && attempt.deadlineUs <= server.nowUs) {
      // Its client has hung up, and said so: its calls need not begin.
      server.complete(attempt, 'expired');
      return;
    }
    const { traces, world, propagatesDeadline, costs } = this.#o;
    const { request } = attempt.call;
    const host = new PageHost(world, {
      request,
      run: traces.begin(request.plan, request.variables),
      actor: server.actor,
      zone: server.fleet.replicas[attempt.replica]?.zone ?? 0,
      deadlineUs: propagatesDeadline ? attempt.deadlineUs : Number.POSITIVE_INFINITY,
      attempt,
      onEnd: this,
      intake: costs.answerUs === undefined ? undefined : this,
    });
    attempt.host = host;
    attempt.ran = host;
    host.start();
  }

  answerCame(call: Call, host: PageHost): void {
    host.untaken.push(call);
    if (host.untaken.length === 1) this.#takeIn(call, host);
  }

  #takeIn(call: Call, { attempt }: PageHost): void {
    if (attempt !== undefined) this.#server?.workMore(attempt, this.#o.costs.answerUs?.(call) ?? 0);
  }

  /** Workers are done with the oldest answer. */
  #tookIn(host: PageHost): void {
    const { untaken } = host;
    const [call] = untaken;
    invariant(call !== undefined, 'ANSWER_MISSING', {});
    host.takenIn(call, 'answered');
    untaken.shift();
    const [next] = untaken;
    if (next !== undefined) this.#takeIn(next, host);
  }

  pageEnded(end: PageEnd, { attempt, workUs }: PageHost): void {
    if (attempt === undefined) return;
    attempt.host = undefined;
    attempt.innerWorkUs = workUs;
    attempt.end = end;
    attempt.visit = 'merge';
    const mergeUs = this.#o.costs.mergeUs(end);
    if (mergeUs > 0) this.#server?.workMore(attempt, mergeUs);
    else this.#server?.complete(attempt, undefined);
  }

  /** The replica crashed, or the client is gone: what is under way for the try is given up. */
  forget(attempt: Attempt): void {
    const { host } = attempt;
    if (host === undefined) return;
    attempt.host = undefined;
    attempt.innerWorkUs = host.workUs;
    host.abandon();
  }
}
