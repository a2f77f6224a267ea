/** All wiring of a run, in reading order: START HERE. Parts first, then one route a message: who
 * emitted it, over which link it goes, who gets it. `gateway`, `streams` and `storage` do not know
 * each other; they meet in this file and in `world/`, which it hands its parts to. */
import type { DeviceEmission } from '../actors/device.ts';
import type { LoadUserEmission } from '../actors/load-user.ts';
import type { ActorId, ActorMessage, ActorSystem } from '../actors/runtime/actor-system.ts';
import { checkForDeadlock } from '../actors/runtime/deadlock.ts';
import { INTERPRETERS, type InterpreterName } from '../actors/runtime/interpreters.ts';
import { type MachineMaker, newMachine } from '../actors/runtime/machine-shelf.ts';
import type { ViewerEmission } from '../actors/viewer.ts';
import type { VisitEmission } from '../actors/visits.ts';
import { createAudience } from '../domain/audience.ts';
import type { Catalogue } from '../domain/catalogue.ts';
import type { ApiArchitecture, ArchitectureName } from '../gateway/architecture.ts';
import type { PageTraces } from '../gateway/page-trace.ts';
import { type Chance, createChance } from '../kernel/chance.ts';
import { createRunDigest, type RunDigest } from '../kernel/digest.ts';
import { createSimulation, type Simulation } from '../kernel/simulation.ts';
import { US_PER_MINUTE } from '../kernel/time.ts';
import type { SdkEffect, SdkMessage } from '../sdk/sdk-messages.ts';
import type { Warehouse } from '../storage/warehouse.ts';
import type { EventWitness } from './agreement/event-witness.ts';
import type { LakeTap } from './backfill/lake-tap.ts';
import { createFaultBoard, type FaultBoard } from './faults/board/fault-board.ts';
import { createClientFaults } from './faults/client/client-faults.ts';
import type { MalformedFault } from './faults/client/malformed.ts';
import { COLLECTOR } from './faults/network/batch-link.ts';
import { createLinkFaults, type LinkFaults } from './faults/network/link-faults.ts';
import type { CataloguedFault } from './faults/plan/fault-schema.ts';
import { createServerFaults } from './faults/servers/server-faults.ts';
import { type ArrivalPoint, drawArrivals } from './households/arrivals.ts';
import { audienceConfig } from './households/audience-config.ts';
import { expectEverybody } from './households/expect-everybody.ts';
import type { Household } from './households/household.ts';
import { createMachines } from './households/machines.ts';
import { createNeighbourhood, type Neighbourhood } from './households/neighbourhood.ts';
import { createWideAreaNetwork, type WideAreaNetwork } from './households/wide-area-network.ts';
import type { TraceFile } from './io/trace-file.ts';
import { createLoadTestOf, type LoadTest } from './load/load-test-of.ts';
import { createGoalTicks, type GoalTicks } from './objectives/measure/goal-ticks.ts';
import { type ClosedLoop, createClosedLoop } from './recommendations/closed-loop.ts';
import { loopRoutes } from './recommendations/loop-routes.ts';
import { type Tonight, tonightOf } from './requests/anticipation/evenings.ts';
import type { Attempt } from './requests/calls/call.ts';
import { createDemands } from './requests/calls/demands.ts';
import { createFaultSwitch, type FaultSwitch } from './requests/faults.ts';
import { createPageDesk, type PageDesk } from './requests/page-desk.ts';
import { createPath, type WiredPath } from './requests/wiring/create-path.ts';
import { createWays } from './requests/wiring/ways.ts';
import type { Scenario } from './scenario/schema.ts';
import type { BatchDelivery } from './tracking/batch-delivery.ts';
import type { Clickstream } from './tracking/clickstream.ts';
import { layTracking } from './tracking/lay-tracking.ts';
import { readyFor } from './turns/ready-for.ts';
import { runThrough, type TurnedClock, turnedClock } from './turns/turned-clock.ts';
import type { Turn } from './turns/turned-simulation.ts';
import { countDraws } from './world/counted-chance.ts';
import { pageGround } from './world/page-ground.ts';
import { createPathSampler, type PathSampler } from './world/path-sampler.ts';
import type { WorldProbe } from './world/probe.ts';
import { createRecorder, type Recorder } from './world/recorder.ts';
import { createRouter, type Routes } from './world/router.ts';
import { bucketLengthUs } from './world/time-buckets.ts';
import { tracedDigest } from './world/traced-digest.ts';
import { createPageTracer, type PageTracer } from './world/traces/page-tracer.ts';
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
  /** Seed of another order of events that are due at the same time; left out, they run in the order
   * of scheduling. What one actor is told keeps its order. Spec: K12. */
  readonly tieOrder?: number | undefined;
  /** Takes what the pipeline reads and commits to a lake; changes nothing. */
  readonly tap?: LakeTap | undefined;
  /** Gets to know what cannot be reached from outside afterwards; changes nothing. */
  readonly probe?: WorldProbe | undefined;
  /** Keeps what was captured beside what was stored; changes nothing. */
  readonly witness?: EventWitness | undefined;
  /** Changes that are made on the way, ascending. */
  readonly turns?: readonly Turn[] | undefined;
  /** Faults that no plan has and that may begin all the same: whoever they would hit is ready. */
  readonly mayBegin?: readonly CataloguedFault[] | undefined;
  /** Lends machines that other worlds had before. Left out, they are made. */
  readonly machineOf?: MachineMaker | undefined;
}

