/** The state of a world at an instant, as a person asks for it. Reading changes nothing.
 * Spec: E371. */
import type { SdkContext } from '../../../actors/client-sdk.ts';
import type { World } from '../../assemble.ts';
import type { WatchedPage } from './page-records.ts';

/** One server. */
export interface ServerState {
  readonly name: string;
  readonly replicas: {
    readonly ready: number;
    readonly starting: number;
    readonly draining: number;
    readonly down: number;
  };
  /** Tries admitted and not responded; jobs at workers, and in line for them. */
  readonly inFlight: number;
  readonly inService: number;
  readonly waiting: number;
  /** How many tries may be in flight; null without a limit. */
  readonly limit: number | null;
}

/** One edge. */
export interface EdgeState {
  readonly edge: string;
  /** Tries under way. */
  readonly open: number;
  /** Of the one gateway that asks; null where there is none, or each client has its own. */
  readonly breaker: 'closed' | 'open' | 'half-open' | null;
}

/** The events that one SDK has not got through. */
export interface SdkState {
  readonly viewer: number;
  readonly queued: number;
  readonly inBatches: number;
}

/** A viewer who is there. */
export interface ViewerState {
  readonly viewer: number;
  readonly device: string;
  /** Of the viewer's statechart. */
  readonly state: string;
}

/** All of it. Lists are cut to what one reads; counts are whole. */
export interface WorldState {
  readonly nowUs: number;
  /** UTC. */
  readonly at: string;
  readonly viewers: {
    readonly arrived: number;
    readonly present: number;
    readonly latest: readonly ViewerState[];
  };
  readonly pages: {
    readonly asked: number;
    readonly shown: number;
    readonly loading: number;
    /** Those that have been loading longest. */
    readonly oldest: readonly (Pick<WatchedPage, 'request' | 'page' | 'askedAtUs'> & {
      readonly ageMs: number;
    })[];
  };
  readonly servers: readonly ServerState[];
  readonly edges: readonly EdgeState[];
  readonly sdks: {
    readonly queued: number;
    readonly inBatches: number;
    /** Those with most. */
    readonly largest: readonly SdkState[];
  };
  readonly clickstream: {
    readonly captured: number;
    readonly accepted: number;
    /** In the log, not read by the pipeline: its consumer's lag. */
    readonly unread: number;
  };
  readonly scheduledEvents: number;
  readonly pendingEvents: number;
  /** Of everything up to here. */
  readonly digest: string;
}

const LISTED = 10;

/** Reads a world's state. Cost O(viewers + pages loading). */
export function worldState(world: World, loading: ReadonlyMap<string, WatchedPage>): WorldState {
  const { simulation, scenario, recorder, wired, digest } = world;
  const { nowUs } = simulation;
  const { captured, accepted, unread } = world.clickstream.truth();
  const pages = [...loading.values()].slice(0, LISTED);
  return {
    nowUs,
    at: new Date(Date.parse(scenario.clock.start) + nowUs / 1_000).toISOString(),
    viewers: viewersOf(world),
    pages: {
      asked: recorder.askedCount,
      shown: recorder.shownCount,
      loading: loading.size,
      oldest: pages.map(({ request, page, askedAtUs }) => ({
        request,
        page,
        askedAtUs,
        ageMs: (nowUs - askedAtUs) / 1_000,
      })),
    },
    servers: wired.servers.map(serverState),
    edges: wired.edges.map(({ account }) => ({
      edge: account.name,
      open:
        account.attempts - account.answers - account.errors - account.timeouts - account.hangUps,
      breaker: wired.guards.get(account.name)?.breakerStatus(nowUs) ?? null,
    })),
    sdks: sdksOf(world),
    clickstream: { captured, accepted, unread },
    scheduledEvents: simulation.executedCount,
    pendingEvents: simulation.pendingCount,
    digest: digest.value(),
  };
}

function viewersOf({ neighbourhood, actors }: World): WorldState['viewers'] {
  const { households } = neighbourhood;
  const present = households.filter(({ hasLeft }) => !hasLeft);
  return {
    arrived: households.length,
    present: present.length,
    latest: present.slice(-LISTED).map(({ profile, viewerActor }) => ({
      viewer: profile.viewer,
      device: profile.device,
      state: JSON.stringify(actors.snapshot(viewerActor).value).replaceAll('"', ''),
    })),
  };
}

function serverState({
  name,
  fleet,
  inFlight,
  limit,
}: World['wired']['servers'][number]): ServerState {
  const { inSystem, inService } = fleet.statistics();
  const members = fleet.replicas.filter(({ isMember, state }) => isMember || state !== 'down');
  const count = (state: string) => members.filter((replica) => replica.state === state).length;
  return {
    name,
    replicas: {
      ready: fleet.replicas.filter(({ isReady }) => isReady).length,
      starting: count('starting'),
      draining: count('draining'),
      down: count('down'),
    },
    inFlight,
    inService,
    waiting: inSystem - inService,
    limit: limit ?? null,
  };
}

function sdksOf({ neighbourhood, actors }: World): WorldState['sdks'] {
  const states: SdkState[] = [];
  for (const { profile, sdkActor } of neighbourhood.households) {
    const snapshot = actors.snapshot(sdkActor);
    if (snapshot.status !== 'active') continue;
    const { sdk } = snapshot.context as SdkContext;
    const inBatches = sdk.batches.reduce((sum, { events }) => sum + events.length, 0);
    states.push({ viewer: profile.viewer, queued: sdk.queue.length, inBatches });
  }
  const held = ({ queued, inBatches }: SdkState) => queued + inBatches;
  const largest = states.filter((one) => held(one) > 0).sort((a, b) => held(b) - held(a));
  return {
    queued: states.reduce((sum, { queued }) => sum + queued, 0),
    inBatches: states.reduce((sum, { inBatches }) => sum + inBatches, 0),
    largest: largest.slice(0, LISTED),
  };
}
