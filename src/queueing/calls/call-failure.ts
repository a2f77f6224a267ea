/** How a call can fail, as its caller sees it. Policies choose by these words what to try again,
 * what speaks against a service, and what a fallback may stand in for. */

/** All kinds of failure. The last four never left the caller. */
export const CALL_FAILURES = [
  /** No answer within the timeout; the service may still be working on it. */
  'timeout',
  /** Refused, or lost with the service or its connection. */
  'unavailable',
  /** Turned away: line full, load shed, HTTP 429 or 503. */
  'overloaded',
  /** The service answered with an error of its own, HTTP 500. */
  'error',
  /** The caller's own mistake, HTTP 4xx: the service is well, and asking again is no use. */
  'invalid',
  'throttled',
  'breaker-open',
  'bulkhead-full',
  /** The deadline left no time to start. */
  'too-late',
] as const;

/** Why a call failed. */
export type CallFailure = (typeof CALL_FAILURES)[number];

/** Failures that more of the same request may cure: the default of retries and hedges. */
export const TRANSIENT_FAILURES: readonly CallFailure[] = ['timeout', 'unavailable', 'overloaded'];
