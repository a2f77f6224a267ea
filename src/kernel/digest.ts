/** The run digest: a rolling hash over (time, actor, event, draw count), kept per actor and per
 * slice of virtual time so that two runs can be bisected to the first difference. */

/** Collects a run's digest. Observers never feed it. */
export interface RunDigest {
  /** Adds one processed event. `actor` is stable text like `viewer/17`. Cost O(1). */
  record(timeUs: number, actor: string, event: string, drawCount: number): void;
  /** 32 hexadecimal digits over all actors (sorted by name) and all slices (ascending). */
  value(): string;
  /** Per slice `[sliceStartUs, hash]`, ascending. */
  slices(): readonly (readonly [number, string])[];
  /** Per actor `[name, hash]`, sorted by name. */
  actors(): readonly (readonly [string, string])[];
}
