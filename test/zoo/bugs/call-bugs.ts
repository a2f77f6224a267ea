/** Bugs in what a caller does about calls. */
import type { Bug } from '../hunt/bug.ts';

const GUARD = 'src/queueing/calls/call-guard.ts';
const BULKHEAD = 'src/queueing/calls/bulkhead.ts';

/** Each with the property that must catch it. */
export const CALL_BUGS: readonly Bug[] = [
  {
    name: 'backoff-without-jitter',
    file: 'src/queueing/calls/backoff.ts',
    find: "if (config.kind === 'full-jitter') return u * ceilingUs;",
    replace: "if (config.kind === 'full-jitter') return ceilingUs;",
    story: 'All clients that failed together come back together, wave after wave.',
    property: 'calls/pauses-as-published',
    withinRuns: 50,
  },
  {
    name: 'backoff-without-cap',
    file: 'src/queueing/calls/backoff.ts',
    find: 'const ceilingUs = Math.min(capUs, baseUs * 2 ** state.pauses);',
    replace: 'const ceilingUs = baseUs * 2 ** state.pauses;',
    story: 'After a long outage a client comes back days later.',
    property: 'calls/pauses-as-published',
    withinRuns: 100,
  },
  {
    name: 'retry-budget-never-charged',
    file: 'src/queueing/calls/budgets/ratio-bucket.ts',
    find: 'return { state: addCounts(now, [0, 1, 0]), allowed: true };',
    replace: 'return { state: now, allowed: true };',
    story: 'The budget looks configured and lets every retry through: a retry storm.',
    property: 'calls/budgets-as-counted-anew',
    withinRuns: 100,
  },
  {
    name: 'retry-budget-off-by-one',
    file: 'src/queueing/calls/budgets/ratio-bucket.ts',
    find: 'if (balance < price) return { state: now, allowed: false };',
    replace: 'if (balance < 0) return { state: now, allowed: false };',
    story: 'A budget of none still grants a retry in every window.',
    property: 'calls/budgets-as-counted-anew',
    withinRuns: 100,
  },
  {
    name: 'retry-quota-overflows',
    file: 'src/queueing/calls/budgets/retry-quota.ts',
    find: 'return { tokens: Math.min(config.capacity, state.tokens + gain) };',
    replace: 'return { tokens: state.tokens + gain };',
    story: 'A calm week saves up retries enough to flatten a service in a minute.',
    property: 'calls/budgets-as-counted-anew',
    withinRuns: 1_000,
  },
  {
    name: 'retry-without-budget',
    file: GUARD,
    find: `      if (!allowed) return false;
`,
    replace: '',
    story: 'The guard asks its budget and does not listen: retries multiply an overload.',
    property: 'calls/guard-keeps-its-books',
    withinRuns: 2_000,
  },
  {
    name: 'hedge-cap-never-charged',
    file: 'src/queueing/calls/hedging.ts',
    find: 'return { state: { ...state, milliHedges: state.milliHedges - MILLI }, allowed: true };',
    replace: 'return { state, allowed: true };',
    story: 'When a service gets slow, every call is sent twice, and it gets slower.',
    property: 'calls/guard-keeps-its-books',
    withinRuns: 200,
  },
  {
    name: 'bulkhead-slot-leaked-on-time-out',
    file: GUARD,
    find: `    this.#cancelAtBreaker(nowUs);
    return this.#leave(nowUs, role);`,
    replace: `    this.#cancelAtBreaker(nowUs);
    this.#forget(role);
    return undefined;`,
    story: 'After so many cancelled calls the bulkhead is full of nobody and rejects everything.',
    property: 'calls/guard-keeps-its-books',
    withinRuns: 50,
  },
  {
    name: 'bulkhead-frees-two-places',
    file: BULKHEAD,
    find: 'return { state: { active, waiting: waiting.toSpliced(index, 1) }, next: next.call };',
    replace: `return {
        state: { active: active - 1, waiting: waiting.toSpliced(index, 1) },
        next: next.call,
      };`,
    story: 'Each call that waited makes room for two: the limit wears away under load.',
    property: 'calls/guard-keeps-its-books',
    withinRuns: 200,
  },
  {
    name: 'expired-wait-is-served',
    file: BULKHEAD,
    find: 'const index = waiting.findIndex(({ deadlineUs }) => deadlineUs >= nowUs);',
    replace: 'const index = waiting.findIndex(() => true);',
    story: 'A call whose page is long gone takes the place of one that could still be answered.',
    property: 'calls/guard-keeps-its-books',
    withinRuns: 500,
  },
  {
    name: 'expired-hedge-stays-counted',
    file: GUARD,
    find: 'for (const { role } of expired) this.#neverLeft(nowUs, role);',
    replace: '',
    story: 'Attempts that never left count as under way for ever, and the budget reads them.',
    property: 'calls/guard-keeps-its-books',
    withinRuns: 500,
  },
  {
    name: 'deadline-not-propagated',
    file: 'src/queueing/calls/deadline.ts',
    find: 'const leftUs = Math.min(call.timeoutUs, inheritedUs);',
    replace: 'const leftUs = call.timeoutUs;',
    story: 'Services work on for callers who gave up long ago.',
    property: 'calls/nobody-waits-past-a-deadline',
    withinRuns: 50,
  },
];
