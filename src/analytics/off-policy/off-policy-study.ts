/** Estimators against the truth: a policy logs, another is estimated, again and again, and its true
 * value is known in closed form. What no log of a real service can tell: bias, error and coverage.
 * Spec: M166–M168. */
import type { Chance } from '../../kernel/chance.ts';
import { requireArgument } from '../../stats/bad-argument.ts';
import { momentsOf } from '../../stats/moments.ts';
import { type Proportion, proportionInterval } from '../../stats/replications/proportion.ts';
import { type ActionPolicy, type BanditWorld, trueValue } from './bandit-world.ts';
import {
  ESTIMATORS,
  type EstimateOptions,
  type EstimatorName,
  estimateValue,
  type OffPolicyEstimates,
} from './estimators.ts';
import { type LoggingOptions, logDecisions } from './log-decisions.ts';

/** What is studied. */
export interface OffPolicyStudyOptions
  extends EstimateOptions,
    Pick<LoggingOptions, 'writtenPropensity' | 'modelFeatures'> {
  readonly world: BanditWorld;
  readonly logger: ActionPolicy;
  readonly target: ActionPolicy;
  /** Logged rows of a run. */
  readonly rows: number;
  readonly runs: number;
  readonly chance: Chance;
  /** True values of target and logger that are known from another study of the same world. */
  readonly known?: Partial<Pick<OffPolicyStudy, 'trueValue' | 'loggerValue'>>;
}

/** One estimator over all runs. */
export interface EstimatorLine {
  readonly estimator: EstimatorName;
  /** Mean estimate − true value; null without an estimate. */
  readonly bias: number | null;
  /** Standard error of the bias, from the spread over runs; null below two runs. */
  readonly biasStandardError: number | null;
  readonly rmse: number | null;
  /** Mean of the standard errors that the estimator gave itself. */
  readonly meanStandardError: number | null;
  /** Standard deviation over runs: what the former should be. */
  readonly standardDeviation: number | null;
  /** Share of runs whose interval held the true value. */
  readonly coverage: Proportion | null;
}

/** The study. */
export interface OffPolicyStudy {
  readonly logger: string;
  readonly target: string;
  readonly rows: number;
  readonly runs: number;
  readonly confidence: number;
  readonly trueValue: number;
  /** True value of the logging policy, for comparison. */
  readonly loggerValue: number;
  readonly lines: readonly EstimatorLine[];
  /** Means over runs. */
  readonly effectiveShare: number | null;
  readonly meanWeight: number | null;
  readonly largestWeight: number | null;
  readonly unsupportedMass: number | null;
  /** Warnings and in how many runs each was given. */
  readonly warnings: readonly {
    readonly code: string;
    readonly runs: number;
    readonly text: string;
  }[];
}

/** Runs the study. Run k draws from the chance of replication k of the same seed.
 * @throws EngineError `STATS_BAD_ARGUMENT`. Cost O(runs · rows · actions · width). */
export function studyOffPolicy(options: OffPolicyStudyOptions): OffPolicyStudy {
  const { world, logger, target, rows, runs, chance, known } = options;
  for (const [argument, found] of Object.entries({ rows, runs })) {
    const isCount = Number.isSafeInteger(found) && found >= 1;
    requireArgument(isCount, { argument, found, rule: 'a whole number, at least 1' });
  }
  const truth = known?.trueValue ?? trueValue(world, target);
  const results = Array.from({ length: runs }, (_, run) => {
    const draws = chance.draws(`off-policy.${logger.id}.${run}`);
    return estimateValue(logDecisions({ ...options, draws }), options);
  });
  const mean = (of: (one: OffPolicyEstimates['diagnostics']) => number | null): number | null => {
    const found = results.flatMap(({ diagnostics }) => of(diagnostics) ?? []);
    return found.length === 0 ? null : momentsOf(found).mean;
  };
  return {
    logger: logger.id,
    target: target.id,
    rows,
    runs,
    confidence: options.confidence ?? 0.95,
    trueValue: truth,
    loggerValue: known?.loggerValue ?? trueValue(world, logger),
    lines: ESTIMATORS.map((estimator) => lineOf(estimator, results, truth)),
    effectiveShare: mean(({ effectiveShare }) => effectiveShare),
    meanWeight: mean(({ meanWeight }) => meanWeight),
    largestWeight: mean(({ largestWeight }) => largestWeight),
    unsupportedMass: mean(({ unsupportedMass }) => unsupportedMass),
    warnings: warningsOf(results),
  };
}

function lineOf(
  estimator: EstimatorName,
  results: readonly OffPolicyEstimates[],
  truth: number,
): EstimatorLine {
  const made = results.flatMap(({ estimates }) =>
    estimates.filter((one) => one.estimator === estimator && one.value !== null),
  );
  const values = made.map(({ value }) => value ?? 0);
  const moments = momentsOf(values);
  const errors = made.flatMap(({ standardError }) => standardError ?? []);
  const bounded = made.filter(({ low, high }) => low !== null && high !== null);
  const covering = bounded.filter(({ low, high }) => (low ?? 0) <= truth && truth <= (high ?? 0));
  const isSome = values.length > 0;
  const deviation = values.length > 1 ? Math.sqrt(moments.variance) : null;
  const squares = values.reduce((sum, value) => sum + (value - truth) ** 2, 0);
  return {
    estimator,
    bias: isSome ? moments.mean - truth : null,
    biasStandardError: deviation === null ? null : deviation / Math.sqrt(values.length),
    rmse: isSome ? Math.sqrt(squares / values.length) : null,
    meanStandardError: errors.length === 0 ? null : momentsOf(errors).mean,
    standardDeviation: deviation,
    coverage: bounded.length === 0 ? null : proportionInterval(covering.length, bounded.length),
  };
}

function warningsOf(results: readonly OffPolicyEstimates[]): OffPolicyStudy['warnings'] {
  const byCode = new Map<string, { runs: number; text: string }>();
  for (const { diagnostics } of results) {
    for (const { code, text } of diagnostics.warnings) {
      const known = byCode.get(code);
      byCode.set(code, { runs: (known?.runs ?? 0) + 1, text: known?.text ?? text });
    }
  }
  return [...byCode].map(([code, one]) => ({ code, ...one }));
}
