/** Regret grows as it must: in line with the rows where nothing is learned, slower where it is. */
import { describe, expect, it } from 'vitest';
import { createPanel } from '../../../src/analytics/panel/panel.ts';
import { createLinUcbPolicy } from '../../../src/analytics/policies/bandits/lin-ucb-policy.ts';
import { createThompsonPolicy } from '../../../src/analytics/policies/bandits/thompson-policy.ts';
import { genreFeatures } from '../../../src/analytics/policies/bandits/title-features.ts';
import { createOraclePolicy } from '../../../src/analytics/policies/oracle-policy.ts';
import { createPopularityPolicy } from '../../../src/analytics/policies/popularity-policy.ts';
import { createRandomPolicy } from '../../../src/analytics/policies/random-policy.ts';
import { type RegretCurve, regretCurve } from '../../../src/analytics/regret/regret-curve.ts';
import { createRegretMeter } from '../../../src/analytics/regret/regret-meter.ts';
import type { RowPolicy } from '../../../src/domain/recommending/row-policy.ts';
import { DEFAULT_CHOICE } from '../../../src/domain/taste/choice-model.ts';
import { meanInterval } from '../../../src/stats/mean-interval.ts';
import { analyticsWorld, numbersTo } from '../analytics-world.ts';

const TITLES = 40;
type World = ReturnType<typeof analyticsWorld>;

function curveOf(policyOf: (world: World) => RowPolicy, seed: number): RegretCurve {
  const world = analyticsWorld({ titles: TITLES, seed });
  const meter = createRegretMeter({
    policy: policyOf(world),
    oracle: createOraclePolicy({ tastes: world.tastes, choice: DEFAULT_CHOICE }),
    floors: [
      createRandomPolicy(TITLES),
      createPopularityPolicy({ titleCount: TITLES, halfLifeUs: 1e13 }),
    ],
    tastes: world.tastes,
    choice: DEFAULT_CHOICE,
  });
  const config = { excludesSeen: false };
  const panel = createPanel({ ...world, viewers: numbersTo(40), config });
  panel.advance({ days: 30, policyOf: () => meter.policy });
  return regretCurve(meter.measured);
}

function curvesOf(policyOf: (world: World) => RowPolicy): readonly RegretCurve[] {
  return numbersTo(6).map((seed) => curveOf(policyOf, seed + 1));
}

const growthOf = (curves: readonly RegretCurve[]) =>
  meanInterval(curves.map(({ growth }) => growth ?? Number.NaN));

describe('regret', () => {
  it('M19: of random rows grows in line with the rows', () => {
    const curves = curvesOf(() => createRandomPolicy(TITLES));
    const { low, high } = growthOf(curves);
    expect(low).toBeGreaterThan(0.9);
    expect(high).toBeLessThan(1.1);
    for (const { shareOfOracle, shareOfFloors } of curves) {
      expect(shareOfOracle).toBeGreaterThan(0);
      // The floor draws the same numbers for the same request.
      expect(shareOfFloors['random']).toBe(shareOfOracle);
    }
  });

  it.each([
    [
      'LinUCB',
      ({ catalogue }: World) => createLinUcbPolicy({ features: genreFeatures(catalogue) }),
    ],
    [
      'Thompson',
      ({ chance }: World) =>
        createThompsonPolicy({ titleCount: TITLES, chance, posteriorDraws: 20 }),
    ],
  ])('M19: of %s grows more slowly, and shrinks from the first rows to the last', (_, policyOf) => {
    const curves = curvesOf(policyOf);
    expect(growthOf(curves).high).toBeLessThan(0.95);
    for (const { firstTenth, lastTenth, shareOfOracle, shareOfFloors, rows } of curves) {
      expect(rows).toBeGreaterThan(500);
      expect(lastTenth ?? 1).toBeLessThan(0.75 * (firstTenth ?? 0));
      expect(shareOfOracle ?? 0).toBeGreaterThan(shareOfFloors['random'] ?? 1);
      expect(shareOfOracle ?? 2).toBeLessThan(1);
    }
  });

  it('M18: of the oracle is none, and of nothing there is no curve', () => {
    const curve = curveOf(
      ({ tastes }) => createOraclePolicy({ tastes, choice: DEFAULT_CHOICE }),
      1,
    );
    expect(curve).toMatchObject({ growth: null, shareOfOracle: 1, lastTenth: 0 });
    const none = regretCurve({ own: [], best: [], floors: { random: [] } });
    expect(none).toEqual({
      rows: 0,
      points: [],
      growth: null,
      firstTenth: null,
      lastTenth: null,
      value: null,
      shareOfOracle: null,
      shareOfFloors: { random: null },
    });
  });

  it('M18: is of measured viewers only, and the others are served all the same', () => {
    const world = analyticsWorld({ titles: TITLES });
    const random = createRandomPolicy(TITLES);
    const meter = createRegretMeter({
      policy: random,
      oracle: random,
      tastes: world.tastes,
      choice: DEFAULT_CHOICE,
      isMeasured: (viewer) => viewer % 3 === 0,
    });
    let rows = 0;
    createPanel({ ...world, viewers: numbersTo(6) }).advance({
      days: 6,
      policyOf: () => meter.policy,
      listener: { row: ({ viewer }) => (rows += Number(viewer % 3 === 0)) },
    });
    expect(meter.measured.own.length).toBe(rows);
    expect(rows).toBeGreaterThan(0);
  });
});
