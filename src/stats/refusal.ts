/** Refusals: where data cannot bear a figure, the answer is null and says why, in data. It is no
 * error: more replications, or a longer run, may bear it. Spec: N1. */

/** What is missing. */
export type RefusalCode =
  | 'too-few-values'
  | 'too-few-replications'
  | 'run-too-short'
  | 'correlated'
  | 'no-spread'
  | 'mean-is-zero'
  | 'collinear'
  | 'aliased'
  | 'no-rows'
  | 'one-class'
  | 'separated';

/** Why there is no figure. */
export interface Refusal {
  readonly code: RefusalCode;
  /** One sentence: what was found and what it would take. */
  readonly text: string;
}

/** A refusal. */
export function refusal(code: RefusalCode, text: string): Refusal {
  return { code, text };
}
