/** Makes a trial that fails smaller: workload, topology, faults and order of ties together. What
 * fast-check leaves is shrunk on, and so is a trial that never was an arbitrary's. Spec: T105. */
import { defineScenario } from '../../experiment/scenario/define-scenario.ts';
import { ARCHITECTURE_NAMES, type ArchitectureName } from '../../gateway/architecture.ts';
import { EngineError } from '../../kernel/errors.ts';
import type { Trial } from '../trial/trial.ts';
import { type Shrunk, shrinkGreedily } from './greedy.ts';
import { smallerTrials } from './smaller-trials.ts';

/** Shrinks a trial.
 * @param stillFails - Whether a smaller trial fails in the same way: ask for the same invariant.
 * @param budget - Trials that may be run. Those whose scenario is not valid are not run, and do not
 * count. */
export function shrinkTrial(
  trial: Trial,
  stillFails: (trial: Trial) => boolean | Promise<boolean>,
  budget: number,
): Promise<Shrunk<Trial>> {
  return shrinkGreedily(trial, {
    smaller: (one) => validSmallerTrials(one),
    stillFails,
    budget,
  });
}

/** Smaller trials that can be run. @param architectures - The only ones that are of interest. */
export function* validSmallerTrials(
  trial: Trial,
  architectures: readonly ArchitectureName[] = ARCHITECTURE_NAMES,
): Iterable<Trial> {
  for (const one of smallerTrials(trial)) {
    if (architectures.includes(one.architecture) && isValid(one)) yield one;
  }
}

function isValid({ scenario }: Trial): boolean {
  try {
    defineScenario(scenario);
    return true;
  } catch (error) {
    if (error instanceof EngineError && error.code === 'SCENARIO_INVALID') return false;
    throw error;
  }
}
