/** Series of known distribution, for coverage tests: independent, autoregressive and queueing. */
import { createChance, type Draws } from '../../../src/kernel/chance.ts';

/** Exponential variates of mean 1: `exponential(entity, index)`. */
export function createExponentialDraws(seed: number): (entity: number, index: number) => number {
  const draws = createChance({ seed, replication: 0 }).draws('test.exponential');
  return (entity, index) => -Math.log(draws.uniform(entity, index));
}

/** n values of a first-order autoregression with mean 0, which starts in its steady state. */
export function autoregression(
  seed: number,
  { n, correlation }: { readonly n: number; readonly correlation: number },
): number[] {
  const draws = createChance({ seed, replication: 0 }).draws('test.autoregression');
  let value = normalOf(draws, 0) / Math.sqrt(1 - correlation ** 2);
  return Array.from({ length: n }, (_, i) => {
    value = correlation * value + normalOf(draws, i + 1);
    return value;
  });
}

/** Waiting times of n successive customers of an M/M/1 queue with service rate 1, by Lindley's
 * recursion; the first one comes to an empty queue, or to one in its steady state. */
export function waitingTimes(
  seed: number,
  options: { readonly n: number; readonly utilization: number; readonly start: 'empty' | 'steady' },
): number[] {
  const { n, utilization, start } = options;
  const draws = createChance({ seed, replication: 0 }).draws('test.waiting-times');
  const isIdle = draws.uniform(2, 0) < 1 - utilization;
  const steady = isIdle ? 0 : -Math.log(draws.uniform(2, 1)) / (1 - utilization);
  let wait = start === 'empty' ? 0 : steady;
  return Array.from({ length: n }, (_, i) => {
    const now = wait;
    const gap = -Math.log(draws.uniform(1, i)) / utilization;
    wait = Math.max(0, wait - Math.log(draws.uniform(0, i)) - gap);
    return now;
  });
}

/** Changes of the number of jobs in an M/M/1 station that starts with `jobs`, until `endUs`. */
export function jobChanges(
  seed: number,
  options: {
    readonly utilization: number;
    readonly serviceTimeUs: number;
    readonly jobs: number;
    readonly endUs: number;
  },
): { atUs: number; level: number }[] {
  const { utilization, serviceTimeUs, endUs } = options;
  const draws = createChance({ seed, replication: 0 }).draws('test.job-changes');
  const changes = [{ atUs: 0, level: options.jobs }];
  let level = options.jobs;
  for (let atUs = 0, i = 0; ; i += 1) {
    const rate = utilization + (level > 0 ? 1 : 0);
    atUs += (-Math.log(draws.uniform(0, i)) / rate) * serviceTimeUs;
    if (atUs >= endUs) return changes;
    level += draws.uniform(1, i) * rate < utilization ? 1 : -1;
    changes.push({ atUs, level });
  }
}

/** The index-th normal variate; two of them share two uniforms (Box and Muller). */
function normalOf(draws: Draws, index: number): number {
  const pair = index >>> 1;
  const radius = Math.sqrt(-2 * Math.log(draws.uniform(0, pair)));
  const angle = 2 * Math.PI * draws.uniform(1, pair);
  return radius * (index % 2 === 0 ? Math.cos(angle) : Math.sin(angle));
}
