/** All wiring of a run, in reading order: START HERE. Parts first, then one route a message: who
 * emitted it, over which link it goes, who gets it. `gateway`, `streams` and `storage` do not know
 * each other; they meet in this file and in `world/`, which it hands its parts to. */
import type { SdkEmission, SdkMessage } from '../actors/client-sdk.ts';
import type { DeviceEmission } from '../actors/device.ts';
import { createGatewayMachine, type GatewayEmission } from '../actors/gateway.ts';
import type { PageRunEmission } from '../actors/page-run.ts';
import type { ActorId, ActorMessage, ActorSystem } from '../actors/runtime/actor-system.ts';
import { checkForDeadlock } from '../actors/runtime/deadlock.ts';
import { INTERPRETERS, type InterpreterName } from '../actors/runtime/interpreters.ts';
import { createServiceMachine, type ServiceEmission } from '../actors/service.ts';
import type { ViewerEmission } from '../actors/viewer.ts';
import { createAudience, createCountryLookup, FIRST_GUEST } from '../domain/audience.ts';
import type { Catalogue } from '../domain/catalogue.ts';
import type { ArchitectureName } from '../gateway/architecture.ts';
import { createArchitecture } from '../gateway/architectures.ts';
import { createServiceBackends } from '../gateway/service-backends.ts';
import { createChance } from '../kernel/chance.ts';
import { createRunDigest, type RunDigest } from '../kernel/digest.ts';
import { invariant } from '../kernel/errors.ts';
import { createSimulation, type Simulation } from '../kernel/simulation.ts';
import { US_PER_MINUTE } from '../kernel/time.ts';
import type { Warehouse } from '../storage/warehouse.ts';
import { type ArrivalPoint, drawArrivals } from './households/arrivals.ts';
import { audienceConfig } from './households/audience-config.ts';
import type { Household } from './households/household.ts';
import { createMachines } from './households/machines.ts';
import { createNeighbourhood, type Neighbourhood } from './households/neighbourhood.ts';
import { createWideAreaNetwork } from './households/wide-area-network.ts';
import type { TraceFile } from './io/trace-file.ts';
import { createFaultSwitch, type FaultSwitch } from './requests/faults.ts';
import { createPageCalls, type PageCalls } from './requests/page-calls.ts';
import { createRequestFlow, type RequestFlow } from './requests/request-flow.ts';
import { type Stations, stationsOf } from './requests/stations.ts';
import type { Scenario } from './scenario/schema.ts';
import { type BatchDelivery, createBatchDelivery } from './tracking/batch-delivery.ts';
import { type Clickstream, createClickstream } from './tracking/clickstream.ts';
import { countDraws } from './world/counted-chance.ts';
import { createRecorder, type Recorder } from './world/recorder.ts';
import { tracedDigest } from './world/traced-digest.ts';

/** What a run is made of. */
export interface AssemblyOptions {
  readonly scenario: Scenario;
  readonly architecture: ArchitectureName;
  /** Default `compiled`. */
  readonly interpreter?: InterpreterName | undefined;
  /** 0 for a single run; replications of a comparison count up. */
  readonly replication: number;
  readonly catalogue: Catalogue;
  /** The shape of arrivals over the run. */
  readonly arrivals: readonly ArrivalPoint[];
  /** Opened and closed by the caller. */
  readonly warehouse: Warehouse;
  /** Watches every processed message; changes nothing. */
  readonly trace?: TraceFile | undefined;
}

/** A wired world, ready to run. */
export interface World {
  readonly simulation: Simulation;
  readonly digest: RunDigest;
  readonly recorder: Recorder;
  readonly clickstream: Clickstream;
  readonly actors: ActorSystem;
  readonly neighbourhood: Neighbourhood;
  readonly viewerCount: number;
  /** Worker counts by service. */
  readonly workers: Readonly<Record<string, number>>;
  readonly endUs: number;
  run(): void;
}

/** Everything that actors emit. */
type Emission =
  | ViewerEmission
  | DeviceEmission
  | SdkEmission
  | ServiceEmission
  | GatewayEmission
  | PageRunEmission;
type Routes<E extends Emission> = {
  readonly [T in E['type']]: (from: ActorId, m: Extract<E, { type: T }>) => void;
};

/** Pages of one viewer that get numbers of their own. */
const PAGES_PER_VIEWER = 4_096;

