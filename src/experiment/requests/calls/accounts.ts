/** What an edge keeps account of: every try and what became of it, so that
 * attempts = answered + failed + timed out + hung up + open, whatever happens. Spec: E12. */
import type { CallOutcome } from '../../../gateway/page-trace.ts';
import type { CallFailure } from '../../../queueing/calls/call-failure.ts';

/** Counts of one edge. */
export interface EdgeAccount {
  /** Like `router→movie`. */
  readonly name: string;
  /** Logical calls begun, settled by outcome, and given up by their owner. */
  calls: number;
  readonly settled: Record<CallOutcome, number>;
  abandoned: number;
  /** Tries, retries and hedges among them. */
  attempts: number;
  retries: number;
  hedges: number;
  /** Tries answered in time; failed with an answer; timed out; hung up for another reason. */
  answers: number;
  errors: number;
  timeouts: number;
  hangUps: number;
  /** Tries (and calls that never left) by why they failed. */
  readonly failures: Record<string, number>;
  /** Answers that nobody waited for any more. */
  lateAnswers: number;
  /** Questions that the network delivered twice: no tries, but offered to the server like them, and
   * answered in vain. */
  copies: number;
  /** Worker time behind answers that were wanted, and behind those that were not. */
  usefulWorkUs: number;
  wastedWorkUs: number;
  /** Worker time of other servers behind pages that nobody waited for. It is useful in the accounts
   * of the calls that it was done for. */
  undoneWorkUs: number;
}

/** An empty account. */
export function createEdgeAccount(name: string): EdgeAccount {
  return {
    name,
    calls: 0,
    settled: { answered: 0, failed: 0, stale: 0, default: 0 },
    abandoned: 0,
    attempts: 0,
    retries: 0,
    hedges: 0,
    answers: 0,
    errors: 0,
    timeouts: 0,
    hangUps: 0,
    failures: {},
    lateAnswers: 0,
    copies: 0,
    usefulWorkUs: 0,
    wastedWorkUs: 0,
    undoneWorkUs: 0,
  };
}

/** Notes why a try failed, or why a call never left. */
export function noteFailure(account: EdgeAccount, failure: CallFailure): void {
  account.failures[failure] = (account.failures[failure] ?? 0) + 1;
}
