/** The points of a design: which levels go together. Designs of two levels take the first and the
 * last of every factor. Spec: E272. */
import { createChance } from '../../kernel/chance.ts';
import { latinHypercube } from '../../stats/design/latin-hypercube.ts';
import { SOBOL_DIMENSIONS_MAX, sobolPoints } from '../../stats/design/sobol.ts';
import { fullFactorial, plackettBurman } from '../../stats/design/two-level.ts';
import { levelAt, levelsOf } from './factors/factor.ts';
import { invalidSweep } from './factors/factor-text.ts';
import type { LevelValue, SweepDesign, SweepFactor } from './sweep-document.ts';

/** One point: a level by path. */
export type DesignPoint = Readonly<Record<string, LevelValue>>;

/** Which points. */
export interface DesignOptions {
  readonly kind: SweepDesign;
  readonly factors: readonly SweepFactor[];
  /** For designs that fill ranges; of a grid at most so many, which its ranges are cut into. */
  readonly points: number | undefined;
  /** Latin hypercubes and Sobol's sequence are drawn from it. */
  readonly seed: number;
}

/** Points of a sweep at most, on one subject. */
export const MAX_POINTS = 2_000;
/** Levels of a range in a grid whose number of points nobody gives. */
const LEVELS_OF_RANGE = 3;
const DEFAULT_POINTS = 16;
const MAX_FACTORIAL = 10;
const MAX_SCREENED = 19;

/** The points, in an order that hangs on nothing but the options.
 * @throws EngineError `SWEEP_INVALID` for too many points or factors. */
export function designPoints(options: DesignOptions): readonly DesignPoint[] {
  const { kind, factors } = options;
  const count = factors.length;
  switch (kind) {
    case 'grid':
      return gridPoints(options);
    case 'lhs':
      return filled(factors, latinHypercubeShares(options));
    case 'sobol':
      refuse(count > SOBOL_DIMENSIONS_MAX, count, `vary at most ${SOBOL_DIMENSIONS_MAX}`);
      return filled(factors, sobolShares(options));
    case 'factorial':
      refuse(count > MAX_FACTORIAL, count, `2^${count} points: use plackett-burman or lhs`);
      return twoLevel(factors, fullFactorial(count));
    case 'plackett-burman':
      refuse(count > MAX_SCREENED, count, `vary at most ${MAX_SCREENED}`);
      return twoLevel(factors, plackettBurman(count));
  }
}

function refuse(isTooMany: boolean, count: number, rule: string): void {
  if (isTooMany) throw invalidSweep([{ path: '--vary', found: `${count} factors`, rule }]);
}

/** All combinations, the last factor changing fastest. */
function gridPoints({ factors, points }: DesignOptions): readonly DesignPoint[] {
  const perRange = points === undefined ? LEVELS_OF_RANGE : levelsPerRange(factors, points);
  const levels = factors.map((factor) => levelsOf(factor, perRange));
  const count = levels.reduce((product, one) => product * one.length, 1);
  if (count > (points ?? MAX_POINTS) || count > MAX_POINTS) {
    const rule = `a grid has at most ${points ?? MAX_POINTS}: use --design lhs --points 64`;
    throw invalidSweep([{ path: '--vary', found: `${count} points`, rule }]);
  }
  return levels.reduce<readonly DesignPoint[]>(
    (all, one, i) => {
      const path = factors[i]?.path ?? '';
      return all.flatMap((point) => one.map((level) => ({ ...point, [path]: level })));
    },
    [{}],
  );
}

/** As many levels for every range as keep the grid within its points, two at least. */
function levelsPerRange(factors: readonly SweepFactor[], points: number): number {
  const ranges = factors.filter(({ levels }) => levels === null).length;
  const listed = factors.reduce((product, { levels }) => product * (levels?.length ?? 1), 1);
  if (ranges === 0) return LEVELS_OF_RANGE;
  let levels = 2;
  while (listed * (levels + 1) ** ranges <= points) levels += 1;
  return levels;
}

function latinHypercubeShares({ factors, points, seed }: DesignOptions) {
  const draws = createChance({ seed, replication: 0 }).draws('sweep.design');
  return latinHypercube({
    rows: pointsAsked(points),
    columns: factors.length,
    kind: 'centred',
    uniform: (row, column) => draws.uniform(row, column),
  });
}

function sobolShares({ factors, points, seed }: DesignOptions) {
  const draws = createChance({ seed, replication: 0 }).draws('sweep.shift');
  return sobolPoints({
    dimensions: factors.length,
    count: pointsAsked(points),
    shift: (dimension) => draws.uniform(dimension, 0),
  });
}

function pointsAsked(points = DEFAULT_POINTS): number {
  if (points <= MAX_POINTS) return points;
  const rule = `a sweep has at most ${MAX_POINTS}`;
  throw invalidSweep([{ path: '--points', found: `${points}`, rule }]);
}

function filled(
  factors: readonly SweepFactor[],
  shares: readonly (readonly number[])[],
): readonly DesignPoint[] {
  return shares.map((row) =>
    Object.fromEntries(factors.map((factor, i) => [factor.path, levelAt(factor, row[i] ?? 0)])),
  );
}

function twoLevel(
  factors: readonly SweepFactor[],
  design: readonly (readonly number[])[],
): readonly DesignPoint[] {
  return design.map((row) =>
    Object.fromEntries(factors.map(({ path, low, high }, i) => [path, row[i] === 1 ? high : low])),
  );
}
