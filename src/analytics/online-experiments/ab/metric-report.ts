/** One metric of an experiment, judged: by arm, and each treatment against the control. */
import { holmAdjusted } from '../../../stats/comparison/holm.ts';
import type { Refusal } from '../../../stats/refusal.ts';
import { type AbMetric, type AbViewers, addViewers, emptyArms, readyMetric } from './ab-columns.ts';
import type { Arm } from './allocation.ts';
import { type ArmMetric, metricOf } from './arm-moments.ts';
import { type GuardrailVerdict, judgeGuardrail } from './guardrail.ts';
import {
  type ArmDifference,
  type CupedDifference,
  cupedDifference,
  differenceOfArms,
} from './metric-difference.ts';
import { minimumDetectableEffect, type PowerPlan, viewersFor } from './power.ts';
import { type SequentialPath, sequentialPath } from './sequential-path.ts';

/** One metric. */
export interface AbMetricReport {
  readonly name: string;
  readonly unit: string;
  readonly better: 'more' | 'less';
  readonly kind: 'mean' | 'ratio';
  readonly isGuardrail: boolean;
  /** By arm; null where an arm has no viewer, or a ratio no weight. */
  readonly means: readonly (number | null)[];
  readonly standardDeviations: readonly (number | null)[];
  /** Σ of weights by arm, such as rows; viewers where the metric is a mean. */
  readonly weights: readonly number[];
  readonly viewersWithoutBefore: number;
  /** One a treatment. */
  readonly comparisons: readonly AbComparison[];
}

/** A treatment against the control. */
export interface AbComparison {
  readonly arm: string;
  readonly method: 'welch' | 'delta method';
  readonly difference: ArmDifference | null;
  readonly refusal: Refusal | null;
  /** Difference ÷ control's mean; null where that is 0. */
  readonly relative: number | null;
  readonly cuped: CupedDifference | null;
  /** Why there is no CUPED. */
  readonly cupedRefusal: Refusal | null;
  /** The least difference that so many viewers show in 4 of 5 experiments, and the viewers that the
   * difference found would take for that; null where nothing varies or differs. */
  readonly detectable: number | null;
  readonly viewersNeeded: number | null;
  /** What the verdict is taken from: CUPED where there is one. */
  readonly judgedBy: 'plain' | 'cuped';
  /** Holm's, over all metrics that are no guardrail and all treatments. */
  readonly adjustedPValue: number | null;
  /** By the adjusted p-value. */
  readonly verdict: 'better' | 'worse' | 'inconclusive';
  readonly sequential: SequentialPath | null;
  readonly guardrail: GuardrailVerdict | null;
}

/** What all metrics of an experiment share. */
export interface AbPlan {
  readonly arms: readonly Arm[];
  readonly viewers: AbViewers;
  readonly confidence: number;
  readonly plannedViewers: number;
  readonly looks: number;
}

/** Judges one metric; verdicts and adjusted p-values wait for {@link withVerdicts}. */
export function judgeMetric(metric: AbMetric, plan: AbPlan): AbMetricReport {
  const { arms, viewers } = plan;
  const ready = readyMetric(metric);
  const moments = emptyArms(arms.length);
  addViewers(moments, ready, { arm: viewers.arm, from: 0, to: viewers.arm.length });
  const byArm = moments.map(metricOf);
  const [control] = byArm;
  const comparisons = arms.slice(1).flatMap((arm, i): AbComparison[] => {
    const treatment = byArm[i + 1];
    if (control === undefined || treatment === undefined) return [];
    const canAdjust = ready.before !== null;
    const path = sequentialPath(ready, { ...plan, treatment: i + 1 });
    return [compareArms({ arm, metric, control, treatment, plan, canAdjust, path })];
  });
  return {
    name: metric.name,
    unit: metric.unit,
    better: metric.better,
    kind: metric.weight === undefined ? 'mean' : 'ratio',
    isGuardrail: metric.margin !== undefined,
    means: byArm.map(({ mean }) => finiteOrNull(mean)),
    standardDeviations: byArm.map(({ variance }) => finiteOrNull(Math.sqrt(variance))),
    weights: moments.map(({ count, means }) => count * means[1]),
    viewersWithoutBefore: ready.unknownBefore,
    comparisons,
  };
}

