/** Judges a change before it is made: a fault must be one that the scenario itself could have. */
import { EngineError } from '../../kernel/errors.ts';
import { type CataloguedFault, isCatalogued } from '../faults/plan/fault-schema.ts';
import { defineScenario } from '../scenario/define-scenario.ts';
import type { Scenario } from '../scenario/schema.ts';

/** The fault, defaults filled in. @param place - Where it was given, for the message.
 * @throws EngineError `CLI_USAGE` with what the scenario's own check says of it. */
export function checkedFault(
  place: string,
  scenario: Scenario,
  fault: { readonly kind: string; readonly at: number; readonly for: number },
): CataloguedFault {
  // Variants and objectives are judged with the scenario's own faults; here it is this one alone.
  const draft = { ...scenario, variants: [], references: [], objectives: [], faults: [fault] };
  try {
    const [found] = defineScenario(draft as Parameters<typeof defineScenario>[0]).faults;
    if (found !== undefined && isCatalogued(found)) return found;
  } catch (cause) {
    if (!(cause instanceof EngineError)) throw cause;
    throw refused(place, cause.message);
  }
  throw refused(place, 'only faults of the catalogue (docs/FAULTS.md) can be begun on the way');
}

function refused(place: string, rule: string): EngineError {
  return new EngineError('CLI_USAGE', `${place}: ${rule}`, { argument: place });
}
