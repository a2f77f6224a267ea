/** Piecewise-linear rates: the integral, its inverse, and Poisson counts drawn through it. */
import { fc, test } from '@fast-check/vitest';
import { describe, expect, it } from 'vitest';
import { createChance } from '../../../src/kernel/chance.ts';
import { createRateCurve } from '../../../src/kernel/distributions/rate-curve.ts';

const points = fc
  .array(fc.record({ gap: fc.integer({ min: 1, max: 5_000_000 }), rate: fc.nat(40) }), {
    minLength: 1,
    maxLength: 8,
  })
  .map((steps) => {
    let atUs = 0;
    return steps.map(({ gap, rate }) => {
      atUs += gap;
      return { atUs, ratePerSec: rate };
    });
  });

describe('a rate curve', () => {
  it('interpolates, and stays constant beyond its ends', () => {
    const curve = createRateCurve([
      { atUs: 1_000_000, ratePerSec: 2 },
      { atUs: 3_000_000, ratePerSec: 6 },
    ]);
    for (const [second, rate] of [
      [0, 2],
      [1, 2],
      [2, 4],
      [3, 6],
      [9, 6],
    ] as const) {
      expect(curve.ratePerSec(second * 1_000_000)).toBeCloseTo(rate, 9);
    }
    expect(curve.cumulative(3_000_000)).toBeCloseTo(2 + 8, 9);
    expect(curve.cumulative(4_000_000)).toBeCloseTo(16, 9);
  });

  test.prop([points, fc.double({ min: 0, max: 1, noNaN: true })], {
    numRuns: 500,
    seed: 20261120,
  })('C6: the inverse undoes the integral', (curvePoints, share) => {
    const curve = createRateCurve(curvePoints);
    const endUs = (curvePoints.at(-1)?.atUs ?? 0) + 1_000_000;
    const expected = share * curve.cumulative(endUs);
    const atUs = curve.inverseCumulative(expected);
    if (expected === 0) return;
    expect(curve.cumulative(atUs)).toBeCloseTo(expected, 6);
  });

  it('C6: arrivals drawn through it are Poisson (each minute within 5 standard errors)', () => {
    const curve = createRateCurve([
      { atUs: 0, ratePerSec: 5 },
      { atUs: 300_000_000, ratePerSec: 50 },
      { atUs: 600_000_000, ratePerSec: 0 },
    ]);
    const draws = createChance({ seed: 8, replication: 0 }).draws('arrival');
    const counts = new Array<number>(10).fill(0);
    let cumulative = 0;
    for (let i = 0; ; i += 1) {
      cumulative -= Math.log(draws.uniform(0, i));
      if (cumulative >= curve.cumulative(600_000_000)) break;
      const minute = Math.floor(curve.inverseCumulative(cumulative) / 60_000_000);
      counts[minute] = (counts[minute] ?? 0) + 1;
    }
    counts.forEach((count, minute) => {
      const expected =
        curve.cumulative((minute + 1) * 60_000_000) - curve.cumulative(minute * 60_000_000);
      expect(Math.abs(count - expected) / Math.sqrt(expected)).toBeLessThan(5);
    });
  });

  it('never comes where the rate stays 0', () => {
    const curve = createRateCurve([{ atUs: 0, ratePerSec: 0 }]);
    expect(curve.inverseCumulative(1)).toBe(Number.POSITIVE_INFINITY);
  });

  it('refuses negative rates, disorder and emptiness', () => {
    const bad = expect.objectContaining({ code: 'CHANCE_BAD_PARAMETER' });
    expect(() => createRateCurve([])).toThrow(bad);
    expect(() => createRateCurve([{ atUs: 0, ratePerSec: -1 }])).toThrow(bad);
    expect(() =>
      createRateCurve([
        { atUs: 5, ratePerSec: 1 },
        { atUs: 5, ratePerSec: 1 },
      ]),
    ).toThrow(bad);
  });
});
