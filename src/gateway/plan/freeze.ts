/** Makes plain data immutable to the bottom. */

/** Freezes objects and arrays in place, all the way down. Cost O(size); frozen parts are skipped.
 * @returns its argument. */
export function deepFreeze<T>(value: T): T {
  if (typeof value !== 'object' || value === null || Object.isFrozen(value)) return value;
  for (const part of Object.values(value)) deepFreeze(part);
  return Object.freeze(value);
}
