/** The warm-up of a run in µs: levels are averaged over slices of time, slices over replications,
 * and MSER-5 says where the start ends. */
import { requireArgument } from '../bad-argument.ts';
import { type Refusal, refusal } from '../refusal.ts';
import { type LevelChange, levelAverages } from './level-averages.ts';
import { type MserSearch, mser5 } from './mser-5.ts';

/** Where the steady part begins. */
export interface DetectedWarmUp {
  /** µs since the start of the run; null where the refusal says why. */
  readonly cutUs: number | null;
  /** The averages that were judged, one a slice: for a chart. */
  readonly averages: readonly number[];
  readonly sliceUs: number;
  readonly refusal: Refusal | null;
}

/** A stretch of time in slices of equal length. */
export interface WarmUpSpan {
  readonly startUs: number;
  readonly endUs: number;
  /** 500 unless given: five hundred slices make a hundred batches of MSER-5. */
  readonly slices?: number;
}

/** The warm-up of a level over one or several replications of the same length.
 * @param runs - Changes of the level, one list a replication.
 * @throws EngineError `STATS_BAD_ARGUMENT`. Cost O(changes + replications · slices).
 * Source: Law, Simulation Modeling and Analysis, 9.5.1; {@link mser5}. Spec: N10–N12. */
export function detectWarmUp(
  runs: readonly (readonly LevelChange[])[],
  { startUs, endUs, slices = 500 }: WarmUpSpan,
): DetectedWarmUp {
  const series = runs.map((changes) => levelAverages(changes, { startUs, endUs, slices }));
  return warmUpOfAverages(series, { startUs, sliceUs: (endUs - startUs) / slices });
}

/** The same from averages that were made during the runs (`createLevelAverages`).
 * @param series - `[replication][slice]`, all of the same length. */
export function warmUpOfAverages(
  series: readonly (readonly number[])[],
  span: { readonly startUs: number; readonly sliceUs: number; readonly search?: MserSearch },
): DetectedWarmUp {
  const { startUs, sliceUs, search } = span;
  const averages = meanSeries(series);
  const { observations, refusal: why } = mser5(averages, search);
  if (observations !== null && averages.every((value) => value === averages[0])) {
    const text = 'the level never changes: nothing can be said of its start';
    return { cutUs: null, averages, sliceUs, refusal: refusal('no-spread', text) };
  }
  const cutUs = observations === null ? null : startUs + observations * sliceUs;
  return { cutUs, averages, sliceUs, refusal: why };
}

/** The average of several series, observation by observation.
 * @throws EngineError `STATS_BAD_ARGUMENT` where their lengths differ or there is none. */
export function meanSeries(series: readonly (readonly number[])[]): number[] {
  const found = series.length;
  requireArgument(found > 0, { argument: 'number of series', found, rule: 'at least 1' });
  const length = series[0]?.length ?? 0;
  const odd = series.find((one) => one.length !== length);
  const rule = `as long as the first, ${length}`;
  requireArgument(odd === undefined, { argument: 'series', found: odd?.length, rule });
  return Array.from({ length }, (_, i) => {
    return series.reduce((sum, one) => sum + (one[i] ?? 0), 0) / series.length;
  });
}
