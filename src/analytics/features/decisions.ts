/** When something is to be foretold, and what of. */
export interface Decisions {
  /** Ascending, µs since the epoch. */
  readonly timeUs: Float64Array;
  /** −1 where unknown. */
  readonly user: Int32Array;
  /** The title in question, where there is one. */
  readonly title?: Int32Array;
  /** Where it is not told, a viewer is taken to have the device of the last play. */
  readonly device?: Int32Array;
  readonly slot?: Float64Array;
  readonly policy?: Int32Array;
}
