/** Retries, hedges and bulkheads keep their bounds: what is under way at a caller is counted one by
 * one, and every extra try is held against what its policies allow. Spec: T32–T34. */
import type { Invariant } from '../invariant.ts';
import type { GuardStep, WatchedGuard } from '../notes/guard-notes.ts';
import { type BudgetReference, budgetReference } from '../references/budget-reference.ts';
import { watching } from '../watching.ts';

/** What one caller has under way, and has been granted. */
class Tally {
  active = 0;
  activeExtra = 0;
  /** Calls let out, and hedges granted. */
  calls = 0;
  hedges = 0;
  readonly budget: BudgetReference | undefined;

  constructor({ policies }: WatchedGuard) {
    this.budget = policies.budget && budgetReference(policies.budget);
  }

  take(step: GuardStep): void {
    if (step.ask === 'admit') {
      const isOut = step.verdict === 'admitted' || step.verdict === 'waiting';
      if (isOut) this.active += 1;
      else if (step.role !== 'first') this.activeExtra -= 1;
      if (isOut && step.role === 'first') this.calls += 1;
    } else if (step.ask === 'finished') {
      this.#left(step.end.role);
    } else if (step.ask === 'cancelled') {
      this.#left(step.role);
    } else if (step.ask === 'left-line') {
      for (const role of step.roles) this.#left(role);
    } else if (step.ask === 'given-back') {
      this.activeExtra -= 1;
    } else if (step.granted) {
      this.activeExtra += 1;
      if (step.ask === 'hedge') this.hedges += 1;
    }
  }

  #left(role: 'first' | 'retry' | 'hedge'): void {
    this.active -= 1;
    if (role !== 'first') this.activeExtra -= 1;
  }
}

/** Keeps a tally of every guard. @returns that of a step's guard, as it was before the step. */
function tallies(): (of: WatchedGuard) => Tally {
  const all = new Map<WatchedGuard, Tally>();
  return (of) => {
    const known = all.get(of) ?? new Tally(of);
    all.set(of, known);
    return known;
  };
}

/** Guards know what is under way. */
export const CALLERS_COUNT_THEIR_TRIES: Invariant = watching(
  'callers-count-their-tries',
  'what a caller takes for under way is what it let out and has not seen end; never less than none',
  ({ tower, checked, broken }) => {
    const tallyOf = tallies();
    tower.guards.steps.on((step) => {
      const { of } = step;
      const tally = tallyOf(of);
      tally.take(step);
      checked();
      const { active, activeExtra } = of.guard.save();
      const isRight = active === tally.active && activeExtra === tally.activeExtra;
      if (isRight && active >= 0 && activeExtra >= 0) return;
      const counted = { active: tally.active, activeExtra: tally.activeExtra };
      const details = { edge: of.edge, ask: step.ask, active, activeExtra, counted };
      broken(`a caller over ${of.edge} has lost count of its tries`, details);
    });
    return undefined;
  },
);

/** Retries within their number and their budget. */
export const RETRIES_KEEP_THEIR_BUDGET: Invariant = watching(
  'retries-keep-their-budget',
  'a call has no more tries than its policy allows, and tries ≤ calls · (1 + ratio) + reserve',
  ({ tower, checked, broken }) => {
    const tallyOf = tallies();
    tower.guards.steps.on((step) => {
      const { of, nowUs } = step;
      const tally = tallyOf(of);
      const { retry } = of.policies;
      if (step.ask === 'admit' && step.role === 'first') tally.budget?.called(nowUs);
      if (step.ask === 'finished') {
        const { failure, role, retryOf } = step.end;
        const isTold = failure === undefined || retry.retryOn.includes(failure);
        if (isTold) tally.budget?.ended({ ok: failure === undefined, role, retryOf });
      }
      if ((step.ask === 'retry' || step.ask === 'hedge') && step.granted) {
        checked();
        const wrong = wrongGrant(step, tally);
        if (wrong !== undefined)
          broken(`over ${of.edge} ${wrong}`, { nowUs, policies: of.policies });
      }
      tally.take(step);
    });
    return undefined;
  },
);

function wrongGrant(
  step: Extract<GuardStep, { readonly granted: boolean }>,
  tally: Tally,
): string | undefined {
  const { of, nowUs } = step;
  const { maxAttempts } = of.policies.retry;
  const after = step.ask === 'retry' ? step.failed.failure : undefined;
  if (tally.budget?.granted(nowUs, after, tally) === false) {
    return 'an extra try is beyond its budget';
  }
  if (step.ask === 'retry' && step.failed.attempts >= maxAttempts) {
    return `a call is tried more than ${maxAttempts} times`;
  }
  return undefined;
}

/** Hedges within their cap. */
export const HEDGES_KEEP_THEIR_CAP: Invariant = watching(
  'hedges-keep-their-cap',
  'hedges ≤ cap · calls, ever, and a call has no more hedges than its policy allows',
  ({ tower, checked, broken }) => {
    const tallyOf = tallies();
    tower.guards.steps.on((step) => {
      const { of } = step;
      const { hedge } = of.policies;
      if (hedge === undefined) return;
      const tally = tallyOf(of);
      tally.take(step);
      if (step.ask !== 'hedge' || !step.granted) return;
      checked();
      const { hedges, calls } = tally;
      const most = Math.floor(1_000 * hedge.capRatio + 1e-9) / 1_000;
      if (hedges <= most * calls + 1e-9 && step.sent < hedge.maxHedges) return;
      const details = { edge: of.edge, hedges, calls, sent: step.sent, hedge };
      broken(`a hedge over ${of.edge} is beyond its cap`, details);
    });
    return undefined;
  },
);

/** Bulkheads within their bounds. */
export const BULKHEADS_KEEP_THEIR_BOUND: Invariant = watching(
  'bulkheads-keep-their-bound',
  'no more tries than a bulkhead holds are under way, no more than its line holds wait',
  ({ tower, checked, broken }) => {
    const tallyOf = tallies();
    tower.guards.steps.on((step) => {
      const { of } = step;
      const { bulkhead } = of.policies;
      if (bulkhead === undefined) return;
      const tally = tallyOf(of);
      tally.take(step);
      checked();
      const state = of.guard.save().bulkhead;
      const active = state?.active ?? 0;
      const waiting = state?.waiting.length ?? 0;
      const isWithin = active <= bulkhead.maxConcurrent && waiting <= bulkhead.maxWaiting;
      if (isWithin && active >= 0 && active + waiting === tally.active) return;
      const details = { edge: of.edge, active, waiting, underWay: tally.active, bulkhead };
      broken(`the bulkhead of ${of.edge} is beyond its bound, or has lost a place`, details);
    });
    return undefined;
  },
);
