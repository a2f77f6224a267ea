/** The stations of an architecture as the pre-flight sees them: workers, replicas, zones. */
import type { ApiArchitecture } from '../../../gateway/architecture.ts';
import {
  gatewaySettings,
  type ServerSettings,
  serviceSettings,
} from '../../requests/wiring/server-settings.ts';
import type { Scenario } from '../../scenario/schema.ts';
import type { StationPreflight } from '../check-document.ts';
import { databaseStation } from '../demand/page-costs.ts';

/** One station. */
export interface PlannedStation {
  readonly name: string;
  readonly kind: StationPreflight['kind'];
  /** Where the scenario sets its size. */
  readonly path: string;
  readonly replicas: number;
  readonly maxReplicas: number;
  readonly workersPerReplica: number;
  /** Zones that its replicas are spread over; 1 for a database, which no zone takes along. */
  readonly zones: number;
  readonly isShared: boolean;
  /** Whether a limit or shedding keeps its line short. */
  readonly shedsOverload: boolean;
  /** Of a database: connections of all replicas together, and the time on the way that each holds
   * one, µs. */
  readonly pool: { readonly connections: number; readonly server: string } | undefined;
}

/** All of them: services in the architecture's order, then the gateway, each with its database. */
export function plannedStations(
  scenario: Scenario,
  architecture: ApiArchitecture,
): readonly PlannedStation[] {
  const gateway = gatewaySettings(scenario, architecture)?.server;
  const servers: readonly (readonly [StationPreflight['kind'], ServerSettings])[] = [
    ...serviceSettings(scenario, architecture).map(
      (one) => [one.name === 'monolith' ? 'monolith' : 'service', one] as const,
    ),
    ...(gateway === undefined ? [] : [['gateway', gateway] as const]),
  ];
  return servers.flatMap(([kind, settings]) => stationsOf(kind, settings));
}

function stationsOf(
  kind: StationPreflight['kind'],
  { name, fleet, autoscaler, database, limit, shedding }: ServerSettings,
): readonly PlannedStation[] {
  const server: PlannedStation = {
    name,
    kind,
    path: pathOf(name),
    replicas: fleet.replicas,
    maxReplicas: Math.max(fleet.replicas, autoscaler?.hpa.maxReplicas ?? 0),
    workersPerReplica: fleet.workersPerReplica,
    zones: fleet.zones,
    isShared: fleet.discipline === 'processor-sharing',
    shedsOverload: limit !== undefined || (shedding?.kind ?? 'none') !== 'none',
    pool: undefined,
  };
  if (database === undefined) return [server];
  return [
    server,
    {
      name: databaseStation(name),
      kind: 'database',
      path: `${pathOf(name)}.database`,
      replicas: 1,
      maxReplicas: 1,
      workersPerReplica: database.workers,
      zones: 1,
      isShared: false,
      shedsOverload: false,
      pool: { connections: database.connections * fleet.replicas, server: name },
    },
  ];
}

function pathOf(name: string): string {
  if (name === 'gateway') return 'architectures.aggregation';
  if (name === 'router') return 'architectures.federated';
  return name === 'monolith' ? 'architectures.monolith' : `services.${name}`;
}
