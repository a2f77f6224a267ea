/** The jobs' own times, added up apart from the integrals of a fleet's statistics, so that the one
 * can be held against the other: Little's law and the utilisation law, to the µs. Spec: Q120. */

/** Sums since the fleet was made, up to now. */
export interface FleetBooks {
  /** From being offered to being done, over the jobs that were done: Σ µs. */
  readonly finishedSojournUs: number;
  /** From being offered to leaving, over those dropped after they were let in, or cancelled. */
  readonly undoneSojournUs: number;
  /** From being offered until now, over those inside. */
  readonly insideSojournUs: number;
  /** Jobs inside, counted one by one. */
  readonly inside: number;
  /** Worker µs that jobs had that have left their workers, done or not. */
  readonly givenUs: number;
  /** Worker µs that jobs in service have had so far. */
  readonly givenInsideUs: number;
}
