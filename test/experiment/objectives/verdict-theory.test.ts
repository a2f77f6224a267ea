/** How often verdicts are wrong, by Monte Carlo with fixed seeds. At a limit that is the truth
 * itself either verdict is wrong, and each may come at most as often as the confidence leaves: 5
 * %. Bounds are 4 standard errors of the share counted: a false alarm in 30,000. Spec: E116. */
import { describe, expect, it } from 'vitest';
import { quantileFinding } from '../../../src/experiment/objectives/judge/quantile-finding.ts';
import { smoothFinding } from '../../../src/experiment/objectives/judge/smooth-finding.ts';
import type { PooledParts } from '../../../src/experiment/objectives/objective.ts';
import { createChance } from '../../../src/kernel/chance.ts';

const CAMPAIGNS = 600;
const CONFIDENCE = 0.95;
const ALLOWED = 0.05 + 4 * Math.sqrt((0.05 * 0.95) / CAMPAIGNS);

type Uniform = () => number;

function uniforms(purpose: string): Uniform {
  const draws = createChance({ seed: 20_261_126, replication: 0 }).draws(purpose);
  let n = 0;
  return () => draws.uniform(0, n++);
}

function exponential(uniform: Uniform): number {
  return -Math.log(uniform());
}

/** A value rounded up to three digits: a histogram's bucket. */
function bucket(value: number): number {
  return Math.ceil(value * 1_000) / 1_000;
}

function histogram(values: readonly number[]): PooledParts {
  const counts = new Map<number, number>();
  for (const value of values) counts.set(bucket(value), (counts.get(bucket(value)) ?? 0) + 1);
  const sorted = [...counts.keys()].sort((a, b) => a - b);
  return { kind: 'histogram', values: sorted, counts: sorted.map((one) => counts.get(one) ?? 0) };
}

/** Shares of campaigns that met and missed. */
function shares(decide: () => 'met' | 'missed' | 'open'): { met: number; missed: number } {
  const count = { met: 0, missed: 0, open: 0 };
  for (let i = 0; i < CAMPAIGNS; i += 1) count[decide()] += 1;
  return { met: count.met / CAMPAIGNS, missed: count.missed / CAMPAIGNS };
}

describe('quantiles at their true value', () => {
  /** Replications of exponential values around a mean of their own: dependent within. */
  const decide = (uniform: Uniform, spread: number, limit: number) =>
    quantileFinding(
      Array.from({ length: 8 }, () => {
        const mean = 1 + spread * (2 * uniform() - 1);
        return histogram(Array.from({ length: 100 }, () => mean * exponential(uniform)));
      }),
      { q: 0.9, confidence: CONFIDENCE, condition: { comparison: '<', limit } },
    ).decision;

  it('E116: of independent values', () => {
    const uniform = uniforms('independent');
    const { met, missed } = shares(() => decide(uniform, 0, -Math.log(0.1)));
    expect(met).toBeLessThan(ALLOWED);
    expect(missed).toBeLessThan(ALLOWED);
    expect(met + missed).toBeGreaterThan(0.02);
  });

  it('E116: of values that depend on one another within a replication', () => {
    // P(X > x) is the mean of exp(−x ÷ m) over m in 0.5 … 1.5; it is 10 % here.
    const limit = trueQuantile(0.5);
    const uniform = uniforms('dependent');
    const { met, missed } = shares(() => decide(uniform, 0.5, limit));
    expect(met).toBeLessThan(ALLOWED);
    expect(missed).toBeLessThan(ALLOWED);
  });

  it('E116: taking dependent values for independent would be wrong far more often', () => {
    const limit = trueQuantile(0.5);
    const uniform = uniforms('naive');
    const { met, missed } = shares(() => {
      let below = 0;
      for (let k = 0; k < 8; k += 1) {
        const mean = 0.5 + uniform();
        for (let i = 0; i < 100; i += 1) below += mean * exponential(uniform) <= limit ? 1 : 0;
      }
      const z = (below / 800 - 0.9) / Math.sqrt(0.09 / 800);
      return z > 1.645 ? 'met' : z < -1.645 ? 'missed' : 'open';
    });
    expect(met + missed).toBeGreaterThan(0.3);
  });

  /** Where P(X > x) = 10 %, the mean being uniform around 1: bisection over Simpson's rule. */
  function trueQuantile(spread: number): number {
    const beyond = (x: number) => {
      let sum = 0;
      const steps = 400;
      for (let i = 0; i <= steps; i += 1) {
        const mean = 1 - spread + (2 * spread * i) / steps;
        const weight = i === 0 || i === steps ? 1 : i % 2 === 0 ? 2 : 4;
        sum += weight * Math.exp(-x / mean);
      }
      return sum / (3 * steps);
    };
    let low = 0;
    let high = 10;
    while (high - low > 1e-9) {
      const middle = (low + high) / 2;
      if (beyond(middle) > 0.1) low = middle;
      else high = middle;
    }
    return low;
  }
});

