/** Off-policy estimators by hand, their warnings, and what they refuse. */
import { describe, expect, it } from 'vitest';
import type { BanditLog } from '../../../src/analytics/off-policy/bandit-log.ts';
import { type EstimatorName, estimateValue } from '../../../src/analytics/off-policy/estimators.ts';

const LOG: BanditLog = {
  reward: [1, 0, 1, 1],
  propensity: [0.5, 0.5, 0.25, 0.25],
  targetProbability: [0.5, 0.25, 0.5, 0],
};

function estimate(log: BanditLog, name: EstimatorName, options = {}) {
  const found = estimateValue(log, options).estimates.find(({ estimator }) => estimator === name);
  if (found === undefined) throw new Error(`${name} is missing`);
  return found;
}

function numbersOf(value: unknown): number[] {
  if (typeof value === 'number') return [value];
  if (value === null || typeof value !== 'object') return [];
  return Object.values(value).flatMap(numbersOf);
}

describe('off-policy estimators', () => {
  it('M162: are IPS and SNIPS, by hand', () => {
    // Weights 1, ½, 2, 0: Σ w r = 3, Σ w = 3.5.
    expect(estimate(LOG, 'IPS').value).toBeCloseTo(3 / 4, 12);
    expect(estimate(LOG, 'SNIPS').value).toBeCloseTo(3 / 3.5, 12);
    expect(estimate(LOG, 'clipped IPS', { clip: 1 }).value).toBeCloseTo(2 / 4, 12);
    const terms = [1, 0, 2, 0].map((one) => one - 0.75);
    const squares = terms.reduce((sum, one) => sum + one * one, 0);
    expect(estimate(LOG, 'IPS').standardError).toBeCloseTo(Math.sqrt(squares / 3 / 4), 12);
  });

  it('M163: DM and DR of a model that is exact are exact, whatever was logged', () => {
    const n = 40;
    const x = Float64Array.from({ length: n }, (_, i) => (i % 7) / 7);
    const features = (of: (i: number) => number) =>
      Float64Array.from({ length: 2 * n }, (_, k) => (k % 2 === 0 ? 1 : of(k >> 1)));
    const log: BanditLog = {
      reward: x.map((one) => 0.2 + 0.5 * one),
      propensity: x.map(() => 0.3),
      targetProbability: x.map((_, i) => (i % 3) / 3),
      features: { width: 2, logged: features((i) => x[i] ?? 0), target: features(() => 0.8) },
    };
    for (const name of ['DM', 'DR'] as const) {
      expect(estimate(log, name, { ridge: 0 }).value).toBeCloseTo(0.6, 9);
    }
  });

  it('M164: rows of one viewer are no independent rows', () => {
    const twice = (column: ArrayLike<number>) => Array.from(column).flatMap((one) => [one, one]);
    const doubled: BanditLog = {
      reward: twice(LOG.reward),
      propensity: twice(LOG.propensity),
      targetProbability: twice(LOG.targetProbability),
    };
    const cluster = twice([0, 1, 2, 3]);
    const once = estimate(LOG, 'IPS');
    const clustered = estimate({ ...doubled, cluster }, 'IPS');
    expect(clustered.standardError).toBeCloseTo(once.standardError ?? 0, 12);
    expect(clustered.high).toBeCloseTo(once.high ?? 0, 12);
    expect(estimate(doubled, 'IPS').standardError).toBeLessThan(once.standardError ?? 0);
  });

  it('M165: says what is wrong with weights', () => {
    const n = 400;
    const column = (of: (i: number) => number) => Float64Array.from({ length: n }, (_, i) => of(i));
    const base = { reward: column(() => 1), propensity: column(() => 0.5) };
    const codes = (log: BanditLog) =>
      estimateValue(log).diagnostics.warnings.map(({ code }) => code);
    expect(codes({ ...base, targetProbability: column(() => 0.5) })).toEqual([]);
    expect(codes({ ...base, targetProbability: column((i) => 0.8 + (i % 2) / 10) })).toEqual([
      'mean-weight-off',
    ]);
    const spike = { ...base, targetProbability: column((i) => Number(i % 50 === 0)) };
    expect(codes(spike)).toContain('few-effective-rows');
    expect(codes(spike)).toContain('large-weight');
    const unsupported = column(() => 0.4);
    const hole = { ...base, targetProbability: column((i) => 0.3 + (i % 3) * 1e-3), unsupported };
    expect(codes(hole)).toContain('no-support');
  });

  it('M160: without rows, model, weight or second viewer are null with reasons, never NaN', () => {
    const empty = { reward: [], propensity: [], targetProbability: [] };
    const one = { reward: [1], propensity: [0.5], targetProbability: [0.5] };
    const none = { ...LOG, targetProbability: [0, 0, 0, 0] };
    const alone = { ...LOG, cluster: [7, 7, 7, 7] };
    for (const log of [empty, one, none, alone, LOG]) {
      const found = estimateValue(log);
      expect(numbersOf(found).every(Number.isFinite)).toBe(true);
      for (const { value, low, refusal } of found.estimates) {
        expect(refusal === null).toBe(value !== null && low !== null);
      }
    }
    expect(estimate(none, 'SNIPS').refusal?.text).toContain('all weights are 0');
    expect(estimate(LOG, 'DR').refusal?.text).toContain('no features');
    expect(estimate(alone, 'IPS').refusal?.text).toContain('one viewer');
  });

  it('M160: refuse a log that cannot be', () => {
    expect(() => estimateValue({ ...LOG, propensity: [0.5, 0, 1, 1] })).toThrow(
      'propensity of row 1 is 0',
    );
    expect(() => estimateValue({ ...LOG, targetProbability: [2, 0, 0, 0] })).toThrow(
      'target of row 0',
    );
    expect(() => estimateValue({ ...LOG, reward: [1, Number.NaN, 1, 1] })).toThrow(
      'reward of row 1',
    );
    expect(() => estimateValue({ ...LOG, cluster: [1] })).toThrow('rows of cluster is 1');
    const features = { width: 2, logged: new Float64Array(8), target: new Float64Array(7) };
    expect(() => estimateValue({ ...LOG, features })).toThrow('target features is 7');
  });
});
