/** The port of whoever fills a row of titles: asked by the page, told what came of it. A policy has
 * no chance of its own: its draws are keyed by who asks, when and what for. Spec: D27. */
import type { ViewerId } from '../ids.ts';

/** Who asks for a row, and what it must not have in it. */
export interface RowRequest {
  readonly viewer: ViewerId;
  /** Counts the rows this viewer was shown, from 0: the index of draws. */
  readonly row: number;
  readonly nowUs: number;
  /** How many titles to choose, at least 1. */
  readonly slots: number;
  /** Titles that are out of the question, as those seen already: by place in the catalogue. */
  isExcluded(title: number): boolean;
  /** The k-th uniform number of this row: pure, in (0, 1). */
  uniform(k: number): number;
}

/** A row: titles by place in the catalogue, best slot first, each once; fewer than `slots` only
 * where no more are allowed. */
export interface ChosenRow {
  readonly titles: readonly number[];
  /** Probability that the policy put this title into this slot, given those before it: (0, 1].
   * Their product is the propensity of the row. */
  readonly propensities: readonly number[];
}

/** What came of a row. */
export interface RowOutcome extends ChosenRow {
  readonly viewer: ViewerId;
  readonly atUs: number;
  /** −1: nothing was taken. */
  readonly takenSlot: number;
  /** What the taken title gave, 0–1 (share of it that was watched); 0 where none was taken. */
  readonly reward: number;
}

/** Fills rows. */
export interface RowPolicy {
  /** What is logged beside each title: like `als` or `epsilon-greedy`. */
  readonly id: string;
  choose(request: RowRequest): ChosenRow;
  /** Left out by policies that learn nothing while they serve. In the order of `atUs`. */
  learn?(outcomes: readonly RowOutcome[]): void;
  /** The probability that `choose` would answer so; left out where it cannot be told. */
  probabilityOf?(request: RowRequest, titles: readonly number[]): number;
}
