/** MSER-5: against the plain formula, on series whose start is known, and where it must refuse. */
import { fc, test } from '@fast-check/vitest';
import { describe, expect, it } from 'vitest';
import { mser5 } from '../../../src/stats/warm-up/mser-5.ts';
import { createNormalDraws } from '../normal-draws.ts';

/** The statistic of every cut, by two passes. */
function plainCut(series: readonly number[]): number {
  const means = Array.from({ length: Math.floor(series.length / 5) }, (_, b) => {
    return series.slice(5 * b, 5 * b + 5).reduce((sum, value) => sum + value, 0) / 5;
  });
  let best = { cut: 0, error: Infinity };
  for (let cut = 0; cut <= means.length - 5; cut += 1) {
    const rest = means.slice(cut);
    const mean = rest.reduce((sum, value) => sum + value, 0) / rest.length;
    const error = rest.reduce((sum, value) => sum + (value - mean) ** 2, 0) / rest.length ** 2;
    if (error < best.error) best = { cut, error };
  }
  return best.cut;
}

describe('MSER-5', () => {
  const SERIES = fc.array(fc.integer({ min: -50, max: 50 }), { minLength: 50, maxLength: 300 });
  test.prop([SERIES], { seed: 62, numRuns: 200 })('N11: minimises the formula', (series) => {
    expect(mser5(series).cutBatches).toBe(plainCut(series));
  });

  it('N11: cuts a shifted start where it ends', () => {
    const normal = createNormalDraws(63);
    for (let r = 0; r < 20; r += 1) {
      const series = Array.from({ length: 1_000 }, (_, i) => (i < 120 ? 8 : 0) + normal(r, i));
      const { observations, refusal } = mser5(series);
      expect(refusal).toBeNull();
      expect(observations).toBeGreaterThanOrEqual(120);
      expect(observations).toBeLessThan(300);
    }
  });

  it('leaves a settled series nearly whole', () => {
    const normal = createNormalDraws(64);
    const cuts = Array.from({ length: 50 }, (_, r) => {
      return mser5(Array.from({ length: 1_000 }, (__, i) => normal(r, i))).observations ?? 1_000;
    });
    expect(cuts.sort((a, b) => a - b)[25]).toBeLessThan(100);
  });

  it('N11: looks at the first half only where asked, and says so of what still settles', () => {
    const normal = createNormalDraws(65);
    const shifted = Array.from({ length: 400 }, (_, i) => (i < 100 ? 9 : 0) + normal(0, i));
    // A quiet end, as a correlated series often has by chance.
    const quiet = shifted.map((value, i) => (i < 360 ? value : 0));
    expect(mser5(quiet).refusal?.code).toBe('run-too-short');
    const { observations } = mser5(quiet, 'first-half');
    expect(observations).toBeGreaterThanOrEqual(100);
    expect(observations).toBeLessThan(200);
    const rising = Array.from({ length: 200 }, (_, i) => i);
    expect(mser5(rising, 'first-half').refusal?.code).toBe('run-too-short');
  });

  it('N11: says that a run is too short, as data', () => {
    const rising = Array.from({ length: 200 }, (_, i) => i);
    const found = mser5(rising);
    expect(found.observations).toBeNull();
    expect(found.cutBatches).toBeGreaterThan(found.batches / 2);
    expect(found.refusal).toMatchObject({ code: 'run-too-short' });
    expect(mser5([1, 2, 3]).refusal).toMatchObject({ code: 'too-few-values' });
    expect(() => mser5([1, Number.NaN])).toThrow(/STATS_BAD_ARGUMENT: value is NaN/);
  });
});
