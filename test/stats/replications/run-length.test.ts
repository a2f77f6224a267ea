/** Run-length planning against Whitt's closed form, and against simulated spread. */
import { describe, expect, it } from 'vitest';
import { momentsOf } from '../../../src/stats/moments.ts';
import {
  birthDeathVariance,
  plannedRunLength,
} from '../../../src/stats/replications/run-length.ts';
import { levelAverages } from '../../../src/stats/warm-up/level-averages.ts';
import { jobChanges } from '../series/random-series.ts';

const at = (utilization: number, serverCount = 1) => ({
  arrivalRatePerSec: utilization * serverCount,
  serviceRatePerSec: 1,
  serverCount,
});

describe('run length', () => {
  it.each([0.1, 0.5, 0.8, 0.9, 0.95, 0.99])("N28: has Whitt's variance of M/M/1: ρ = %s", (rho) => {
    const planned = plannedRunLength(at(rho), { relativeError: 0.05 });
    const variance = (2 * rho * (1 + rho)) / (1 - rho) ** 4;
    expect((planned?.asymptoticVariance ?? 0) / variance).toBeCloseTo(1, 6);
    expect((planned?.mean ?? 0) / (rho / (1 - rho))).toBeCloseTo(1, 9);
  });

  it('N28: takes 18 times as long at ρ = 0.9, and 68 times at 0.95, as at 0.5', () => {
    const seconds = (rho: number): number =>
      plannedRunLength(at(rho), { relativeError: 0.05 })?.seconds ?? Number.NaN;
    // (1 + ρ) ÷ (ρ(1 − ρ)²), relative to its 12 at ρ = 0.5.
    expect(seconds(0.9) / seconds(0.5)).toBeCloseTo(211.11 / 12, 2);
    expect(seconds(0.95) / seconds(0.5)).toBeCloseTo(821.05 / 12, 1);
    const z = 1.959964;
    expect(seconds(0.5)).toBeCloseTo((z ** 2 * 24) / 0.05 ** 2, -1);
  });

  it('N28: has the variance of M/M/∞ where workers abound', () => {
    // Of a Poisson number with mean a and service rate 1: 2a.
    const planned = plannedRunLength(at(0.05, 100), { relativeError: 0.1 });
    expect(planned?.mean).toBeCloseTo(5, 9);
    expect(planned?.asymptoticVariance).toBeCloseTo(10, 6);
  });

  it('N28: bears many workers and high loads', () => {
    const planned = plannedRunLength(at(0.99, 2_000), { relativeError: 0.05 });
    // Halfin and Whitt: P(wait) is 0.546 at (1 − ρ)√c = 0.447, so that 54 jobs wait.
    expect(planned?.mean).toBeGreaterThan(2_031);
    expect(planned?.mean).toBeLessThan(2_037);
    expect(planned?.seconds).toBeGreaterThan(0);
  });

  it('N28: scales with variability, and has no answer for an unstable station', () => {
    const precision = { relativeError: 0.05, confidence: 0.9 };
    const markov = plannedRunLength(at(0.7), precision)?.seconds ?? 0;
    const constant = plannedRunLength({ ...at(0.7), variability: 0.5 }, precision)?.seconds ?? 0;
    expect(constant / markov).toBeCloseTo(0.5, 12);
    expect(plannedRunLength(at(1), precision)).toBeNull();
    expect(plannedRunLength(at(1.2), precision)).toBeNull();
    expect(() => plannedRunLength({ ...at(0.5), serverCount: 0 }, precision)).toThrow(
      /serverCount/,
    );
    expect(() => plannedRunLength(at(-1), precision)).toThrow(/arrivalRatePerSec is -1/);
    expect(() => plannedRunLength(at(0.5), { relativeError: 0 })).toThrow(/relativeError is 0/);
  });

  it('N28: foretells the spread of simulated runs', () => {
    const endUs = 500_000;
    const options = { utilization: 0.5, serviceTimeUs: 1_000, jobs: 1, endUs };
    const means = Array.from({ length: 300 }, (_, r) => {
      return levelAverages(jobChanges(r, options), { startUs: 0, endUs, slices: 1 })[0] ?? 0;
    });
    // 24 jobs² · service times over 500 of them; the variance of 300 values errs by 8 %, so that
    // ± 35 % is more than four standard errors.
    const ratio = momentsOf(means).variance / (24 / 500);
    expect(ratio).toBeGreaterThan(0.65);
    expect(ratio).toBeLessThan(1.35);
  });

  it('takes any birth–death process: M/M/1/K by hand', () => {
    // Two states with rates a and b: mean a ÷ (a + b), variance 2ab ÷ (a + b)³.
    const rates = { birthRate: (n: number) => (n === 0 ? 2 : 0), deathRate: () => 3 };
    const { mean, asymptoticVariance } = birthDeathVariance(rates);
    expect(mean).toBeCloseTo(0.4, 12);
    expect(asymptoticVariance).toBeCloseTo((2 * 2 * 3) / 125, 12);
  });
});
