/** What every check of the toolkit can be told. */
import { hashText } from '../../kernel/hash.ts';

/** Options of a check. Everything is deterministic given the seed. */
export interface CheckOptions {
  /** Names the check in stories, tokens and the corpus; default: the plan's, machine's or
   * scenario's name. */
  readonly name?: string;
  /** Inputs that are drawn. Default 100. */
  readonly runs?: number;
  /** Default: the environment's `BACKLOT_SEED` (a number, or any text, like a commit hash), else
   * one that follows from the check's name: the same in every run of the suite. */
  readonly seed?: number;
  /** Directory of counterexamples that run first; new ones are added. Default: none. */
  readonly corpus?: string;
  /** Runs that making a counterexample smaller may take: twice, for fast-check's pass and for the
   * one after it. */
  readonly shrinkRuns?: number;
  /** Runs this counterexample only. */
  readonly replay?: string;
}

/** What a check did that found nothing. */
export interface CheckReport {
  readonly name: string;
  readonly seed: number;
  /** Inputs drawn and judged. */
  readonly runs: number;
  /** Counterexamples of the corpus that were run, and passed. */
  readonly corpus: readonly string[];
}

/** Inputs of a check, unless told otherwise. */
export const DEFAULT_RUNS = 100;

/** The seed of a check. */
export function seedOf({ seed }: CheckOptions, name: string): number {
  if (seed !== undefined) return seed | 0;
  const given = process.env['BACKLOT_SEED'];
  if (given === undefined || given === '') return hashText(name, 0);
  const number = Number(given);
  return Number.isSafeInteger(number) ? number | 0 : hashText(given, 0);
}
