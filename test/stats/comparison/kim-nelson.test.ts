/** Selection of the best: the stated probability, the gain of common random numbers, and a state
 * that does not care how replications come. */
import { describe, expect, it } from 'vitest';
import {
  createSelection,
  type SelectionRule,
  type SelectionState,
  selectionStatement,
  stepSelection,
} from '../../../src/stats/comparison/kim-nelson.ts';
import { createNormalDraws } from '../normal-draws.ts';
import { COVERAGE_TIMEOUT_MS, IS_LONG } from '../series/coverage.ts';

const normal = createNormalDraws(95);
const RULE: SelectionRule = {
  alternatives: ['monolith', 'direct', 'gateway', 'federated'],
  better: 'smaller',
  indifference: 1,
  confidence: 0.9,
  first: 10,
};

/** Replication r of experiment e: the second alternative is δ better than the others, which is the
 * hardest case. `common` is the share of variance that all alternatives of a replication share. */
function row(e: number, r: number, common: number): number[] {
  return [0, 1, 2, 3].map((a) => {
    const shared = Math.sqrt(common) * normal(10 * e, r);
    return (a === 1 ? 10 : 11) + 2 * (shared + Math.sqrt(1 - common) * normal(10 * e + a + 1, r));
  });
}

function selectionOf(e: number, common: number): SelectionState {
  let state = createSelection(RULE);
  for (let r = 0; state.selected === null; r += 1)
    state = stepSelection(state, [row(e, r, common)]);
  return state;
}

describe('selection of the best', { timeout: COVERAGE_TIMEOUT_MS }, () => {
  it.each([0, 0.8])('N34: keeps its stated probability, %s of the variance shared', (common) => {
    const experiments = IS_LONG ? 4_000 : 200;
    let right = 0;
    for (let e = 0; e < experiments; e += 1) {
      if (selectionOf(e, common).selected === 1) right += 1;
    }
    expect(right / experiments).toBeGreaterThan(0.9 - 4 * Math.sqrt(0.09 / experiments));
  });

  it('N34: takes fewer replications on common random numbers', () => {
    const mean = (common: number): number =>
      Array.from({ length: 30 }, (_, e) => selectionOf(e, common).replications).reduce(
        (sum, n) => sum + n,
      ) / 30;
    expect(mean(0.8)).toBeLessThan(mean(0) / 2);
  });

  it('N34: does not depend on how many replications come at once', () => {
    const rows = Array.from({ length: 400 }, (_, r) => row(7, r, 0.5));
    const whole = stepSelection(createSelection(RULE), rows);
    let parts = createSelection(RULE);
    for (let at = 0; at < rows.length; at += 7) {
      // Plain data: it survives being written down between two steps.
      parts = JSON.parse(JSON.stringify(stepSelection(parts, rows.slice(at, at + 7))));
    }
    expect(parts).toEqual(whole);
    expect(whole.selected).not.toBeNull();
    expect(stepSelection(whole, rows)).toBe(whole);
  });

  it('N34: ends where the paper says: h² of ten alternatives and ten first replications', () => {
    // η = ½((2 · 0.05 ÷ 9)^(−2/9) − 1) = 0.8585, h² = 2 · 9 · η = 15.45; S² = 2, δ = 1: 30.9.
    const rule = {
      ...RULE,
      alternatives: Array.from({ length: 10 }, (_, i) => `a${i}`),
      confidence: 0.95,
    };
    const rows = Array.from({ length: 10 }, (_, r) =>
      // Differences of neighbours alternate between ± √1.8, whose sample variance is 2.
      Array.from({ length: 10 }, (__, a) => ((r + a) % 2 === 0 ? 1 : -1) * Math.sqrt(1.8 / 4)),
    );
    const state = stepSelection(createSelection(rule), rows);
    expect(state.variances[0]?.[1]).toBeCloseTo(2, 12);
    expect(selectionStatement(state).replicationsAtMost).toBe(31);
  });

  it('N34: states what it knows, before and after', () => {
    const early = stepSelection(createSelection(RULE), [row(1, 0, 0)]);
    expect(selectionStatement(early)).toMatchObject({
      selected: null,
      survivors: RULE.alternatives,
      replicationsAtMost: null,
    });
    const late = selectionStatement(selectionOf(1, 0.8));
    expect(late.selected).toBe('direct');
    expect(late.survivors).toEqual(['direct']);
    expect(late.text).toContain('direct selected; where the best is smaller than every other by 1');
    expect(late.text).toContain('probability 0.9');
  });

  it('N34: drops a clear loser early, asks no more of it, and takes the larger where told', () => {
    const rule = { ...RULE, better: 'larger' as const };
    const wide = (r: number) => row(3, r, 0.5).map((v, a) => (a === 0 ? null : v));
    const first = Array.from({ length: 10 }, (_, r) => {
      return row(3, r, 0.5).map((value, a) => (a === 0 ? value - 100 : value));
    });
    const state = stepSelection(createSelection(rule), first);
    expect(state.eliminated[0]).toEqual({ alternative: 0, replications: 10 });
    expect(stepSelection(state, [wide(10)]).replications).toBe(11);
    const bad = state.survivors[0] ?? 0;
    const missing = row(3, 10, 0).map((value, a) => (a === bad ? null : value));
    expect(() => stepSelection(state, [missing])).toThrow(/STATS_BAD_ARGUMENT: value of \w+ in/);
    const constant = stepSelection(
      createSelection(rule),
      Array.from({ length: 10 }, () => [1, 5, 5, 2]),
    );
    expect(constant.selected).toBe(1);
  });

  it('refuses an impossible rule', () => {
    expect(() => createSelection({ ...RULE, alternatives: ['a'] })).toThrow(/alternatives is 1/);
    expect(() => createSelection({ ...RULE, indifference: 0 })).toThrow(/indifference is 0/);
    expect(() => createSelection({ ...RULE, confidence: 0.25 })).toThrow(/confidence is 0.25/);
    expect(() => createSelection({ ...RULE, first: 1 })).toThrow(/first is 1/);
  });
});
