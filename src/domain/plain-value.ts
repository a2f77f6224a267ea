/** Plain data: what JSON holds, so that a snapshot can be stored, compared and read by people. */

/** A value that survives `JSON.stringify` and `JSON.parse` unchanged. */
export type PlainValue =
  | null
  | boolean
  | number
  | string
  | readonly PlainValue[]
  | { readonly [name: string]: PlainValue };

/** A part whose whole state can be taken and put back. After `restore(snapshot())` nobody can tell
 * that anything happened: outputs, counts and order are those of a part that ran on. */
export interface Checkpointable {
  /** @returns plain data, independent of what the part does next. ±∞ are written as text. */
  snapshot(): PlainValue;
  /** Replaces all state. @throws EngineError `SNAPSHOT_REFUSED` for what is no snapshot of it. */
  restore(saved: PlainValue): void;
}
