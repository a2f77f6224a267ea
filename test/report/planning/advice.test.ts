/** The page and the text of advice, of a world where the answers are known. */
import { describe, expect, it } from 'vitest';
import type { AdviceDocument } from '../../../src/experiment/advise/advice-document.ts';
import { renderSummary } from '../../../src/report/summary.ts';
import {
  asked,
  ERRORS,
  knownAdvice,
  knownScenario,
  usualAdvice,
} from '../../experiment/advise/known-world.ts';
import { reportHtml } from '../report-html.ts';

const TALENT = 'talent: 1 → 2 replicas';

function text(document: AdviceDocument, width = 100): string {
  return renderSummary(document, { color: false, width });
}

/** Where a heading's section begins. */
function headings(html: string): readonly string[] {
  return [...html.matchAll(/<h2[^>]*>([^<]*)<\/h2>/g)].map(([, heading = '']) => heading);
}

describe('advice', () => {
  it('M195: has the plan, the ranking, what binds, and what did not help', async () => {
    const html = reportHtml(await usualAdvice());
    expect(headings(html)).toEqual([
      'What this shows',
      'The plan',
      'What helps, best first',
      'What binds',
      'Tried, and no help',
      'Reproduce',
    ]);
    expect(html).toContain(TALENT);
    expect(html).toContain('Effect on objective deficit');
    expect(html).toContain('services.talent.replicas');
    expect(html).not.toMatch(/NaN|undefined|Infinity/);
    expect(reportHtml(await usualAdvice())).toBe(html);
  });

  it('M198: says first what should be done', async () => {
    const document = await usualAdvice();
    expect(text(document)).toMatch(/What should be done\nWith the plan every objective holds/);
    expect(text(document)).toContain(`1. ${TALENT}`);
    expect(reportHtml(document)).toContain('With the plan every objective holds');
    for (const width of [40, 72, 100]) {
      const wide = text(document, width)
        .split('\n')
        .filter((line) => [...line].length > 100);
      expect(wide).toEqual([]);
    }
  });

  it('M198: says so where nothing need be done, nothing helps, or the budget ended', async () => {
    const well = await knownAdvice({ planted: { load: 0.4, events: 0.4 } });
    expect(text(well)).toMatch(/Every objective holds with confidence as it is/);
    const unmovable = 'rate(page.degraded) / rate(page.requests) < 10%';
    const stuck = await knownAdvice({ scenario: knownScenario({ objectives: [unmovable] }) });
    expect(text(stuck)).toMatch(/No action moved/);
    expect(reportHtml(stuck)).toMatch(/No action moved/);
    for (const maxRuns of [0, 11, 30]) {
      const ended = await knownAdvice({ planted: { maxRuns } });
      expect(text(ended)).toMatch(/The budget of runs was used up/);
      expect(reportHtml(ended)).not.toMatch(/NaN|undefined/);
    }
  });

  it('M190: names from outside are text', async () => {
    const hostile = '<script>alert(1)</script>';
    const document = await knownAdvice({
      asked: [asked('services.movie.replicas=9')],
      scenario: knownScenario({ question: hostile, objectives: [ERRORS] }),
    });
    expect(reportHtml(document)).not.toContain(hostile);
    expect(text(document)).toContain(hostile);
  });
});
