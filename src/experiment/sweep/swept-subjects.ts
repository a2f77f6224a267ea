/** Points with their metrics and verdicts, and every subject's effects. */

import { meanInterval } from '../../stats/mean-interval.ts';
import { pooledQuantile } from '../../stats/replications/pooled-quantile.ts';
import type { RunSample } from '../campaign/run-sample.ts';
import { judgeObjectives } from '../objectives/judge-objectives.ts';
import type { ObjectiveVerdict } from '../objectives/objective.ts';
import type { Estimate } from '../result.ts';
import { combinedDigest } from '../run.ts';
import { bestPoint } from './best-point.ts';
import { metricEffects } from './effects/metric-effects.ts';
import { coordinateOf } from './factors/factor.ts';
import type { PlannedPoint, SweepPlan } from './plan-sweep.ts';
import type { PointMetric, SweepPoint, SweepSubject } from './sweep-document.ts';
import type { RatedMetric } from './sweep-metrics.ts';

/** A plan with its samples. */
export interface Swept {
  readonly plan: SweepPlan;
  /** By name of the point, one a replication; undefined where there is none. */
  readonly byPoint: ReadonlyMap<string, readonly (RunSample | undefined)[]>;
  readonly confidence: number;
  readonly replayCommand: string;
}

const US_PER_MS = 1_000;

/** All subjects, in their order. */
export function sweptSubjects(
  swept: Swept,
  metrics: readonly RatedMetric[],
): readonly SweepSubject[] {
  const { plan, byPoint, confidence } = swept;
  const verdicts = verdictsOf(swept);
  return plan.subjects.flatMap(({ name, architecture }): SweepSubject[] => {
    const points = plan.points
      .filter(({ subject }) => subject === name)
      .map((point) => sweptPoint(point, { swept, metrics, verdicts }));
    if (points.length === 0) return [];
    const isWhole = points.length === plan.designSize;
    const [first] = metrics;
    const effects = metrics.map((metric) =>
      metricEffects(metric, plan.design, {
        points: isWhole ? points : [],
        factors: plan.factors,
        confidence,
        pooled: (point, replications) => {
          const samples = byPoint.get(point.name) ?? [];
          return pooledEstimate(
            replications.flatMap((i) => samples[i] ?? []),
            metric,
            confidence,
          ).value;
        },
      }),
    );
    const best = first === undefined ? null : bestPoint(points, first, confidence);
    return [{ name, architecture, points, effects, best }];
  });
}

function sweptPoint(
  point: PlannedPoint,
  parts: {
    readonly swept: Swept;
    readonly metrics: readonly RatedMetric[];
    readonly verdicts: ReadonlyMap<string, readonly ObjectiveVerdict[]>;
  },
): SweepPoint {
  const { swept, metrics, verdicts } = parts;
  const rows = swept.byPoint.get(point.name) ?? [];
  const samples = rows.filter((sample) => sample !== undefined);
  return {
    name: point.name,
    index: point.index,
    settings: point.settings,
    coordinates: Object.fromEntries(
      swept.plan.factors.map((factor) => [
        factor.path,
        coordinateOf(factor, point.settings[factor.path] ?? ''),
      ]),
    ),
    replications: samples.length,
    metrics: Object.fromEntries(
      metrics.map((metric): [string, PointMetric] => [
        metric.name,
        {
          ...pooledEstimate(samples, metric, swept.confidence),
          values: rows.map((sample) => sample?.metrics[metric.name] ?? null),
        },
      ]),
    ),
    verdicts: verdicts.get(point.name) ?? [],
    digest: combinedDigest(samples.map(({ digest }) => digest)),
  };
}

/** A mean over replications; a percentile of all their page loads together. NaN becomes null in
 * JSON: nothing was measured. */
function pooledEstimate(
  samples: readonly RunSample[],
  { metric }: RatedMetric,
  confidence: number,
): Estimate {
  if (metric.quantile !== undefined && samples.length > 0) {
    const found = pooledQuantile(
      samples.map(({ pageLoadTimeUs }) => pageLoadTimeUs),
      metric.quantile,
    );
    const ms = (us: number | null) => (us === null ? null : us / US_PER_MS);
    return { value: found.value / US_PER_MS, low: ms(found.low), high: ms(found.high) };
  }
  const values = samples.flatMap((sample) => sample.metrics[metric.name] ?? []);
  const { mean, low, high } = meanInterval(values, confidence);
  return { value: mean, low, high };
}

/** Objectives of every point, judged with the same point of the other subjects beside it, because
 * objectives may compare architectures. */
function verdictsOf({
  plan,
  byPoint,
  replayCommand,
}: Swept): ReadonlyMap<string, readonly ObjectiveVerdict[]> {
  const found = new Map<string, ObjectiveVerdict[]>(plan.points.map(({ name }) => [name, []]));
  const { objectives } = plan.scenario;
  if (objectives.length === 0) return found;
  for (const index of new Set(plan.points.map((point) => point.index))) {
    const points = plan.points.filter((point) => point.index === index);
    const samples = new Map(
      points.map(({ name, subject }) => [
        subject,
        (byPoint.get(name) ?? []).filter((sample) => sample !== undefined),
      ]),
    );
    const verdicts = judgeObjectives({
      objectives,
      samples,
      replayCommand: (subject) => {
        const point = points.find((one) => one.subject === subject);
        return point === undefined ? replayCommand : `${replayCommand} --point ${point.name}`;
      },
    });
    for (const { name, subject } of points) {
      const own = verdicts.filter((one) => one.subject.split(' / ').includes(subject));
      found.get(name)?.push(...own);
    }
  }
  return found;
}
