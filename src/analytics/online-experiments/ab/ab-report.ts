/** The whole judgement of an A/B experiment as plain data: allocation, sample ratio, each metric by
 * arm, differences with fixed and always-valid bounds, guardrails, and what follows. Nothing in it
 * is NaN: where there is no figure stands null and why. Spec: M143–M148. */
import { requireArgument } from '../../../stats/bad-argument.ts';
import { type AbMetric, type AbViewers, requireColumns } from './ab-columns.ts';
import { type Decision, decide } from './ab-decision.ts';
import type { Arm } from './allocation.ts';
import { type AbMetricReport, type AbPlan, judgeMetric, withVerdicts } from './metric-report.ts';
import { checkSampleRatio, type SampleRatioCheck } from './sample-ratio.ts';

/** An experiment to be judged. */
export interface AbExperiment {
  readonly name: string;
  /** The first is the control. */
  readonly arms: readonly Arm[];
  readonly viewers: AbViewers;
  readonly metrics: readonly AbMetric[];
  /** 0.95 unless given. */
  readonly confidence?: number;
  /** What the experiment was planned for: tunes the always-valid bound. The number of viewers that
   * there are unless given, which is honest only where that was not chosen by what was seen. */
  readonly plannedViewers?: number;
  /** Looks of the always-valid bound, evenly spaced over viewers; 40 unless given. */
  readonly looks?: number;
}

/** The judgement. */
export interface AbReport {
  readonly name: string;
  readonly confidence: number;
  readonly viewers: number;
  readonly plannedViewers: number;
  readonly arms: readonly AbArm[];
  readonly sampleRatio: SampleRatioCheck;
  readonly metrics: readonly AbMetricReport[];
  readonly decisions: readonly Decision[];
}

/** An arm. */
export interface AbArm extends Arm {
  readonly isControl: boolean;
  readonly viewers: number;
}

/** Judges an experiment.
 * @throws EngineError `STATS_BAD_ARGUMENT` on columns or arms that don't fit, or without a metric.
 * Cost O(viewers · metrics · treatments). */
export function judgeExperiment(experiment: AbExperiment): AbReport {
  const { name, arms, viewers, metrics, confidence = 0.95 } = experiment;
  requireColumns(viewers, metrics, arms.length);
  const found = metrics.length;
  requireArgument(found > 0, { argument: 'number of metrics', found, rule: 'at least 1' });
  const counts = arms.map(() => 0);
  for (let i = 0; i < viewers.arm.length; i += 1) {
    const arm = viewers.arm[i] ?? 0;
    counts[arm] = (counts[arm] ?? 0) + 1;
  }
  const sampleRatio = checkSampleRatio(arms, counts);
  const n = viewers.viewer.length;
  const plannedViewers = experiment.plannedViewers ?? Math.max(1, n);
  const plan: AbPlan = { arms, viewers, confidence, plannedViewers, looks: experiment.looks ?? 40 };
  const judged = withVerdicts(
    metrics.map((metric) => judgeMetric(metric, plan)),
    confidence,
  );
  return {
    name,
    confidence,
    viewers: n,
    plannedViewers,
    arms: arms.map((arm, i) => ({ ...arm, isControl: i === 0, viewers: counts[i] ?? 0 })),
    sampleRatio,
    metrics: judged,
    decisions: arms.slice(1).map((arm) => decide(arm.name, judged, sampleRatio)),
  };
}
