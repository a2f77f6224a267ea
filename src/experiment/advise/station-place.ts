/** Where a station's settings stand in the scenario, by the name that results give it. */
import type { ArchitectureName } from '../../gateway/architecture.ts';
import { monolithStation } from '../requests/wiring/server-settings.ts';
import type { Scenario } from '../scenario/schema.ts';

type Service = Scenario['services'][string];
type Station = NonNullable<Scenario['architectures']['monolith']>;

/** The place. */
export type StationPlace =
  | { readonly kind: 'service'; readonly path: string; readonly station: Service }
  | { readonly kind: 'gateway'; readonly path: string; readonly station: Station };

/** The place of a station; undefined for one that is none of the scenario's, and for a monolith
 * that the scenario does not describe: what it is like follows from the services. */
export function stationPlace(
  scenario: Scenario,
  architecture: ArchitectureName,
  name: string,
): StationPlace | undefined {
  const service = scenario.services[name];
  if (service !== undefined && architecture !== 'monolith') {
    return { kind: 'service', path: `services.${name}`, station: service };
  }
  const { aggregation, federated, monolith } = scenario.architectures;
  if (name === 'gateway' && architecture === 'aggregation') {
    return { kind: 'gateway', path: 'architectures.aggregation', station: aggregation };
  }
  if (name === 'router' && architecture === 'federated') {
    return { kind: 'gateway', path: 'architectures.federated', station: federated };
  }
  if (name !== 'monolith' || architecture !== 'monolith' || monolith === undefined)
    return undefined;
  return { kind: 'gateway', path: 'architectures.monolith', station: monolithStation(scenario) };
}
