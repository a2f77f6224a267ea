/** A user's function threw, or answered what it should not: the row is bad, not the run. */

/** Carries the reason, which names the function and holds nothing of the row. */
export class RowFailure extends Error {
  constructor(reason: string, cause?: unknown) {
    super(reason, cause === undefined ? {} : { cause });
    this.name = 'RowFailure';
  }
}
