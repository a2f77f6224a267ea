/** Which stations an architecture runs on, and with how many workers: the same machines for all,
 * so that architectures differ in shape, not in money for services. */
import type { ApiArchitecture } from '../../gateway/architecture.ts';
import { invariant } from '../../kernel/errors.ts';
import type { StationConfig } from '../../queueing/station.ts';
import type { Scenario } from '../scenario/schema.ts';

/** The stations of one architecture. */
export interface Stations {
  readonly services: readonly { readonly name: string; readonly station: StationConfig }[];
  /** The gateway or router, where there is one. */
  readonly gateway: { readonly name: string; readonly station: StationConfig } | undefined;
  /** Workers by station name. */
  readonly workers: Readonly<Record<string, number>>;
}

/** The stations that `architecture` needs in `scenario`. */
export function stationsOf(scenario: Scenario, architecture: ApiArchitecture): Stations {
  const services = architecture.services.map((name) => ({
    name,
    station: name === 'monolith' ? monolithStation(scenario) : serviceStation(scenario, name),
  }));
  const gateway = gatewayOf(scenario, architecture);
  const all = gateway === undefined ? services : [...services, gateway];
  return {
    services,
    gateway,
    workers: Object.fromEntries(
      all.map(({ name, station }) => [name, station.replicas * station.workersPerReplica]),
    ),
  };
}

function gatewayOf(scenario: Scenario, architecture: ApiArchitecture): Stations['gateway'] {
  const { aggregation, federated } = scenario.architectures;
  if (architecture.executedAt === 'gateway') {
    return { name: 'gateway', station: stationConfig(aggregation) };
  }
  if (architecture.executedAt === 'router') {
    return { name: 'router', station: stationConfig(federated) };
  }
  return undefined;
}

function serviceStation(scenario: Scenario, name: string): StationConfig {
  const service = scenario.services[name];
  invariant(service !== undefined, 'SERVICE_MISSING', { name });
  return stationConfig(service);
}

/** As many workers as all services together, on as many replicas as the largest has. */
function monolithStation(scenario: Scenario): StationConfig {
  const { monolith } = scenario.architectures;
  if (monolith !== undefined) return stationConfig(monolith);
  const services = Object.values(scenario.services);
  const workers = services.reduce((sum, s) => sum + s.replicas * s.workersPerReplica, 0);
  const replicas = Math.max(...services.map((service) => service.replicas));
  return {
    replicas,
    workersPerReplica: Math.ceil(workers / replicas),
    maxWaiting: Math.max(...services.map((service) => service.maxWaiting)),
    balancing: 'least-outstanding',
  };
}

function stationConfig(config: StationConfig): StationConfig {
  const { replicas, workersPerReplica, maxWaiting, balancing } = config;
  return { replicas, workersPerReplica, maxWaiting, balancing };
}
