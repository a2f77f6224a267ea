/** The oracle against all rows there are. */
import { describe, expect, it } from 'vitest';
import { createOraclePolicy } from '../../../src/analytics/policies/oracle-policy.ts';
import { createPopularityPolicy } from '../../../src/analytics/policies/popularity-policy.ts';
import { createRandomPolicy } from '../../../src/analytics/policies/random-policy.ts';
import { rowValue } from '../../../src/analytics/regret/row-value.ts';
import { type ChoiceConfig, DEFAULT_CHOICE } from '../../../src/domain/taste/choice-model.ts';
import { analyticsWorld, numbersTo } from '../analytics-world.ts';
import { requestOf } from './row-requests.ts';

const { tastes } = analyticsWorld({ titles: 7 });

/** All rows of so many of the titles. */
function rowsOf(titles: readonly number[], slots: number): readonly (readonly number[])[] {
  if (slots === 0) return [[]];
  return titles.flatMap((title) =>
    rowsOf(
      titles.filter((other) => other !== title),
      slots - 1,
    ).map((rest) => [title, ...rest]),
  );
}

function bestValue(choice: ChoiceConfig, viewer: number, excluded: readonly number[]) {
  const allowed = numbersTo(7).filter((title) => !excluded.includes(title));
  const rows = rowsOf(allowed, Math.min(3, allowed.length));
  return Math.max(...rows.map((titles) => rowValue({ tastes, choice }, viewer, titles).value));
}

describe('the oracle', () => {
  it('M9: shows the best of all rows, by trying them all', () => {
    for (const nothing of [4, 0, -3]) {
      const choice = { ...DEFAULT_CHOICE, nothing };
      const oracle = createOraclePolicy({ tastes, choice });
      for (const viewer of numbersTo(25)) {
        const excluded = viewer % 3 === 0 ? [1, 4] : [];
        const { titles } = oracle.choose(requestOf({ viewer, slots: 3, excluded }));
        const { value } = rowValue({ tastes, choice }, viewer, titles);
        expect(value).toBeCloseTo(bestValue(choice, viewer, excluded), 12);
      }
    }
  });

  it('M9: of a cascade comes within 1 % of the best row', () => {
    for (const positionBias of [0.6, 0]) {
      const choice = { kind: 'cascade', nothing: 1, positionBias } as const;
      const oracle = createOraclePolicy({ tastes, choice });
      for (const viewer of numbersTo(25)) {
        const { titles } = oracle.choose(requestOf({ viewer, slots: 3 }));
        const { value } = rowValue({ tastes, choice }, viewer, titles);
        expect(value / bestValue(choice, viewer, [])).toBeGreaterThan(0.99);
      }
    }
  });

  it('M9: is above popularity, and that above random', () => {
    const world = analyticsWorld({ titles: 300 });
    const counts = Float64Array.from({ length: 300 }, (_, title) => 300 - title);
    const popularity = createPopularityPolicy({ titleCount: 300, halfLifeUs: 1e12, counts });
    const oracle = createOraclePolicy({ tastes: world.tastes, choice: DEFAULT_CHOICE });
    const [random = 0, popular = 0, best = 0] = [createRandomPolicy(300), popularity, oracle].map(
      (policy) => {
        const values = numbersTo(200).map((viewer) => {
          const { titles } = policy.choose(requestOf({ viewer, slots: 10 }));
          return rowValue({ tastes: world.tastes, choice: DEFAULT_CHOICE }, viewer, titles).value;
        });
        return values.reduce((sum, value) => sum + value, 0) / values.length;
      },
    );
    expect(popular).toBeGreaterThan(1.3 * random);
    expect(best).toBeGreaterThan(1.3 * popular);
  });
});
