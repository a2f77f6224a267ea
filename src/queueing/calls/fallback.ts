/** What stands in for the answer of a call that failed for good: the last answer that is not too
 * stale (RFC 5861, stale-if-error), or a default value (Hystrix' static fallback). The first that
 * applies is taken, in the order given. It is a degraded answer, never a success. Spec: Q35. */
import type { CallFailure } from './call-failure.ts';

/** One way out. Applies to the failures named. */
export type FallbackConfig =
  | {
      readonly kind: 'stale-cache';
      readonly maxStalenessUs: number;
      readonly on: readonly CallFailure[];
    }
  | { readonly kind: 'default-value'; readonly on: readonly CallFailure[] };

/** A failed call, and when the answer that the client still has was good. */
export interface FailedCall {
  readonly failure: CallFailure;
  readonly nowUs: number;
  /** When the kept answer was received; undefined where there is none. */
  readonly cachedAtUs: number | undefined;
}

/** What the caller gets instead. */
export interface DegradedAnswer {
  readonly degraded: true;
  readonly source: FallbackConfig['kind'];
  /** Age of the answer; 0 for a default value. */
  readonly ageUs: number;
}

/** The fallback that applies; undefined where the failure stands. */
export function chooseFallback(
  fallbacks: readonly FallbackConfig[],
  call: FailedCall,
): DegradedAnswer | undefined {
  for (const fallback of fallbacks) {
    if (!fallback.on.includes(call.failure)) continue;
    if (fallback.kind === 'default-value') {
      return { degraded: true, source: 'default-value', ageUs: 0 };
    }
    if (call.cachedAtUs === undefined) continue;
    const ageUs = call.nowUs - call.cachedAtUs;
    if (ageUs <= fallback.maxStalenessUs) return { degraded: true, source: 'stale-cache', ageUs };
  }
  return undefined;
}
