/** A piecewise-constant level, such as the jobs at a station, as averages over slices of equal
 * length. Warm-up is judged on this reconstructed state: a counter that is read now and then misses
 * what lies between, and a counter of totals never settles. */
import { requireArgument } from '../bad-argument.ts';

/** The level is `level` from `atUs` on. */
export interface LevelChange {
  readonly atUs: number;
  readonly level: number;
}

/** Averages as they fill. */
export interface LevelAverages {
  /** The level becomes `level` at `atUs`; times must not run backwards. Cost O(slices ended). */
  set(atUs: number, level: number): void;
  /** The time-weighted average of every slice that ended by `untilUs`, which must not lie before
   * the last change. The started slice is left out. */
  until(untilUs: number): number[];
  readonly startUs: number;
  readonly sliceUs: number;
}

/** Starts at `startUs` with `level`.
 * @param options.sliceUs - Length of a slice, above 0.
 * @throws EngineError `STATS_BAD_ARGUMENT`. Memory: one number a slice. Spec: N10. */
export function createLevelAverages(options: {
  readonly startUs: number;
  readonly level: number;
  readonly sliceUs: number;
}): LevelAverages {
  const { startUs, sliceUs } = options;
  requireArgument(sliceUs > 0, { argument: 'sliceUs', found: sliceUs, rule: 'above 0' });
  const averages: number[] = [];
  let { level } = options;
  let lastUs = startUs;
  let areaOfSlice = 0;
  const advance = (toUs: number): void => {
    const rule = `at or after ${lastUs} µs, the last change`;
    requireArgument(toUs >= lastUs, { argument: 'time', found: toUs, rule });
    let endUs = startUs + (averages.length + 1) * sliceUs;
    while (endUs <= toUs) {
      averages.push((areaOfSlice + level * (endUs - lastUs)) / sliceUs);
      areaOfSlice = 0;
      lastUs = endUs;
      endUs = startUs + (averages.length + 1) * sliceUs;
    }
    areaOfSlice += level * (toUs - lastUs);
    lastUs = toUs;
  };
  return {
    set(atUs, next) {
      requireArgument(Number.isFinite(next), { argument: 'level', found: next, rule: 'finite' });
      advance(atUs);
      level = next;
    },
    until(untilUs) {
      advance(untilUs);
      return averages.slice();
    },
    startUs,
    sliceUs,
  };
}

/** The averages of a level whose changes are all known, over `slices` slices of equal length.
 * @param changes - In order of time; the level before the first one at or before the start is 0.
 *   Changes after the end are ignored. Spec: N10. */
export function levelAverages(
  changes: readonly LevelChange[],
  span: { readonly startUs: number; readonly endUs: number; readonly slices: number },
): number[] {
  const { startUs, endUs, slices } = span;
  const isSlices = Number.isInteger(slices) && slices >= 1;
  requireArgument(isSlices, { argument: 'slices', found: slices, rule: 'a whole number above 0' });
  requireArgument(endUs > startUs, { argument: 'endUs', found: endUs, rule: `above ${startUs}` });
  const sliceUs = (endUs - startUs) / slices;
  const before = changes.findLast(({ atUs }) => atUs <= startUs);
  const averages = createLevelAverages({ startUs, level: before?.level ?? 0, sliceUs });
  for (const { atUs, level } of changes) {
    if (atUs > startUs && atUs < endUs) averages.set(atUs, level);
  }
  // A hair past the end, so that rounding of its length cannot cost the last slice.
  return averages.until(endUs + sliceUs / 2).slice(0, slices);
}
