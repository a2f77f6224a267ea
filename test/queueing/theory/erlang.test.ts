/** Erlang's formulas beside tables, sums and limits. */
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { erlangB, erlangC } from '../../../src/queueing/theory/erlang.ts';

/** By the sums that the formulas are defined by; good for few servers. */
function bySums(load: number, servers: number): { readonly b: number; readonly c: number } {
  let term = 1;
  let sum = 1;
  for (let k = 1; k <= servers; k += 1) {
    term *= load / k;
    sum += term;
  }
  const queued = term / (1 - load / servers);
  return { b: term / sum, c: queued / (sum - term + queued) };
}

describe("Erlang's formulas", () => {
  it('Q102: agree with published tables', () => {
    // Tables of Erlang B, e.g. Cooper, Introduction to Queueing Theory, appendix.
    expect(erlangB(5, 10)).toBeCloseTo(0.018385, 6);
    expect(erlangB(10, 10)).toBeCloseTo(0.214582, 6);
    expect(erlangB(0.5, 1)).toBeCloseTo(1 / 3, 12);
    expect(erlangC(0.5, 1)).toBeCloseTo(0.5, 12);
    expect(erlangC(8, 10)).toBeCloseTo(0.40918, 6);
  });

  it('Q102: agree with the sums that define them', () => {
    void fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 60 }),
        fc.double({ min: 0.01, max: 0.99, noNaN: true }),
        (servers, rho) => {
          const load = servers * rho;
          const { b, c } = bySums(load, servers);
          expect(erlangB(load, servers) / b).toBeCloseTo(1, 9);
          expect(erlangC(load, servers) / c).toBeCloseTo(1, 9);
        },
      ),
      { numRuns: 200, seed: 1 },
    );
  });

  it('Q102: hold up to 100,000 servers, where sums overflow', () => {
    const servers = 100_000;
    const beta = 1;
    const load = servers - beta * Math.sqrt(servers);
    // Halfin and Whitt's limit of P(wait) at β = 1.
    expect(erlangC(load, servers)).toBeCloseTo(0.2234, 2);
    expect(erlangB(load, servers)).toBeGreaterThan(0);
    expect(erlangC(1, servers)).toBe(0);
    expect(erlangC(servers, servers)).toBe(1);
    expect(erlangB(10 * servers, servers)).toBeCloseTo(0.9, 5);
  });

  it('Q101: nobody arrives, or more than can be served, is no error', () => {
    expect(erlangB(0, 3)).toBe(0);
    expect(erlangB(3, 0)).toBe(1);
    expect(erlangC(0, 3)).toBe(0);
    expect(erlangC(7, 3)).toBe(1);
  });

  it.each([
    [Number.NaN, 3],
    [-1, 3],
    [Number.POSITIVE_INFINITY, 3],
    [1, 0],
    [1, 2.5],
  ])('Q101: refuses a load of %d on %d servers', (load, servers) => {
    expect(() => erlangC(load, servers)).toThrow('QUEUEING_BAD_ARGUMENT');
  });
});
