/** Von Neumann's test: do neighbours in a list resemble each other more than chance explains? */
import { normalProbability } from '../normal.ts';

/** What the test finds. */
export interface LagOneTest {
  /** Lag-1 autocorrelation; null where the values do not vary or are fewer than 3. */
  readonly correlation: number | null;
  /** P(neighbours at least as alike | independence), one-sided: small means correlated; null as
   * above. */
  readonly pValue: number | null;
}

/** C = 1 − Σ (Y_{i+1} − Y_i)² ÷ 2 Σ (Y_i − Ȳ)², which has mean 0 and variance (k − 2) ÷ (k² − 1)
 * for independent values and is close to normal from k = 20 on.
 * Cost O(k). Source: von Neumann 1941; Fishman, "Grouping observations in digital simulation",
 * Management Science 24, 1978. Spec: N14. */
export function lagOneTest(values: readonly number[]): LagOneTest {
  const k = values.length;
  const mean = values.reduce((sum, value) => sum + value, 0) / k;
  let squares = 0;
  let steps = 0;
  let products = 0;
  values.forEach((value, i) => {
    squares += (value - mean) ** 2;
    if (i === 0) return;
    const before = values[i - 1] ?? 0;
    steps += (value - before) ** 2;
    products += (value - mean) * (before - mean);
  });
  if (k < 3 || squares === 0) return { correlation: null, pValue: null };
  const statistic = 1 - steps / (2 * squares);
  const z = statistic * Math.sqrt((k * k - 1) / (k - 2));
  return { correlation: products / squares, pValue: normalProbability(-z) };
}
