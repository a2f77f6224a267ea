/** Mean times on the way, without handshakes, transmission and losses: what no page can do
 * without. */
import { DEVICE_KINDS } from '../../../domain/audience.ts';
import type { ApiArchitecture } from '../../../gateway/architecture.ts';
import type { TracedCall } from '../../../gateway/page-trace.ts';
import { meanOf } from '../../../kernel/distributions/distribution.ts';
import { gatewaySettings } from '../../requests/wiring/server-settings.ts';
import type { Scenario } from '../../scenario/schema.ts';
import { datacentreProfileOf, wanProfileOf } from '../../scenario/station-configs.ts';

/** Mean times of one kind of client on one architecture, µs. */
export interface NetworkTimes {
  /** From the client to who runs the plan and back; 0 where the client runs it itself. */
  readonly pageUs: number;
  /** A call of the plan there and back, and its server's look-ups in the database. */
  callUs(call: TracedCall): number;
}

const ENTRY_REGION = 0;

/** The times of viewers, or of a load test's clients. */
export function networkTimes(
  scenario: Scenario,
  architecture: ApiArchitecture,
  from: 'viewers' | 'load test',
): NetworkTimes {
  const { network, services } = scenario;
  const databaseUs = meanOf(network.database.roundTripTime);
  const insideUs = roundTripsInside(scenario);
  const outsideUs =
    from === 'load test' && scenario.traffic?.via === 'datacentre'
      ? insideUs.neighbour
      : wideAreaRoundTripUs(scenario, from);
  const backboneUs = (region: number) => (region === ENTRY_REGION ? 0 : insideUs.otherRegion);
  const regionOf = (service: string) =>
    service === 'monolith'
      ? (scenario.architectures.monolith?.region ?? 0)
      : (services[service]?.region ?? 0);
  const gateway = gatewaySettings(scenario, architecture)?.server;
  const callWayUs = (service: string): number => {
    const region = regionOf(service);
    if (architecture.executedAt === 'server') return 0;
    if (architecture.executedAt === 'device') return outsideUs + backboneUs(region);
    return region === gateway?.region ? insideUs.neighbour : insideUs.otherRegion;
  };
  const pageUs =
    architecture.executedAt === 'device'
      ? 0
      : outsideUs + backboneUs(gateway?.region ?? regionOf('monolith'));
  return {
    pageUs,
    callUs: ({ service, databaseRoundTrips }) =>
      callWayUs(service) + databaseUs * databaseRoundTrips,
  };
}

/** Replicas are spread over zones: one in `zones` is near. */
function roundTripsInside({ network }: Scenario) {
  const { sameZone, otherZone, otherRegion } = datacentreProfileOf(network.datacentre);
  const near = 1 / network.zones;
  return {
    neighbour: near * meanOf(sameZone) + (1 - near) * meanOf(otherZone),
    otherRegion: meanOf(otherRegion),
  };
}

function wideAreaRoundTripUs(
  { audience, traffic }: Scenario,
  from: 'viewers' | 'load test',
): number {
  const { devices } = audience;
  const roundTripUs = (kind: keyof typeof devices) =>
    meanOf(wanProfileOf(devices[kind].wan).roundTripTime);
  if (from === 'load test' && traffic !== undefined) return roundTripUs(traffic.device);
  const total = DEVICE_KINDS.reduce((sum, kind) => sum + devices[kind].share, 0);
  return DEVICE_KINDS.reduce(
    (sum, kind) => sum + (devices[kind].share / total) * roundTripUs(kind),
    0,
  );
}
