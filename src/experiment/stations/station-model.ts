/** Of which kind a station of a run is: exactly that of a closed form, or why not. Told from the
 * scenario, and from what must not have happened in the run (a retry, a wait before the station).
 * Spec: N64. */
import { erlangB } from '../../queueing/theory/erlang.ts';
import { offeredLoad, type QueueTheory } from '../../queueing/theory/queue-theory.ts';
import { md1 } from '../../queueing/theory/stations/m-d-1.ts';
import { mg1 } from '../../queueing/theory/stations/m-g-1.ts';
import { mmc } from '../../queueing/theory/stations/m-m-c.ts';
import { mmck } from '../../queueing/theory/stations/m-m-c-k.ts';
import { processorSharing } from '../../queueing/theory/stations/processor-sharing.ts';
import type { World } from '../assemble.ts';
import type { ServerSettings } from '../requests/wiring/server-settings.ts';
import { type StationDemand, stationDemand } from './station-demand.ts';

/** A station whose theory is known, or why it is not. */
export type StationModel =
  | { readonly queue: QueueTheory; readonly demand: StationDemand; readonly reason?: undefined }
  | { readonly queue?: undefined; readonly reason: string };

/** Below this mean, µs, rounding service times to whole µs would show. */
const MEAN_SERVICE_US_MIN = 100;
/** A limit that is reached less often than this is none. */
const NEGLIGIBLE = 1e-9;
const PLACES_MAX = 1_000_000;

/** The model of the n-th server. */
export function stationModel(world: World, n: number): StationModel {
  const settings = world.wired.settings[n] as ServerSettings;
  const reason =
    arrivalsReason(world) ??
    settingsReason(settings) ??
    pathReason(world, n) ??
    outcomeReason(world, n);
  if (reason !== undefined) return { reason };
  const demand = stationDemand(world, n);
  if (demand === undefined) return { reason: 'jobs differ in what they ask' };
  if (demand.meanUs < MEAN_SERVICE_US_MIN) {
    return { reason: `a mean service time below ${MEAN_SERVICE_US_MIN} µs` };
  }
  return closedForm({ world, settings, demand, n });
}

/** Why arrivals are not a Poisson stream of one rate. */
function arrivalsReason({ scenario }: World): string | undefined {
  const { traffic, audience, faults } = scenario;
  if (traffic?.kind !== 'open') return 'arrivals are no open load test';
  const [first] = traffic.rate;
  if (traffic.rate.some(({ perSecond }) => perSecond !== first?.perSecond)) {
    return 'the rate of arrivals changes';
  }
  if (audience.viewers > 0 || audience.guests.length > 0) return 'there are viewers besides';
  if (traffic.via !== 'datacentre') return 'connections over the WAN come before';
  return faults.length > 0 ? 'there are faults' : undefined;
}

/** Why servers are not c alike with one line. */
function settingsReason(settings: ServerSettings): string | undefined {
  const { fleet, balancer, cache, limit, shedding, autoscaler } = settings;
  const policies = { cache, limit, shedding, autoscaler, ...fleet } as const;
  const inTheWay = (
    ['cache', 'limit', 'shedding', 'autoscaler', 'pauses', 'slowStart'] as const
  ).find((name) => policies[name] !== undefined);
  if (inTheWay !== undefined) return `it has ${inTheWay}`;
  const isRandom = balancer.policy.kind === 'random';
  const isPlain = balancer.zones === undefined && balancer.ejection === undefined;
  if (fleet.replicas > 1 && !(isRandom && isPlain)) return 'replicas have lines of their own';
  return undefined;
}

/** Why the stream is no Poisson stream any more when it gets here: every page must ask once, and
 * nobody may have waited on the way. Delays that are independent of one another do no harm. */
function pathReason(world: World, n: number): string | undefined {
  const { wired, recorder } = world;
  const server = wired.servers[n];
  const edge = edgeTo(world, n);
  if (server === undefined || edge === undefined) return 'nobody asks';
  if (edge.calls !== recorder.askedCount) return 'pages do not ask it once each';
  if (server.account.given.jobs !== edge.attempts) return 'a try is not one job';
  const isEntry = server.name === 'gateway' || server.name === 'router';
  const before = isEntry ? [] : wired.servers.filter((other) => other !== server);
  const delaying = before.find(({ account }, i) => {
    const isShared = wired.settings[i]?.fleet.discipline === 'processor-sharing';
    return account.waitUs > 0 || (isShared && account.given.jobs > 0);
  });
  if (delaying !== undefined) return `jobs may have waited at ${delaying.name} before`;
  return areConnectionsAmple(world) ? undefined : 'clients may wait for connections';
}

