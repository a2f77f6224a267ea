/** Exit codes of every command: published in README, one test each. */

/** Exit codes. */
export const EXIT = {
  ok: 0,
  /** A bug of ours. */
  internal: 1,
  /** Usage, input or output. */
  usage: 2,
  scenario: 3,
  /** An objective is missed. */
  objective: 4,
  /** A ledger does not close, or a law does not hold. */
  invariant: 5,
  /** Two runs that must be equal are not. */
  digest: 6,
  /** A budget was used up first; what there was is kept. */
  budget: 7,
  /** Worse than the baseline. */
  regression: 9,
  /** The data do not decide. */
  inconclusive: 10,
  /** Ended from the keyboard; what there was is kept. */
  interrupted: 130,
} as const;

/** One of them. */
export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

/** Which one a command ends with where several apply: an interruption first, because nothing after
 * it was looked at, then the gravest. */
const PRECEDENCE: readonly ExitCode[] = [
  EXIT.interrupted,
  EXIT.internal,
  EXIT.invariant,
  EXIT.digest,
  EXIT.objective,
  EXIT.regression,
  EXIT.budget,
  EXIT.inconclusive,
];

/** The exit code of a command that found all of these; 0 for none. */
export function decisiveExit(found: readonly ExitCode[]): ExitCode {
  return PRECEDENCE.find((code) => found.includes(code)) ?? EXIT.ok;
}
