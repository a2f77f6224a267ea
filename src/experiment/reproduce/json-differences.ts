/** Where two JSON values differ, by path. */

/** One place. A value that is not there is undefined. */
export interface JsonDifference {
  /** Dotted, like `architectures.0.digest`; empty for the values themselves. */
  readonly path: string;
  readonly a: unknown;
  readonly b: unknown;
}

/** All places in which two JSON values differ, in the order of `a`'s fields and then `b`'s.
 * @param ignored - Paths that are not looked at. Cost O(size). */
export function jsonDifferences(
  a: unknown,
  b: unknown,
  ignored: readonly string[] = [],
): readonly JsonDifference[] {
  const found: JsonDifference[] = [];
  compareAt('', { a, b }, { ignored: new Set(ignored), found });
  return found;
}

function compareAt(
  path: string,
  { a, b }: { readonly a: unknown; readonly b: unknown },
  into: { readonly ignored: ReadonlySet<string>; readonly found: JsonDifference[] },
): void {
  if (into.ignored.has(path) || Object.is(a, b)) return;
  if (!isComposite(a) || !isComposite(b) || Array.isArray(a) !== Array.isArray(b)) {
    into.found.push({ path, a, b });
    return;
  }
  for (const key of new Set([...Object.keys(a), ...Object.keys(b)])) {
    const inner = path === '' ? key : `${path}.${key}`;
    compareAt(inner, { a: fieldOf(a, key), b: fieldOf(b, key) }, into);
  }
}

function fieldOf(value: object, key: string): unknown {
  return Object.hasOwn(value, key) ? (value as Record<string, unknown>)[key] : undefined;
}

function isComposite(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}
