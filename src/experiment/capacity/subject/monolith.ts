/** A monolith that a scenario does not describe is sized by its services. A plan that chooses its
 * replicas needs it described. */
import type { ArchitectureName } from '../../../gateway/architecture.ts';
import { monolithStation } from '../../requests/wiring/server-settings.ts';
import type { Scenario } from '../../scenario/schema.ts';
import { stationSchema } from '../../scenario/server-schema.ts';

/** The scenario with the monolith that it would be run with; unchanged on other architectures. */
export function withMonolith(scenario: Scenario, architecture: ArchitectureName): Scenario {
  if (architecture !== 'monolith') return scenario;
  const station = monolithStation(scenario);
  const fields = Object.entries(station).filter(([field]) => field in stationSchema.shape);
  const monolith = stationSchema.parse(Object.fromEntries(fields));
  return { ...scenario, architectures: { ...scenario.architectures, monolith } };
}
