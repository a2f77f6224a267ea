/** P²: the example of the paper, exactness on few samples, and nearness on many. */
import { fc, test } from '@fast-check/vitest';
import { describe, expect, it } from 'vitest';
import { createChance } from '../../../src/kernel/chance.ts';
import {
  NO_SAMPLES,
  quantileEstimate,
  withSample,
} from '../../../src/queueing/calls/streaming-quantile.ts';
import { deepFreeze } from './frozen.ts';

function markersOf(q: number, samples: readonly number[]) {
  return samples.reduce((markers, x) => deepFreeze(withSample(markers, q, x)), NO_SAMPLES);
}

describe('a streaming quantile', () => {
  it('Q31: gives the paper’s example', () => {
    const samples = [
      0.02, 0.15, 0.74, 3.39, 0.83, 22.37, 10.15, 15.43, 38.62, 15.92, 34.6, 10.28, 1.47, 0.4, 0.05,
      11.39, 0.27, 0.42, 0.09, 11.37,
    ];
    const markers = markersOf(0.5, samples);
    expect(markers.heights.map((height) => Number(height.toFixed(2)))).toEqual([
      0.02, 0.49, 4.44, 17.2, 38.62,
    ]);
    expect(quantileEstimate(markers, 0.5)).toBeCloseTo(4.44, 2);
  });

  it('Q31: is exact for up to five samples, and nothing for none', () => {
    expect(quantileEstimate(NO_SAMPLES, 0.5)).toBeNaN();
    expect(quantileEstimate(markersOf(0.95, [7]), 0.95)).toBe(7);
    expect(quantileEstimate(markersOf(0.5, [9, 1, 5]), 0.5)).toBe(5);
    expect(quantileEstimate(markersOf(0.95, [9, 1, 5, 2, 8]), 0.95)).toBe(9);
  });

  it('Q31: is within 5 % of the 95th percentile of 10,000 exponentials', () => {
    const draws = createChance({ seed: 4, replication: 0 }).draws('p2.test');
    for (let run = 0; run < 10; run += 1) {
      const samples = Array.from({ length: 10_000 }, (_, i) => -Math.log(draws.uniform(run, i)));
      const estimate = quantileEstimate(markersOf(0.95, samples), 0.95);
      const exact = samples.toSorted((a, b) => a - b)[9_499] ?? 0;
      expect(Math.abs(estimate / exact - 1)).toBeLessThan(0.05);
    }
  });

  test.prop(
    [
      fc.constantFrom(0.5, 0.9, 0.99),
      fc.array(fc.integer({ min: 0, max: 50 }), { minLength: 1, maxLength: 300 }),
    ],
    { numRuns: 200, seed: 20261125 },
  )('Q31: keeps its markers in order, between the extremes', (q, samples) => {
    const { heights, ranks, count } = markersOf(q, samples);
    expect(heights).toEqual(heights.toSorted((a, b) => a - b));
    expect([heights[0], heights.at(-1)]).toEqual([Math.min(...samples), Math.max(...samples)]);
    expect(count).toBe(samples.length);
    if (count >= 5) expect([ranks[0], ranks[4]]).toEqual([1, count]);
    expect(new Set(ranks).size).toBe(5);
  });
});
