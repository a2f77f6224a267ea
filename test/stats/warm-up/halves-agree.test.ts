/** Drift, told from what a cut leaves. */
import { describe, expect, it } from 'vitest';
import { createChance } from '../../../src/kernel/chance.ts';
import { halvesAgree } from '../../../src/stats/warm-up/halves-agree.ts';

const RUNS = 400;

function noise(run: number, drift: number): number[] {
  const draws = createChance({ seed: 5, replication: run }).draws('noise');
  return Array.from({ length: 200 }, (_, i) => draws.uniform(0, i) + (drift * i) / 200);
}

describe('halves', () => {
  it('E320: of a steady series disagree about once in a hundred', () => {
    const refused = Array.from({ length: RUNS }, (_, run) => !halvesAgree(noise(run, 0)));
    // Binomial(400, 0.01): below 15 but for one seed in 10,000.
    expect(refused.filter(Boolean).length).toBeLessThan(15);
  });

  it('E320: of a drifting one disagree', () => {
    const refused = Array.from({ length: RUNS }, (_, run) => !halvesAgree(noise(run, 1)));
    expect(refused.filter(Boolean).length).toBeGreaterThan(RUNS * 0.95);
  });

  it('E320: of what never changes agree, and too little says nothing', () => {
    expect(halvesAgree(new Array(50).fill(3))).toBe(true);
    expect(halvesAgree([...new Array(20).fill(0), ...new Array(20).fill(1)])).toBe(false);
    expect(halvesAgree(new Array(39).fill(1))).toBe(false);
    expect(() => halvesAgree(new Array(50).fill(Number.NaN))).toThrow('STATS_BAD_ARGUMENT');
  });
});
