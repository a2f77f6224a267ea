/** What a saved world holds of its actors: plain data that survives JSON. Spec: A20. */

/** All actors of one system, between two kernel events. */
export interface ActorSystemState {
  readonly runningCount: number;
  readonly deadLetterCount: number;
  readonly processedCount: number;
  /** By place: how often its storage was used before. */
  readonly generations: readonly number[];
  /** Places that are free; the last is taken next. */
  readonly freePlaces: readonly number[];
  /** By place, those that are in use. */
  readonly actors: readonly ActorState[];
  /** Delayed messages; the kernel's state holds when they are due. */
  readonly timers: readonly TimerEntry[];
  /** Actors known by a system-wide id: number of the root, id, place of the actor. */
  readonly systemIds: readonly (readonly [root: number, id: string, place: number])[];
}

/** One actor. References within values are tagged, as `plain-value.ts` says. */
export interface ActorState {
  readonly place: number;
  readonly name: string;
  /** Id of its machine, or what its parent calls its logic. */
  readonly logic: string;
  /** Bits of its life and its status. */
  readonly flags: number;
  /** Ids of the active states, in the order in which they were entered; empty for functions. */
  readonly states: readonly string[];
  /** What history states remember: id of the history state, ids of the states. */
  readonly history: readonly (readonly [string, readonly string[]])[];
  readonly context: unknown;
  readonly output: unknown;
  readonly error: unknown;
  /** Places of its children, by id. */
  readonly children: readonly (readonly [string, number])[];
  readonly family: FamilyState | undefined;
}

/** Where a child comes from. */
export interface FamilyState {
  /** Numbers of the actors. */
  readonly parent: number;
  readonly root: number;
  readonly id: string;
  readonly systemId?: string | undefined;
  readonly syncSnapshot: boolean;
}

/** A delayed message. */
export interface TimerEntry {
  readonly timer: number;
  readonly key: number;
  readonly actor: number;
  readonly event: unknown;
  readonly id?: string | undefined;
  readonly to?: number | undefined;
  readonly superseded?: { readonly actor: number; readonly root: number } | undefined;
}
