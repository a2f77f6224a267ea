/** The request path: from a client's wish for a page to the page. It owns who answers (servers) and
 * how they are called (edges), by architecture; a page is one call to a gateway that runs its plan,
 * or a plan that the client runs itself. Spec: E10–E16. */
import type { ActorSystem } from '../../actors/runtime/actor-system.ts';
import type { ApiOutcome, PageVariables } from '../../domain/page.ts';
import type { ApiArchitecture } from '../../gateway/architecture.ts';
import type { CallPlan } from '../../gateway/call-plan.ts';
import type { CallOutcome, PageEnd, PageTraces } from '../../gateway/page-trace.ts';
import { invariant } from '../../kernel/errors.ts';
import { type Attempt, Call, type CallOwner, NO_DEMAND } from './calls/call.ts';
import type { CallEdge } from './calls/call-edge.ts';
import type { Client } from './calls/client.ts';
import { type PageEnded, PageHost, type PageHostWorld } from './calls/page-host.ts';
import type { PageRequest } from './calls/page-request.ts';

/** A page that somebody wants. */
export interface WantedPage {
  readonly client: Client;
  readonly pageSequence: number;
  readonly page: string;
  readonly plan: CallPlan;
  readonly variables: PageVariables;
  readonly priority: number;
  /** When its client begins to load it. */
  readonly begunAtUs: number;
  /** Of a load test: when it was asked for, and whether its user waits for it. */
  readonly test: PageLoad['test'];
}

/** The path of one architecture. */
export interface RequestPath {
  /** Asks. `page.answered` reaches the client's actor in the end, unless it gives up. */
  begin(wanted: WantedPage): PageLoad;
  /** The client gave up. */
  abandon(load: PageLoad): void;
  /** The answer to a try reached who asked. */
  takeIn(attempt: Attempt): void;
}

/** What a path is made of. */
export interface RequestPathOptions {
  readonly architecture: ApiArchitecture;
  readonly actors: ActorSystem;
  readonly traces: PageTraces;
  /** How clients (direct access) run a plan. */
  readonly hosts: PageHostWorld;
  /** The edge from clients to who answers pages; undefined where clients run plans themselves. */
  readonly entry: CallEdge | undefined;
  /** A page is over: answered, or failed for good. */
  readonly onEnd: (load: PageLoad, outcome: ApiOutcome) => void;
}

/** One page load on its way. */
export class PageLoad implements PageRequest, CallOwner, PageEnded {
  readonly client: Client;
  readonly pageSequence: number;
  readonly page: string;
  readonly plan: CallPlan;
  readonly variables: PageVariables;
  readonly priority: number;
  readonly actor: number;
  readonly zone = OUTSIDE;
  readonly begunAtUs: number;
  /** Of a load test: when it was asked for, and whether its user waits for it. */
  readonly test: { readonly askedAtUs: number; readonly isAwaited: boolean } | undefined;
  call: Call | undefined = undefined;
  host: PageHost | undefined = undefined;
  /** Answered, failed for good, or given up. */
  isOver = false;
  readonly #onEnd: (load: PageLoad, outcome: ApiOutcome) => void;

  constructor(wanted: WantedPage, onEnd: RequestPathOptions['onEnd']) {
    this.client = wanted.client;
    this.pageSequence = wanted.pageSequence;
    this.page = wanted.page;
    this.plan = wanted.plan;
    this.variables = wanted.variables;
    this.priority = wanted.priority;
    this.begunAtUs = wanted.begunAtUs;
    this.actor = wanted.client.deviceActor;
    this.test = wanted.test;
    this.#onEnd = (load, outcome) => {
      this.isOver = true;
      onEnd(load, outcome);
    };
  }

  settled(call: Call, outcome: CallOutcome): void {
    if (outcome === 'failed') this.#onEnd(this, 'failed');
    else if (outcome !== 'answered') this.#onEnd(this, 'degraded');
    else this.pageEnded(call.answeredBy?.end);
  }

  /** The page's answer is here. */
  pageEnded(end: PageEnd | undefined): void {
    invariant(end !== undefined, 'PAGE_WITHOUT_END', { page: this.page });
    const isDegraded = end.outcome === 'ok' && end.isDegraded;
    this.#onEnd(this, isDegraded ? 'degraded' : end.outcome);
  }
}

/** Clients stand in no zone. */
const OUTSIDE = -1;

/** Makes the path. */
export function createRequestPath(options: RequestPathOptions): RequestPath {
  const { traces, hosts, entry, onEnd } = options;
  return {
    begin(wanted) {
      const load = new PageLoad(wanted, onEnd);
      if (entry === undefined) {
        load.host = new PageHost(hosts, {
          request: load,
          run: traces.begin(load.plan, load.variables),
          actor: load.actor,
          zone: OUTSIDE,
          deadlineUs: Number.POSITIVE_INFINITY,
          attempt: undefined,
          onEnd: load,
        });
        load.host.start();
        return load;
      }
      load.call = new Call({
        route: entry,
        request: load,
        owner: load,
        traced: undefined,
        demand: NO_DEMAND,
        deadlineUs: Number.POSITIVE_INFINITY,
      });
      entry.begin(load.call);
      return load;
    },
    abandon(load) {
      load.isOver = true;
      if (load.call !== undefined) entry?.giveUp(load.call);
      load.host?.abandon();
    },
    takeIn: (attempt) => attempt.call.route.answered(attempt),
  };
}
