/** How a page's calls travel: which links each one crosses, in the four architectures' ways. The
 * device asks for a connection before each WAN call; gateways use the datacentre network; every
 * service answers after its database did. All delays are draws keyed by (viewer, page, call). */
import type { ActorId, ActorSystem } from '../../actors/runtime/actor-system.ts';
import type { ServiceMessage } from '../../actors/service.ts';
import type { ApiOutcome } from '../../domain/page.ts';
import type { ApiArchitecture } from '../../gateway/architecture.ts';
import type { Chance } from '../../kernel/chance.ts';
import { invariant } from '../../kernel/errors.ts';
import type { HandlerId, Simulation } from '../../kernel/simulation.ts';
import { createLink } from '../../queueing/link.ts';
import type { Household } from '../households/household.ts';
import type { WideAreaNetwork } from '../households/wide-area-network.ts';
import type { Scenario } from '../scenario/schema.ts';
import type { Recorder } from '../world/recorder.ts';
import type { PageCalls } from './page-calls.ts';

/** HTTP headers of a request and of an answer on the WAN (cookies and all), and inside. */
const HEADER_BYTES = { wanUp: 900, wanDown: 400, internal: 250 } as const;
/** A page request to a gateway: a persisted query's hash and its variables. */
const PAGE_REQUEST_BYTES = 250;
/** An error answer without data. */
const ERROR_BYTES = 120;
/** Draw index of the page's own WAN leg, beside those of its calls. */
const PAGE_LEG = 255;

/** Everything a request needs on its way. */
export interface RequestFlowOptions {
  readonly scenario: Scenario;
  readonly architecture: ApiArchitecture;
  readonly actors: ActorSystem;
  readonly simulation: Simulation;
  readonly chance: Chance;
  readonly pages: PageCalls;
  readonly wan: WideAreaNetwork;
  readonly recorder: Recorder;
  readonly serviceActors: Readonly<Record<string, ActorId>>;
  /** Undefined where the page is not answered by a gateway with CPU of its own. */
  readonly gatewayActor: ActorId | undefined;
  readonly spawnPageRun: (request: number) => ActorId;
}

/** The steps of a page load, called by the assembly's routes. */
export interface RequestFlow {
  /** The device starts a load: runs the plan itself, or wants a connection to who answers. */
  begin(request: number, household: Household): void;
  /** A page run sends a call. */
  sendCall(request: number, call: number, attempt: number): void;
  /** The device got a connection for a WAN call. */
  goOut(household: Household, wanCall: string, isFresh: boolean): void;
  /** The gateway starts the plan of a page. */
  startPlan(request: number): void;
  /** A service is done with a call (or failed it). */
  answerCall(callName: string, ok: boolean): void;
  /** All calls of a page are in. */
  completePlan(request: number, outcome: ApiOutcome): void;
  /** The page's answer leaves the server side. */
  answerPage(request: number, outcome: ApiOutcome | undefined): void;
  /** The client gave up. */
  abandon(request: number): void;
}

/** Makes the flow of one architecture. */
export function createRequestFlow(options: RequestFlowOptions): RequestFlow {
  return new Flow(options);
}

/** A message between gateway and service. */
interface InternalMessage {
  readonly leg: 'up' | 'down';
  readonly request: number;
  readonly call: number;
  readonly attempt: number;
  readonly sizeBytes: number;
}

interface LoadState {
  readonly household: Household;
  readonly pageSequence: number;
  run: ActorId | undefined;
  outcome: ApiOutcome | undefined;
  isAbandoned: boolean;
}

class Flow implements RequestFlow {
  readonly #o: RequestFlowOptions;
  readonly #loads = new Map<number, LoadState>();
  readonly #internal: (message: InternalMessage) => number;
  /** A server without CPU of its own in front starts the plan when the request reaches it. */
  readonly #startPlanHandler: HandlerId;
  readonly #databaseUs: (request: number, call: number, roundTrips: number) => number;

