/** The desk between those who want pages and the request path: numbers each wish, notes when it was
 * made and how it ended, and brings the answer to whoever wanted it. Loads are timed from the wish,
 * so that nothing is left out. */
import type { ActorSystem } from '../../actors/runtime/actor-system.ts';
import type { ApiOutcome, PageName, PageVariables } from '../../domain/page.ts';
import type { ApiArchitecture } from '../../gateway/architecture.ts';
import { invariant } from '../../kernel/errors.ts';
import type { HandlerId, Simulation } from '../../kernel/simulation.ts';
import type { Question } from '../load/page-mix.ts';
import type { Recorder } from '../world/recorder.ts';
import type { PageTracer } from '../world/traces/page-tracer.ts';
import type { Call } from './calls/call.ts';
import type { Client } from './calls/client.ts';
import { PageLoad, type RequestPath } from './request-path.ts';

/** The desk. */
export interface PageDesk {
  /** The path is ready: before anybody asks. */
  open(path: RequestPath): void;
  /** A viewer wishes for a page. */
  wished(client: Client, pageSequence: number, page: PageName): void;
  /** The viewer's device begins to load it. */
  begin(
    client: Client,
    pageSequence: number,
    asked: { readonly page: PageName; readonly variables: PageVariables },
  ): void;
  /** A user of a load test wishes and asks at once. */
  ask(client: Client, pageSequence: number, asked: LoadQuestion): void;
  /** The path is done with a page. */
  readonly ended: (load: PageLoad, outcome: ApiOutcome) => void;
  /** The device gave up, showed the page, or was offline. */
  abandon(client: Client, pageSequence: number): void;
  shown(client: Client, pageSequence: number, outcome: ApiOutcome): void;
  unreachable(client: Client, pageSequence: number): void;
  /** Nothing comes of a call any more, and no time-out ends it. A device gives its page up in time;
   * whoever else asked does so too then, and waits for ever otherwise. Spec: E447. */
  readonly lost: (call: Call) => void;
}

/** A question of a load test, and whether its user waits for the answer. */
export interface LoadQuestion {
  readonly question: Question;
  readonly isAwaited: boolean;
}

/** What the desk needs. */
export interface PageDeskOptions {
  readonly architecture: ApiArchitecture;
  readonly actors: ActorSystem;
  readonly recorder: Recorder;
  /** Told of every page that is over, while all that it left is at hand. */
  readonly tracer: PageTracer;
  readonly simulation: Simulation;
  /** How urgent pages are: 0 most, 7 least; 0 where nothing is said. */
  readonly priorities: Readonly<Partial<Record<PageName, number>>>;
  /** How long a client waits for a page, µs. */
  readonly pageTimeout: number;
}

/** To users of load tests: they look at nothing in it. */
const PAGE_ANSWERED = Object.freeze({ type: 'page.answered' as const });
/** Pages of one viewer that get numbers of their own. */
const PAGES_PER_VIEWER = 4_096;

/** Makes the desk. */
export function createPageDesk(options: PageDeskOptions): PageDesk {
  const { architecture, actors, recorder, simulation, priorities, pageTimeout, tracer } = options;
  /** Begun and not shown. */
  const loads = new Map<number, PageLoad>();
  let path: RequestPath | undefined;
  const openPath = (): RequestPath => {
    invariant(path !== undefined, 'DESK_NOT_OPEN', {});
    return path;
  };
  const wishOf = ({ profile }: Client, pageSequence: number) =>
    profile.viewer * PAGES_PER_VIEWER + pageSequence;
  const ended = (load: PageLoad, outcome: ApiOutcome) => {
    const { client, pageSequence, page, test } = load;
    if (test === undefined) {
      const answered = { type: 'page.answered' as const, pageSequence, outcome };
      actors.send(client.deviceActor, answered, 0);
      return;
    }
    const { viewer } = client.profile;
    const { askedAtUs, isAwaited } = test;
    const { nowUs } = simulation;
    tracer.ended(load, { askedAtUs, shownAtUs: nowUs, outcome });
    recorder.testShown({ viewer, pageSequence, page, askedAtUs }, outcome, nowUs);
    if (isAwaited) actors.deliver(client.deviceActor, PAGE_ANSWERED);
  };
  const timedOut = registerPageTimeout(simulation, (load) => {
    openPath().abandon(load);
    ended(load, 'timeout');
  });
  return {
    open(ready) {
      path = ready;
    },
    wished(client, pageSequence, page) {
      const { viewer } = client.profile;
      const wish = { viewer, pageSequence, page, askedAtUs: simulation.nowUs };
      recorder.pageAsked(wishOf(client, pageSequence), wish);
    },
    begin(client, pageSequence, { page, variables }) {
      const plan = architecture.plan(page);
      const wanted = {
        client,
        pageSequence,
        page,
        plan,
        variables,
        priority: priorities[page] ?? 0,
        begunAtUs: simulation.nowUs,
        test: undefined,
      };
      loads.set(wishOf(client, pageSequence), openPath().begin(wanted));
    },
    ask(client, pageSequence, { question, isAwaited }) {
      recorder.testAsked(simulation.nowUs);
      const test = { askedAtUs: simulation.nowUs, isAwaited };
      const begunAtUs = simulation.nowUs;
      openPath().begin({ ...question, client, pageSequence, begunAtUs, test });
    },
    ended,
    abandon(client, pageSequence) {
      const load = loads.get(wishOf(client, pageSequence));
      if (load?.isOver === false) openPath().abandon(load);
    },
    shown(client, pageSequence, outcome) {
      const wish = wishOf(client, pageSequence);
      const { nowUs } = simulation;
      const load = loads.get(wish);
      const askedAtUs = recorder.askedAtUs(wish) ?? nowUs;
      if (load !== undefined) tracer.ended(load, { askedAtUs, shownAtUs: nowUs, outcome });
      loads.delete(wish);
      recorder.pageShown(wish, outcome, nowUs);
    },
    unreachable(client, pageSequence) {
      const wish = wishOf(client, pageSequence);
      loads.delete(wish);
      recorder.pageRefusedOffline(wish, simulation.nowUs);
    },
    lost(call) {
      const { owner } = call;
      if (owner instanceof PageLoad && owner.test === undefined) return;
      const sinceUs = owner instanceof PageLoad ? owner.test?.askedAtUs : undefined;
      const dueUs = (sinceUs ?? simulation.nowUs) + pageTimeout;
      simulation.schedule(Math.max(0, dueUs - simulation.nowUs), timedOut, 0, call);
    },
  };
}

/** Who asked for a page that nothing comes of has waited long enough. */
function registerPageTimeout(simulation: Simulation, giveUp: (load: PageLoad) => void): HandlerId {
  return simulation.registerHandler('load.page-timeout', (_, payload) => {
    const call = payload as Call;
    const { owner } = call;
    if (call.isSettled) return;
    if (!(owner instanceof PageLoad)) call.route.giveUp(call);
    else if (!owner.isOver) giveUp(owner);
  });
}
