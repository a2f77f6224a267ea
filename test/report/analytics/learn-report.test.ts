/** The page and the text of `learn`, at their edges: nothing to compare with, nothing that follows,
 * a leak, an oracle, one user. */
import { describe, expect, it } from 'vitest';
import { createPlayOracle } from '../../../src/analytics/evaluation/play-oracle.ts';
import { DEFAULT_PANEL } from '../../../src/analytics/panel/panel-config.ts';
import { learn } from '../../../src/experiment/learn/learn.ts';
import type { LearnDocument } from '../../../src/experiment/learn/learn-document.ts';
import { renderLearnReport } from '../../../src/report/render-report.ts';
import { learnText } from '../../../src/report/summary/learn-text.ts';
import { panelWarehouse } from '../../analytics/hand-made-plays.ts';
import { withoutScript } from '../report-html.ts';

const { warehouse, tastes, chance } = panelWarehouse({ viewers: 120, days: 20, titles: 40 });
const WHOLE = learn({
  warehouse,
  path: 'w<b>.sqlite',
  cut: { share: 0.7 },
  k: 5,
  seed: 3,
  models: ['random', 'popularity', 'als'],
  oracle: (train) => createPlayOracle({ tastes, config: DEFAULT_PANEL, train, chance }),
  replayCommand: 'npx backlot learn w.sqlite',
});

const html = (document: LearnDocument) => withoutScript(renderLearnReport(document));
const text = (document: LearnDocument) => learnText(document, { color: false, width: 100 });

describe('what learn shows', () => {
  it('is the same bytes for the same document, without what is no number', () => {
    expect(html(WHOLE)).toBe(html(WHOLE));
    for (const shown of [html(WHOLE), text(WHOLE)]) {
      expect(shown).not.toMatch(/NaN|Infinity|undefined/);
      expect(shown).toContain('Of what true tastes reach');
    }
    expect(html(WHOLE)).toContain('w&lt;b&gt;.sqlite');
    const lines = learnText(WHOLE, { color: false, width: 60 }).split('\n');
    expect(lines.filter((line) => line.length > 60)).toEqual([]);
  });

  it('says in words what cannot be shown', () => {
    const [random] = WHOLE.models;
    if (random === undefined) throw new Error('three were judged');
    const bare: LearnDocument = {
      ...WHOLE,
      models: [{ ...random, overPopularity: null, shareOfOracle: null }],
      next: null,
      nextMissing: 'no play after the cut has one before it',
      leakage: [{ model: 'random', isSame: false }],
    };
    for (const shown of [html(bare), text(bare)]) {
      expect(shown).toContain('THE FUTURE LEAKS into random');
      expect(shown).toContain('no play after the cut has one before it');
      expect(shown).toMatch(/Popularity was not (?:asked for|among the models)/);
    }
    expect(html(bare)).toContain('✗ LEAKS');
  });

  it('never says more than the intervals bear', () => {
    const level = { value: 0.1, low: -0.1, high: 0.3 };
    const models = WHOLE.models.map((model) => ({
      ...model,
      overPopularity:
        model.overPopularity === null ? null : { ...model.overPopularity, ndcg: level },
    }));
    const shown = text({ ...WHOLE, models });
    expect(shown).toContain('No model is shown to beat popularity on nDCG@5.');
    expect(shown).toContain('Not told apart from popularity: random and als.');
  });
});