/** Wires a world. Nothing happens until `run()`. */
export function assemble(options: AssemblyOptions): World {
  const { scenario, catalogue, warehouse } = options;
  const ground = layGround(options);
  const { simulation, digest, chance, epochUs, endUs, arrivalsUs, recorder } = ground;
  const architecture = createArchitecture(options.architecture);
  const stations = stationsOf(scenario, architecture);
  const faults = createFaultSwitch(scenario, architecture, simulation);
  const pages = createPageCalls({
    scenario,
    architecture,
    backends: createServiceBackends(catalogue),
    chance,
    slowness: faults.slowness,
  });
  const actors = INTERPRETERS[options.interpreter ?? 'compiled']({
    simulation,
    digest,
    drawCount: ground.drawCount,
    onEmit: (from, message) => route(from, message),
  });
  const machines = createMachines({ scenario, catalogue, chance, simulation, pages, epochUs });
  const neighbourhood = createNeighbourhood({
    simulation,
    actors,
    machines,
    audience: createAudience(audienceConfig(scenario, catalogue), chance),
    onArrival: () => recorder.viewersChanged(1, simulation.nowUs),
  });
  const { homeOf } = neighbourhood;
  const wan = createWideAreaNetwork(scenario, chance, simulation);
  const flow = createRequestFlow({
    ...ground,
    scenario,
    architecture,
    actors,
    pages,
    wan,
    ...spawnServers({ stations, actors, simulation, faults }),
    spawnPageRun: (request) =>
      actors.spawn(machines.pageRun, { name: `page/${request}`, input: { request } }),
  });
  const countryOf = createCountryLookup(scenario.audience.countries);
  const clickstream = createClickstream({ ...ground, scenario, catalogue, countryOf, warehouse });
  const delivery = createBatchDelivery({ simulation, actors, wan, clickstream, homeOf, epochUs });
  const parts = { ...ground, actors, homeOf, pages, flow, clickstream, delivery };
  const route = createRouter({
    ...viewerRoutes(parts),
    ...deviceRoutes(parts),
    ...requestRoutes(parts),
    ...sdkRoutes({ ...parts, neighbourhood }),
  });

  expectEverybody(neighbourhood, arrivalsUs, scenario);
  clickstream.startPolling(endUs);
  return {
    ...ground,
    clickstream,
    actors,
    neighbourhood,
    viewerCount: arrivalsUs.length + scenario.audience.guests.length,
    workers: stations.workers,
    run() {
      simulation.run(endUs);
      checkForDeadlock(simulation, actors);
      clickstream.finish();
    },
  };
}

/** Viewers of the arrival stream, and guests by hand. */
function expectEverybody(
  neighbourhood: Neighbourhood,
  arrivalsUs: readonly number[],
  scenario: Scenario,
): void {
  for (const [viewer, atUs] of arrivalsUs.entries()) neighbourhood.expect(viewer, atUs);
  for (const [i, guest] of scenario.audience.guests.entries()) {
    neighbourhood.expect(FIRST_GUEST + i, guest.at);
  }
}

/** What everything else stands on: the clock, the digest, chance, arrivals, and who takes notes. */
function layGround({ scenario, replication, arrivals, trace }: AssemblyOptions) {
  const simulation = createSimulation(scenario.limits);
  const { chance, drawCount } = countDraws(createChance({ seed: scenario.seed, replication }));
  const arrivalsUs = drawArrivals(scenario, arrivals, chance);
  const endUs = scenario.clock.duration + scenario.clock.drain;
  return {
    simulation,
    digest: tracedDigest(createRunDigest({ sliceUs: US_PER_MINUTE }), trace),
    chance,
    drawCount,
    /** The Unix time at virtual time 0, in µs. */
    epochUs: Date.parse(scenario.clock.start) * 1_000,
    endUs,
    arrivalsUs,
    recorder: createRecorder({
      bucketUs: US_PER_MINUTE,
      endUs,
      isMeasured: (viewer) =>
        viewer >= FIRST_GUEST || (arrivalsUs[viewer] ?? 0) >= scenario.clock.warmUp,
    }),
  };
}

/** The parts that routes connect. */
interface Parts {
  readonly simulation: Simulation;
  readonly actors: ActorSystem;
  readonly homeOf: (actor: ActorId) => Household;
  readonly recorder: Recorder;
  readonly pages: PageCalls;
  readonly flow: RequestFlow;
  readonly clickstream: Clickstream;
  readonly delivery: BatchDelivery;
}

/** The viewer's wishes reach the device and the SDK at once: they are one machine. */
function viewerRoutes({ actors, homeOf, recorder, simulation }: Parts): Routes<ViewerEmission> {
  const toDevice = (viewer: ActorId, message: ActorMessage) =>
    actors.send(homeOf(viewer).deviceActor, message, 0);
  return {
    'page.opened': (viewer, message) => {
      const household = homeOf(viewer);
      const request = requestOf(household, message.pageSequence);
      recorder.pageAsked(request, {
        viewer: household.profile.viewer,
        page: message.page,
        askedAtUs: simulation.nowUs,
      });
      toDevice(viewer, message);
    },
    'player.play': toDevice,
    'player.pause': toDevice,
    'player.resume': toDevice,
    'player.seek': toDevice,
    'player.stop': toDevice,
    'gesture.made': (viewer, { event, data }) => {
      const message: SdkMessage = { type: 'fact.captured', event, data };
      actors.send(homeOf(viewer).sdkActor, message, 0);
    },
    'viewer.left': (viewer) => {
      const household = homeOf(viewer);
      household.hasLeft = true;
      recorder.viewersChanged(-1, simulation.nowUs);
      actors.send(household.sdkActor, { type: 'session.closing' }, 0);
    },
  };
}

