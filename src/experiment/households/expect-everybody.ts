/** Who comes: viewers of the arrival stream, and guests by hand. */
import { FIRST_GUEST } from '../../domain/audience.ts';
import type { Scenario } from '../scenario/schema.ts';
import type { Neighbourhood } from './neighbourhood.ts';

/** Schedules everybody's arrival; before the run. */
export function expectEverybody(
  neighbourhood: Neighbourhood,
  arrivalsUs: readonly number[],
  scenario: Scenario,
): void {
  for (const [viewer, atUs] of arrivalsUs.entries()) neighbourhood.expect(viewer, atUs);
  for (const [i, guest] of scenario.audience.guests.entries()) {
    neighbourhood.expect(FIRST_GUEST + i, guest.at);
  }
}
