/** What the summary of a comparison says besides its estimates. */
import { describe, expect, it } from 'vitest';
import type { CompareDocument } from '../../../src/experiment/result.ts';
import { comparisonBlocks } from '../../../src/report/summary/planning/compare-lines.ts';
import { renderSummary } from '../../../src/report/summary.ts';
import { compareDocument } from '../fixture-documents.ts';

const document = compareDocument();

function said(changes: Partial<CompareDocument>): string {
  const blocks = comparisonBlocks({ ...document, ...changes }, 100);
  return blocks.map(({ heading, lines }) => [heading, ...lines].join('\n')).join('\n');
}

describe('the lines of a comparison', () => {
  it('are none where a fixed number of replications was made and nothing else asked', () => {
    expect(comparisonBlocks(document, 100)).toEqual([]);
  });

  it('say what is not precise yet, how many more would do, and what ended it', () => {
    const line = {
      subject: 'direct',
      metric: 'page load p95',
      replications: 10,
      state: 'not reached',
      confidence: 0.99,
      relativeHalfWidth: 0.031,
      moreReplications: 8,
      reason: null,
    } as const;
    const text = said({
      stopping: {
        ...document.stopping,
        rule: 'precision',
        precision: 0.02,
        decision: 'stopped',
        stopped: 'budget',
        moreReplications: 8,
        lines: [line],
      },
    });
    expect(text).toMatch(/10 replications, ended early: the budget was used up/);
    expect(text).toMatch(/Not within ± 2(\.00)? % yet; about 8 more would do/);
    expect(text).toMatch(/direct page load p95: ± 3\.10? % over 10 replications/);
  });

  it('name the best with its guarantee, regressions, and what is broken', () => {
    const text = said({
      selection: {
        metric: 'page load p95',
        better: 'smaller',
        indifferenceShare: 0.05,
        indifference: 12,
        confidence: 0.95,
        selected: 'monolith',
        survivors: ['monolith'],
        eliminated: [],
        text: 'monolith selected; where the best is …',
      },
      baseline: {
        digest: 'abc',
        backlot: '1',
        tolerance: 0.01,
        confidence: 0.99,
        unmatched: ['canary'],
        lines: [
          {
            subject: 'direct',
            metric: 'page load p95',
            unit: 'ms',
            difference: { value: 40, low: 30, high: 50 },
            relative: 0.1,
            method: 'paired',
            verdict: 'regression',
          },
        ],
      },
      broken: ['direct, replication 1: the ledger of events has a residual of 3'],
    });
    expect(text).toContain('monolith selected');
    expect(text).toMatch(/regression: direct page load p95 40\S* \[30\S*, 50\S*\] ms/);
    expect(text).toContain('Not in this comparison: canary');
    expect(text).toContain('a residual of 3');
  });

  it('stand in the summary', () => {
    const summary = renderSummary(
      { ...document, broken: ['something'] },
      { color: false, width: 90 },
    );
    expect(summary).toContain('Broken\nsomething');
  });
});
