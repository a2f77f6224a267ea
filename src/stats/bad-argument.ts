/** The one error of the statistics: an argument that no estimate can be made of. */
import { EngineError } from '../kernel/errors.ts';

/** Throws unless `holds`.
 * @throws EngineError `STATS_BAD_ARGUMENT` naming the argument, what was found and the rule. */
export function requireArgument(
  holds: boolean,
  problem: { readonly argument: string; readonly found: unknown; readonly rule: string },
): void {
  if (holds) return;
  const { argument, found, rule } = problem;
  throw new EngineError(
    'STATS_BAD_ARGUMENT',
    `${argument} is ${String(found)}, but it must be ${rule}`,
    { argument, found },
  );
}
