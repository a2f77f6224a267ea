/** All wiring of a run, in reading order: START HERE. Parts first, then one route a message: who
 * emitted it, over which link it goes, who gets it. `gateway`, `streams` and `storage` do not know
 * each other; they meet in this file and in `world/`, which it hands its parts to. */
import { createSdkMachine, type SdkEmission, type SdkMessage } from '../actors/client-sdk.ts';
import { createDeviceMachine, type DeviceEmission } from '../actors/device.ts';
import { createGatewayMachine, type GatewayEmission } from '../actors/gateway.ts';
import { createPageRunMachine, type PageRunEmission } from '../actors/page-run.ts';
import type { ActorId, ActorMessage, ActorSystem } from '../actors/runtime/actor-system.ts';
import { createXStateActorSystem } from '../actors/runtime/xstate-actor-system.ts';
import { createServiceMachine, type ServiceEmission } from '../actors/service.ts';
import { createViewerMachine, type ViewerEmission } from '../actors/viewer.ts';
import {
  createAudience,
  createCountryLookup,
  DEVICE_KINDS,
  FIRST_GUEST,
} from '../domain/audience.ts';
import type { Catalogue } from '../domain/catalogue.ts';
import { createArchitecture } from '../gateway/architectures.ts';
import type { ArchitectureName } from '../gateway/architecture.ts';
import { createServiceBackends } from '../gateway/service-backends.ts';
import { createChance } from '../kernel/chance.ts';
import { createRunDigest, type RunDigest } from '../kernel/digest.ts';
import { invariant } from '../kernel/errors.ts';
import { createSimulation, type Simulation } from '../kernel/simulation.ts';
import { US_PER_MINUTE } from '../kernel/time.ts';
import type { Warehouse } from '../storage/warehouse.ts';
import type { TraceFile } from './io/trace-file.ts';
import type { Scenario } from './scenario/schema.ts';
import { type ArrivalPoint, drawArrivals } from './world/arrivals.ts';
import { type Clickstream, createClickstream } from './world/clickstream.ts';
import { countDraws } from './world/counted-chance.ts';
import { createDeviceWorld } from './world/device-world.ts';
import { createFaultSwitch } from './world/faults.ts';
import { createWideAreaNetwork, type Household } from './world/households.ts';
import { createPageCalls } from './world/page-calls.ts';
import { createRecorder, type Recorder } from './world/recorder.ts';
import { createRequestFlow } from './world/request-flow.ts';
import { stationsOf } from './world/stations.ts';
import { createViewerDecisions } from './world/viewer-decisions.ts';

/** What a run is made of. */
export interface AssemblyOptions {
  readonly scenario: Scenario;
  readonly architecture: ArchitectureName;
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
  readonly viewerCount: number;
  /** Stations of the architecture: worker counts by service. */
  readonly workers: Readonly<Record<string, number>>;
  readonly endUs: number;
  /** SDK contexts that are alive, for the ledger at the end. */
  openSdks(): readonly { readonly viewer: number; readonly actor: ActorId }[];
  run(): void;
}

type Emission =
  | ViewerEmission
  | DeviceEmission
  | SdkEmission
  | ServiceEmission
  | GatewayEmission
  | PageRunEmission;

type Routes = {
  readonly [T in Emission['type']]: (from: ActorId, m: Extract<Emission, { type: T }>) => void;
};

/** Pages of one viewer that get numbers of their own. */
const PAGES_PER_VIEWER = 4_096;
/** Bytes of one tracked event and of a batch's envelope on the wire, as JSON; rounded means. */
const EVENT_BYTES = 420;
const BATCH_BYTES = 900;
const ACKNOWLEDGEMENT_BYTES = 300;

