/** What the checks of this folder are worth: the very same comparison, with a bug planted in the
 * simulation, must not pass; and how likely it was to see it. */
import { describe, expect, it } from 'vitest';
import { md1 } from '../../src/queueing/theory/stations/m-d-1.ts';
import { mm1 } from '../../src/queueing/theory/stations/m-m-1.ts';
import { mmc } from '../../src/queueing/theory/stations/m-m-c.ts';
import { compare, power, worstDeviation, wouldPass } from './coverage.ts';
import { MEAN_US, type QueueBenchOptions, queueBench, relaxations } from './queue-bench.ts';

const TRIALS = 200;
const BIAS = 0.02;

describe('canaries', { timeout: 180_000 }, () => {
  const rho = 0.5;
  const { utilization, meanSojournUs } = md1({ arrivalRatePerSec: rho, meanServiceUs: MEAN_US });
  const run = (planted: Partial<QueueBenchOptions>) =>
    compare({
      theory: { utilization, meanSojournUs },
      covered: 'meanSojournUs',
      trials: TRIALS,
      replicate: queueBench({
        arrivalRatePerSec: rho,
        demand: { kind: 'deterministic', value: MEAN_US },
        warmUp: relaxations(rho, { times: 3 }),
        measured: 120,
        ...planted,
      }),
    });

  it('Q119: a service time that is 2 % too long is seen, with a power above 0.999', () => {
    const sound = run({});
    expect(wouldPass(sound)).toBe(true);
    // W = S·(1 + ρ/2(1−ρ)), and ρ grows with S: by 3.4 % where S grows by 2 %.
    const longer = md1({ arrivalRatePerSec: rho, meanServiceUs: MEAN_US * (1 + BIAS) });
    const biasOfSojourn = longer.meanSojournUs / meanSojournUs - 1;
    expect(power(biasOfSojourn, sound.relativeErrors.meanSojournUs)).toBeGreaterThan(0.999);
    const planted = run({ demandFactor: 1 + BIAS });
    expect(wouldPass(planted)).toBe(false);
    expect(worstDeviation(planted)).toBeGreaterThan(6);
  });

  it('Q119: one that is 2 % too short is seen at four servers too, with a power above 0.9', () => {
    const demand = { arrivalRatePerSec: 2.4, meanServiceUs: MEAN_US, serverCount: 4 };
    const queue = mmc(demand);
    const four = (demandFactor: number) =>
      compare({
        theory: { utilization: queue.utilization, meanSojournUs: queue.meanSojournUs },
        covered: 'meanSojournUs',
        trials: TRIALS,
        replicate: queueBench({
          ...demand,
          config: { workersPerReplica: 4 },
          warmUp: relaxations(0.6, { servers: 4, times: 6 }),
          measured: 40,
          demandFactor,
        }),
      });
    const sound = four(1);
    expect(wouldPass(sound)).toBe(true);
    const shorter = mmc({ ...demand, meanServiceUs: MEAN_US * (1 - BIAS) });
    const biasOfSojourn = 1 - shorter.meanSojournUs / queue.meanSojournUs;
    const { utilization: ofUtilization, meanSojournUs: ofSojourn } = sound.relativeErrors;
    const seen = Math.max(power(BIAS, ofUtilization), power(biasOfSojourn, ofSojourn));
    expect(seen).toBeGreaterThan(0.9);
    expect(wouldPass(four(1 - BIAS))).toBe(false);
  });

  it('Q119: a missing warm-up cut is seen', () => {
    const busy = 0.7;
    const queue = mm1({ arrivalRatePerSec: busy, meanServiceUs: MEAN_US });
    const measured = (warmUp: number) =>
      compare({
        theory: { meanInSystem: queue.meanInSystem, meanSojournUs: queue.meanSojournUs },
        covered: 'meanSojournUs',
        trials: TRIALS / 4,
        replicate: queueBench({ arrivalRatePerSec: busy, warmUp, measured: 60 }),
      });
    expect(worstDeviation(measured(relaxations(busy, { times: 6 })))).toBeLessThan(4.75);
    expect(wouldPass(measured(0))).toBe(false);
  });
});
