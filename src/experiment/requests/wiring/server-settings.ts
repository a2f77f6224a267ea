/** What the servers of an architecture are like, by name: the scenario's settings in the words of
 * `queueing`. The same machines for all architectures, so that they differ in shape, not in money
 * for services. */
import type { ApiArchitecture } from '../../../gateway/architecture.ts';
import { invariant } from '../../../kernel/errors.ts';
import type { BalancerConfig } from '../../../queueing/balancing/create-balancer.ts';
import type { CacheConfig } from '../../../queueing/caches/cache.ts';
import type { FleetConfig } from '../../../queueing/stations/fleet-config.ts';
import type { Scenario } from '../../scenario/schema.ts';
import { cacheConfigOf, fleetConfigOf } from '../../scenario/station-configs.ts';

/** A server of any kind, as a scenario describes it. */
type Station = NonNullable<Scenario['architectures']['monolith']>;

/** Settings of one server. */
export interface ServerSettings
  extends Pick<Station, 'region' | 'limit' | 'shedding' | 'autoscaler' | 'database'> {
  readonly name: string;
  readonly fleet: FleetConfig;
  readonly balancer: BalancerConfig;
  readonly cache: (CacheConfig & { readonly hitUs: number }) | undefined;
}

/** The servers that answer the calls of plans, in the architecture's order. */
export function serviceSettings(
  scenario: Scenario,
  architecture: ApiArchitecture,
): readonly ServerSettings[] {
  return architecture.services.map((name) => {
    if (name === 'monolith') return settingsOf(scenario, name, monolithStation(scenario));
    const service = scenario.services[name];
    invariant(service !== undefined, 'SERVICE_MISSING', { name });
    const { cache } = service;
    return {
      ...settingsOf(scenario, name, service),
      cache: cache && { ...cacheConfigOf(cache), hitUs: cache.hitTime },
    };
  });
}

/** The gateway or router of an architecture, and what a page costs it; undefined where it has
 * none. */
export function gatewaySettings(scenario: Scenario, architecture: ApiArchitecture) {
  const { aggregation, federated } = scenario.architectures;
  if (architecture.executedAt === 'gateway') {
    return { server: settingsOf(scenario, 'gateway', aggregation), costs: aggregation };
  }
  if (architecture.executedAt === 'router') {
    return { server: settingsOf(scenario, 'router', federated), costs: federated };
  }
  return undefined;
}

function settingsOf({ network }: Scenario, name: string, station: Station): ServerSettings {
  const { region, limit, shedding, autoscaler, database } = station;
  return {
    name,
    region,
    fleet: fleetConfigOf({ ...station, zones: network.zones }),
    balancer: balancerOf(station.balancing),
    cache: undefined,
    limit,
    shedding,
    autoscaler,
    database,
  };
}

function balancerOf(balancing: Station['balancing']): BalancerConfig {
  if (typeof balancing !== 'string') return balancing;
  if (balancing === 'least-outstanding') {
    return { policy: { kind: balancing, ties: 'lowest-index' } };
  }
  return { policy: { kind: balancing } };
}

/** As many workers as all services together, on as many replicas as the largest has; the rest as
 * the first service has it. */
export function monolithStation(scenario: Scenario): Station {
  const { monolith } = scenario.architectures;
  if (monolith !== undefined) return monolith;
  const services = Object.values(scenario.services);
  const [first] = services;
  invariant(first !== undefined, 'SERVICE_MISSING', { name: 'monolith' });
  const workers = services.reduce((sum, s) => sum + s.replicas * s.workersPerReplica, 0);
  const replicas = Math.max(...services.map((service) => service.replicas));
  return {
    ...first,
    region: 0,
    replicas,
    workersPerReplica: Math.ceil(workers / replicas),
    maxWaiting: Math.max(...services.map((service) => service.maxWaiting)),
  };
}
