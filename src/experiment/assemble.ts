/** All wiring of a run, in reading order: START HERE. Parts first, then one route a message: who
 * emitted it, over which link it goes, who gets it. `gateway`, `streams` and `storage` do not know
 * each other; they meet in this file and in `world/`, which it hands its parts to. */
import type { DeviceEmission } from '../actors/device.ts';
import type { LoadUserEmission } from '../actors/load-user.ts';
import type { ActorId, ActorMessage, ActorSystem } from '../actors/runtime/actor-system.ts';
import { checkForDeadlock } from '../actors/runtime/deadlock.ts';
import { INTERPRETERS, type InterpreterName } from '../actors/runtime/interpreters.ts';
import type { ViewerEmission } from '../actors/viewer.ts';
import { createAudience, createCountryLookup, FIRST_GUEST } from '../domain/audience.ts';
import type { Catalogue } from '../domain/catalogue.ts';
import type { ApiArchitecture, ArchitectureName } from '../gateway/architecture.ts';
import { createPageTraces } from '../gateway/page-trace.ts';
import type { Product } from '../gateway/products/product.ts';
import { PRODUCTS } from '../gateway/products/products.ts';
import { type Chance, createChance } from '../kernel/chance.ts';
import { createRunDigest, type RunDigest } from '../kernel/digest.ts';
import { invariant } from '../kernel/errors.ts';
import { createSimulation, type Simulation } from '../kernel/simulation.ts';
import { US_PER_MINUTE } from '../kernel/time.ts';
import type { SdkEffect, SdkMessage } from '../sdk/sdk-messages.ts';
import type { Warehouse } from '../storage/warehouse.ts';
import type { LakeTap } from './backfill/lake-tap.ts';
import { type ArrivalPoint, drawArrivals } from './households/arrivals.ts';
import { audienceConfig } from './households/audience-config.ts';
import type { Household } from './households/household.ts';
import { createMachines } from './households/machines.ts';
import { createNeighbourhood, type Neighbourhood } from './households/neighbourhood.ts';
import { createWideAreaNetwork, type WideAreaNetwork } from './households/wide-area-network.ts';
import type { TraceFile } from './io/trace-file.ts';
import { createLoadTestOf, type LoadTest } from './load/load-test-of.ts';
import { createGoalTicks, type GoalTicks } from './objectives/measure/goal-ticks.ts';
import type { Attempt } from './requests/calls/call.ts';
import { createDemands } from './requests/calls/demands.ts';
import { createFaultSwitch, type FaultSwitch } from './requests/faults.ts';
import { createPageDesk, type PageDesk } from './requests/page-desk.ts';
import { createPath, type WiredPath } from './requests/wiring/create-path.ts';
import { createWays } from './requests/wiring/ways.ts';
import type { Scenario } from './scenario/schema.ts';
import { type BatchDelivery, createBatchDelivery } from './tracking/batch-delivery.ts';
import { type Clickstream, createClickstream } from './tracking/clickstream.ts';
import { countDraws } from './world/counted-chance.ts';
import { type MachineTime, readMachineTime } from './world/machine-time.ts';
import { createPathSampler, type PathSampler } from './world/path-sampler.ts';
import { createRecorder, type Recorder } from './world/recorder.ts';
import { bucketLengthUs } from './world/time-buckets.ts';
import { tracedDigest } from './world/traced-digest.ts';
import { createWarmUp, type WarmUp } from './world/warm-up.ts';

/** What a run is made of. */
export interface AssemblyOptions {
  readonly scenario: Scenario;
  readonly architecture: ArchitectureName;
  /** Default `compiled`. */
  readonly interpreter?: InterpreterName | undefined;
  /** 0 for a single run; replications of a comparison count up. */
  readonly replication: number;
  /** Whether odd replications mirror the draws of the one before. Spec: E151. */
  readonly isAntithetic?: boolean | undefined;
  readonly catalogue: Catalogue;
  /** The shape of arrivals over the run. */
  readonly arrivals: readonly ArrivalPoint[];
  /** Opened and closed by the caller. */
  readonly warehouse: Warehouse;
  /** Watches every processed message; changes nothing. */
  readonly trace?: TraceFile | undefined;
  /** Looks at every draw, or (in tests of the comparison) spoils one. */
  readonly watchChance?: ((chance: Chance) => Chance) | undefined;
  /** Takes what the pipeline reads and commits to a lake; changes nothing. */
  readonly tap?: LakeTap | undefined;
}

