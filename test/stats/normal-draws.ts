/** Normal variates of the kernel's chance, for coverage tests. */
import { createChance } from '../../src/kernel/chance.ts';

/** `normal(entity, index)`: independent standard normal variates (Box and Muller's transform). */
export function createNormalDraws(seed: number): (entity: number, index: number) => number {
  const draws = createChance({ seed, replication: 0 }).draws('test.normal');
  return (entity, index) => {
    const radius = Math.sqrt(-2 * Math.log(draws.uniform(entity, 2 * index)));
    return radius * Math.cos(2 * Math.PI * draws.uniform(entity, 2 * index + 1));
  };
}

/** Bounds that the number of successes of n trials leaves with probability below 1e-5 (z = 4.5). */
export function binomialBounds(n: number, p: number): { low: number; high: number } {
  const reach = 4.5 * Math.sqrt(n * p * (1 - p));
  return { low: n * p - reach, high: n * p + reach };
}
