/** Evenings that are like tonight: each follows the scenario's rate of arrivals at a level of its
 * own, some minutes early or late. Draws have purposes of their own, so that a scenario without
 * evenings is what it was. Spec: M95, M96. */
import { type Chance, createChance } from '../../../kernel/chance.ts';
import { createRateCurve, type RatePoint } from '../../../kernel/distributions/rate-curve.ts';
import { normalQuantile } from '../../../stats/normal.ts';
import type { Scenario } from '../../scenario/schema.ts';

/** How one evening differs from the rate as it is described. */
export interface Evening {
  /** What the rate is multiplied by. */
  readonly level: number;
  /** How much later everything is; negative is earlier. */
  readonly shiftUs: number;
}

/** An evening. @param before - 0 is tonight, 1 the evening before, … */
export function eveningOf(
  evenings: NonNullable<Scenario['evenings']>,
  chance: Chance,
  before: number,
): Evening {
  if (before === 0 && evenings.tonight === 'as-described') return { level: 1, shiftUs: 0 };
  const { levelSpread, shift } = evenings;
  const z = normalQuantile(chance.draws('evening.level').uniform(before, 0));
  const u = chance.draws('evening.shift').uniform(before, 0);
  return {
    level: Math.exp(levelSpread * z - levelSpread ** 2 / 2),
    shiftUs: Math.round((2 * u - 1) * shift),
  };
}

/** A rate over an evening. */
export function rateOf(usual: readonly RatePoint[], { level, shiftUs }: Evening): RatePoint[] {
  const curve = createRateCurve(usual);
  const first = { atUs: 0, ratePerSec: curve.ratePerSec(Math.max(0, -shiftUs)) * level };
  const moved = usual.map(({ atUs, ratePerSec }) => ({
    atUs: atUs + shiftUs,
    ratePerSec: ratePerSec * level,
  }));
  return [first, ...moved.filter(({ atUs }) => atUs > 0)];
}

/** A scenario as tonight has it, and as it is described. */
export interface Tonight {
  readonly scenario: Scenario;
  readonly usual: Scenario;
}

/** The scenario of tonight, the same for whatever runs with these draws; where it has no evenings,
 * what it was. Evenings need an open load test, which is checked with the scenario. */
export function tonightOf(run: {
  readonly scenario: Scenario;
  readonly replication: number;
  readonly isAntithetic?: boolean | undefined;
}): Tonight {
  const { scenario: usual, replication, isAntithetic } = run;
  const { evenings, traffic, seed } = usual;
  if (evenings === undefined || traffic?.kind !== 'open') return { scenario: usual, usual };
  const chance = createChance({ seed, replication, isAntithetic });
  const rate = rateOf(ratePoints(traffic), eveningOf(evenings, chance, 0)).map(
    ({ atUs, ratePerSec }) => ({ at: atUs, perSecond: ratePerSec }),
  );
  return { scenario: { ...usual, traffic: { ...traffic, rate } }, usual };
}

/** The rate of an open load test. */
export function ratePoints(
  traffic: Extract<NonNullable<Scenario['traffic']>, { kind: 'open' }>,
): readonly RatePoint[] {
  return traffic.rate.map(({ at, perSecond }) => ({ atUs: at, ratePerSec: perSecond }));
}
