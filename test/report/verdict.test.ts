/** The verdict claims what the judged intervals bear and nothing else. */
import { describe, expect, it } from 'vitest';
import type { RunDocument } from '../../src/experiment/result.ts';
import { differenceBetween, judgeDifferences } from '../../src/report/significance.ts';
import { compareVerdict, runVerdict } from '../../src/report/verdict.ts';
import { compareDocument, runDocument } from './fixture-documents.ts';

function verdictOf(document: RunDocument): readonly string[] {
  return runVerdict(document, judgeDifferences(document));
}

/** The run with all differences made so sure, or so unsure. */
function withHalfWidth(halfWidth: number | null): RunDocument {
  const document = runDocument();
  return {
    ...document,
    differences: document.differences.map((one) => {
      const { value } = one.difference;
      const low = halfWidth === null ? null : value - halfWidth;
      return {
        ...one,
        difference: { value, low, high: halfWidth === null ? null : value + halfWidth },
      };
    }),
  };
}

describe('verdict of a run', () => {
  it('names a best architecture only where every difference is shown', () => {
    const [speed] = verdictOf(withHalfWidth(1));
    expect(speed).toMatch(/^monolith has the lowest 95th-percentile page-load time, 510/);
    expect(speed).toContain('the nearest being aggregation (+25.2 [+24.2, +26.2] ms)');
    expect(speed).toContain('one replication');
  });

  it('does not name one where an interval holds zero or is missing', () => {
    for (const halfWidth of [60, null]) {
      const [speed] = verdictOf(withHalfWidth(halfWidth));
      expect(speed).toMatch(/^No architecture is shown to be best/);
      expect(speed).toContain('may be chance');
    }
  });

  it('is stricter than the single intervals: Bonferroni', () => {
    const barely = withHalfWidth(24);
    const between = { metric: 'page load p95', from: 'monolith', to: 'aggregation' };
    const judged = differenceBetween(judgeDifferences(barely).differences, between);
    expect(judged?.difference.low).toBeGreaterThan(0);
    expect(judged?.shown).toBe('none');
  });

  it('counts errors and says that they are counts', () => {
    expect(verdictOf(runDocument())[1]).toContain('as counted: monolith 12 of 18,240 pages');
  });

  it('says loudly when the ledger does not balance', () => {
    const document = runDocument();
    const events = { ...document.ledger.events, residual: 3 };
    const [, , ledger] = verdictOf({ ...document, ledger: { ...document.ledger, events } });
    expect(ledger).toContain('does NOT balance: 3 events');
    expect(verdictOf(document)[2]).toContain('Everything is accounted for: 72,966 requests');
  });

  it('is three sentences or groups of them, also for one architecture', () => {
    expect(verdictOf(runDocument()).length).toBe(3);
    expect(verdictOf(runDocument(1))[0]).toContain('95 of 100 within 510 [489, 531] ms');
  });
});

describe('verdict of a comparison', () => {
  it('judges by the replications themselves', () => {
    const document = compareDocument();
    const judgement = judgeDifferences(document);
    expect(judgement.differences.length).toBe(18);
    expect(judgement.rule).toContain('99.72 % (Bonferroni over 18)');
    const [speed, shown] = compareVerdict(document, judgement);
    expect(speed).toContain('monolith has the lowest page load p95');
    expect(shown).toContain('Of 18 paired differences over 10 replications');
  });

  it('goes by the bounds of the pooled figures, whatever means of percentiles say', () => {
    const document = compareDocument();
    const differences = document.differences.map((one) => ({
      ...one,
      adjusted: { low: -1, high: 1 },
    }));
    const judgement = judgeDifferences({ ...document, differences });
    expect(judgement.differences.map(({ shown }) => shown)).toEqual(Array(18).fill('none'));
  });

  it('turns a difference round with its bounds', () => {
    const { differences } = judgeDifferences(compareDocument());
    const metric = 'page load p95';
    const there = differenceBetween(differences, { metric, from: 'monolith', to: 'direct' });
    const back = differenceBetween(differences, { metric, from: 'direct', to: 'monolith' });
    expect(there?.shown).toBe('higher');
    expect(back?.shown).toBe('lower');
    expect(back?.difference.low).toBe(-(there?.difference.high ?? 0));
    expect(differenceBetween(differences, { metric, from: 'x', to: 'y' })).toBeUndefined();
  });
});
