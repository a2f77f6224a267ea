/** Counts, extremes and exact sets of values. NULL never arrives here: `aggregatorOf` skips it. */
import type { PlainValue } from '../../domain/plain-value.ts';
import { compareValues } from '../plan/compare.ts';
import type { Scalar } from '../plan/expression.ts';
import type { Aggregator } from './aggregate-spec.ts';

/** Counts values. */
export function createCount(): Aggregator<Scalar, number, number> {
  return {
    create: () => 0,
    add: (acc) => acc + 1,
    merge: (into, from) => into + from,
    result: (acc) => acc,
    save: (acc) => acc,
    load: (saved) => Number(saved),
  };
}

/** Keeps the least or the greatest value; NULL where there was none. Texts by code point. */
export function createExtreme(which: 'min' | 'max'): Aggregator<Scalar, Scalar, Scalar> {
  const sign = which === 'min' ? 1 : -1;
  const better = (one: Scalar, other: Scalar) => {
    if (one === null) return other;
    return other === null || sign * compareValues(one, other) <= 0 ? one : other;
  };
  return {
    create: () => null,
    add: better,
    merge: better,
    result: (acc) => acc,
    save: (acc) => acc,
    load: (saved) => saved as Scalar,
  };
}

/** Keeps every distinct value: exact, and as large as they are many. */
export function createCountDistinct(): Aggregator<Scalar, Set<Scalar>, number> {
  return {
    create: () => new Set(),
    add: (acc, value) => acc.add(value),
    merge(into, from) {
      for (const value of from) into.add(value);
      return into;
    },
    result: (acc) => acc.size,
    save: (acc) => [...acc].sort(compareValues),
    load: (saved) => new Set(saved as readonly (PlainValue & Scalar)[]),
  };
}
