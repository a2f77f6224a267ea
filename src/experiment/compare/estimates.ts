/** One metric of one subject over the observations: means of replications, and percentiles of all
 * replications' page loads together, whose interval comes from how replications differ. */
import { meanInterval } from '../../stats/mean-interval.ts';
import { refusal } from '../../stats/refusal.ts';
import { pooledQuantile } from '../../stats/replications/pooled-quantile.ts';
import {
  meanMetric,
  quantileMetric,
  type StoppingMetric,
} from '../../stats/replications/stopping-metric.ts';
import { antitheticMean } from '../../stats/variance-reduction/antithetic.ts';
import {
  type ControlVariate,
  controlledMean,
} from '../../stats/variance-reduction/control-variates.ts';
import type { Metric } from '../campaign/metrics.ts';
import type { ComparedMetric, Estimate } from '../result.ts';
import { histogramsOf, type SubjectObservations, valuesOf } from './observations.ts';

const US_PER_MS = 1_000;

/** How means are estimated. */
export interface EstimateOptions {
  readonly isAntithetic: boolean;
  readonly hasControls: boolean;
}

/** An estimate, and what an option of variance reduction did for it. */
export interface DisclosedEstimate extends ComparedMetric {
  readonly reduction: { readonly method: string; readonly varianceRatio: number | null } | null;
}

/** The estimate of a metric. Spec: E157, E161. */
export function estimateOf(
  subject: SubjectObservations,
  metric: Metric,
  options: EstimateOptions,
): DisclosedEstimate {
  const values = valuesOf(subject, metric);
  const common = { unit: metric.unit, values };
  const pairs = options.isAntithetic ? antitheticRatio(subject, metric) : null;
  if (metric.quantile !== undefined) {
    const { method, refusal, ...found } = pooledPercentile(subject, metric.quantile);
    const text = `percentile of all page loads together; interval by ${method}`;
    return { ...found, ...common, method: refusal?.text ?? text, reduction: pairs };
  }
  if (options.hasControls) {
    const found = controlledMean(values, controlsOf(subject));
    const { mean: value, low, high, method, varianceRatio } = found;
    return { value, low, high, ...common, method, reduction: { method, varianceRatio } };
  }
  const { mean: value, low, high, n } = meanInterval(values);
  const of = options.isAntithetic ? 'antithetic pairs' : 'replications';
  return { value, low, high, ...common, method: `mean of ${n} ${of}`, reduction: pairs };
}

/** A metric as the stopping rule sees it. Spec: E158. */
export function stoppingMetricOf(subject: SubjectObservations, metric: Metric): StoppingMetric {
  const { quantile: q } = metric;
  const without = subject.observations.filter(({ samples }) =>
    samples.some((sample) => typeof sample.metrics[metric.name] !== 'number'),
  ).length;
  if (without > 0) return absentMetric(subject, metric, without);
  if (q === undefined) return meanMetric(metric.name, valuesOf(subject, metric));
  return quantileMetric(metric.name, { histograms: histogramsOf(subject), q });
}

/** What some replications have nothing of: it is left out of the document, and no number of further
 * ones would make it precise. */
function absentMetric(
  { observations }: SubjectObservations,
  { name }: Metric,
  without: number,
): StoppingMetric {
  const n = observations.length;
  const isShort = observations.some(({ samples }) => samples.some((one) => one.isTooShort));
  const why = isShort
    ? 'a run ended before its start did: a longer clock.duration would do'
    : 'nothing was measured there';
  const refused = refusal('too-few-values', `${without} of ${n} have no ${name}: ${why}`);
  const found = { value: Number.NaN, halfWidth: null, n, refusal: refused };
  return { name, estimate: () => found };
}

/** Controls: what replications drew by chance, and the mean that it is known to have. */
export function controlsOf({ observations, demand }: SubjectObservations): ControlVariate[] {
  if (demand.viewers === 0) return [];
  const values = observations.map(
    ({ samples }) => samples.reduce((sum, { viewers }) => sum + viewers, 0) / samples.length,
  );
  return [{ name: 'viewers that arrive', values, mean: demand.viewers }];
}

/** The pooled percentile in ms. */
export function pooledPercentile(
  subject: SubjectObservations,
  quantile: number,
): Estimate & Pick<ReturnType<typeof pooledQuantile>, 'method' | 'refusal'> {
  const { value, low, high, method, refusal } = pooledQuantile(histogramsOf(subject), quantile);
  const ms = (us: number | null) => (us === null ? null : us / US_PER_MS);
  return { value: value / US_PER_MS, low: ms(low), high: ms(high), method, refusal };
}

function antitheticRatio(
  { observations }: SubjectObservations,
  metric: Metric,
): DisclosedEstimate['reduction'] {
  const pairs = observations.map(({ samples: [first, second] }): [number, number] => [
    first?.metrics[metric.name] ?? Number.NaN,
    second?.metrics[metric.name] ?? Number.NaN,
  ]);
  const { method, varianceRatio } = antitheticMean(pairs);
  return { method, varianceRatio };
}
