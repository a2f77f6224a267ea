/** The smallest trial that still breaks an invariant: fast-check shrinks what was drawn, then what
 * is left is made smaller member by member. Deterministic. Spec: T57. */
import fc from 'fast-check';
import { EngineError } from '../../../kernel/errors.ts';
import type { Invariant, Violation } from '../../invariants/invariant.ts';
import { shrinkTrial } from '../../shrink/shrink-trial.ts';
import { runTrial } from '../../trial/run-trial.ts';
import type { Trial } from '../../trial/trial.ts';
import { drawingSeed, type SwarmSource, trialsOf } from './swarm-source.ts';
import { WATCHED } from './watched.ts';

/** A trial as small as it was made. */
export interface ShrunkTrial {
  readonly trial: Trial;
  /** What it breaks. */
  readonly violation: Violation;
  /** Trials that were run. */
  readonly tries: number;
  /** Whether nothing smaller fails: false where the budget ended first. */
  readonly isMinimal: boolean;
}

/** How to shrink. */
export interface ShrinkOptions {
  /** Trials that may be run. Default 600. */
  readonly budget?: number | undefined;
  /** The one that is broken must be among them. Default: all that campaigns watch. */
  readonly invariants?: readonly Invariant[] | undefined;
}

const BUDGET = 600;

/** Shrinks the trial of a seed that breaks an invariant. @returns undefined if it does not. */
export async function shrinkSeed(
  source: SwarmSource,
  failing: { readonly seed: number; readonly invariant: string },
  options: ShrinkOptions = {},
): Promise<ShrunkTrial | undefined> {
  const { seed, invariant } = failing;
  const { budget = BUDGET, invariants = WATCHED } = options;
  let tries = 0;
  let best: { readonly trial: Trial; readonly violation: Violation } | undefined;
  const stillFails = async (trial: Trial): Promise<boolean> => {
    tries += 1;
    const violation = await violationOf(trial, invariant, invariants);
    if (violation !== undefined) best = { trial, violation };
    return violation !== undefined;
  };
  // Half of the budget is kept for the second pass.
  const property = fc.asyncProperty(
    trialsOf(source),
    async (trial) => tries >= budget / 2 || !(await stillFails(trial)),
  );
  await fc.check(property, { seed: drawingSeed(seed), numRuns: 1 });
  if (best === undefined) return undefined;
  const { isMinimal } = await shrinkTrial(best.trial, stillFails, budget - tries);
  return { ...best, tries, isMinimal };
}

/** What a smaller trial may be, and then cannot be run: no scenario, or on an architecture that
 * cannot answer what it asks. */
const NO_TRIAL: readonly string[] = ['SCENARIO_INVALID', 'GATEWAY_BAD_OPERATION'];

/** How a trial breaks an invariant, if it does. A trial that is none breaks nothing. */
async function violationOf(
  trial: Trial,
  invariant: string,
  invariants: readonly Invariant[],
): Promise<Violation | undefined> {
  try {
    const { violations } = await runTrial(trial, invariants);
    return violations.find((one) => one.invariant === invariant);
  } catch (error) {
    if (error instanceof EngineError && NO_TRIAL.includes(error.code)) return undefined;
    throw error;
  }
}
