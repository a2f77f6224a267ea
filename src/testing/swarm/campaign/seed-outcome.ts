/** What came of one seed of a campaign: little, because there are many. */
import type { FaultKindName } from '../../../experiment/faults/catalogue/fault-kinds.ts';
import type { ArchitectureName } from '../../../gateway/architecture.ts';
import type { Violation } from '../../invariants/invariant.ts';
import { runTrial } from '../../trial/run-trial.ts';
import type { Trial } from '../../trial/trial.ts';
import { drawTrial, type SwarmSource } from './swarm-source.ts';
import { WATCHED } from './watched.ts';

/** What came of a seed. */
export interface SeedOutcome {
  readonly seed: number;
  readonly architecture: ArchitectureName;
  readonly events: number;
  readonly digest: string;
  readonly violations: readonly Violation[];
  readonly exercised: Readonly<Record<string, number>>;
  /** By kind of its faults. */
  readonly kinds: readonly KindStrikes[];
}

/** What the faults of a kind did. */
export interface KindStrikes {
  readonly kind: FaultKindName;
  readonly occurrences: number;
  readonly strikes: number;
}

/** Draws the trial of a seed and runs it. */
export async function runSeed(source: SwarmSource, seed: number): Promise<SeedOutcome> {
  return outcomeOf(seed, drawTrial(source, seed));
}

/** Runs a trial under all invariants. */
export async function outcomeOf(seed: number, trial: Trial): Promise<SeedOutcome> {
  const { violations, exercised, faults, events, digest } = await runTrial(trial, WATCHED);
  const kinds = new Map<FaultKindName, KindStrikes>();
  for (const { kind, occurrences, strikes } of faults) {
    const sum = kinds.get(kind) ?? { occurrences: 0, strikes: 0 };
    kinds.set(kind, {
      kind,
      occurrences: sum.occurrences + occurrences,
      strikes: sum.strikes + strikes,
    });
  }
  const { architecture } = trial;
  return { seed, architecture, events, digest, violations, exercised, kinds: [...kinds.values()] };
}
