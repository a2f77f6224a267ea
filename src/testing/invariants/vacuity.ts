/** Checks that proved nothing: over a campaign, an invariant that never had anything to look at,
 * and a mark that was never hit. Spec: T15. */
import type { TrialOutcome } from '../trial/run-trial.ts';
import type { Invariant } from './invariant.ts';

/** What proved nothing, by name, in the order of the invariants. */
export interface Vacuous {
  /** `always` and `eventually` that never had anything to check. */
  readonly neverExercised: readonly string[];
  /** `sometimes` that never held. */
  readonly neverHit: readonly string[];
}

/** Looks through a campaign. @param outcomes - Of trials that were run with these invariants. */
export function vacuous(
  outcomes: readonly Pick<TrialOutcome, 'exercised'>[],
  invariants: readonly Invariant[],
): Vacuous {
  const never = invariants.filter(({ name }) =>
    outcomes.every(({ exercised }) => (exercised[name] ?? 0) === 0),
  );
  const namesOf = (some: readonly Invariant[]) => some.map(({ name }) => name);
  return {
    neverExercised: namesOf(never.filter(({ modality }) => modality !== 'sometimes')),
    neverHit: namesOf(never.filter(({ modality }) => modality === 'sometimes')),
  };
}
