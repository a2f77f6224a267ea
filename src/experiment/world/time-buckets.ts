/** The time buckets that series over a run are cut into. */
import { US_PER_SECOND } from '../../kernel/time.ts';

/** At most this many points a series: more would only blur in a chart. */
const MAX_POINTS = 60;
/** Lengths that read well, in seconds. */
const LENGTHS_SECONDS = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1_800, 3_600];

/** Length of a bucket for a run of this length, in µs. */
export function bucketLengthUs(endUs: number): number {
  const wantedSeconds = endUs / US_PER_SECOND / MAX_POINTS;
  const length = LENGTHS_SECONDS.find((seconds) => seconds >= wantedSeconds);
  return (length ?? Math.ceil(wantedSeconds / 3_600) * 3_600) * US_PER_SECOND;
}
