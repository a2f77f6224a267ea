/** Suite `analytics`: what the models cost and how good they are, on the built-in world whose
 * tastes are known. Each part states N and its seed, and refuses a wrong answer. */
import type { BenchResult, BenchSuite } from '../bench-suite.ts';
import { forecastFigures } from './forecast.ts';
import { offPolicyFigures } from './off-policy.ts';
import { onlineExperimentFigures } from './online-experiments.ts';
import { outcomeFigures } from './outcomes.ts';
import { regretPart } from './regret.ts';
import { trainingPart } from './training.ts';

/** One part. @param scale - 1 for the whole, next to 0 for the tests. */
type BenchPart = (scale: number) => readonly BenchResult[] | Promise<readonly BenchResult[]>;

const PARTS: readonly BenchPart[] = [
  onlineExperimentFigures,
  offPolicyFigures,
  regretPart,
  outcomeFigures,
  forecastFigures,
  trainingPart,
];

/** The suite. */
export const analyticsSuite: BenchSuite = async ({ scale }) => {
  const figures: BenchResult[] = [];
  for (const part of PARTS) figures.push(...(await part(scale)));
  return figures;
};