function compareArms(of: {
  readonly arm: Arm;
  readonly metric: AbMetric;
  readonly control: ArmMetric;
  readonly treatment: ArmMetric;
  readonly plan: AbPlan;
  readonly canAdjust: boolean;
  readonly path: SequentialPath;
}): AbComparison {
  const { arm, metric, control, treatment, canAdjust, path } = of;
  const { confidence } = of.plan;
  const plain = differenceOfArms(control, treatment, confidence);
  const cuped = canAdjust ? cupedDifference(control, treatment, confidence) : null;
  const judged = cuped?.difference ?? plain.difference;
  const { margin, better } = metric;
  const isRelative = plain.difference !== null && control.mean !== 0;
  return {
    arm: arm.name,
    method: metric.weight === undefined ? 'welch' : 'delta method',
    difference: plain.difference,
    refusal: plain.refusal,
    relative: isRelative ? plain.difference.value / control.mean : null,
    cuped: cuped?.difference ?? null,
    cupedRefusal: cuped === null ? NO_BEFORE : cuped.refusal,
    ...powerOf(judged, { control, treatment, confidence }),
    judgedBy: cuped?.difference ? 'cuped' : 'plain',
    adjustedPValue: margin === undefined ? (judged?.pValue ?? null) : null,
    verdict: 'inconclusive',
    sequential: plain.difference === null ? null : path,
    guardrail: margin === undefined ? null : judgeGuardrail(oneSided(of), { margin, better }),
  };
}

/** From the standard error of all viewers, as if each had that variance over both halves. */
function powerOf(
  found: ArmDifference | null,
  of: { readonly control: ArmMetric; readonly treatment: ArmMetric; readonly confidence: number },
): Pick<AbComparison, 'detectable' | 'viewersNeeded'> {
  if (found === null || !(found.standardError > 0))
    return { detectable: null, viewersNeeded: null };
  const viewers = of.control.viewers + of.treatment.viewers;
  const shares = [of.control.viewers / viewers, of.treatment.viewers / viewers] as const;
  const variance = (found.standardError ** 2 * viewers) / (1 / shares[0] + 1 / shares[1]);
  const plan: PowerPlan = { variance, shares, level: 1 - of.confidence };
  return {
    detectable: minimumDetectableEffect(viewers, plan),
    viewersNeeded: found.value === 0 ? null : viewersFor(found.value, plan),
  };
}

const NO_BEFORE: Refusal = {
  code: 'too-few-values',
  text: 'there is no pre-period value of any viewer, so nothing was adjusted',
};

/** Bounds of confidence 1 − 2 · level, each of which is one-sided at the level. */
function oneSided(of: {
  readonly control: ArmMetric;
  readonly treatment: ArmMetric;
  readonly plan: AbPlan;
  readonly canAdjust: boolean;
}): ArmDifference | null {
  const { control, treatment, canAdjust } = of;
  const confidence = 2 * of.plan.confidence - 1;
  const cuped = canAdjust ? cupedDifference(control, treatment, confidence).difference : null;
  return cuped ?? differenceOfArms(control, treatment, confidence).difference;
}

/** Holm over what is no guardrail, and the verdicts that follow. */
export function withVerdicts(
  metrics: readonly AbMetricReport[],
  confidence: number,
): readonly AbMetricReport[] {
  const tested = metrics.flatMap((metric) =>
    metric.comparisons.filter(({ adjustedPValue }) => adjustedPValue !== null),
  );
  const adjusted = holmAdjusted(tested.map(({ adjustedPValue }) => adjustedPValue ?? 1));
  const adjustedOf = new Map(tested.map((one, i) => [one, adjusted[i] ?? 1]));
  return metrics.map((metric) => ({
    ...metric,
    comparisons: metric.comparisons.map((one) => {
      const adjustedPValue = adjustedOf.get(one) ?? null;
      const value = (one.cuped ?? one.difference)?.value ?? 0;
      const isSeen = adjustedPValue !== null && adjustedPValue <= 1 - confidence;
      const isGain = value > 0 === (metric.better === 'more');
      const verdict = isSeen ? (isGain ? 'better' : 'worse') : 'inconclusive';
      return { ...one, adjustedPValue, verdict };
    }),
  }));
}

function finiteOrNull(value: number): number | null {
  return Number.isFinite(value) ? value : null;
}
