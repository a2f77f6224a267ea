/** Two-level designs: every factor is low (−1) or high (+1), and any two factors' columns are
 * orthogonal, so that every main effect is estimated from all runs. */
import { requireArgument } from '../bad-argument.ts';

/** Levels −1 and +1, one row a run, one column a factor. */
export type TwoLevelDesign = readonly (readonly (-1 | 1)[])[];

/** Runs that {@link plackettBurman} knows. */
export const PLACKETT_BURMAN_RUNS = [8, 12, 16, 20] as const;

/** First rows, to be shifted around. Source: Plackett and Burman, Biometrika 33, 1946. */
const FIRST_ROWS: Readonly<Record<number, string>> = {
  8: '+++-+--',
  12: '++-+++---+-',
  16: '++++-+-++--+---',
  20: '++--++++-+-+----++-',
};

const FACTORS_MAX = 16;

/** All 2^k combinations, the first factor changing fastest (Yates' order).
 * @param factors - k, a whole number 1 … 16. Spec: N52. */
export function fullFactorial(factors: number): TwoLevelDesign {
  requireFactors(factors, FACTORS_MAX);
  return Array.from({ length: 2 ** factors }, (_, run) =>
    Array.from({ length: factors }, (__, factor) => ((run >>> factor) & 1 ? 1 : -1)),
  );
}

/** Screening of many factors in few runs: the smallest Plackett–Burman design that holds them, of
 * 8, 12, 16 or 20 runs. Main effects are clear of each other, but not of interactions: see
 * {@link foldover}.
 * @param factors - A whole number 1 … 19. @param runs - One of {@link PLACKETT_BURMAN_RUNS}, above
 *   `factors`; the smallest unless given. Spec: N52. */
export function plackettBurman(factors: number, runs?: number): TwoLevelDesign {
  requireFactors(factors, 19);
  const size = runs ?? PLACKETT_BURMAN_RUNS.find((one) => one > factors) ?? 20;
  const first = FIRST_ROWS[size];
  const rule = `one of ${PLACKETT_BURMAN_RUNS.join(', ')}, and above ${factors}`;
  requireArgument(first !== undefined && size > factors, { argument: 'runs', found: size, rule });
  const width = size - 1;
  return Array.from({ length: size }, (_, run) =>
    Array.from({ length: factors }, (__, factor) => {
      if (run === width) return -1;
      return first?.[(factor - run + width) % width] === '+' ? 1 : -1;
    }),
  );
}

/** The design and its mirror image: twice the runs, and main effects are clear of all two-factor
 * interactions. Source: Box and Wilson 1951. Spec: N52. */
export function foldover(design: TwoLevelDesign): TwoLevelDesign {
  return [...design, ...design.map((row) => row.map((level) => (level === 1 ? -1 : 1)))];
}

function requireFactors(factors: number, factorsMax: number): void {
  const isFactors = Number.isInteger(factors) && factors >= 1 && factors <= factorsMax;
  const rule = `a whole number from 1 to ${factorsMax}`;
  requireArgument(isFactors, { argument: 'factors', found: factors, rule });
}
