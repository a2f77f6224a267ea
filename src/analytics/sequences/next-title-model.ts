/** A model of what is played next. Training is a function of (interactions, settings): bit for
 * bit. */

/** Scores all titles by how likely each is to be played next. */
export interface NextTitleModel {
  readonly name: string;
  /** Two models of equal weights score alike, to the bit. */
  readonly weights: readonly (Float64Array | Int32Array)[];
  /** Writes a score for each title. Never NaN.
   * @param session - Titles of the session so far, oldest first; may be empty.
   * @param into - As long as there are titles. */
  scoreNext(session: Int32Array, into: Float64Array): void;
}
