/** The second pass of shrinking, after fast-check's own: tries what is smaller until nothing
 * smaller fails any more, or the budget is used up. Deterministic; what was tried is not tried
 * again. */

/** What came of shrinking. */
export interface Shrunk<Value> {
  readonly value: Value;
  /** Candidates that were run. */
  readonly tries: number;
  /** Whether nothing smaller fails: false where the budget ended first. */
  readonly isMinimal: boolean;
}

/** How a value gets smaller. */
export interface Shrinking<Value> {
  /** Smaller values, boldest first. Each must be smaller by some measure that never grows. */
  readonly smaller: (value: Value) => Iterable<Value>;
  /** Whether a value still fails in the same way. */
  readonly stillFails: (value: Value) => boolean | Promise<boolean>;
  /** Candidates that may be run. */
  readonly budget: number;
}

/** Shrinks a value that fails. @returns a value that fails, too. */
export async function shrinkGreedily<Value>(
  start: Value,
  { smaller, stillFails, budget }: Shrinking<Value>,
): Promise<Shrunk<Value>> {
  const tried = new Set([JSON.stringify(start)]);
  let value = start;
  let tries = 0;
  const next = async (): Promise<Value | 'none' | 'budget'> => {
    for (const candidate of smaller(value)) {
      const text = JSON.stringify(candidate);
      if (tried.has(text)) continue;
      if (tries >= budget) return 'budget';
      tried.add(text);
      tries += 1;
      if (await stillFails(candidate)) return candidate;
    }
    return 'none';
  };
  for (;;) {
    const found = await next();
    if (found === 'none' || found === 'budget')
      return { value, tries, isMinimal: found === 'none' };
    value = found;
  }
}

/** Lists with some elements left out: halves, quarters, … single ones (Zeller and Hildebrandt,
 * "Simplifying and isolating failure-inducing input", 2002: complements of ddmin). */
export function* shorter<T>(list: readonly T[]): Iterable<readonly T[]> {
  for (let size = list.length; size >= 1; size = size === 1 ? 0 : Math.ceil(size / 2)) {
    for (let from = 0; from < list.length; from += size) {
      yield [...list.slice(0, from), ...list.slice(from + size)];
    }
  }
}

/** Lists without two of their elements: what balances each other goes only together. Nothing for
 * lists that are too long for all pairs. */
export function* withoutPairs<T>(list: readonly T[]): Iterable<readonly T[]> {
  if (list.length > PAIRS_OF_MAX) return;
  for (let one = 0; one < list.length; one += 1) {
    for (let other = one + 1; other < list.length; other += 1) {
      yield list.filter((_, at) => at !== one && at !== other);
    }
  }
}

const PAIRS_OF_MAX = 16;

/** Numbers between a plain one and what stands there: the plain one first, then halfway, …
 * @param options - `plain`: default 0; at most `value`. `step`: they differ from it by whole
 * multiples of this; default 1. */
export function* nearer(
  value: number,
  { plain = 0, step = 1 }: { readonly plain?: number; readonly step?: number } = {},
): Iterable<number> {
  const whole = Math.floor((value - plain) / step);
  if (value > plain && whole * step !== value - plain) yield plain;
  for (let gap = whole; gap >= 1; gap = Math.floor(gap / 2)) yield value - gap * step;
}

/** One member of a list replaced by what is smaller. */
export function* eachSmaller<T>(
  list: readonly T[],
  smaller: (one: T) => Iterable<T>,
): Iterable<readonly T[]> {
  for (const [at, one] of list.entries()) {
    for (const found of smaller(one)) yield list.with(at, found);
  }
}
