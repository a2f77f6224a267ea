/** Whether weights can be trusted: how much of the log speaks about the target at all, and whether
 * something in the propensities does not add up. Spec: M165. */
import type { BanditLog } from './bandit-log.ts';

/** Diagnostics of importance weights. Nulls: no rows, or not known. */
export interface WeightDiagnostics {
  /** (Σ w)² ÷ Σ w²: rows of the target's own that the log is worth (Kish 1965). */
  readonly effectiveSampleSize: number | null;
  readonly effectiveShare: number | null;
  readonly largestWeight: number | null;
  /** 1 in expectation, less the mass without support. */
  readonly meanWeight: number | null;
  readonly meanWeightStandardError: number | null;
  /** Mean probability that the target gives to what the logger never does. */
  readonly unsupportedMass: number | null;
  readonly warnings: readonly WeightWarning[];
}

/** A warning. */
export interface WeightWarning {
  readonly code: 'few-effective-rows' | 'large-weight' | 'mean-weight-off' | 'no-support';
  readonly text: string;
}

/** Below this share of effective rows the log says little about the target. */
const EFFECTIVE_SHARE_MIN = 0.05;
/** A row that holds more than this share of all weight decides alone. */
const LARGEST_SHARE_MAX = 0.05;
/** Standard errors that the mean weight may be off: 1 in 16,000 by chance. */
const MEAN_WEIGHT_ERRORS_MAX = 4;

/** Diagnoses weights. @param weight - Target probability ÷ propensity, by row. */
export function weightDiagnostics(weight: Float64Array, log: BanditLog): WeightDiagnostics {
  const n = weight.length;
  if (n === 0) return NOTHING;
  const sum = weight.reduce((total, one) => total + one, 0);
  const squares = weight.reduce((total, one) => total + one * one, 0);
  const largestWeight = weight.reduce((most, one) => Math.max(most, one), 0);
  const effectiveSampleSize = squares > 0 ? (sum * sum) / squares : 0;
  const meanWeight = sum / n;
  const variance = n > 1 ? Math.max(0, squares - n * meanWeight ** 2) / (n - 1) : null;
  const error = variance === null ? null : Math.sqrt(variance / n);
  const unsupportedMass = log.unsupported === undefined ? null : meanOf(log.unsupported);
  const found = {
    effectiveSampleSize,
    effectiveShare: effectiveSampleSize / n,
    largestWeight,
    meanWeight,
    meanWeightStandardError: error,
    unsupportedMass,
  };
  return { ...found, warnings: warningsOf(found, sum) };
}

const NOTHING: WeightDiagnostics = {
  effectiveSampleSize: null,
  effectiveShare: null,
  largestWeight: null,
  meanWeight: null,
  meanWeightStandardError: null,
  unsupportedMass: null,
  warnings: [],
};

function warningsOf(
  found: Omit<WeightDiagnostics, 'warnings'>,
  sum: number,
): readonly WeightWarning[] {
  const { effectiveShare, largestWeight, meanWeight, meanWeightStandardError } = found;
  const unsupported = found.unsupportedMass ?? 0;
  const warnings: WeightWarning[] = [];
  const warn = (code: WeightWarning['code'], text: string): void => {
    warnings.push({ code, text });
  };
  if ((effectiveShare ?? 1) < EFFECTIVE_SHARE_MIN) {
    const percent = (100 * (effectiveShare ?? 0)).toFixed(1);
    warn('few-effective-rows', `only ${percent} % of the rows speak about the target`);
  }
  if ((largestWeight ?? 0) > LARGEST_SHARE_MAX * sum && sum > 0) {
    const percent = ((100 * (largestWeight ?? 0)) / sum).toFixed(0);
    warn('large-weight', `one row holds ${percent} % of all weight`);
  }
  const off = Math.abs((meanWeight ?? 1) - (1 - unsupported));
  if (
    meanWeightStandardError !== null &&
    off > MEAN_WEIGHT_ERRORS_MAX * meanWeightStandardError + 1e-9
  ) {
    const mean = (meanWeight ?? 0).toFixed(3);
    const text = `weights average ${mean}, not 1: propensities are wrong, or actions lack support`;
    warn('mean-weight-off', text);
  }
  if (unsupported > 1e-9) {
    const percent = (100 * unsupported).toFixed(1);
    const share = `the target puts ${percent} % of its probability where the logger has none`;
    warn('no-support', `${share}; no weight can repair that`);
  }
  return warnings;
}

function meanOf(values: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < values.length; i += 1) sum += values[i] ?? 0;
  return values.length === 0 ? 0 : sum / values.length;
}
