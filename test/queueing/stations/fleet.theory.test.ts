/** Fleets beside closed forms: Kendall's M/M/c/K, Pollaczek–Khinchine, Cobham, and processor
 * sharing's insensitivity. Times are in units of the mean demand. */
import { describe, expect, it } from 'vitest';
import type { FleetConfig } from '../../../src/queueing/stations/fleet-config.ts';
import { MEAN_DEMAND_US as MEAN, meanInDemands, runPoisson } from './poisson-run.ts';

const CONSTANT = { kind: 'deterministic', value: MEAN } as const;
/** Squared coefficient of variation 4. */
const BURSTY = { kind: 'gamma', shape: 0.25, mean: MEAN } as const;
const DEMANDS = [
  ['constant', CONSTANT, 0],
  ['exponential', { kind: 'exponential', mean: MEAN } as const, 1],
  ['bursty', BURSTY, 4],
] as const;

const IS_LONG = process.env['BACKLOT_LONG'] === '1';
/** Every law once where `test/theory/` has it with intervals; all demands in the long run. */
const DEMANDS_RUN = IS_LONG ? DEMANDS : DEMANDS.slice(-1);
const SERVERS_RUN = IS_LONG ? [2, 4, 16] : [16];

/** Asserts that two numbers differ by at most this share of the second. */
function expectNear(found: number, theory: number, share: number): void {
  expect(found / theory).toBeGreaterThan(1 - share);
  expect(found / theory).toBeLessThan(1 + share);
}

/** The probability that an arrival waits in M/M/c, by Erlang's C formula. */
function erlangC(servers: number, rho: number): number {
  const load = servers * rho;
  let blocking = 1;
  for (let k = 1; k <= servers; k += 1) blocking = (load * blocking) / (k + load * blocking);
  return blocking / (1 - rho * (1 - blocking));
}

describe('first come, first served', () => {
  it('M/M/1 waits ρ/(1−ρ), its sojourn times are exponential, and Little is right', () => {
    const rho = 0.7;
    const run = runPoisson({ rho });
    expect(run.jobs).toBeGreaterThan(280_000);
    expectNear(meanInDemands(run.waitUs[0] ?? []), rho / (1 - rho), 0.03);
    const sorted = run.sojournUs.toSorted((a, b) => a - b);
    const p95 = (sorted[Math.floor(sorted.length * 0.95)] ?? 0) / MEAN;
    expectNear(p95, -Math.log(0.05) / (1 - rho), 0.03);
    expectNear(run.utilization, rho, 0.01);
    expectNear(run.meanJobs, run.arrivalRate * meanInDemands(run.sojournUs) * MEAN, 0.005);
  });

  it.each(SERVERS_RUN)('M/M/%i waits by Erlang C', (workersPerReplica) => {
    const rho = 0.8;
    const run = runPoisson({ rho, config: { workersPerReplica } });
    const waits = run.waitUs[0] ?? [];
    const waited = waits.filter((one) => one > 0).length / waits.length;
    const probability = erlangC(workersPerReplica, rho);
    expectNear(waited, probability, 0.03);
    expectNear(meanInDemands(waits), probability / (workersPerReplica * (1 - rho)), 0.06);
  });

  it('M/M/1/K turns away (1−ρ)ρᴷ/(1−ρᴷ⁺¹)', () => {
    for (const rho of [0.8, 1.25]) {
      const run = runPoisson({ rho, config: { maxWaiting: 4 } });
      expectNear(run.rejectedShare, ((1 - rho) * rho ** 5) / (1 - rho ** 6), 0.02);
      expect(run.statistics.finished + run.statistics.dropped.rejected).toBe(300_000);
    }
  });

  it.each(DEMANDS_RUN)(
    'M/G/1 with %s demand waits by Pollaczek–Khinchine',
    (_name, demand, scv) => {
      const rho = 0.6;
      const run = runPoisson({ rho, demand });
      expectNear(meanInDemands(run.waitUs[0] ?? []), (rho * (1 + scv)) / (2 * (1 - rho)), 0.05);
    },
  );
});

describe('other orders', () => {
  it.each(DEMANDS_RUN)(
    'M/G/1 LIFO with %s demand waits as long on average',
    (_name, demand, scv) => {
      const rho = 0.6;
      const run = runPoisson({ rho, demand, config: { discipline: 'lifo' } });
      expectNear(meanInDemands(run.waitUs[0] ?? []), (rho * (1 + scv)) / (2 * (1 - rho)), 0.05);
    },
  );

  it('M/M/1 LIFO has the second moment of FIFO over 1−ρ', () => {
    const rho = 0.5;
    const secondMoment = (discipline: FleetConfig['discipline']) => {
      const waits = runPoisson({ rho, config: { discipline } }).waitUs[0] ?? [];
      return waits.reduce((sum, one) => sum + (one / MEAN) ** 2, 0) / waits.length;
    };
    expectNear(secondMoment('fifo'), (2 * rho) / (1 - rho) ** 2, 0.08);
    expectNear(secondMoment('lifo'), (2 * rho) / (1 - rho) ** 3, 0.12);
  });

  it.each(DEMANDS_RUN)('two classes with %s demand wait by Cobham', (_name, demand, scv) => {
    const rho = 0.8;
    const urgentShare = 0.4;
    const config = { discipline: 'priority' } as const;
    const run = runPoisson({ rho, demand, urgentShare, config });
    const residual = (rho * (1 + scv)) / 2;
    const urgentRho = rho * urgentShare;
    expectNear(meanInDemands(run.waitUs[0] ?? []), residual / (1 - urgentRho), 0.04);
    const lessUrgent = residual / ((1 - urgentRho) * (1 - rho));
    expectNear(meanInDemands(run.waitUs[1] ?? []), lessUrgent, 0.1);
  });
});

describe('processor sharing', () => {
  const config = { discipline: 'processor-sharing' } as const;

  it.each(DEMANDS_RUN)('M/G/1-PS with %s demand stays 1/(1−ρ): insensitive', (_name, demand) => {
    const rho = 0.7;
    const run = runPoisson({ rho, demand, config });
    expectNear(meanInDemands(run.sojournUs), 1 / (1 - rho), 0.05);
    expectNear(run.utilization, rho, 0.02);
  });

  it('M/G/1-PS treats jobs by their size: those of size x stay x/(1−ρ)', () => {
    const rho = 0.5;
    const run = runPoisson({ rho, config });
    for (const [low, high] of [
      [0.2, 0.5],
      [1, 1.5],
      [2.5, 4],
    ] as const) {
      let demands = 0;
      let sojourns = 0;
      for (const [i, demandUs] of run.demandUs.entries()) {
        if (demandUs < low * MEAN || demandUs > high * MEAN) continue;
        demands += demandUs;
        sojourns += run.sojournUs[i] ?? 0;
      }
      expect(demands).toBeGreaterThan(0);
      expectNear(sojourns / demands, 1 / (1 - rho), 0.03);
    }
  });

  it.each(DEMANDS_RUN)('M/G/4-PS with %s demand has the jobs of M/M/4', (_name, demand) => {
    const rho = 0.8;
    const run = runPoisson({ rho, demand, config: { ...config, workersPerReplica: 4 } });
    expectNear(meanInDemands(run.sojournUs), 1 + erlangC(4, rho) / (4 * (1 - rho)), 0.05);
  });
});
