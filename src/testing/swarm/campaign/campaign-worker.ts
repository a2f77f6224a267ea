/** The entry of a worker thread of a campaign: runs seeds, shrinks failures. Errors cross the
 * border as data, as those of runs do. */
import { answerOf, type WorkerAnswer } from '../../../experiment/run-worker.ts';
import { runSeed, type SeedOutcome } from './seed-outcome.ts';
import { type ShrunkTrial, shrinkSeed } from './shrink-seed.ts';
import type { SwarmSource } from './swarm-source.ts';

/** Seeds for one thread. */
export interface SeedsTask {
  readonly source: SwarmSource;
  readonly seeds: readonly number[];
}

/** A failure for one thread. */
export interface ShrinkTask {
  readonly source: SwarmSource;
  readonly failing: { readonly seed: number; readonly invariant: string };
  readonly budget?: number | undefined;
}

/** Runs seeds, one after the other. */
export function seeds(task: SeedsTask): Promise<WorkerAnswer<readonly SeedOutcome[]>> {
  return answerOf(async () => {
    const outcomes: SeedOutcome[] = [];
    for (const seed of task.seeds) outcomes.push(await runSeed(task.source, seed));
    return outcomes;
  });
}

/** Shrinks a failure. */
export function shrink(task: ShrinkTask): Promise<WorkerAnswer<ShrunkTrial | undefined>> {
  return answerOf(() => shrinkSeed(task.source, task.failing, task));
}
