/** The last n results of calls, as bits: which failed, which were slow. Adding forgets the oldest
 * once n are there. Plain data; cost of an addition O(n ÷ 32). */

/** The window's state. Bit i of a word w stands for place 32·w + i. */
export interface OutcomeWindow {
  /** Place that the next result takes. */
  readonly next: number;
  readonly total: number;
  readonly failed: number;
  readonly slow: number;
  readonly failedBits: readonly number[];
  readonly slowBits: readonly number[];
}

/** No result yet. */
export const EMPTY_OUTCOMES: OutcomeWindow = {
  next: 0,
  total: 0,
  failed: 0,
  slow: 0,
  failedBits: [],
  slowBits: [],
};

/** The window of `size` results after one more. */
export function addOutcome(
  window: OutcomeWindow,
  size: number,
  result: { readonly failed: boolean; readonly slow: boolean },
): OutcomeWindow {
  const { next } = window;
  return {
    next: (next + 1) % size,
    total: Math.min(size, window.total + 1),
    failed: window.failed + change(window.failedBits, next, result.failed),
    slow: window.slow + change(window.slowBits, next, result.slow),
    failedBits: withBit(window.failedBits, next, result.failed),
    slowBits: withBit(window.slowBits, next, result.slow),
  };
}

function bitAt(bits: readonly number[], place: number): boolean {
  return (((bits[place >>> 5] ?? 0) >>> (place & 31)) & 1) === 1;
}

function change(bits: readonly number[], place: number, bit: boolean): number {
  return (bit ? 1 : 0) - (bitAt(bits, place) ? 1 : 0);
}

/** The same array where the bit stays as it is. */
function withBit(bits: readonly number[], place: number, bit: boolean): readonly number[] {
  if (bitAt(bits, place) === bit) return bits;
  const word = place >>> 5;
  const changed = [...bits];
  while (changed.length <= word) changed.push(0);
  changed[word] = (changed[word] ?? 0) ^ (1 << (place & 31));
  return changed;
}
