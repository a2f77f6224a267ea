/** Where a campaign's trials come from: the whole configuration, or a scenario that somebody wrote.
 * Plain data, so that threads draw for themselves. Spec: T50, T54. */
import fc from 'fast-check';
import type { Scenario } from '../../../experiment/scenario/schema.ts';
import { finalMix, hashWord } from '../../../kernel/hash.ts';
import type { Trial } from '../../trial/trial.ts';
import { type PieceOptions, scenarioTrials } from '../drawing/scenario-trials.ts';
import { type SwarmOptions, trialArbitrary } from '../drawing/trial-arbitrary.ts';

/** Where trials come from. */
export type SwarmSource =
  | { readonly kind: 'swarm'; readonly options?: SwarmOptions | undefined }
  | {
      readonly kind: 'scenario';
      readonly scenario: Scenario;
      readonly options?: PieceOptions | undefined;
    };

const KEPT = 4;
const kept: { readonly key: string; readonly trials: fc.Arbitrary<Trial> }[] = [];

/** The trials of a source. Made once: arbitraries of a source are the same. */
export function trialsOf(source: SwarmSource): fc.Arbitrary<Trial> {
  const key = JSON.stringify(source);
  const known = kept.find((one) => one.key === key);
  if (known !== undefined) return known.trials;
  const trials =
    source.kind === 'swarm'
      ? trialArbitrary(source.options)
      : scenarioTrials(source.scenario, source.options);
  kept.push({ key, trials });
  if (kept.length > KEPT) kept.shift();
  return trials;
}

/** The trial of a seed: the same for ever within a version. @param seed - 0 … 2³²−1. Spec: T50. */
export function drawTrial(source: SwarmSource, seed: number): Trial {
  const [trial] = fc.sample(trialsOf(source), { seed: drawingSeed(seed), numRuns: 1 });
  return trial as Trial;
}

/** What fast-check is seeded with: neighbouring seeds must not draw alike. */
export function drawingSeed(seed: number): number {
  return finalMix(hashWord(0x5eed, seed));
}
