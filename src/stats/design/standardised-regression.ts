/** Standardised regression coefficients: how many standard deviations the output moves when an
 * input moves by one of its own, the others held. The bars of a tornado chart. */
import { requireArgument } from '../bad-argument.ts';
import { momentsOf } from '../moments.ts';
import { type Refusal, refusal } from '../refusal.ts';
import { leastSquares } from '../regression/least-squares.ts';
import { intervalFactor } from '../student-t.ts';

/** One input's bar. */
export interface InputInfluence {
  readonly name: string;
  /** Standardised coefficient, near −1 … 1, with its t interval. */
  readonly coefficient: number;
  readonly low: number;
  readonly high: number;
  /** Output per unit of the input, with its t interval. */
  readonly slope: { readonly value: number; readonly low: number; readonly high: number };
  /** slope · (largest − smallest input): the output's swing over the design. */
  readonly swing: number;
}

/** All bars, the longest first. */
export interface StandardisedRegression {
  readonly inputs: readonly InputInfluence[];
  /** R²: below about 0.7 the output is not nearly linear in the inputs, and the bars mislead. */
  readonly explained: number | null;
  readonly df: number;
  readonly refusal: Refusal | null;
}

/** How to name and judge. */
export interface RegressionOptions {
  /** One name a column. */
  readonly names: readonly string[];
  /** Between 0 and 1; 0.95 unless given. */
  readonly confidence?: number;
}

/** The regression of outputs on inputs. Bars are refused (none, and the reason) where there are not
 * more points than inputs + 1, an input is constant or a linear combination of others, or the
 * output does not vary.
 * @param points - `[point][input]`, in the inputs' own units or of the unit cube.
 * @param outputs - One a point.
 * @throws EngineError `STATS_BAD_ARGUMENT` on shapes that don't fit. Cost O(points · inputs²).
 * Source: Saltelli et al., Sensitivity Analysis, ch. 1; the intervals take the standard deviations
 * of inputs and output as given. Spec: N54. */
export function standardisedRegression(
  points: readonly (readonly number[])[],
  outputs: readonly number[],
  { names, confidence = 0.95 }: RegressionOptions,
): StandardisedRegression {
  requireShape(points, outputs, names);
  const columns = names.map((_, j) => points.map((point) => point[j] ?? Number.NaN));
  const none = (why: Refusal) => ({ inputs: [], explained: null, df: 0, refusal: why });
  const n = outputs.length;
  if (n <= names.length + 1) {
    const text = `${names.length} inputs need ${names.length + 2} points, there are ${n}`;
    return none(refusal('too-few-values', text));
  }
  const outputSpread = Math.sqrt(momentsOf(outputs).variance);
  if (outputSpread === 0) return none(refusal('no-spread', 'the output is the same at all points'));
  const fit = leastSquares(columns, outputs);
  if (fit === 'collinear') {
    return none(refusal('collinear', 'an input is constant or follows from the others'));
  }
  const factor = intervalFactor(confidence, fit.df);
  const inputs = fit.slopes.map(({ value, standardError }, j) => {
    const { spread, range } = spreadOf(columns[j] ?? []);
    const low = value - factor * standardError;
    const high = value + factor * standardError;
    const scale = spread / outputSpread;
    return {
      name: names[j] ?? '',
      coefficient: value * scale,
      low: low * scale,
      high: high * scale,
      slope: { value, low, high },
      swing: value * range,
    };
  });
  inputs.sort((a, b) => Math.abs(b.coefficient) - Math.abs(a.coefficient));
  return { inputs, explained: fit.explained, df: fit.df, refusal: null };
}

function spreadOf(column: readonly number[]): { spread: number; range: number } {
  const moments = momentsOf(column);
  return { spread: Math.sqrt(moments.variance), range: moments.max - moments.min };
}

function requireShape(
  points: readonly (readonly number[])[],
  outputs: readonly number[],
  names: readonly string[],
): void {
  const found = outputs.length;
  const rule = `${points.length}, one a point`;
  requireArgument(found === points.length, { argument: 'number of outputs', found, rule });
  const odd = points.find((point) => point.length !== names.length);
  requireArgument(odd === undefined && names.length > 0, {
    argument: 'inputs of a point',
    found: odd?.length ?? 0,
    rule: `${names.length}, one a name, and at least 1`,
  });
}
