/** Monte-Carlo coverage: how often intervals hold what they should. In `npm test` a few hundred
 * replications with a bound that a right procedure breaks once in 10,000 times (z = 4); in
 * `npm run test:long` ten thousand, within one percentage point. */

/** Whether the long checks run. They take minutes, which is why `npm test` leaves them out. */
export const IS_LONG = process.env['BACKLOT_LONG'] === '1';

/** Milliseconds for one of them. */
export const COVERAGE_TIMEOUT_MS = IS_LONG ? 1_800_000 : 60_000;

/** How many intervals there were, and how many held the truth. */
export interface Coverage {
  readonly intervals: number;
  readonly covered: number;
  readonly share: number;
}

/** Runs replications 0 … n − 1. @param interval - Null where the procedure refused. */
export function coverageOf(
  replications: number,
  truth: number,
  interval: (r: number) => { readonly low: number | null; readonly high: number | null } | null,
): Coverage {
  let intervals = 0;
  let covered = 0;
  for (let r = 0; r < replications; r += 1) {
    const found = interval(r);
    if (found === null || found.low === null || found.high === null) continue;
    intervals += 1;
    if (found.low <= truth && truth <= found.high) covered += 1;
  }
  return { intervals, covered, share: covered / intervals };
}

/** Bounds of the share of n intervals that hold, at four standard errors. */
export function coverageBounds(
  confidence: number,
  intervals: number,
): { readonly low: number; readonly high: number } {
  const reach = 4 * Math.sqrt((confidence * (1 - confidence)) / intervals);
  return { low: confidence - reach, high: confidence + reach };
}
