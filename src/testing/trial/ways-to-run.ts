/** The ways in which a scenario can be run: its variants, or else the architectures that can answer
 * what it asks. Spec: T60. */

import type { Scenario } from '../../experiment/scenario/schema.ts';
import { type Variant, variantsOf } from '../../experiment/scenario/variants.ts';
import type { ArchitectureName } from '../../gateway/architecture.ts';
import { EngineError } from '../../kernel/errors.ts';

/** Those that plan; the others answer pages only. */
const PLANNING: readonly ArchitectureName[] = ['monolith', 'federated'];

/** All ways to run a scenario. @param architectures - Only these.
 * @throws EngineError `CLI_USAGE` where none of them can answer what it asks. */
export function waysToRun(
  scenario: Scenario,
  architectures?: readonly ArchitectureName[],
): readonly Variant[] {
  const ways = variantsOf(scenario, architectures).filter(
    ({ architecture, scenario: { traffic } }) =>
      PLANNING.includes(architecture) || (traffic?.operations ?? []).length === 0,
  );
  if (ways.length > 0) return ways;
  const argument = architectures?.join(',') ?? 'all';
  const message =
    `architecture ${argument}: none of them can answer what "${scenario.name}" asks; ` +
    `operations of one's own need ${PLANNING.join(' or ')}`;
  throw new EngineError('CLI_USAGE', message, { argument });
}
