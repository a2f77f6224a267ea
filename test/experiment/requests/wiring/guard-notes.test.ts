/** Notes on breakers and budgets, against what guards did. */
import { expect, it } from 'vitest';
import { createGuardNotes } from '../../../../src/experiment/requests/wiring/guard-notes.ts';
import { createCallGuard } from '../../../../src/queueing/calls/call-guard.ts';
import { DEFAULT_CALL_POLICIES } from '../../../../src/queueing/calls/call-policies.ts';

it('E507: a guard tells when its breaker opens and closes, and what its budget grants', () => {
  const policies = {
    ...DEFAULT_CALL_POLICIES,
    retry: { ...DEFAULT_CALL_POLICIES.retry, maxAttempts: 9, retryOn: ['error' as const] },
    budget: { kind: 'quota' as const, capacity: 10, retryCost: 5, timeoutCost: 10, successGain: 1 },
    breaker: { kind: 'consecutive-failures' as const, failures: 2, openUs: 1_000 },
  };
  const notes = createGuardNotes('a→b', policies as never, 1_000);
  const guard = createCallGuard(policies as never, undefined, notes.watch);
  const attempt = { id: 1, role: 'first' as const };
  const end = (nowUs: number, failure: 'error' | undefined) =>
    guard.finished({ failure, durationUs: 10, nowUs, role: 'first' });
  for (const nowUs of [100, 500]) {
    expect(guard.admit(nowUs - 10, 0.5, attempt)).toBe('admitted');
    end(nowUs, 'error');
  }
  expect(guard.breakerStatus(500)).toBe('open');
  expect(guard.admit(600, 0.5, attempt)).toBe('breaker-open');
  for (const nowUs of [700, 710, 720]) guard.mayRetry({ failure: 'error', attempts: 1 }, nowUs);
  expect(guard.admit(2_250, 0.5, attempt)).toBe('admitted');
  expect(guard.breakerStatus(2_250)).toBe('half-open');
  end(2_500, undefined);
  expect(guard.breakerStatus(2_500)).toBe('closed');
  expect(notes.openings).toBe(1);
  expect(notes.breakers(4_000)).toEqual({
    open: [0.5, 1, 0.25, 0],
    halfOpen: [0, 0, 0.25, 0],
  });
  expect(notes.extra).toEqual({ asked: [3], granted: [2] });
});