describe('smooth estimates at their true value', () => {
  const plain = { confidence: CONFIDENCE, isProportion: false, isLogarithmic: false } as const;

  it('E116: means, of replications of different lengths', () => {
    const uniform = uniforms('means');
    const { met, missed } = shares(
      () =>
        smoothFinding(
          Array.from({ length: 8 }, (): PooledParts => {
            const under = 20 + Math.floor(uniform() * 40);
            let over = 0;
            for (let i = 0; i < under; i += 1) over += exponential(uniform);
            return { kind: 'ratio', over, under };
          }),
          { ...plain, aggregates: [{ kind: 'mean' }], condition: { comparison: '<', limit: 1 } },
        ).decision,
    );
    expect(met).toBeLessThan(ALLOWED + 0.015);
    expect(missed).toBeLessThan(ALLOWED + 0.015);
  });

  it('E116: rare errors: that there are none in few shows little', () => {
    const uniform = uniforms('errors');
    const condition = { comparison: '<', limit: 0.01 } as const;
    const { met, missed } = shares(
      () =>
        smoothFinding(
          Array.from({ length: 8 }, (): PooledParts => {
            let over = 0;
            for (let i = 0; i < 30; i += 1) over += uniform() < 0.01 ? 1 : 0;
            return { kind: 'ratio', over, under: 30 };
          }),
          { ...plain, isProportion: true, aggregates: [{ kind: 'rate' }], condition },
        ).decision,
    );
    expect(met).toBeLessThan(ALLOWED);
    expect(missed).toBeLessThan(ALLOWED);
  });

  it('E116: paired ratios of quantiles between two architectures', () => {
    const uniform = uniforms('ratios');
    const { met, missed } = shares(
      () =>
        smoothFinding(
          Array.from({ length: 8 }, (): PooledParts => {
            const common = 0.5 + uniform();
            const values = () =>
              histogram(Array.from({ length: 40 }, () => common * exponential(uniform)));
            return { kind: 'quotient', over: values(), under: values() };
          }),
          {
            ...plain,
            isLogarithmic: true,
            aggregates: [
              { kind: 'quantile', q: 0.9 },
              { kind: 'quantile', q: 0.9 },
            ],
            condition: { comparison: '<', limit: 1 },
          },
        ).decision,
    );
    expect(met).toBeLessThan(ALLOWED);
    expect(missed).toBeLessThan(ALLOWED);
    expect(met + missed).toBeGreaterThan(0.02);
  });

  it('E116: a limit that is clearly met or missed is decided so', () => {
    const uniform = uniforms('power');
    const decideAt = (limit: number) =>
      shares(
        () =>
          smoothFinding(
            Array.from({ length: 8 }, (): PooledParts => {
              let over = 0;
              for (let i = 0; i < 40; i += 1) over += exponential(uniform);
              return { kind: 'ratio', over, under: 40 };
            }),
            { ...plain, aggregates: [{ kind: 'mean' }], condition: { comparison: '<', limit } },
          ).decision,
      );
    expect(decideAt(1.3).met).toBeGreaterThan(0.95);
    expect(decideAt(0.75).missed).toBeGreaterThan(0.95);
  });
});