  constructor(options: RequestFlowOptions) {
    this.#o = options;
    this.#internal = createInternalDelay(options);
    this.#databaseUs = createDatabaseDelay(options);
    this.#startPlanHandler = options.simulation.registerHandler('server.start-plan', (request) =>
      this.startPlan(request),
    );
  }

  begin(request: number, household: Household): void {
    const { architecture, actors, pages } = this.#o;
    const pageSequence = pages.pageSequenceOf(request);
    this.#loads.set(request, {
      household,
      pageSequence,
      run: undefined,
      outcome: undefined,
      isAbandoned: false,
    });
    if (architecture.executedAt === 'device') {
      this.startPlan(request);
      return;
    }
    const wanCall = wanCallName({ request, call: PAGE_LEG, attempt: 1 });
    actors.send(household.deviceActor, connectionWanted(wanCall), 0);
  }

  startPlan(request: number): void {
    const load = this.#load(request);
    load.run = this.#o.spawnPageRun(request);
    this.#o.actors.start(load.run);
  }

  sendCall(request: number, call: number, attempt: number): void {
    const { architecture, actors, recorder, pages } = this.#o;
    const load = this.#load(request);
    const name = wanCallName({ request, call, attempt });
    if (architecture.executedAt === 'device') {
      actors.send(load.household.deviceActor, connectionWanted(name), 0);
      return;
    }
    if (architecture.executedAt === 'server') {
      this.#arrive(name, 0);
      return;
    }
    const size = pages.call(request, call).requestBytes + HEADER_BYTES.internal;
    count(recorder.internal, size);
    this.#arrive(name, this.#internal({ leg: 'up', request, call, attempt, sizeBytes: size }));
  }

  goOut(household: Household, wanCall: string, isFresh: boolean): void {
    const { architecture, actors, pages, wan, recorder, simulation } = this.#o;
    const { request, call, attempt } = parseWanCall(wanCall);
    if (!this.#loads.has(request)) return;
    const isPage = call === PAGE_LEG && architecture.executedAt !== 'device';
    const key = pages.drawIndex(request, call, attempt);
    const payload = isPage ? PAGE_REQUEST_BYTES : pages.call(request, call).requestBytes;
    const sizeBytes = payload + HEADER_BYTES.wanUp;
    count(recorder.wan, sizeBytes);
    const afterUs = isFresh ? wan.handshakeUs(household, key) : 0;
    const delayUs = wan.delayUs({
      household,
      direction: 'up',
      channel: 'api',
      sizeBytes,
      key,
      afterUs,
    });
    if (!isPage) {
      this.#arrive(wanCall, delayUs);
      return;
    }
    const { gatewayActor } = this.#o;
    if (gatewayActor === undefined) simulation.schedule(delayUs, this.#startPlanHandler, request);
    else actors.send(gatewayActor, this.#pageRequested(request), delayUs);
  }

  answerCall(callName: string, ok: boolean): void {
    const { architecture, actors, pages, recorder, wan } = this.#o;
    const { request, call, attempt } = parseWanCall(callName);
    const load = this.#loads.get(request);
    if (load?.run === undefined || !pages.isOpen(request)) return;
    const { responseBytes, databaseRoundTrips } = pages.call(request, call);
    const payload = ok ? responseBytes : ERROR_BYTES;
    const afterUs = ok ? this.#databaseUs(request, call, databaseRoundTrips) : 0;
    const answered = { type: 'call.answered' as const, call, attempt, ok };
    if (architecture.executedAt === 'server') {
      actors.send(load.run, answered, afterUs);
      return;
    }
    if (architecture.executedAt !== 'device') {
      const size = payload + HEADER_BYTES.internal;
      recorder.internal.bytes += size;
      actors.send(
        load.run,
        answered,
        afterUs + this.#internal({ leg: 'down', request, call, attempt, sizeBytes: size }),
      );
      return;
    }
    const sizeBytes = payload + HEADER_BYTES.wanDown;
    recorder.wan.bytes += sizeBytes;
    const delayUs = wan.delayUs({
      household: load.household,
      direction: 'down',
      channel: 'api',
      sizeBytes,
      key: pages.drawIndex(request, call, attempt),
      afterUs,
    });
    actors.send(load.run, answered, delayUs);
    actors.send(load.household.deviceActor, { type: 'connection.released' }, delayUs);
  }

  completePlan(request: number, outcome: ApiOutcome): void {
    const { architecture, actors, gatewayActor } = this.#o;
    const load = this.#load(request);
    load.outcome = outcome;
    if (architecture.executedAt === 'device') {
      actors.send(load.household.deviceActor, this.#pageAnswered(load, outcome), 0);
      this.#close(request);
      return;
    }
    if (gatewayActor === undefined) this.answerPage(request, outcome);
    else actors.send(gatewayActor, this.#planCompleted(request), 0);
  }

  answerPage(request: number, outcome: ApiOutcome | undefined): void {
    const { actors, pages, recorder, wan } = this.#o;
    const load = this.#load(request);
    const ended = outcome ?? load.outcome ?? 'failed';
    const bytes = load.outcome === undefined ? ERROR_BYTES : pages.answerSize(request).bytes;
    const sizeBytes = bytes + HEADER_BYTES.wanDown;
    recorder.wan.bytes += sizeBytes;
    if (!load.isAbandoned) {
      const delayUs = wan.delayUs({
        household: load.household,
        direction: 'down',
        channel: 'api',
        sizeBytes,
        key: pages.drawIndex(request, PAGE_LEG, 1),
      });
      actors.send(load.household.deviceActor, this.#pageAnswered(load, ended), delayUs);
    }
    this.#close(request);
  }

  abandon(request: number): void {
    const load = this.#loads.get(request);
    if (load === undefined) return;
    load.isAbandoned = true;
    if (this.#o.architecture.executedAt !== 'device') return;
    if (load.run !== undefined) this.#o.actors.stop(load.run);
    this.#close(request);
  }

  #pageAnswered(load: LoadState, outcome: ApiOutcome) {
    return { type: 'page.answered' as const, pageSequence: load.pageSequence, outcome };
  }

  #pageRequested(request: number) {
    const { planTime } = this.#gatewayCosts();
    return { type: 'page.requested' as const, request, demandUs: planTime };
  }

  #planCompleted(request: number) {
    const { mergeTimePerFetch, mergeTimePerKib } = this.#gatewayCosts();
    const { bytes, calls } = this.#o.pages.answerSize(request);
    const demandUs = mergeTimePerFetch * calls + (mergeTimePerKib * bytes) / 1_024;
    return { type: 'plan.completed' as const, request, demandUs };
  }

  #gatewayCosts() {
    const { architecture, scenario } = this.#o;
    const { aggregation, federated } = scenario.architectures;
    return architecture.name === 'federated' ? federated : aggregation;
  }

  /** The call reaches its service after a delay. */
  #arrive(callName: string, delayUs: number): void {
    const { actors, pages, serviceActors, simulation } = this.#o;
    const { request, call } = parseWanCall(callName);
    const { service, demandUs } = pages.call(request, call);
    const actor = serviceActors[service];
    invariant(actor !== undefined, 'SERVICE_WITHOUT_ACTOR', { service });
    const job = { call: callName, demandUs, arrivedAtUs: simulation.nowUs + delayUs };
    const message: ServiceMessage = { type: 'call.arrived', job };
    actors.send(actor, message, delayUs);
  }

  #load(request: number): LoadState {
    const load = this.#loads.get(request);
    invariant(load !== undefined, 'LOAD_NOT_OPEN', { request });
    return load;
  }

  #close(request: number): void {
    const { run } = this.#load(request);
    if (run !== undefined) this.#o.actors.release(run);
    this.#loads.delete(request);
    this.#o.pages.close(request);
  }
}