/** A wired world, ready to run. */
export interface World {
  readonly scenario: Scenario;
  readonly architecture: ArchitectureName;
  readonly simulation: Simulation;
  readonly digest: RunDigest;
  readonly recorder: Recorder;
  readonly clickstream: Clickstream;
  readonly actors: ActorSystem;
  readonly neighbourhood: Neighbourhood;
  readonly viewerCount: number;
  /** Who answered calls, and over which edges. */
  readonly wired: WiredPath;
  readonly durationUs: number;
  /** `durationUs` and the drain. */
  readonly endUs: number;
  /** Length of a time bucket of series. */
  readonly bucketUs: number;
  readonly warmUp: WarmUp;
  readonly sampler: PathSampler;
  /** Of every server at the end of `clock.duration`, in the order of `wired.servers`. */
  readonly machineTime: readonly MachineTime[];
  /** What objectives look at every tick; undefined where none does. */
  readonly goalTicks: GoalTicks | undefined;
  run(): void;
}

/** Everything that actors emit. */
type Emission = ViewerEmission | DeviceEmission | SdkEffect | LoadUserEmission;
type Routes<E extends Emission> = {
  readonly [T in E['type']]: (from: ActorId, m: Extract<E, { type: T }>) => void;
};

/** Wires a world. Nothing happens until `run()`. */
export function assemble(options: AssemblyOptions): World {
  const { scenario, catalogue, warehouse } = options;
  const ground = layGround(options);
  const { simulation, digest, chance, epochUs, endUs, arrivalsUs, recorder } = ground;
  const product = PRODUCTS[scenario.product];
  const architecture = product.createArchitecture(options.architecture, scenario.architectures);
  const faults = createFaultSwitch(scenario, architecture, simulation);
  const actors = INTERPRETERS[options.interpreter ?? 'compiled']({
    simulation,
    digest,
    drawCount: ground.drawCount,
    onEmit: (from, message) => route(from, message),
  });
  const wan = createWideAreaNetwork(scenario, chance, simulation);
  const { priorities } = scenario.requests;
  const desk: PageDesk = createPageDesk({ ...ground, architecture, actors, priorities });
  const server = { ...options, ground, product, architecture, actors };
  const wired: WiredPath = layPath({ ...server, wan, desk, faults });
  const takeIn = (attempt: unknown) => wired.path.takeIn(attempt as Attempt);
  const machines = createMachines({ scenario, catalogue, chance, simulation, takeIn, epochUs });
  const neighbourhood = createNeighbourhood({
    simulation,
    actors,
    machines,
    audience: createAudience(audienceConfig(scenario, catalogue), chance),
    onArrival: () => recorder.viewersChanged(1, simulation.nowUs),
  });
  const { homeOf } = neighbourhood;
  const viewerCount = arrivalsUs.length + scenario.audience.guests.length;
  const loadTest = createLoadTestOf({ ...ground, ...server, desk, takeIn });
  const countryOf = createCountryLookup(scenario.audience.countries);
  const { tap } = options;
  const stored = { catalogue, warehouse, tap };
  const clickstream = createClickstream({ ...ground, ...stored, scenario, countryOf });
  const { killProbability } = scenario.clickstream.sdk;
  const kills = { ...ground, killProbability };
  const delivery = createBatchDelivery({ ...kills, actors, wan, clickstream, homeOf });
  const parts = { ...ground, actors, homeOf, desk, clickstream, delivery };
  const route = createRouter({
    ...viewerRoutes(parts),
    ...deviceRoutes(parts),
    ...loadRoutes(loadTest),
    ...sdkRoutes({ ...parts, neighbourhood }),
  });

  expectEverybody(neighbourhood, arrivalsUs, scenario);
  const sampler = createPathSampler({ ...ground, wired });
  const goalTicks = createGoalTicks({ ...ground, scenario, wired, truth: clickstream.truth });
  loadTest?.start();
  clickstream.drive.start(endUs);
  const machineTime: MachineTime[] = [];
  return {
    ...ground,
    scenario,
    architecture: options.architecture,
    clickstream,
    actors,
    neighbourhood,
    viewerCount,
    wired,
    durationUs: scenario.clock.duration,
    sampler,
    machineTime,
    goalTicks,
    run() {
      simulation.run(scenario.clock.duration);
      machineTime.push(...readMachineTime(wired));
      simulation.run(endUs);
      ground.warmUp.settle(endUs);
      recorder.remeasure();
      checkForDeadlock(simulation, actors);
      clickstream.drive.finish();
    },
  };
}

