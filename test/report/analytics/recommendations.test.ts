/** The section on the closed loop: of runs that recommend, and of one that does not. */
import { describe, expect, it } from 'vitest';
import type { RunDocument } from '../../../src/experiment/result.ts';
import {
  recommendationSection,
  recommendationSentence,
} from '../../../src/report/sections/analytics/recommendations.ts';
import { runDocument } from '../fixture-documents.ts';
import { LOOP_RESULT } from './made-up-loop.ts';

/** @param tested - How many of its subjects recommend something. */
function documentOf(tested: number): RunDocument {
  const document = runDocument(3);
  const { architectures } = document;
  const recommendations = LOOP_RESULT;
  return {
    ...document,
    architectures: architectures.map((one, i) => (i < tested ? { ...one, recommendations } : one)),
  };
}

describe('the section on recommendations', () => {
  it('M122: shows arms, curves, the test and impressions, each chart with its numbers', () => {
    const document = documentOf(2);
    const [first = { name: '' }] = document.architectures;
    const { body = '', heading } = recommendationSection(document) ?? {};
    expect(heading).toBe('Recommendations');
    const figures = body.split('<figure>').length - 1;
    expect(figures).toBe(6);
    expect(body.split('Numbers of this chart').length - 1).toBe(figures);
    for (const words of [
      `${first.name}: popular`,
      `${first.name}: als`,
      `A/B test of ${first.name}`,
      'Share of the oracle',
      'Lost: bad_row',
      'not adjusted',
      'variance ÷',
    ]) {
      expect(body).toContain(words);
    }
    expect(body).not.toMatch(/NaN|undefined|Infinity/);
  });

  it('M122: names arms alone where one run is shown', () => {
    const { body = '' } = recommendationSection(documentOf(1)) ?? {};
    expect(body).toContain('>als<');
    expect(body).not.toContain(': als<');
  });

  it('M122: says in a sentence what viewers were given, and what the test says', () => {
    const words = recommendationSentence(documentOf(1)) ?? '';
    expect(words).toMatch(/^Of what the best rows are worth, viewers were given [\d.]+ % under /);
    expect(words).toMatch(/the A\/B test says: als \S+\.$/);
    expect(recommendationSentence(documentOf(0))).toBeUndefined();
  });

  it('M122: is left out where nothing is recommended', () => {
    expect(recommendationSection(documentOf(0))).toBeUndefined();
  });
});
