/** Things that happen in a world and are worth counting: what coverage marks look at. */

/** Names of happenings. */
export const HAPPENINGS = [
  'breaker-opened',
  'breaker-half-opened',
  'breaker-closed-again',
  'breaker-turned-away',
  'retry-granted',
  'retry-refused',
  'retry-budget-exhausted',
  'hedge-sent',
  'hedge-won',
  'bulkhead-full',
  'bulkhead-waited',
  'call-throttled',
  'try-timed-out',
  'call-failed',
  'call-fell-back',
  'call-shed',
  'call-rejected',
  'call-expired',
  'call-reset',
  'page-abandoned',
  'limit-shrank',
  'limit-grew',
  'replica-ejected',
  'replica-returned',
  'scaled-out',
  'scaled-in',
  'cache-miss-coalesced',
  'sdk-dropped',
  'pipeline-recovered',
  'records-read-again',
  'duplicate-dropped',
  'bad-row-written',
  'late-event-seen',
  'window-fired-again',
] as const;

/** Name of something that can happen. */
export type HappeningName = (typeof HAPPENINGS)[number];

/** Counts of happenings. */
export type Happenings = Record<HappeningName, number>;

/** Nothing has happened. */
export function noHappenings(): Happenings {
  return Object.fromEntries(HAPPENINGS.map((name) => [name, 0])) as Happenings;
}
