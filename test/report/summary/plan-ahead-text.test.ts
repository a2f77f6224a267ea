/** The texts of `check` and `sweep`: they fit, and say what they found. */
import { describe, expect, it } from 'vitest';
import type { CheckDocument } from '../../../src/experiment/check/check-document.ts';
import type { SweepDocument } from '../../../src/experiment/sweep/sweep-document.ts';
import { checkText } from '../../../src/report/summary/planning/check-lines.ts';
import { sweepText } from '../../../src/report/summary/planning/sweep-lines.ts';
import { checkDocument, sweepDocument } from './plan-ahead-documents.ts';

function longest(text: string): number {
  return Math.max(...text.split('\n').map((line) => [...line].length));
}

describe('the text of a check', () => {
  it.each([100, 80, 60])('fits %s columns', (width) => {
    expect(longest(checkText(checkDocument(), { width, all: true }))).toBeLessThanOrEqual(width);
  });

  it('sums up what is idle, unless all is asked for', () => {
    const text = checkText(checkDocument(), { width: 100, all: false });
    expect(text).toContain('… 1 more at or below 0.200 % (--all)');
    expect(text).not.toContain('router');
    expect(checkText(checkDocument(), { width: 100, all: true })).toContain('router');
  });

  it('tells the same finding of several subjects once', () => {
    const text = checkText(checkDocument(), { width: 100, all: false });
    expect(text.match(/L-ZONE/g)).toHaveLength(1);
    expect(text).toContain('L-ZONE talent (federated, aggregation)');
    expect(text).toContain('1 error, 2 warnings');
  });

  it('says that a file is no scenario', () => {
    const none: CheckDocument = { ...checkDocument(), counts: null, subjects: [] };
    expect(checkText(none, { width: 80, all: false })).toMatch(/no scenario that could be run/);
  });
});

describe('the text of a sweep', () => {
  it.each([100, 80, 60])('fits %s columns', (width) => {
    expect(longest(sweepText(sweepDocument(), { width }))).toBeLessThanOrEqual(width);
  });

  it('draws bars as long as effects, in dots where none is shown', () => {
    const lines = sweepText(sweepDocument(), { width: 100 }).split('\n');
    const bars = lines.filter((line) => /^ {2}[█·]+ /.test(line));
    expect(bars.map((line) => /[█·]+/.exec(line)?.[0])).toEqual(['█'.repeat(20), '·'.repeat(5)]);
  });

  it('names the best point, and who is not told from it', () => {
    const text = sweepText(sweepDocument(), { width: 100 }).replaceAll('\n', ' ');
    expect(text).toMatch(/Best page load p95: 80(\.0)? at federated\/1 +\(movie\.replicas=4\)/);
    expect(text).toContain('not told apart from federated/0');
  });

  it('says that it is not complete', () => {
    const half: SweepDocument = { ...sweepDocument(), isComplete: false, stopped: 'budget' };
    expect(sweepText(half, { width: 80 })).toContain('Not complete (budget)');
  });
});
