/** The smallest fleets beside Erlang C, and square-root staffing beside both. */
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { erlangC } from '../../../../src/queueing/theory/erlang.ts';
import {
  halfinWhittBeta,
  halfinWhittWaitProbability,
  squareRootStaffing,
} from '../../../../src/queueing/theory/staffing/halfin-whitt.ts';
import { normalProbability } from '../../../../src/queueing/theory/staffing/normal-probability.ts';
import {
  serversForMeanWait,
  serversForUtilization,
  serversForWaitProbability,
  serversForWaitQuantile,
} from '../../../../src/queueing/theory/staffing/servers-for.ts';
import { mmc } from '../../../../src/queueing/theory/stations/m-m-c.ts';

const S = 20_000;

describe('the smallest fleet that keeps a promise', () => {
  it('Q111: keeps it, and one server fewer does not', () => {
    void fc.assert(
      fc.property(
        fc.double({ min: 0.05, max: 300, noNaN: true }),
        fc.double({ min: 0.001, max: 0.9, noNaN: true }),
        (load, share) => {
          const demand = { arrivalRatePerSec: (load * 1e6) / S, meanServiceUs: S };
          const q = 1 - share;
          const promises = [
            [serversForWaitProbability(load, share), (c: number) => erlangC(load, c) <= share],
            [
              serversForMeanWait(demand, share * S),
              (c: number) => mmc({ ...demand, serverCount: c }).meanWaitUs <= share * S,
            ],
            [
              serversForWaitQuantile(demand, { q, waitUs: S / 4 }),
              (c: number) =>
                (mmc({ ...demand, serverCount: c }).waitQuantileUs?.(q) ?? 0) <= (S / 4) * 1.000001,
            ],
          ] as const;
          for (const [servers, keeps] of promises) {
            expect(keeps(servers)).toBe(true);
            if (servers > 1 && servers - 1 > load) expect(keeps(servers - 1)).toBe(false);
          }
        },
      ),
      { numRuns: 300, seed: 3 },
    );
  });

  it('Q111: 100,000 servers are found at once, and no load needs one', () => {
    const load = 99_000;
    const servers = serversForWaitProbability(load, 0.2);
    expect(erlangC(load, servers)).toBeLessThanOrEqual(0.2);
    expect(erlangC(load, servers - 1)).toBeGreaterThan(0.2);
    expect(serversForWaitProbability(0, 0.1)).toBe(1);
    expect(serversForWaitProbability(3, 1)).toBe(4);
    expect(serversForUtilization(3, 0.6)).toBe(5);
  });

  it('Q101: refuses promises that nobody can keep', () => {
    const demand = { arrivalRatePerSec: 1, meanServiceUs: S };
    expect(() => serversForWaitProbability(3, 0)).toThrow('QUEUEING_BAD_ARGUMENT');
    expect(() => serversForMeanWait(demand, 0)).toThrow('QUEUEING_BAD_ARGUMENT');
    expect(() => serversForWaitQuantile(demand, { q: 1, waitUs: 1 })).toThrow('give a number');
    expect(() => serversForUtilization(3, 1)).toThrow('QUEUEING_BAD_ARGUMENT');
    expect(() => serversForWaitProbability(1e9, 0.5)).toThrow('offeredLoad');
  });
});

describe('square-root staffing', () => {
  it("Q112: service-capacity-modeling's tiers have these wait probabilities", () => {
    const tiers = [2.375, 1.761, 1.16, 1].map(halfinWhittWaitProbability);
    expect(tiers.map((one) => Math.round(one * 1_000))).toEqual([10, 48, 167, 223]);
    expect(squareRootStaffing(100, 1)).toBe(110);
    expect(squareRootStaffing(0, 2)).toBe(1);
    expect(squareRootStaffing(9, 0)).toBe(10);
  });

  it('Q112: is within a server of Erlang C from 4 erlangs to 10,000', () => {
    for (const load of [4, 10, 37.5, 100, 400, 1_000, 10_000]) {
      for (const probability of [0.01, 0.05, 0.2, 0.5]) {
        const beta = halfinWhittBeta(probability);
        const exact = serversForWaitProbability(load, probability);
        expect(Math.abs(squareRootStaffing(load, beta) - exact), `${load}`).toBeLessThanOrEqual(1);
      }
    }
  });

  it('Q112: the limit and its inverse are each other’s', () => {
    for (const p of [1e-9, 0.001, 0.3, 0.999]) {
      expect(halfinWhittWaitProbability(halfinWhittBeta(p)) / p).toBeCloseTo(1, 9);
    }
    expect(halfinWhittWaitProbability(0)).toBe(1);
    expect(halfinWhittWaitProbability(50)).toBe(0);
    expect(() => halfinWhittBeta(1)).toThrow('QUEUEING_BAD_ARGUMENT');
    expect(() => squareRootStaffing(3, -1)).toThrow('QUEUEING_BAD_ARGUMENT');
  });

  it('Q112: Φ as in tables', () => {
    expect(normalProbability(0)).toBe(0.5);
    expect(normalProbability(1.959963984540054)).toBeCloseTo(0.975, 12);
    expect(normalProbability(-3)).toBeCloseTo(0.0013498980316301, 12);
    expect(normalProbability(40)).toBe(1);
  });
});