function createInternalDelay({ scenario, chance, pages }: RequestFlowOptions) {
  const link = createLink(scenario.network.datacentre);
  const leg = (name: string) => ({
    delay: chance.draws(`datacentre.${name}.delay`),
    loss: chance.draws(`datacentre.${name}.loss`),
  });
  const legs = { up: leg('up'), down: leg('down') };
  return ({ leg, request, call, attempt, sizeBytes }: InternalMessage): number => {
    const viewer = pages.viewerOf(request);
    const index = pages.drawIndex(request, call, attempt);
    const { delay, loss } = legs[leg];
    return link.delayUs(sizeBytes, delay.uniform(viewer, index), loss.uniform(viewer, index));
  };
}

function createDatabaseDelay({ scenario, chance, pages }: RequestFlowOptions) {
  const link = createLink(scenario.network.database);
  const draws = chance.draws('database.round-trip');
  return (request: number, call: number, roundTrips: number): number => {
    const viewer = pages.viewerOf(request);
    let totalUs = 0;
    for (let trip = 0; trip < roundTrips; trip += 1) {
      const index = pages.drawIndex(request, call, trip);
      totalUs += link.roundTripUs(draws.uniform(viewer, index));
    }
    return totalUs;
  };
}

function connectionWanted(call: string) {
  return { type: 'connection.wanted' as const, call };
}

function wanCallName(parts: { request: number; call: number; attempt: number }): string {
  return `${parts.request}/${parts.call}/${parts.attempt}`;
}

function parseWanCall(name: string): { request: number; call: number; attempt: number } {
  const [request, call, attempt] = name.split('/').map(Number);
  return { request: request ?? -1, call: call ?? -1, attempt: attempt ?? 1 };
}

function count(traffic: { calls: number; bytes: number }, bytes: number): void {
  traffic.calls += 1;
  traffic.bytes += bytes;
}
