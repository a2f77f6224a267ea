/** Fork–join: a job splits into n tasks, one at each of n stations, and is done when the last one
 * is: what a page does that asks n services at once. Spec: Q110. */
import { checkArguments, isCount } from '../../bad-argument.ts';
import { checkShare, type Demand } from '../queue-theory.ts';
import { mm1 } from '../stations/m-m-1.ts';

/** The mean time until the last of n tasks is done, in µs. */
export interface ForkJoin {
  readonly isStable: boolean;
  /** No less than this: the exact time of two, and n service times at once without any line. */
  readonly lowerUs: number;
  /** No more than this: as if the n stations were independent (they are associated). */
  readonly upperUs: number;
  /** Exact for n ≤ 2; within 5 % of simulation for n ≤ 32 by its authors. */
  readonly approximationUs: number;
  readonly isExact: boolean;
}

/** n M/M/1 stations that get their tasks at the same instants. Cost O(n).
 * @throws EngineError `QUEUEING_BAD_ARGUMENT`. Source: Nelson and Tantawi, "Approximate analysis
 * of fork/join synchronization in parallel queues", IEEE Trans. Computers 37, 1988. */
export function forkJoin(demand: Demand, branches: number): ForkJoin {
  checkArguments([['branches', branches, isCount(branches, 1), 'give a whole number ≥ 1']]);
  const { meanSojournUs: one, utilization: rho, isStable } = mm1(demand);
  if (!isStable) {
    return {
      isStable,
      isExact: true,
      lowerUs: one,
      upperUs: one,
      approximationUs: one,
    };
  }
  const isExact = branches <= 2;
  const two = ((12 - rho) / 8) * one;
  const exactUs = branches === 1 ? one : two;
  const ratio = harmonic(branches) / harmonic(2);
  const many = (ratio + ((4 * rho) / 11) * (1 - ratio)) * two;
  const upperUs = harmonic(branches) * one;
  return {
    isStable,
    isExact,
    lowerUs: isExact ? exactUs : Math.max(two, harmonic(branches) * demand.meanServiceUs),
    upperUs: isExact ? exactUs : upperUs,
    approximationUs: isExact ? exactUs : many,
  };
}

/** H(n) = 1 + ½ + … + 1/n: the mean of the largest of n exponential times, in their mean. */
export function harmonic(n: number): number {
  let sum = 0;
  for (let k = n; k >= 1; k -= 1) sum += 1 / k;
  return sum;
}

/** The quantile that each of n independent branches must keep for the q-quantile of the slowest:
 * F⁻¹(q^(1/n)). A page of 10 calls has its p99 at their p99.9.
 * @throws EngineError `QUEUEING_BAD_ARGUMENT`. */
export function branchQuantile(q: number, branches: number): number {
  checkShare('q', q);
  checkArguments([['branches', branches, isCount(branches, 1), 'give a whole number ≥ 1']]);
  return q ** (1 / branches);
}