/** A wired world, ready to run. */
export interface World extends TurnedClock {
  readonly scenario: Scenario;
  readonly architecture: ArchitectureName;
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
  readonly tracer: PageTracer;
  readonly arrivals: readonly ArrivalPoint[];
  /** What objectives look at every tick; undefined where none does. */
  readonly goalTicks: GoalTicks | undefined;
  /** Faults of the catalogue: which are active, and what they did. */
  readonly board: FaultBoard;
  /** Where something is recommended. */
  readonly loop: ClosedLoop | undefined;
  readonly probe: WorldProbe | undefined;
  /** @param afterEvent - Called after every event; changes nothing. */
  run(afterEvent?: () => void): void;
}

/** Everything that actors emit. */
type Emission = ViewerEmission | DeviceEmission | SdkEffect | LoadUserEmission;

/** Wires a world. Nothing happens until `run()`. */
export function assemble(asked: AssemblyOptions): World {
  const options = { ...asked, ...tonightOf(asked) };
  const { scenario, catalogue } = options;
  const ready = readyFor(options);
  const ground = layGround(options);
  const { simulation, digest, chance, endUs, arrivalsUs, recorder } = ground;
  const { architecture, traces } = pageGround(scenario, options.architecture, catalogue);
  const faults = createFaultSwitch(scenario, architecture, simulation);
  const actors = INTERPRETERS[options.interpreter ?? 'compiled']({
    simulation,
    digest,
    drawCount: ground.drawCount,
    onEmit: (from, message) => route(from, message),
  });
  const wan = createWideAreaNetwork(scenario, chance, simulation);
  const desk: PageDesk = createPageDesk({ ...ground, ...scenario.requests, architecture, actors });
  const server = { ...options, ...ground, ground, architecture, traces, actors };
  const linkFaults = createLinkFaults(ground);
  const wired = layPath({ ...server, scenario: ready, wan, desk, faults, linkFaults });
  const takeIn = (attempt: unknown) => wired.path.takeIn(attempt as Attempt);
  const { clocks, offline, malformed } = createClientFaults({
    ...ground,
    actors,
    households: () => neighbourhood.households,
  });
  const loop = createClosedLoop({ ...options, ...ground });
  const machines = createMachines({ ...ground, scenario, catalogue, takeIn, clocks, loop });
  const neighbourhood: Neighbourhood = createNeighbourhood({
    simulation,
    actors,
    machines,
    audience: createAudience(audienceConfig(scenario, catalogue), chance),
    onArrival(household) {
      recorder.viewersChanged(1, simulation.nowUs);
      offline.movedIn(household);
      loop?.movedIn(household);
    },
  });
  const { homeOf } = neighbourhood;
  const loadTest = createLoadTestOf({ ...server, desk, takeIn });
  const { clickstream, delivery } = layTracking({
    ...{ ...ground, ...options, scenario: ready },
    ...{ actors, wan, homeOf, linkFaults, asSent: malformed.asSent },
  });
  const parts = { ...ground, actors, homeOf, desk, clickstream, delivery, malformed, loop };
  const route = createRouter<Emission>({
    ...viewerRoutes(parts),
    ...loopRoutes(parts),
    ...deviceRoutes(parts),
    ...loadRoutes(loadTest),
    ...sdkRoutes({ ...parts, neighbourhood }),
  });

  expectEverybody(neighbourhood, arrivalsUs, scenario);
  const sampler = createPathSampler({ ...ground, wired });
  const goalTicks = createGoalTicks({ ...ground, scenario, wired, truth: clickstream.truth });
  loadTest?.start();
  ground.board.start();
  clickstream.drive.start(endUs);
  const clock = turnedClock(options, { ...ground, wired });
  return {
    ...{ ...ground, ...clock, scenario, clickstream, actors, neighbourhood, loop },
    architecture: options.architecture,
    viewerCount: arrivalsUs.length + scenario.audience.guests.length,
    wired,
    durationUs: scenario.clock.duration,
    sampler,
    goalTicks,
    run(afterEvent) {
      runThrough(clock, endUs, afterEvent);
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
  readonly ground: ReturnType<typeof layGround>;
  readonly traces: PageTraces;
  readonly architecture: ApiArchitecture;
  readonly actors: ActorSystem;
  readonly wan: WideAreaNetwork;
  readonly desk: PageDesk;
  readonly faults: FaultSwitch;
  readonly linkFaults: LinkFaults;
}): WiredPath {
  const { scenario, ground, architecture, traces, actors, wan, desk, faults } = parts;
  const { linkFaults } = parts;
  const serverFaults = createServerFaults({ ...ground, ...parts });
  const wired = createPath({
    ...ground,
    serverFaults,
    scenario,
    architecture,
    actors,
    traces,
    demands: createDemands({
      costs: scenario.services,
      chance: ground.chance,
      slowness: faults.slowness,
    }),
    ways: createWays({ ...ground, scenario, wan }),
    onEnd: desk.ended,
    linkFaults,
    onLost: ({ call }) => desk.lost(call),
  });
  linkFaults.know([...wired.servers, COLLECTOR]);
  desk.open(wired.path);
  serverFaults?.meet(wired.servers);
  faults.schedule((to, message) => {
    for (const server of wired.servers) {
      if (to === server.region || to === server.name) actors.deliver(server.actor, message);
    }
  });
  return wired;
}

/** What everything else stands on: the clock, the digest, chance, arrivals, and who takes notes. */
function layGround({ scenario, arrivals, trace, tieOrder, ...options }: Tonight & AssemblyOptions) {
  const { replication, isAntithetic, watchChance = (same) => same, probe, usual } = options;
  const kernel = createSimulation(scenario.limits, { tieOrder });
  const simulation = probe?.simulation(kernel) ?? kernel;
  const watched = watchChance(createChance({ seed: scenario.seed, replication, isAntithetic }));
  const { chance, drawCount } = countDraws(watched);
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
    arrivals,
    arrivalsUs,
    warmUp,
    recorder: createRecorder({ ...warmUp, bucketUs, endUs }),
    tracer: createPageTracer(),
    board: createFaultBoard({ faults: scenario.faults, simulation, chance: watched }),
    probe,
    usual,
    machineOf: options.machineOf ?? newMachine,
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
  readonly malformed: MalformedFault;
  readonly loop: ClosedLoop | undefined;
}

/** The viewer's wishes reach the device and the SDK at once: they are one machine. */
function viewerRoutes(parts: Parts): Routes<Exclude<ViewerEmission, VisitEmission>> {
  const { actors, homeOf, desk, recorder, simulation, loop } = parts;
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
      loop?.left(household.profile.viewer);
      recorder.viewersChanged(-1, simulation.nowUs);
      actors.send(household.sdkActor, { type: 'app.hidden' }, 0);
    },
  };
}

