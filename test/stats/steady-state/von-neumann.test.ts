/** Von Neumann's test: its false alarms are as many as it says, and it finds correlation. */
import { describe, expect, it } from 'vitest';
import { lagOneTest } from '../../../src/stats/steady-state/von-neumann.ts';
import { binomialBounds } from '../normal-draws.ts';
import { autoregression } from '../series/random-series.ts';

describe("von Neumann's test", () => {
  it('equals its formula by hand', () => {
    // Mean 2.5; squares 5; steps 1 + 1 + 1; C = 1 − 3 ÷ 10 = 0.7; z = 0.7 · √(15 ÷ 2) = 1.917.
    const { correlation, pValue } = lagOneTest([1, 2, 3, 4]);
    expect(correlation).toBeCloseTo(0.25, 12);
    expect(pValue).toBeCloseTo(0.0276, 3);
  });

  it('N14: has the stated rate of false alarms', () => {
    const n = 2_000;
    let alarms = 0;
    for (let r = 0; r < n; r += 1) {
      const { pValue } = lagOneTest(autoregression(r, { n: 30, correlation: 0 }));
      if ((pValue ?? 1) <= 0.1) alarms += 1;
    }
    const { low, high } = binomialBounds(n, 0.1);
    expect(alarms).toBeGreaterThan(low);
    expect(alarms).toBeLessThan(high);
  });

  it('N14: finds what is alike', () => {
    const { correlation, pValue } = lagOneTest(autoregression(1, { n: 200, correlation: 0.6 }));
    expect(correlation).toBeGreaterThan(0.4);
    expect(pValue).toBeLessThan(1e-6);
    const alternating = Array.from({ length: 30 }, (_, i) => i % 2);
    expect(lagOneTest(alternating).pValue).toBeGreaterThan(0.999);
    expect(lagOneTest([3, 3, 3])).toEqual({ correlation: null, pValue: null });
    expect(lagOneTest([1, 2])).toEqual({ correlation: null, pValue: null });
  });
});
