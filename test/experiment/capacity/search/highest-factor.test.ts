/** The most traffic at which something holds, where that is known. */
import { describe, expect, it } from 'vitest';
import {
  geometricRamp,
  highestFactors,
  middleOf,
} from '../../../../src/experiment/capacity/search/highest-factor.ts';

const RAMP = geometricRamp(0.5, 4, 8);

describe('the highest factor', () => {
  it('E221: is bracketed to the stated tolerance in every replication', async () => {
    const maxima = [0.7, 1, 1.9, 3.3];
    let questions = 0;
    const brackets = await highestFactors({
      ramp: RAMP,
      replications: [0, 1, 2, 3],
      bisections: 4,
      holds: async (asked) => {
        questions += asked.length;
        return asked.map(({ replication, factor }) => factor <= (maxima[replication] ?? 0));
      },
    });
    const tolerance = 8 ** (1 / 7 / 16) - 1;
    expect(tolerance).toBeLessThan(0.019);
    for (const [i, bracket] of (brackets ?? []).entries()) {
      const { holdsAt, missedAt } = bracket;
      expect(holdsAt).toBeLessThanOrEqual(maxima[i] ?? 0);
      expect(missedAt).toBeGreaterThan(maxima[i] ?? 0);
      expect((missedAt ?? 0) / (holdsAt ?? 1) - 1).toBeCloseTo(tolerance, 9);
      expect(Math.abs(middleOf(bracket) / (maxima[i] ?? 1) - 1)).toBeLessThan(tolerance);
    }
    expect(questions).toBeLessThanOrEqual(4 * (8 + 4));
  });

  it('E222: has one end only where it lies outside of the range', async () => {
    const brackets = await highestFactors({
      ramp: RAMP,
      replications: [0, 1],
      bisections: 4,
      holds: async (asked) => asked.map(({ replication }) => replication === 0),
    });
    expect(brackets?.[0]).toMatchObject({ holdsAt: 4, missedAt: null });
    expect(brackets?.[1]).toMatchObject({ holdsAt: null, missedAt: 0.5 });
  });

  it('E223: is undefined where runs end before', async () => {
    const brackets = await highestFactors({
      ramp: RAMP,
      replications: [0],
      bisections: 1,
      holds: async (asked) => asked.map(({ factor }) => (factor > 2 ? undefined : true)),
    });
    expect(brackets).toBeUndefined();
  });
});
