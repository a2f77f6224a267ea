/** Words of drawings. The first of a list is what shrinking goes to: the plainest. */
import fc from 'fast-check';

/** One of these; shrinks to the first. */
export function oneOf<const T>(plain: T, ...others: readonly T[]): fc.Arbitrary<T> {
  return fc.constantFrom(plain, ...others);
}

/** Left out, mostly; shrinks to that. @param share - How often it is there. */
export function seldom<T>(arbitrary: fc.Arbitrary<T>, share = 0.25): fc.Arbitrary<T | undefined> {
  return fc.oneof(
    { withCrossShrink: true },
    { weight: Math.round((1 - share) * 100), arbitrary: fc.constant(undefined) },
    { weight: Math.round(share * 100), arbitrary },
  );
}

/** An object of drawn members, those that are undefined left out. */
export function partly<T extends object>(
  model: {
    readonly [K in keyof T]: fc.Arbitrary<T[K] | undefined>;
  },
): fc.Arbitrary<T> {
  return (fc.record(model as never) as fc.Arbitrary<object>).map((drawn) => present<T>(drawn));
}

/** An object without the members that are undefined. */
export function present<T extends object>(members: object): T {
  return Object.fromEntries(
    Object.entries(members).filter(([, value]) => value !== undefined),
  ) as T;
}

/** 0 … 1,000, evenly. */
export function permille(): fc.Arbitrary<number> {
  return fc.integer({ min: 0, max: 1_000 });
}

/** 0, the plain value, with this share; else evenly up to `max`. */
export function oftenZero(share: number, max = 1_000): fc.Arbitrary<number> {
  return fc.oneof(
    { withCrossShrink: true },
    { weight: Math.round(share * 100), arbitrary: fc.constant(0) },
    { weight: Math.round((1 - share) * 100), arbitrary: fc.integer({ min: 0, max }) },
  );
}

/** A seed; shrinks to 0. */
export function anySeed(): fc.Arbitrary<number> {
  return fc.integer({ min: 0, max: 0xffff_ffff });
}
