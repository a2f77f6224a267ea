/** Observations of a metric over a run, as columns: when, until when, and a value as `over ÷
 * under`. Sorted by when, so that a stretch of time is a slice. */
import type { Stretch } from './scopes.ts';

/** Observations of one term. */
export class Observations {
  readonly atUs: number[] = [];
  readonly untilUs: number[] = [];
  readonly over: number[] = [];
  readonly under: number[] = [];

  push(observed: { atUs: number; untilUs: number; over: number; under: number }): void {
    this.atUs.push(observed.atUs);
    this.untilUs.push(observed.untilUs);
    this.over.push(observed.over);
    this.under.push(observed.under);
  }

  get length(): number {
    return this.atUs.length;
  }

  /** Those that lie in some stretch and overlap with none of the excluded ones, by time. */
  within(stretches: readonly Stretch[], excluded: readonly Stretch[]): Observations {
    const kept: number[] = [];
    for (let i = 0; i < this.length; i += 1) {
      const atUs = this.atUs[i] as number;
      const untilUs = this.untilUs[i] as number;
      const isIn = stretches.some(({ fromUs, toUs }) => atUs >= fromUs && atUs < toUs);
      if (isIn && !excluded.some(({ fromUs, toUs }) => atUs < toUs && untilUs > fromUs)) {
        kept.push(i);
      }
    }
    kept.sort((a, b) => (this.atUs[a] as number) - (this.atUs[b] as number) || a - b);
    const result = new Observations();
    for (const i of kept) {
      result.push({
        atUs: this.atUs[i] as number,
        untilUs: this.untilUs[i] as number,
        over: this.over[i] as number,
        under: this.under[i] as number,
      });
    }
    return result;
  }

  /** The first index at or after a time; of sorted observations. Cost O(log n). */
  indexAt(timeUs: number): number {
    let low = 0;
    let high = this.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.atUs[middle] as number) < timeUs) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

/** Sorted observations from one index up to, and without, another. */
export interface Slice {
  readonly of: Observations;
  readonly from: number;
  readonly to: number;
}

/** All of them. */
export function wholeOf(observations: Observations): Slice {
  return { of: observations, from: 0, to: observations.length };
}

/** Those of a stretch. */
export function sliceOf(observations: Observations, { fromUs, toUs }: Stretch): Slice {
  return { of: observations, from: observations.indexAt(fromUs), to: observations.indexAt(toUs) };
}
