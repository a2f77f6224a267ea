/** Sections of outcomes, made of a small warehouse and of an empty one. */
import { describe, expect, it } from 'vitest';
import { learnOutcomes, type OutcomesDocument } from '../../../src/experiment/learn/outcomes.ts';
import { drawXy } from '../../../src/report/charts/xy-chart.ts';
import { outcomeSections } from '../../../src/report/sections/analytics/outcome-models.ts';
import { survivalSections } from '../../../src/report/sections/analytics/outcome-survival.ts';
import { outcomeSentences } from '../../../src/report/sections/analytics/outcome-words.ts';
import { emptyWarehouse, inventHistory } from '../../analytics/outcomes/invented-history.ts';

function documentOf(warehouse: ReturnType<typeof emptyWarehouse>): OutcomesDocument {
  const document = learnOutcomes(warehouse);
  warehouse.close();
  return document;
}

const invented = inventHistory({ viewers: 100, days: 40, seed: 2, hasImpressions: true });
const full = documentOf(invented.warehouse);
const empty = documentOf(emptyWarehouse());

function bodyOf(sections: readonly { readonly body: string }[]): string {
  return sections.map(({ body }) => body).join('\n');
}

describe('sections of outcomes', () => {
  it('show figures beside their floor, curves, weights, and what was left out', () => {
    const body = bodyOf(outcomeSections(full));
    expect(body).toContain('beside the base rate of the training rows');
    for (const name of ['completion', 'take', 'churn']) {
      expect(body).toContain(`id="reliability-${name}-numbers"`);
      expect(body).toContain(`id="weights-${name}-numbers"`);
    }
    expect(body).toContain('start-failures');
    expect(body).toContain('all training rows have the same value, 0');
    expect(body).not.toMatch(/NaN|Infinity|undefined|\[object/);
  });

  it('draw survival curves with their bands, and test the groups', () => {
    const body = bodyOf(survivalSections(full));
    expect(body.match(/class="legend"/g)).toHaveLength(3);
    expect(body.match(/Log-rank test of the two groups: χ²/g)).toHaveLength(2);
    expect(body).not.toMatch(/NaN|Infinity|undefined|\[object/);
  });

  it('M74: say in words what an empty warehouse cannot tell', () => {
    const body = bodyOf([...outcomeSections(empty), ...survivalSections(empty)]);
    expect(body).toContain('Completion: Not judged: there is no row to learn from before the cut.');
    expect(body).toContain('Churn: Not judged: the history spans 0 days; it takes 28');
    expect(body).toContain('Not drawn. Nobody has played anything.');
    expect(body).toContain('No title with a known running time was played.');
    expect(body).not.toContain('<svg');
    expect(body).not.toMatch(/NaN|Infinity|undefined|\[object/);
  });

  it('are not there in documents of before', () => {
    expect([...outcomeSections(undefined), ...survivalSections(undefined)]).toEqual([]);
    expect(outcomeSentences(undefined)).toEqual([]);
  });

  it('claim no more than the interval of the gain bears', () => {
    const [completion = '', take = '', churn = ''] = outcomeSentences(full);
    const verdictOf = ({ judgement }: OutcomesDocument['models']['take']) => {
      const { low = 0, high = 0 } = judgement?.logLoss.gainInterval ?? {};
      if (low > 0) return 'better than the base rate';
      return high < 0 ? 'worse than the base rate' : 'not told apart from the base rate';
    };
    expect(completion).toContain(`Completion: ${verdictOf(full.models.completion)}`);
    expect(take).toContain(`Take: ${verdictOf(full.models.take)}`);
    expect(churn).toContain(`Churn: ${verdictOf(full.models.churn)}`);
    expect(outcomeSentences(empty)[0]).toContain('Completion: not judged, since there is no row');
  });
});

describe('a chart of two values', () => {
  it('draws bounds as two thin lines of the series’ colour', () => {
    const points = [
      { x: 0, y: 1 },
      { x: 1, y: 2 },
    ];
    const bounds = points.map(({ x, y }) => ({ x, low: y - 0.5, high: y + 0.5 }));
    const series = { name: 'a', look: 0, points, isJoined: true, bounds };
    const spec = {
      id: 'xy',
      heading: 'h',
      xName: 'x',
      yName: 'y',
      origin: { x: 'zero', y: 'zero' },
      series: [series],
    } as const;
    const drawn = JSON.stringify(drawXy(spec, {}).option);
    expect(drawn).toContain('[[0,0.5],[1,1.5]]');
    expect(drawn).toContain('[[0,1.5],[1,2.5]]');
    expect(drawXy({ ...spec, series: [{ ...series, bounds: [] }] }, {}).stops).toHaveLength(2);
  });
});
