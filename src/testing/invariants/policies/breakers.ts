/** Circuit breakers: they change their state only along legal ways, and when what they have seen
 * says so: a result older than the window never counts. Spec: T30, T31. */
import type { BreakerStatus } from '../../../queueing/calls/breakers/circuit-breaker.ts';
import type { Invariant } from '../invariant.ts';
import type { GuardStep, WatchedGuard } from '../notes/guard-notes.ts';
import { type BreakerReference, breakerReference } from '../references/breaker-reference.ts';
import { watching } from '../watching.ts';

type Way = `${BreakerStatus}→${BreakerStatus}`;

/** Ways that time alone may take: a window is judged at its end, trials are waited for too long. */
const BY_TIME: ReadonlySet<Way> = new Set(['closed→open', 'half-open→open']);

/** Ways that each question may take. */
const BY_QUESTION: Readonly<Record<GuardStep['ask'], ReadonlySet<Way>>> = {
  admit: new Set(['open→half-open']),
  finished: new Set(['closed→open', 'half-open→open', 'half-open→closed']),
  cancelled: new Set(['half-open→open']),
  'left-line': new Set(['half-open→open']),
  retry: new Set(),
  hedge: new Set(),
  'given-back': new Set(),
};

/** Ways of breakers. */
export const BREAKERS_CHANGE_LEGALLY: Invariant = watching(
  'breakers-change-legally',
  'a breaker opens when calls end or time passes, half-opens for a call, and closes after a trial',
  ({ tower, checked, broken }) => {
    const last = new Map<WatchedGuard, BreakerStatus>();
    tower.guards.steps.on((step) => {
      const { of, before, after, ask } = step;
      if (of.policies.breaker === undefined) return;
      checked();
      const known = last.get(of) ?? 'closed';
      const isByTime = before === known || BY_TIME.has(`${known}→${before}`);
      const isByQuestion = after === before || BY_QUESTION[ask].has(`${before}→${after}`);
      last.set(of, after);
      const isAdmittedOpen =
        ask === 'admit' &&
        (step.verdict === 'admitted' || step.verdict === 'waiting') &&
        after === 'open';
      if (isByTime && isByQuestion && !isAdmittedOpen) return;
      const way = isAdmittedOpen ? 'let a call through' : `went ${known}→${before}→${after}`;
      broken(`the breaker of ${of.edge} ${way} on "${ask}"`, { edge: of.edge, known, ...step });
    });
    return undefined;
  },
);

/** Windows of breakers. */
export const BREAKERS_FOLLOW_THEIR_WINDOW: Invariant = watching(
  'breakers-follow-their-window',
  'a breaker is open when the results within its window say so, counted anew, and only then',
  ({ tower, checked, broken }) => {
    const references = new Map<WatchedGuard, BreakerReference>();
    tower.guards.steps.on((step) => {
      const { of, nowUs, after } = step;
      const { breaker } = of.policies;
      if (breaker === undefined) return;
      const reference = references.get(of) ?? breakerReference(breaker);
      references.set(of, reference);
      checked();
      const expected = stepped(reference, step);
      const status = reference.status(nowUs);
      if (expected === undefined && status === after) return;
      const message =
        expected ?? `the breaker of ${of.edge} is ${after}; by its window it is ${status}`;
      broken(message, { edge: of.edge, nowUs, ask: step.ask, breaker, found: after, status });
    });
    return undefined;
  },
);

/** Takes the reference along. @returns what is wrong with what the guard said. */
function stepped(reference: BreakerReference, step: GuardStep): string | undefined {
  const { of, nowUs } = step;
  if (step.ask === 'admit') {
    const isRefused = step.verdict === 'breaker-open';
    const isExpected = reference.refuses(nowUs);
    if (step.verdict === 'admitted' || step.verdict === 'waiting') reference.admitted(nowUs);
    if (isRefused === isExpected) return undefined;
    return `the breaker of ${of.edge} ${isRefused ? 'turned away' : 'let through'} a call wrongly`;
  }
  if (step.ask === 'finished') {
    const { failure, durationUs } = step.end;
    reference.ended({ ok: failure === undefined || failure === 'invalid', durationUs }, nowUs);
  } else if (step.ask === 'cancelled') {
    reference.cancelled(nowUs);
  } else if (step.ask === 'left-line') {
    for (const _ of step.roles) reference.cancelled(nowUs);
  }
  return undefined;
}
