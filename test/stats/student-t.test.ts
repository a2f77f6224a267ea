/** Student's t against the printed table and against the two cases with a closed form. */
import { fc, test } from '@fast-check/vitest';
import { describe, expect, it } from 'vitest';
import {
  intervalFactor,
  studentTProbability,
  studentTQuantile,
} from '../../src/stats/student-t.ts';

/** df → quantiles at 0.95, 0.975 and 0.995 (NIST/SEMATECH e-Handbook, table 1.3.6.7.2). */
const TABLE: Readonly<Record<number, readonly [number, number, number]>> = {
  1: [6.314, 12.706, 63.657],
  2: [2.92, 4.303, 9.925],
  4: [2.132, 2.776, 4.604],
  9: [1.833, 2.262, 3.25],
  19: [1.729, 2.093, 2.861],
  30: [1.697, 2.042, 2.75],
  100: [1.66, 1.984, 2.626],
};

describe("Student's t", () => {
  it('gives the printed table', () => {
    const rows = Object.entries(TABLE);
    expect(rows.length).toBe(7);
    for (const [df, [at95, at975, at995]] of rows) {
      expect(studentTQuantile(0.95, Number(df))).toBeCloseTo(at95, 2);
      expect(studentTQuantile(0.975, Number(df))).toBeCloseTo(at975, 2);
      expect(studentTQuantile(0.995, Number(df))).toBeCloseTo(at995, 2);
    }
  });

  test.prop([fc.double({ min: 0.001, max: 0.999, noNaN: true })], { seed: 31, numRuns: 200 })(
    'gives the closed forms for one and two degrees of freedom',
    (p) => {
      const cauchy = Math.tan(Math.PI * (p - 0.5));
      const two = (2 * p - 1) / Math.sqrt(2 * p * (1 - p));
      expect(Math.abs(studentTQuantile(p, 1) - cauchy)).toBeLessThan(1e-8 * (1 + cauchy ** 2));
      expect(Math.abs(studentTQuantile(p, 2) - two)).toBeLessThan(1e-8 * (1 + two ** 2));
    },
  );

  test.prop(
    [fc.double({ min: 0.001, max: 0.999, noNaN: true }), fc.integer({ min: 1, max: 2_000 })],
    { seed: 32, numRuns: 200 },
  )('inverts its own probability', (p, df) => {
    expect(studentTProbability(studentTQuantile(p, df), df)).toBeCloseTo(p, 10);
  });

  it('nears the normal distribution', () => {
    expect(intervalFactor(0.95, 1e7)).toBeCloseTo(1.959964, 5);
    expect(studentTQuantile(0.5, 3)).toBe(0);
  });

  it('refuses what is no probability', () => {
    expect(() => studentTQuantile(1, 3)).toThrow(/STATS_BAD_ARGUMENT: p is 1/);
    expect(() => studentTProbability(0, 0)).toThrow(/df is 0/);
    expect(() => intervalFactor(0, 3)).toThrow(/confidence is 0/);
  });
});
