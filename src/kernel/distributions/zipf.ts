/** Zipf's law over n ranks: popularity of titles. */
import { EngineError } from '../errors.ts';

/** Draws ranks 1 … n with probability ∝ rank^−exponent. */
export interface Zipf {
  /** The rank for a uniform u in (0, 1). Cost O(log n). */
  rank(u: number): number;
  /** The probability of a rank. */
  probability(rank: number): number;
}

/** Makes the law by its table: 8 bytes a rank.
 * @throws EngineError `CHANCE_BAD_PARAMETER` for n < 1 or a negative exponent. */
export function createZipf(options: { readonly n: number; readonly exponent: number }): Zipf {
  const { n, exponent } = options;
  check('n', n, Number.isInteger(n) && n >= 1);
  check('exponent', exponent, exponent >= 0);
  const cumulative = new Float64Array(n);
  let total = 0;
  for (let rank = 1; rank <= n; rank += 1) {
    total += rank ** -exponent;
    cumulative[rank - 1] = total;
  }
  return {
    rank(u) {
      const wanted = u * total;
      let low = 0;
      let high = n - 1;
      while (low < high) {
        const middle = (low + high) >>> 1;
        if ((cumulative[middle] ?? total) <= wanted) low = middle + 1;
        else high = middle;
      }
      return low + 1;
    },
    probability: (rank) => rank ** -exponent / total,
  };
}

function check(parameter: string, found: number, isValid: boolean): void {
  if (isValid && Number.isFinite(found)) return;
  throw new EngineError(
    'CHANCE_BAD_PARAMETER',
    `Zipf law: ${parameter} is ${found}; give n ≥ 1 ranks and an exponent ≥ 0`,
    { parameter, found },
  );
}
