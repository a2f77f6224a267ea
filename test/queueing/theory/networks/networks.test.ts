/** What the closed forms of networks say; simulations of them are in `test/theory/`. */
import { describe, expect, it } from 'vitest';
import {
  type ClosedStation,
  closedNetwork,
} from '../../../../src/queueing/theory/networks/closed-network.ts';
import {
  branchQuantile,
  forkJoin,
  harmonic,
} from '../../../../src/queueing/theory/networks/fork-join.ts';
import { openNetwork, tandem } from '../../../../src/queueing/theory/networks/open-network.ts';
import { mm1 } from '../../../../src/queueing/theory/stations/m-m-1.ts';

const S = 10_000;

/** Mean value analysis with marginal probabilities (Reiser and Lavenberg 1980), as it is taught:
 * exact, if less robust; here for small populations only. @returns rounds a second. */
function meanValueAnalysis(population: number, stations: readonly ClosedStation[]): number {
  let marginals = stations.map(() => [1]);
  let perUs = 0;
  for (let n = 1; n <= population; n += 1) {
    const sojourns = stations.map(({ serverCount: c, meanServiceUs: s, visits = 1 }, i) => {
      if (c === Number.POSITIVE_INFINITY) return visits * s;
      let sum = 0;
      for (let j = 1; j <= n; j += 1) {
        sum += (j / Math.min(j, c)) * (marginals[i]?.[j - 1] ?? 0);
      }
      return visits * s * sum;
    });
    perUs = n / sojourns.reduce((sum, one) => sum + one, 0);
    marginals = stations.map(({ serverCount: c, meanServiceUs: s, visits = 1 }, i) => {
      const next = [0];
      for (let j = 1; j <= n; j += 1) {
        next[j] = ((perUs * visits * s) / Math.min(j, c)) * (marginals[i]?.[j - 1] ?? 0);
      }
      next[0] = 1 - next.reduce((sum, one) => sum + one, 0);
      return next;
    });
  }
  return perUs * 1e6;
}

describe('closed networks', () => {
  const stations: readonly ClosedStation[] = [
    { serverCount: Number.POSITIVE_INFINITY, meanServiceUs: 50 * S },
    { serverCount: 3, meanServiceUs: 2 * S },
    { serverCount: 1, meanServiceUs: S / 2, visits: 1.4 },
  ];

  it.each([1, 2, 7, 30])('Q110: %i jobs go round as mean value analysis says', (population) => {
    const { throughputPerSec, cycleTimeUs } = closedNetwork(population, stations);
    expect(throughputPerSec / meanValueAnalysis(population, stations)).toBeCloseTo(1, 9);
    expect((throughputPerSec * cycleTimeUs) / 1e6).toBeCloseTo(population, 9);
  });

  it("Q110: everybody is somewhere, and Little's law holds at each station", () => {
    const network = closedNetwork(40, stations);
    const inside = network.stations.reduce((sum, one) => sum + one.meanInSystem, 0);
    expect(inside).toBeCloseTo(40, 8);
    const [delay, , last] = network.stations;
    expect((delay?.meanSojournUs ?? 0) / (50 * S)).toBeCloseTo(1, 9);
    expect((last?.throughputPerSec ?? 0) / network.throughputPerSec).toBeCloseTo(1.4, 9);
    expect(delay?.utilization).toBe(0);
  });

  it('Q110: many users saturate the bottleneck, without a digit lost', () => {
    const { throughputPerSec, stations: found } = closedNetwork(1_000, stations);
    // 1.4 visits of S/2 at one server: 142.86 a second; three servers of 2·S: 150.
    expect(throughputPerSec).toBeCloseTo(1e6 / (1.4 * (S / 2)), 3);
    expect(found[2]?.utilization).toBeCloseTo(1, 6);
    expect(found[2]?.utilization).toBeLessThanOrEqual(1 + 1e-9);
  });

  it('Q101: refuses a network of nobody or of nothing', () => {
    expect(() => closedNetwork(0, stations)).toThrow('QUEUEING_BAD_ARGUMENT');
    expect(() => closedNetwork(3, [])).toThrow('QUEUEING_BAD_ARGUMENT');
    expect(() => closedNetwork(3, [{ serverCount: 0, meanServiceUs: 1 }])).toThrow(
      'stations[0].serverCount',
    );
  });
});

describe('open networks', () => {
  it('Q110: a tandem adds its stations up', () => {
    const both = tandem(50, [
      { serverCount: 1, meanServiceUs: S },
      { serverCount: 1, meanServiceUs: S / 2 },
    ]);
    const [first, second] = [S, S / 2].map((meanServiceUs) =>
      mm1({ arrivalRatePerSec: 50, meanServiceUs }),
    );
    expect(both.meanSojournUs).toBeCloseTo(
      (first?.meanSojournUs ?? 0) + (second?.meanSojournUs ?? 0),
      6,
    );
    expect(both.visits).toEqual([1, 1]);
  });

  it('Q110: feedback: a job comes back with probability p, 1/(1−p) visits', () => {
    const network = openNetwork([
      { serverCount: 1, meanServiceUs: S, arrivalRatePerSec: 20, routing: [0.6] },
    ]);
    expect(network.visits[0]).toBeCloseTo(2.5, 12);
    expect(network.stations[0]?.utilization).toBeCloseTo(0.5, 12);
    expect(network.meanInSystem).toBeCloseTo(1, 12);
  });

  it('Q101: a bottleneck is data; a network that nobody can leave is refused', () => {
    const station = { serverCount: 1, meanServiceUs: S };
    const slow = openNetwork([{ ...station, arrivalRatePerSec: 120, routing: [0] }]);
    expect(slow.isStable).toBe(false);
    expect(slow.meanSojournUs).toBe(Number.POSITIVE_INFINITY);
    const trap = { ...station, arrivalRatePerSec: 1, routing: [1] };
    expect(() => openNetwork([trap])).toThrow('let jobs leave');
    const wrong = { ...station, arrivalRatePerSec: 1, routing: [0.7, 0.7] };
    expect(() => openNetwork([wrong, wrong])).toThrow('sum of stations[0].routing');
    expect(() => openNetwork([{ ...trap, routing: [] }])).toThrow('routing.length');
  });
});

describe('fork–join', () => {
  it('Q110: bounds enclose the approximation, and meet where it is exact', () => {
    const demand = { arrivalRatePerSec: 60, meanServiceUs: S };
    for (let branches = 1; branches <= 32; branches += 1) {
      const { lowerUs, upperUs, approximationUs, isExact } = forkJoin(demand, branches);
      expect(lowerUs).toBeLessThanOrEqual(approximationUs * (1 + 1e-12));
      expect(approximationUs).toBeLessThanOrEqual(upperUs * (1 + 1e-12));
      expect(isExact).toBe(branches <= 2);
    }
    expect(forkJoin({ ...demand, arrivalRatePerSec: 100 }, 3).isStable).toBe(false);
    // Nobody waits: the mean of the largest of n exponential times.
    const idle = forkJoin({ ...demand, arrivalRatePerSec: 0 }, 4);
    expect(idle.approximationUs).toBeCloseTo(harmonic(4) * S, 6);
  });

  it('Q110: p99 of ten independent calls at once is their p99.9', () => {
    expect(branchQuantile(0.99, 10)).toBeCloseTo(0.998995, 6);
    expect(branchQuantile(0.99, 1)).toBe(0.99);
    expect(() => branchQuantile(1, 3)).toThrow('QUEUEING_BAD_ARGUMENT');
  });
});