/** By Little's law a client has so many pages under way: a tenth of what its connections bear, so
 * that it hardly ever meets their limit. */
function areConnectionsAmple({ scenario, recorder }: World): boolean {
  const { traffic } = scenario;
  if (traffic?.kind !== 'open') return false;
  const { connections } = scenario.network;
  const limit =
    connections.protocol === 'http/2'
      ? connections.maxConcurrentStreams
      : connections.maxConnections;
  const { loads } = recorder;
  const totalUs = loads.reduce((sum, { pageLoadTimeUs }) => sum + pageLoadTimeUs, 0);
  const meanUs = totalUs / Math.max(1, loads.length);
  const perClient = ((traffic.rate[0]?.perSecond ?? 0) * meanUs) / 1e6 / traffic.clients;
  return perClient <= limit / 10;
}

/** What of the run no closed form knows. */
function outcomeReason(world: World, n: number): string | undefined {
  const { servers, edges } = world.wired;
  const { cancelled, dropped } = servers[n]?.fleet.statistics() ?? { cancelled: 0, dropped: {} };
  const again = edges.some(({ account }) => account.retries > 0 || account.hedges > 0);
  if (again) return 'calls were tried again';
  const { rejected = 0, ...others } = dropped as Record<string, number>;
  const gone = Object.values(others).some((count) => count > 0) || cancelled > 0;
  if (gone) return 'jobs left without being done';
  const edge = edgeTo(world, n);
  const isCut = edge !== undefined && edge.timeouts + edge.hangUps > 0;
  if (isCut) return 'callers gave up';
  const isShed = rejected > 0 && world.wired.settings[n]?.fleet.whenFull === 'shed';
  return isShed ? 'jobs were shed' : undefined;
}

function closedForm(options: {
  readonly world: World;
  readonly settings: ServerSettings;
  readonly demand: StationDemand;
  readonly n: number;
}): StationModel {
  const { world, settings, demand, n } = options;
  const { replicas, workersPerReplica: serverCount, maxWaiting, discipline } = settings.fleet;
  const { traffic } = world.scenario;
  const ratePerSec = traffic?.kind === 'open' ? (traffic.rate[0]?.perSecond ?? 0) : 0;
  if (ratePerSec === 0) return { reason: 'nobody arrives' };
  const arrivalRatePerSec = ratePerSec / replicas;
  const asked = { arrivalRatePerSec, meanServiceUs: demand.meanUs, serverCount };
  const maxInSystem = serverCount + Math.min(maxWaiting, PLACES_MAX);
  if (discipline === 'processor-sharing') {
    return { queue: unlimitedIfNegligible(asked, maxInSystem, processorSharing), demand };
  }
  if (demand.kind === 'exponential') {
    return { queue: unlimitedIfNegligible(asked, maxInSystem, markov), demand };
  }
  if (serverCount > 1) return { reason: 'M/G/c with several servers has no closed form' };
  if ((world.wired.servers[n]?.fleet.statistics().dropped.rejected ?? 0) > 0) {
    return { reason: 'M/G/1/K has no closed form' };
  }
  if (!Number.isFinite(demand.scv)) return { reason: 'service times have no variance' };
  // The variance of a wait is of their third moment: without it no interval holds.
  if (!Number.isFinite(demand.thirdMoment)) return { reason: 'waits have no variance' };
  if (demand.kind === 'deterministic') return { queue: md1(asked), demand };
  const general = { ...asked, serviceScv: demand.scv, serviceThirdMoment: demand.thirdMoment };
  return { queue: mg1(general), demand };
}

type Asked = Parameters<typeof mmc>[0];
type Limited = Asked & { readonly maxInSystem?: number | undefined };

function markov({ maxInSystem, ...asked }: Limited): QueueTheory {
  return maxInSystem === undefined ? mmc(asked) : mmck({ ...asked, maxInSystem });
}

/** P(full) ≤ B·ρ^(K − c), with Erlang's B: where that is negligible, the limit is none. */
function unlimitedIfNegligible(
  asked: Asked,
  maxInSystem: number,
  form: (demand: Limited) => QueueTheory,
): QueueTheory {
  const { serverCount } = asked;
  const load = offeredLoad(asked);
  const places = maxInSystem - serverCount;
  const isUnlimited = erlangB(load, serverCount) * (load / serverCount) ** places < NEGLIGIBLE;
  return form(isUnlimited ? asked : { ...asked, maxInSystem });
}

/** The account of the edge that leads to the n-th server. */
function edgeTo({ wired }: World, n: number) {
  const name = wired.servers[n]?.name;
  return wired.edges.find(({ account }) => account.name.endsWith(`→${name}`))?.account;
}