/** The device loads pages, plays, and tells the SDK what happens. */
function deviceRoutes(parts: Parts): Routes<DeviceEmission> {
  const { actors, homeOf, desk, loop } = parts;
  return {
    'load.started': (device, { page, variables, pageSequence }) => {
      loop?.desk.asked(homeOf(device).profile.viewer, page);
      desk.begin(homeOf(device), pageSequence, { page, variables });
    },
    'load.abandoned': (device, { pageSequence }) => desk.abandon(homeOf(device), pageSequence),
    'page.shown': (device, message) => {
      const household = homeOf(device);
      desk.shown(household, message.pageSequence, message.outcome);
      actors.send(household.viewerActor, loop?.desk.shown(household, message) ?? message, 0);
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
  const { homeOf, clickstream, delivery, malformed, neighbourhood, loop } = parts;
  return {
    'fact.recorded': (sdk, { event, agoUs }) => {
      loop?.impressions.captured(homeOf(sdk).profile.viewer, event);
      malformed.captured(homeOf(sdk).profile.viewer, event);
      clickstream.captured(event, homeOf(sdk).profile, agoUs);
    },
    'batch.sent': (sdk, message) => {
      loop?.impressions.sent(homeOf(sdk).profile.viewer, message.batch, message.events);
      clickstream.sent(homeOf(sdk).profile.viewer, message.batch, message.events);
      delivery.send(homeOf(sdk), message);
    },
    'events.dropped': (sdk, { batch, reason, count }) => {
      const given = { viewer: homeOf(sdk).profile.viewer, batch, reason, count };
      loop?.impressions.dropped(given);
      clickstream.dropped(given);
    },
    'clock.jumped': () => {},
    'sdk.drained': (sdk) => {
      const household = homeOf(sdk);
      if (household.hasLeft) neighbourhood.retire(household);
    },
  };
}
