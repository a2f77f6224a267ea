/** Plain data with less in it. */

/** The value with one member of an object left out, at any depth, outermost first: defaults hold
 * instead. Lists keep their elements. */
export function* omissions(value: unknown): Iterable<unknown> {
  if (typeof value !== 'object' || value === null) return;
  if (Array.isArray(value)) {
    for (const [at, one] of value.entries()) {
      for (const found of omissions(one)) yield value.with(at, found);
    }
    return;
  }
  const object = value as Readonly<Record<string, unknown>>;
  for (const name of Object.keys(object)) {
    const { [name]: _, ...rest } = object;
    yield rest;
  }
  for (const [name, member] of Object.entries(object)) {
    for (const found of omissions(member)) yield { ...object, [name]: found };
  }
}