/** Wires a world. Nothing happens until `run()`. */
export function assemble(options: AssemblyOptions): World {
  const { scenario, catalogue, replication, warehouse } = options;
  const simulation = createSimulation(scenario.limits);
  const digest = traced(createRunDigest({ sliceUs: US_PER_MINUTE }), options.trace);
  const counted = countDraws(createChance({ seed: scenario.seed, replication }));
  const { chance } = counted;
  const epochUs = Date.parse(scenario.clock.start) * 1_000;
  const endUs = scenario.clock.duration + scenario.clock.drain;

  const genres = [...new Set(catalogue.titles.flatMap((title) => title.genres))].sort();
  const { countries, devices } = scenario.audience;
  const audience = createAudience(
    {
      deviceShares: {
        tv: devices.tv.share,
        phone: devices.phone.share,
        web: devices.web.share,
        console: devices.console.share,
      },
      countryShares: countries,
      genres,
    },
    chance,
  );
  const arrivalsUs = drawArrivals(scenario, options.arrivals, chance);
  const firstMeasured = arrivalsUs.findIndex((atUs) => atUs >= scenario.clock.warmUp);
  const recorder = createRecorder({
    bucketUs: US_PER_MINUTE,
    endUs,
    isMeasured: (viewer) => viewer >= FIRST_GUEST || viewer >= firstMeasured,
  });

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

  const actors: ActorSystem = createXStateActorSystem({
    simulation,
    digest,
    drawCount: counted.drawCount,
    onEmit: (from, message) => route(from, message),
  });
  const serviceMachine = createServiceMachine({ nowUs: () => simulation.nowUs });
  const serviceActors = Object.fromEntries(
    stations.services.map(({ name, station }) => [
      name,
      actors.spawn(serviceMachine, {
        name: `service/${name}`,
        input: { service: name, station },
      }),
    ]),
  );
  const gatewayActor =
    stations.gateway &&
    actors.spawn(createGatewayMachine(), {
      name: `gateway/${stations.gateway.name}`,
      input: { gateway: stations.gateway.name, station: stations.gateway.station },
    });
  faults.schedule((service, message) => {
    const actor = serviceActors[service];
    if (actor !== undefined) actors.deliver(actor, message);
  });

  const viewerMachine = createViewerMachine(createViewerDecisions(scenario, catalogue, chance));
  const deviceMachines = Object.fromEntries(
    DEVICE_KINDS.map((kind) => [
      kind,
      createDeviceMachine(createDeviceWorld(scenario, kind, chance, simulation)),
    ]),
  );
  const sdkBackoff = chance.draws('sdk.backoff');
  const { clickstream: stream } = scenario;
  const sdkMachine = createSdkMachine({
    deviceTimeUs: () => epochUs + simulation.nowUs,
    policy: {
      maxBatchEvents: stream.maxBatchEvents,
      maxBatchAgeUs: stream.maxBatchAge,
      ackTimeoutUs: stream.ackTimeout,
      maxQueueEvents: stream.maxQueueEvents,
      retry: retryPolicy(stream.retry),
    },
    backoffUniform: (viewer, batch, attempt) => sdkBackoff.uniform(viewer, batch * 64 + attempt),
  });
  const callBackoff = chance.draws('call.backoff');
  const pageRunMachine = createPageRunMachine({
    plan: pages.plan,
    callTimeoutUs: scenario.requests.callTimeout,
    retry: retryPolicy(scenario.requests.retry),
    backoffUniform: (request, call, attempt) =>
      callBackoff.uniform(pages.viewerOf(request), pages.drawIndex(request, call) * 8 + attempt),
  });

  const wan = createWideAreaNetwork(scenario, chance, simulation);
  const clickstream = createClickstream({
    scenario,
    catalogue,
    countryOf: createCountryLookup(countries),
    chance,
    simulation,
    digest,
    warehouse,
    epochUs,
  });
  const flow = createRequestFlow({
    scenario,
    architecture,
    actors,
    simulation,
    chance,
    pages,
    wan,
    recorder,
    serviceActors,
    gatewayActor,
    spawnPageRun: (request) =>
      actors.spawn(pageRunMachine, { name: `page/${request}`, input: { request } }),
  });

  /** Household of a viewer's, device's or SDK's actor. */
  const homes: Household[] = [];
  const home = (actor: ActorId): Household => {
    const household = homes[actor];
    invariant(household !== undefined, 'ACTOR_WITHOUT_HOME', { actor });
    return household;
  };
  const requestOf = (household: Household, pageSequence: number) =>
    household.profile.viewer * PAGES_PER_VIEWER + pageSequence;

  const routes: Routes = {
    // The viewer's wishes reach the device and the SDK at once: they are one machine.
    'page.opened': (viewer, message) => {
      const household = home(viewer);
      const request = requestOf(household, message.pageSequence);
      recorder.pageAsked(request, household.profile.viewer, message.page, simulation.nowUs);
      actors.send(household.deviceActor, message, 0);
    },
    'player.play': (viewer, message) => actors.send(home(viewer).deviceActor, message, 0),
    'player.pause': (viewer, message) => actors.send(home(viewer).deviceActor, message, 0),
    'player.resume': (viewer, message) => actors.send(home(viewer).deviceActor, message, 0),
    'player.seek': (viewer, message) => actors.send(home(viewer).deviceActor, message, 0),
    'player.stop': (viewer, message) => actors.send(home(viewer).deviceActor, message, 0),
    'gesture.made': (viewer, { event, data }) => {
      const message: SdkMessage = { type: 'fact.captured', event, data };
      actors.send(home(viewer).sdkActor, message, 0);
    },
    'viewer.left': (viewer) => {
      const household = home(viewer);
      household.hasLeft = true;
      recorder.viewersChanged(-1, simulation.nowUs);
      actors.send(household.sdkActor, { type: 'session.closing' }, 0);
    },

    // The device loads pages …
    'load.started': (device, { page, variables, pageSequence }) => {
      const household = home(device);
      const { viewer } = household.profile;
      const request = requestOf(household, pageSequence);
      pages.open(request, { viewer, pageSequence, page, variables });
      flow.begin(request, household);
    },
    'connection.granted': (device, { call, grant }) =>
      flow.goOut(home(device), call, grant === 'fresh'),
    'load.abandoned': (device, { pageSequence }) =>
      flow.abandon(requestOf(home(device), pageSequence)),
    'page.shown': (device, message) => {
      const household = home(device);
      const request = requestOf(household, message.pageSequence);
      if (!household.isOnline) recorder.pageRefusedOffline(request);
      recorder.pageShown(request, message.outcome, simulation.nowUs);
      actors.send(household.viewerActor, message, 0);
    },
    // … plays, and tells the SDK what happens.
    'playback.ended': (device, message) => actors.send(home(device).viewerActor, message, 0),
    'fact.captured': (device, message) => actors.send(home(device).sdkActor, message, 0),
    'network.changed': (device, message) => {
      const household = home(device);
      household.isOnline = message.online;
      actors.send(household.sdkActor, message, 0);
    },

    // Pages become calls, calls become answers.
    'plan.started': (_gateway, { request }) => flow.startPlan(request),
    'call.sent': (_run, { request, call, attempt }) => flow.sendCall(request, call, attempt),
    'call.completed': (_service, message) => {
      const { nowUs } = simulation;
      recorder.workerBusy(message.service, nowUs - message.serviceTimeUs, nowUs);
      flow.answerCall(message.call, true);
    },
    'call.failed': (_service, { call }) => flow.answerCall(call, false),
    'run.completed': (_run, { request, outcome }) => flow.completePlan(request, outcome),
    'gateway.worked': (_gateway, { gateway, serviceTimeUs }) =>
      recorder.workerBusy(gateway, simulation.nowUs - serviceTimeUs, simulation.nowUs),
    'page.merged': (_gateway, { request }) => flow.answerPage(request, undefined),
    'page.rejected': (_gateway, { request }) => flow.answerPage(request, 'failed'),

    // The SDK's batches go to the collector, and its acknowledgements back.
    'fact.recorded': (_sdk, { event }) => clickstream.captured(event),
    'batch.sent': (sdk, { batch, attempt, events }) => {
      const household = home(sdk);
      if (!household.isOnline) return;
      const sentTimeUs = epochUs + simulation.nowUs;
      const sent = { viewer: household.profile, batch, attempt, events, sentTimeUs };
      if (clickstream.isLost(sent, 'batch')) return;
      const delayUs = wan.delayUs({
        household,
        direction: 'up',
        channel: 'clickstream',
        sizeBytes: BATCH_BYTES + EVENT_BYTES * events.length,
        key: batch * 64 + attempt,
      });
      simulation.schedule(delayUs, acceptHandler, household.sdkActor, sent);
    },
    'events.dropped': (sdk, { batch, reason, count }) =>
      clickstream.dropped(home(sdk).profile.viewer, batch, reason, count),
    'sdk.drained': (sdk) => {
      const household = home(sdk);
      if (household.hasLeft) simulation.schedule(0, retireHandler, household.sdkActor);
    },
  };
  const route = (from: ActorId, message: ActorMessage) => {
    const handle = routes[message.type as Emission['type']] as
      | ((from: ActorId, message: ActorMessage) => void)
      | undefined;
    invariant(handle !== undefined, 'MESSAGE_WITHOUT_ROUTE', { type: message.type });
    handle(from, message);
  };

  const acceptHandler = simulation.registerHandler('collector.accept', (sdk, payload) => {
    const sent = payload as Parameters<Clickstream['accept']>[0];
    clickstream.accept(sent);
    if (clickstream.isLost(sent, 'acknowledgement')) return;
    const delayUs = wan.delayUs({
      household: home(sdk),
      direction: 'down',
      channel: 'clickstream',
      sizeBytes: ACKNOWLEDGEMENT_BYTES,
      key: sent.batch * 64 + sent.attempt,
    });
    const message: SdkMessage = { type: 'batch.acknowledged', batch: sent.batch };
    actors.send(sdk, message, delayUs);
  });
  const retireHandler = simulation.registerHandler('household.retire', (sdk) => {
    actors.stop(sdk);
    actors.stop(home(sdk).deviceActor);
  });
  const arriveHandler = simulation.registerHandler('viewer.arrive', (viewer) => {
    const profile = audience(viewer);
    const first = homes.length;
    const sdkActor = actors.spawn(sdkMachine, { name: `sdk/${viewer}`, input: { viewer } });
    const deviceMachine = deviceMachines[profile.device];
    invariant(deviceMachine !== undefined, 'DEVICE_WITHOUT_MACHINE', { device: profile.device });
    const deviceActor = actors.spawn(deviceMachine, {
      name: `device/${viewer}`,
      input: { viewer },
    });
    const viewerActor = deviceActor + 1;
    const household: Household = {
      index: first,
      profile,
      viewerActor,
      deviceActor,
      sdkActor,
      isOnline: true,
      hasLeft: false,
    };
    for (const actor of [sdkActor, deviceActor, viewerActor]) homes[actor] = household;
    recorder.viewersChanged(1, simulation.nowUs);
    const spawned = actors.spawn(viewerMachine, {
      name: `viewer/${viewer}`,
      input: { viewer, favouriteGenre: profile.favouriteGenre },
    });
    invariant(spawned === viewerActor, 'ACTOR_NUMBERS_NOT_CONSECUTIVE', { spawned });
  });

  arrivalsUs.forEach((atUs, viewer) => simulation.schedule(atUs, arriveHandler, viewer));
  scenario.audience.guests.forEach((guest, i) =>
    simulation.schedule(guest.at, arriveHandler, FIRST_GUEST + i),
  );
  clickstream.startPolling(endUs);

  return {
    simulation,
    digest,
    recorder,
    clickstream,
    actors,
    viewerCount: arrivalsUs.length + scenario.audience.guests.length,
    workers: stations.workers,
    endUs,
    openSdks: () =>
      [...new Set(homes)]
        .filter((household) => household !== undefined)
        .map(({ profile, sdkActor }) => ({ viewer: profile.viewer, actor: sdkActor })),
    run() {
      simulation.run(endUs);
      clickstream.finish();
    },
  };
}

/** A digest that also tells a trace file what it records. */
function traced(digest: RunDigest, trace: TraceFile | undefined): RunDigest {
  if (trace === undefined) return digest;
  return {
    record(simTimeUs, actor, event, drawCount) {
      digest.record(simTimeUs, actor, event, drawCount);
      trace.write({ simTimeUs, actor, event, drawCount });
    },
    value: () => digest.value(),
    slices: () => digest.slices(),
    actors: () => digest.actors(),
  };
}

function retryPolicy(retry: Scenario['requests']['retry']) {
  return {
    maxAttempts: retry.maxAttempts,
    backoffBaseUs: retry.backoffBase,
    backoffCapUs: retry.backoffCap,
  };
}
