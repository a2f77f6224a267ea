/** Which failed tries are followed by another. */
import { describe, expect, it } from 'vitest';
import { CALL_FAILURES } from '../../../src/queueing/calls/call-failure.ts';
import { DEFAULT_CALL_RETRY, wantsRetry } from '../../../src/queueing/calls/retry-policy.ts';

describe('a retry policy', () => {
  it('Q21: tries transient failures again, as often as it says', () => {
    const wanted = CALL_FAILURES.filter((failure) =>
      wantsRetry(DEFAULT_CALL_RETRY, { failure, attempts: 1 }),
    );
    expect(wanted).toEqual(['timeout', 'unavailable', 'overloaded']);
    const attempts = [1, 2, 3].map((n) =>
      wantsRetry(DEFAULT_CALL_RETRY, { failure: 'timeout', attempts: n }),
    );
    expect(attempts).toEqual([true, true, false]);
  });

  it('Q21: obeys a server that says not to', () => {
    const failed = { failure: 'overloaded', attempts: 1 } as const;
    expect(wantsRetry(DEFAULT_CALL_RETRY, { ...failed, pushbackUs: -1 })).toBe(false);
    expect(wantsRetry(DEFAULT_CALL_RETRY, { ...failed, pushbackUs: 5_000 })).toBe(true);
  });
});
