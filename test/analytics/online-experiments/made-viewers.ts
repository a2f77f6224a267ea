/** Made-up viewers whose truth is known: what they watched before and during an experiment. */
import { createChance } from '../../../src/kernel/chance.ts';
import { normalQuantile } from '../../../src/stats/normal.ts';

/** Viewers with a pre-period that correlates with what follows by √0.5, and impressions. */
export function madeViewers(n: number, seed = 11) {
  const chance = createChance({ seed, replication: 0 });
  const draws = chance.draws('test.viewers');
  const normal = (viewer: number, k: number) => normalQuantile(draws.uniform(viewer, k));
  const viewer = Int32Array.from({ length: n }, (_, i) => i);
  const before = Float64Array.from(viewer, (i) => 3 + normal(i, 0));
  const value = Float64Array.from(viewer, (i) => (before[i] ?? 0) + normal(i, 1));
  const impressions = Float64Array.from(viewer, (i) => 1 + Math.floor(20 * draws.uniform(i, 2)));
  const clicks = Float64Array.from(viewer, (i) => {
    const own = 0.1 + 0.3 * draws.uniform(i, 3);
    let sum = 0;
    for (let k = 0; k < (impressions[i] ?? 0); k += 1) {
      sum += Number(draws.uniform(i, 10 + k) < own);
    }
    return sum;
  });
  return { chance, viewer, before, value, impressions, clicks };
}
