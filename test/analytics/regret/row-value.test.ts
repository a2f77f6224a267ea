/** The closed form against what happens. */
import { describe, expect, it } from 'vitest';
import { rowValue } from '../../../src/analytics/regret/row-value.ts';
import {
  choiceProbabilities,
  DEFAULT_CHOICE,
  takenSlot,
} from '../../../src/domain/taste/choice-model.ts';
import { watchedShare } from '../../../src/domain/taste/watching.ts';
import { analyticsWorld } from '../analytics-world.ts';

describe('the value of a row', () => {
  it('M8: is the mean of what comes of it', () => {
    const { tastes, chance } = analyticsWorld();
    const titles = [3, 0, 11, 40, 7];
    const draws = chance.draws('test.value');
    const attractions = titles.map((title) => tastes.attraction(2, title));
    const probabilities = choiceProbabilities(DEFAULT_CHOICE, attractions);
    const n = 20_000;
    let sum = 0;
    let takes = 0;
    for (let i = 0; i < n; i += 1) {
      const title = titles[takenSlot(probabilities, draws.uniform(0, i))];
      if (title === undefined) continue;
      takes += 1;
      sum += watchedShare(tastes.enjoyment(2, title), draws.uniform(1, i));
    }
    const { value, takeProbability } = rowValue({ tastes, choice: DEFAULT_CHOICE }, 2, titles);
    // Four standard errors of a mean of values within 0 and 1.
    const bound = 4 * Math.sqrt(0.25 / n);
    expect(Math.abs(sum / n - value)).toBeLessThan(bound);
    expect(Math.abs(takes / n - takeProbability)).toBeLessThan(bound);
  });

  it('M8: of an empty row is nothing', () => {
    const { tastes } = analyticsWorld();
    const nothing = { value: 0, takeProbability: 0 };
    expect(rowValue({ tastes, choice: DEFAULT_CHOICE }, 2, [])).toEqual(nothing);
  });
});
