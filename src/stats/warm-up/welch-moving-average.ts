/** Welch's plot: the average over replications, smoothed, so that an eye sees where it settles. */
import { requireArgument } from '../bad-argument.ts';
import { meanSeries } from './warm-up-cut.ts';

/** The moving average of 2 · window + 1 observations of the replications' mean; near the start of
 * as many as lie on either side.
 * @param series - `[replication][observation]`, all of the same length.
 * @param window - A whole number 0 … a quarter of the length.
 * @returns As long as a series minus `window`. Cost O(replications · length).
 * @throws EngineError `STATS_BAD_ARGUMENT`. Source: Welch 1983; Law, 9.5.1. Spec: N13. */
export function welchMovingAverage(
  series: readonly (readonly number[])[],
  window: number,
): number[] {
  const means = meanSeries(series);
  const isWindow = Number.isInteger(window) && window >= 0 && window <= means.length / 4;
  const rule = `a whole number from 0 to ${Math.floor(means.length / 4)}, a quarter of the length`;
  requireArgument(isWindow, { argument: 'window', found: window, rule });
  const sums = [0];
  for (const value of means) sums.push((sums.at(-1) ?? 0) + value);
  return Array.from({ length: means.length - window }, (_, i) => {
    const reach = Math.min(i, window);
    return ((sums[i + reach + 1] ?? 0) - (sums[i - reach] ?? 0)) / (2 * reach + 1);
  });
}