/** The device loads pages, plays, and tells the SDK what happens. */
function deviceRoutes(parts: Parts): Routes<DeviceEmission> {
  const { actors, homeOf, recorder, simulation, pages, flow } = parts;
  return {
    'load.started': (device, { page, variables, pageSequence }) => {
      const household = homeOf(device);
      const request = requestOf(household, pageSequence);
      pages.open(request, { viewer: household.profile.viewer, pageSequence, page, variables });
      flow.begin(request, household);
    },
    'connection.granted': (device, { call, grant }) =>
      flow.goOut(homeOf(device), call, grant === 'fresh'),
    'load.abandoned': (device, { pageSequence }) =>
      flow.abandon(requestOf(homeOf(device), pageSequence)),
    'page.shown': (device, message) => {
      const household = homeOf(device);
      const request = requestOf(household, message.pageSequence);
      recorder.pageShown(request, message.outcome, simulation.nowUs);
      actors.send(household.viewerActor, message, 0);
    },
    'page.unreachable': (device, { pageSequence }) => {
      const household = homeOf(device);
      recorder.pageRefusedOffline(requestOf(household, pageSequence));
      actors.send(
        household.viewerActor,
        { type: 'page.shown', outcome: 'failed' } as ActorMessage,
        0,
      );
    },
    'playback.ended': (device, message) => actors.send(homeOf(device).viewerActor, message, 0),
    'fact.captured': (device, message) => actors.send(homeOf(device).sdkActor, message, 0),
    'network.changed': (device, message) => {
      const household = homeOf(device);
      household.isOnline = message.online;
      actors.send(household.sdkActor, message, 0);
    },
  };
}

/** Pages become calls, calls become answers. */
function requestRoutes(parts: Parts): Routes<ServiceEmission | GatewayEmission | PageRunEmission> {
  const { recorder, simulation, flow } = parts;
  return {
    'plan.started': (_gateway, { request }) => flow.startPlan(request),
    'call.sent': (_run, { request, call, attempt }) => flow.sendCall(request, call, attempt),
    'call.completed': (_service, { service, call, serviceTimeUs }) => {
      recorder.workerBusy(service, simulation.nowUs - serviceTimeUs, simulation.nowUs);
      flow.answerCall(call, true);
    },
    'call.failed': (_service, { call }) => flow.answerCall(call, false),
    'run.completed': (_run, { request, outcome }) => flow.completePlan(request, outcome),
    'gateway.worked': (_gateway, { gateway, serviceTimeUs }) =>
      recorder.workerBusy(gateway, simulation.nowUs - serviceTimeUs, simulation.nowUs),
    'page.merged': (_gateway, { request }) => flow.answerPage(request, undefined),
    'page.rejected': (_gateway, { request }) => flow.answerPage(request, 'failed'),
  };
}

/** The SDK's batches go to the collector; what it records and drops is counted as the truth. */
function sdkRoutes(parts: Parts & { readonly neighbourhood: Neighbourhood }): Routes<SdkEmission> {
  const { homeOf, clickstream, delivery, neighbourhood } = parts;
  return {
    'fact.recorded': () => clickstream.captured(),
    'batch.sent': (sdk, message) => delivery.send(homeOf(sdk), message),
    'events.dropped': (sdk, { batch, reason, count }) =>
      clickstream.dropped({ viewer: homeOf(sdk).profile.viewer, batch, reason, count }),
    'sdk.drained': (sdk) => {
      const household = homeOf(sdk);
      if (household.hasLeft) neighbourhood.retire(household);
    },
  };
}

function createRouter(routes: Routes<Emission>): (from: ActorId, message: ActorMessage) => void {
  const handlers = new Map<string, (from: ActorId, message: never) => void>(Object.entries(routes));
  return (from, message) => {
    const handle = handlers.get(message.type);
    invariant(handle !== undefined, 'MESSAGE_WITHOUT_ROUTE', { type: message.type });
    handle(from, message as never);
  };
}

function requestOf(household: Household, pageSequence: number): number {
  return household.profile.viewer * PAGES_PER_VIEWER + pageSequence;
}

/** Services and gateway as actors; the faults get to know the services. */
function spawnServers(options: {
  readonly stations: Stations;
  readonly actors: ActorSystem;
  readonly simulation: Simulation;
  readonly faults: FaultSwitch;
}) {
  const { stations, actors, simulation, faults } = options;
  const machine = createServiceMachine({ nowUs: () => simulation.nowUs });
  const serviceActors = Object.fromEntries(
    stations.services.map(({ name, station }) => [
      name,
      actors.spawn(machine, { name: `service/${name}`, input: { service: name, station } }),
    ]),
  );
  const { gateway } = stations;
  const gatewayActor =
    gateway &&
    actors.spawn(createGatewayMachine(), {
      name: `gateway/${gateway.name}`,
      input: { gateway: gateway.name, station: gateway.station },
    });
  faults.schedule((service, message) => {
    const actor = serviceActors[service];
    if (actor !== undefined) actors.deliver(actor, message);
  });
  return { serviceActors, gatewayActor };
}
