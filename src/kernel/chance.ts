/** Named chance: every draw is a pure function of (seed, replication, purpose, entity, index). */

/** Draws for one purpose, like `viewer.think-time`. */
export interface Draws {
  /** A uniform number in the open interval (0, 1), 53 bits, the same for the same arguments.
   * @param entity - Who draws: an integer 0 … 2³²−1. @param index - Their n-th draw: 0 … 2³²−1. */
  uniform(entity: number, index: number): number;
  /** 32 uniform bits of the same key, as an unsigned integer. */
  bits(entity: number, index: number): number;
}

/** The chance of one replication of one seed. */
export interface Chance {
  readonly seed: number;
  readonly replication: number;
  /** The draws of a purpose. Cheap, but meant to be called once and kept. */
  draws(purpose: string): Draws;
}
