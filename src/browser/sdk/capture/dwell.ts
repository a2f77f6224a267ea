/** Stays that last: over things with the pointer, or of things in sight. Keys name what was stayed
 * at. Pure: the caller has the clock. Spec: B22, B24. */

/** A stay that was long enough. */
export interface Stay<Thing> {
  readonly thing: Thing;
  readonly startedMs: number;
  readonly lengthMs: number;
}

/** Follows the pointer, which is over one thing at a time. */
export interface HoverWatch<Thing> {
  /** The pointer is over a thing now, or over nothing. @returns the stay that this ended. */
  moved(thing: Thing | undefined, atMs: number): Stay<Thing> | undefined;
}

/** When hovers count. */
export interface HoverPolicy {
  readonly minMs: number;
  /** After a hover of one thing, the next ones of it are not told for so long. */
  readonly restMs: number;
}

/** Half a second over a thing, told at most once in five. */
export const DEFAULT_HOVER_POLICY: HoverPolicy = { minMs: 500, restMs: 5_000 };

/** Begins to follow. @param keyOf - The same for what is the same to people. */
export function createHoverWatch<Thing>(
  keyOf: (thing: Thing) => string,
  policy = DEFAULT_HOVER_POLICY,
): HoverWatch<Thing> {
  let over: { readonly thing: Thing; readonly key: string; readonly sinceMs: number } | undefined;
  let told = new Map<string, number>();
  return {
    moved(thing, atMs) {
      const key = thing === undefined ? undefined : keyOf(thing);
      if (over?.key === key) return undefined;
      const before = over;
      over = thing === undefined || key === undefined ? undefined : { thing, key, sinceMs: atMs };
      if (before === undefined) return undefined;
      const lengthMs = atMs - before.sinceMs;
      const lastMs = told.get(before.key) ?? Number.NEGATIVE_INFINITY;
      if (lengthMs < policy.minMs || atMs - lastMs < policy.restMs) return undefined;
      told = new Map([...told].filter(([, ms]) => atMs - ms < policy.restMs));
      told.set(before.key, atMs);
      return { thing: before.thing, startedMs: before.sinceMs, lengthMs };
    },
  };
}

/** Follows what is in sight. */
export interface SightWatch<Thing> {
  /** Half of a thing is in sight, or no longer. */
  changed(thing: Thing, isInSight: boolean, atMs: number): void;
  /** Nothing is in sight: the page is hidden, or another one. */
  blinded(): void;
  /** @returns things that have been in sight for long enough, each once. */
  passed(atMs: number): readonly Thing[];
  /** When to ask {@link passed}; undefined: not before something comes into sight. */
  dueAtMs(): number | undefined;
}

/** Begins to follow. @param keyOf - Things of one key are told once. */
export function createSightWatch<Thing>(
  keyOf: (thing: Thing) => string,
  minMs: number,
): SightWatch<Thing> {
  const since = new Map<string, { readonly thing: Thing; readonly atMs: number }>();
  const told = new Set<string>();
  return {
    changed(thing, isInSight, atMs) {
      const key = keyOf(thing);
      if (!isInSight) since.delete(key);
      else if (!told.has(key) && !since.has(key)) since.set(key, { thing, atMs });
    },
    blinded: () => since.clear(),
    passed(atMs) {
      const seen: Thing[] = [];
      for (const [key, one] of since) {
        if (atMs - one.atMs < minMs) continue;
        since.delete(key);
        told.add(key);
        seen.push(one.thing);
      }
      return seen;
    },
    dueAtMs() {
      let first: number | undefined;
      for (const { atMs } of since.values()) first = Math.min(first ?? atMs, atMs);
      return first === undefined ? undefined : first + minMs;
    },
  };
}
