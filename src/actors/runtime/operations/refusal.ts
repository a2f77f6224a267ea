/** What the compiler does not run it refuses at compile time: by name, place in the machine and
 * remedy. Spec: A14. */
import { EngineError } from '../../../kernel/errors.ts';

/** One refusal. */
export interface Refusal {
  /** What it is, as its author would call it. */
  readonly feature: string;
  /** Where it stands: the machine's id and the state's. */
  readonly place: string;
  readonly remedy: string;
}

/** The error of a refusal. */
export function refused({ feature, place, remedy }: Refusal): EngineError {
  return new EngineError(
    'ACTOR_UNSUPPORTED',
    `${feature} in ${place} cannot be compiled; ${remedy}`,
    { feature, place },
  );
}
