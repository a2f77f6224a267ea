/** How deep values may nest: what reads them recurses, and JSON may be of any depth. */

/** Levels of objects and lists that are taken from outside: variables, answers and their errors.
 * No schema in use comes near; a stack of recursive functions holds some thousands. */
export const MAX_NESTING = 500;

/** Whether objects and lists stand inside each other in more than `limit` levels; `{}` is one.
 * A value that contains itself nests without end. Recurses `limit` levels at most. */
export function nestsDeeperThan(value: unknown, limit: number): boolean {
  if (typeof value !== 'object' || value === null) return false;
  if (limit <= 0) return true;
  if (Array.isArray(value)) return value.some((one) => nestsDeeperThan(one, limit - 1));
  return Object.values(value).some((one) => nestsDeeperThan(one, limit - 1));
}