/** The way from a wish for a page to the page; the faults get to know who stands on it. */
function layPath(parts: {
  readonly scenario: Scenario;
  readonly catalogue: Catalogue;
  readonly ground: ReturnType<typeof layGround>;
  readonly product: Product;
  readonly architecture: ApiArchitecture;
  readonly actors: ActorSystem;
  readonly wan: WideAreaNetwork;
  readonly desk: PageDesk;
  readonly faults: FaultSwitch;
}): WiredPath {
  const { scenario, catalogue, ground, product, architecture, actors, wan, desk, faults } = parts;
  const { publicSchema, types } = product.supergraph();
  const wired = createPath({
    ...ground,
    scenario,
    architecture,
    actors,
    traces: createPageTraces({
      publicSchema,
      types,
      backends: product.createBackends(catalogue),
      // A hand-written plan has the order that its author gave it.
      schedule: architecture.executedAt === 'router' ? scenario.architectures.schedule : 'plan',
    }),
    demands: createDemands({
      costs: scenario.services,
      chance: ground.chance,
      slowness: faults.slowness,
    }),
    ways: createWays({ ...ground, scenario, wan }),
    onEnd: desk.ended,
  });
  desk.open(wired.path);
  faults.schedule((to, message) => {
    for (const server of wired.servers) {
      if (to === server.region || to === server.name) actors.deliver(server.actor, message);
    }
  });
  return wired;
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
function layGround({ scenario, arrivals, trace, ...options }: AssemblyOptions) {
  const simulation = createSimulation(scenario.limits);
  const { replication, isAntithetic, watchChance = (same) => same } = options;
  const ofRun = createChance({ seed: scenario.seed, replication, isAntithetic });
  const { chance, drawCount } = countDraws(watchChance(ofRun));
  const arrivalsUs = drawArrivals(scenario, arrivals, chance);
  const endUs = scenario.clock.duration + scenario.clock.drain;
  const bucketUs = bucketLengthUs(endUs);
  const warmUp = createWarmUp(scenario, arrivalsUs);
  return {
    simulation,
    digest: tracedDigest(createRunDigest({ sliceUs: US_PER_MINUTE }), trace),
    chance,
    drawCount,
    /** The Unix time at virtual time 0, in µs. */
    epochUs: Date.parse(scenario.clock.start) * 1_000,
    endUs,
    bucketUs,
    arrivalsUs,
    warmUp,
    recorder: createRecorder({ ...warmUp, bucketUs, endUs }),
  };
}

/** The parts that routes connect. */
interface Parts {
  readonly simulation: Simulation;
  readonly actors: ActorSystem;
  readonly homeOf: (actor: ActorId) => Household;
  readonly recorder: Recorder;
  readonly desk: PageDesk;
  readonly clickstream: Clickstream;
  readonly delivery: BatchDelivery;
}

/** The viewer's wishes reach the device and the SDK at once: they are one machine. */
function viewerRoutes({
  actors,
  homeOf,
  desk,
  recorder,
  simulation,
}: Parts): Routes<ViewerEmission> {
  const toDevice = (viewer: ActorId, message: ActorMessage) =>
    actors.send(homeOf(viewer).deviceActor, message, 0);
  return {
    'page.opened': (viewer, message) => {
      desk.wished(homeOf(viewer), message.pageSequence, message.page);
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
      actors.send(household.sdkActor, { type: 'app.hidden' }, 0);
    },
  };
}

/** The device loads pages, plays, and tells the SDK what happens. */
function deviceRoutes(parts: Parts): Routes<DeviceEmission> {
  const { actors, homeOf, desk } = parts;
  return {
    'load.started': (device, { page, variables, pageSequence }) =>
      desk.begin(homeOf(device), pageSequence, { page, variables }),
    'load.abandoned': (device, { pageSequence }) => desk.abandon(homeOf(device), pageSequence),
    'page.shown': (device, message) => {
      const household = homeOf(device);
      desk.shown(household, message.pageSequence, message.outcome);
      actors.send(household.viewerActor, message, 0);
    },
    'page.unreachable': (device, { pageSequence }) => {
      const household = homeOf(device);
      desk.unreachable(household, pageSequence);
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

/** Users of a load test ask. */
function loadRoutes(loadTest: LoadTest | undefined): Routes<LoadUserEmission> {
  return {
    'page.wanted': (user, { pageSequence }) => loadTest?.wanted(user, pageSequence),
  };
}

/** The SDK's batches go to the collector; what it records and drops is counted as the truth. */
function sdkRoutes(parts: Parts & { readonly neighbourhood: Neighbourhood }): Routes<SdkEffect> {
  const { homeOf, clickstream, delivery, neighbourhood } = parts;
  return {
    'fact.recorded': (_sdk, { event }) => clickstream.captured(event),
    'batch.sent': (sdk, message) => delivery.send(homeOf(sdk), message),
    'events.dropped': (sdk, { batch, reason, count }) =>
      clickstream.dropped({ viewer: homeOf(sdk).profile.viewer, batch, reason, count }),
    'clock.jumped': () => {},
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
