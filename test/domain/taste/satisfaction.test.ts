/** Satisfaction: what it grows with, and what it brings about. */
import { fc, test } from '@fast-check/vitest';
import { describe, expect, it } from 'vitest';
import {
  afterPlay,
  churnProbability,
  DEFAULT_SATISFACTION,
  meanReturnUs,
  satisfactionOf,
} from '../../../src/domain/taste/satisfaction.ts';

const share = fc.double({ min: 0, max: 1, noNaN: true });

describe('satisfaction', () => {
  test.prop([fc.double({ min: -5, max: 5, noNaN: true }), share, share])(
    'D25: grows with what was enjoyed',
    (exposure, a, b) => {
      const of = (enjoyment: number) =>
        satisfactionOf(DEFAULT_SATISFACTION, afterPlay(DEFAULT_SATISFACTION, exposure, enjoyment));
      expect(of(Math.max(a, b))).toBeGreaterThanOrEqual(of(Math.min(a, b)));
    },
  );

  test.prop([share, share])('D26: brings back sooner, and loses more seldom', (a, b) => {
    const [less, more] = [Math.min(a, b), Math.max(a, b)];
    expect(meanReturnUs(DEFAULT_SATISFACTION, more)).toBeLessThanOrEqual(
      meanReturnUs(DEFAULT_SATISFACTION, less),
    );
    expect(churnProbability(DEFAULT_SATISFACTION, more)).toBeLessThanOrEqual(
      churnProbability(DEFAULT_SATISFACTION, less),
    );
  });

  it('is ½ for a newcomer, who does as the configuration says', () => {
    expect(satisfactionOf(DEFAULT_SATISFACTION, 0)).toBe(0.5);
    expect(meanReturnUs(DEFAULT_SATISFACTION, 0.5)).toBe(DEFAULT_SATISFACTION.returnTimeUs);
    expect(churnProbability(DEFAULT_SATISFACTION, 0.5)).toBeCloseTo(
      DEFAULT_SATISFACTION.churnProbability,
    );
  });
});
