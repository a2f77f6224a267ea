/** Off-policy estimators against the true value, in the world of 50,000 viewers: 200 runs of 2,000
 * rows of a hero slot over 300 titles, seed 7. Refuses a DR that covers the truth in fewer than 90
 * % of runs, and canaries that go unseen. */
import type { EstimatorName } from '../../src/analytics/off-policy/estimators.ts';
import {
  type OffPolicyCase,
  type OffPolicyReport,
  studyHeroSlot,
} from '../../src/analytics/off-policy/hero-slot-study.ts';
import type { EstimatorLine } from '../../src/analytics/off-policy/off-policy-study.ts';
import { estimateSlates } from '../../src/analytics/off-policy/slates/slate-estimators.ts';
import { type BenchResult, figure } from '../bench-suite.ts';
import { judgedWorld } from './judged-world.ts';

const ROWS = 2_000;
const RUNS = 200;
const CANARY_RUNS = 20;
const COVERAGE_MIN = 0.9;

/** The part. */
export function offPolicyFigures(scale: number): readonly BenchResult[] {
  const isWhole = scale >= 1;
  const report = studyHeroSlot({
    ...judgedWorld(scale),
    rows: isWhole ? ROWS : 200,
    runs: isWhole ? RUNS : 4,
    canaryRuns: isWhole ? CANARY_RUNS : 4,
  });
  const usual = lineOf(report, 'as it should be', 'DR');
  if (isWhole) refuseWrong(report);
  const trials = report.cases.reduce((sum, { study }) => sum + study.runs * study.rows, 0);
  return [
    figure('off_policy_rows', trials, 'rows'),
    figure('off_policy_slate_rows', slateRows(10_000), 'rows'),
    figure('off_policy_dr_coverage', usual.coverage?.value ?? 0, 'share'),
    figure('off_policy_dr_rmse', usual.rmse ?? 0, 'reward'),
    figure('off_policy_ips_rmse', lineOf(report, 'as it should be', 'IPS').rmse ?? 0, 'reward'),
    figure(
      'off_policy_dm_coverage',
      lineOf(report, 'as it should be', 'DM').coverage?.value ?? 0,
      'share',
    ),
    figure(
      'off_policy_both_wrong_dr_coverage',
      lineOf(report, 'both wrong', 'DR').coverage?.value ?? 0,
      'share',
    ),
  ];
}

/** Rows of two slots under the logger's own policy: every estimator is the mean reward.
 * @returns rows that were gone through. @throws Error where one is not. */
function slateRows(rows: number): number {
  const ones = new Float64Array(2 * rows).fill(0.5);
  const reward = Float64Array.from(ones, (_, k) => (k % 4 === 0 ? 1 : 0));
  const log = { slots: 2, reward, propensity: ones, targetProbability: ones };
  const marginal = { propensity: ones, target: ones };
  for (const { estimator, value } of estimateSlates({ ...log, marginal })) {
    // Sums of weights round.
    const isMean = value !== null && Math.abs(value - 0.5) < 1e-9;
    if (!isMean) throw new Error(`${estimator} of its own log is ${value}, not 0.5`);
  }
  return rows;
}

/** @throws Error where an estimator does not do as it promises, or a canary lives. */
function refuseWrong(report: OffPolicyReport): void {
  const covered = (name: OffPolicyCase['name'], estimator: EstimatorName): number =>
    lineOf(report, name, estimator).coverage?.value ?? 0;
  for (const name of ['as it should be', 'blind model'] as const) {
    const share = covered(name, 'DR');
    if (share < COVERAGE_MIN) throw new Error(`DR, ${name}, covers the truth in ${share} of runs`);
  }
  if (covered('blind model', 'DM') > 0.5) throw new Error('a blind model is not seen in DM');
  if (covered('both wrong', 'DR') > 0.5) throw new Error('DR covers with everything wrong');
  if (covered('no support', 'IPS') > 0.5) throw new Error('IPS covers what was never logged');
}

function lineOf(
  report: OffPolicyReport,
  name: OffPolicyCase['name'],
  estimator: EstimatorName,
): EstimatorLine {
  const study = report.cases.find((one) => one.name === name)?.study;
  const line = study?.lines.find((one) => one.estimator === estimator);
  if (line === undefined) throw new Error(`${name} has no ${estimator}`);
  return line;
}
