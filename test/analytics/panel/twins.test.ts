/** Twins: nothing differs but what the policy does. */
import { describe, expect, it } from 'vitest';
import { createPanel } from '../../../src/analytics/panel/panel.ts';
import { compareTwins } from '../../../src/analytics/panel/twins.ts';
import { createOraclePolicy } from '../../../src/analytics/policies/oracle-policy.ts';
import { createRandomPolicy } from '../../../src/analytics/policies/random-policy.ts';
import { DEFAULT_CHOICE } from '../../../src/domain/taste/choice-model.ts';
import { analyticsWorld, numbersTo } from '../analytics-world.ts';

const world = analyticsWorld({ titles: 100 });
const random = createRandomPolicy(100);
const oracle = createOraclePolicy({ tastes: world.tastes, choice: DEFAULT_CHOICE });

describe('counterfactual twins', () => {
  it('M21: do not differ at all under one policy', () => {
    const panel = createPanel({ ...world, viewers: numbersTo(30) });
    for (const { paired, base, other } of compareTwins({
      panel,
      days: 7,
      base: random,
      other: random,
    })) {
      expect(other).toBe(base);
      expect([paired.mean, paired.low, paired.high]).toEqual([0, 0, 0]);
    }
  });

  it('M21: say what a policy does, more sharply than two groups would, and leave the panel', () => {
    const panel = createPanel({ ...world, viewers: numbersTo(120) });
    const twins = compareTwins({ panel, days: 10, base: random, other: oracle });
    expect(panel.states.visits.every((visits) => visits === 0)).toBe(true);
    const of = (metric: string) => twins.find((twin) => twin.metric === metric);
    for (const metric of ['plays', 'hours', 'rowReward', 'satisfaction', 'retained']) {
      expect(of(metric)?.paired.mean).toBeCloseTo(
        (of(metric)?.other ?? 0) - (of(metric)?.base ?? 0),
        9,
      );
    }
    for (const metric of ['plays', 'hours', 'rowReward', 'satisfaction']) {
      expect(of(metric)?.paired.low).toBeGreaterThan(0);
    }
    const plays = of('plays');
    expect(plays?.paired.varianceReduction).toBeGreaterThan(1.2);
    expect(plays?.pairedHalfWidth ?? 1).toBeLessThan(plays?.unpairedHalfWidth ?? 0);
  });

  it('M21: of nobody are refused, and of one have no interval', () => {
    const none = createPanel({ ...world, viewers: [] });
    const compare = (panel: typeof none) =>
      compareTwins({ panel, days: 2, base: random, other: oracle });
    expect(() => compare(none)).toThrow(/0 viewers.*at least one/);
    for (const { paired, pairedHalfWidth, unpairedHalfWidth, base } of compare(
      createPanel({ ...world, viewers: [4] }),
    )) {
      expect([paired.low, pairedHalfWidth, unpairedHalfWidth]).toEqual([null, null, null]);
      expect(Number.isFinite(base) && Number.isFinite(paired.mean)).toBe(true);
    }
  });
});
