/** What a collector lets into the log: plain data of bounded size and depth, without keys that
 * could reach a prototype, with an id to answer by. What the fields mean is checked later, by
 * `validate`. Spec: S23. */

/** Limits of one event. */
export interface EventLimits {
  /** Bytes of its JSON text in UTF-8. */
  readonly eventBytesMax: number;
  /** Objects and arrays inside each other, the event itself being the first. */
  readonly depthMax: number;
}

/** Longest id that can be answered by; what validation lets through. */
const ID_LENGTH_MAX = 2_048;
/** Keys that give code which merges objects carelessly a way to the prototype of all of them. */
const FORBIDDEN_KEYS: ReadonlySet<string> = new Set(['__proto__', 'constructor', 'prototype']);
/** What counts as one unit takes at most so many bytes in JSON: the longest number. A UTF-16 unit
 * of text takes 6, as in `\u0000`. */
const BYTES_PER_UNIT_MAX = 25;
const BRACES = 2;
/** Of a field: quotation marks, colon, comma. */
const FRAME_UNITS = 4;

/** Checks one event as received. @returns the reason against it, in words that hold nothing of it;
 * undefined where there is none. Cost O(event), at most O(limit) for one that is too large. */
export function reasonAgainst(event: unknown, limits: EventLimits): string | undefined {
  if (typeof event !== 'object' || event === null || Array.isArray(event)) {
    return 'event is no object';
  }
  // The form in which the collector itself keeps what it refused, with a reason that is counted.
  if (Object.hasOwn(event, 'unparsed')) return 'event is in the form of a refusal';
  const walk = { units: 0, unitsMax: limits.eventBytesMax, depthMax: limits.depthMax };
  const reason = reasonAgainstValue(event, walk, 1);
  if (reason !== undefined) return reason;
  if (isTooLarge(event, walk.units, limits.eventBytesMax)) return 'event too large';
  const { id } = event as { readonly id?: unknown };
  return typeof id === 'string' && id !== '' && id.length <= ID_LENGTH_MAX
    ? undefined
    : 'event without an id';
}

/** The id of an event as far as it has one to answer by. */
export function idOf(event: unknown): string | null {
  if (typeof event !== 'object' || event === null || !Object.hasOwn(event, 'id')) return null;
  const { id } = event as { readonly id?: unknown };
  return typeof id === 'string' && id.length <= ID_LENGTH_MAX ? id : null;
}

/** Whether an object has a key of its own that must not be merged. */
export function hasForbiddenKey(value: object): boolean {
  for (const key of FORBIDDEN_KEYS) if (Object.hasOwn(value, key)) return true;
  return false;
}

interface Walk {
  /** UTF-16 units of the JSON text so far: never more than it has, numbers and frames apart. */
  units: number;
  readonly unitsMax: number;
  readonly depthMax: number;
}

function reasonAgainstValue(value: unknown, walk: Walk, depth: number): string | undefined {
  switch (typeof value) {
    case 'string':
      walk.units += value.length;
      return walk.units > walk.unitsMax ? 'event too large' : undefined;
    case 'number':
      walk.units += 1;
      return Number.isFinite(value) ? undefined : 'not plain data';
    case 'boolean':
    case 'undefined':
      return undefined;
    case 'object':
      return value === null ? undefined : reasonAgainstObject(value, walk, depth);
    default:
      return 'not plain data';
  }
}

function reasonAgainstObject(value: object, walk: Walk, depth: number): string | undefined {
  if (depth > walk.depthMax) return 'nested too deeply';
  if (Array.isArray(value)) return reasonAgainstArray(value, walk, depth);
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype !== Object.prototype && prototype !== null) return 'not plain data';
  for (const key in value) {
    if (FORBIDDEN_KEYS.has(key)) return 'forbidden key';
    const one = (value as Readonly<Record<string, unknown>>)[key];
    if (one === undefined) continue;
    walk.units += key.length + FRAME_UNITS;
    const reason = reasonAgainstValue(one, walk, depth + 1);
    if (reason !== undefined) return reason;
    if (walk.units > walk.unitsMax) return 'event too large';
  }
  return undefined;
}

function reasonAgainstArray(
  values: readonly unknown[],
  walk: Walk,
  depth: number,
): string | undefined {
  for (const one of values) {
    walk.units += 1;
    const reason = reasonAgainstValue(one, walk, depth + 1);
    if (reason !== undefined) return reason;
    if (walk.units > walk.unitsMax) return 'event too large';
  }
  return undefined;
}

/** The exact size is asked for only where the units leave it open. */
function isTooLarge(event: object, units: number, eventBytesMax: number): boolean {
  if (units * BYTES_PER_UNIT_MAX + BRACES <= eventBytesMax) return false;
  return Buffer.byteLength(JSON.stringify(event)) > eventBytesMax;
}
