/** Estimators of a policy's value from what another policy logged. Spec: M162–M164. */
import { requireArgument } from '../../stats/bad-argument.ts';
import { type Refusal, refusal } from '../../stats/refusal.ts';
import { intervalFactor } from '../../stats/student-t.ts';
import { type BanditLog, requireBanditLog } from './bandit-log.ts';
import { crossFit, type RewardModelOptions } from './reward-model.ts';
import { type WeightDiagnostics, weightDiagnostics } from './weight-diagnostics.ts';

/** The estimators, in the order of reports. */
export const ESTIMATORS = ['IPS', 'clipped IPS', 'SNIPS', 'DM', 'DR', 'switch-DR'] as const;

/** An estimator's name. */
export type EstimatorName = (typeof ESTIMATORS)[number];

/** One estimate. */
export interface ValueEstimate {
  readonly estimator: EstimatorName;
  /** Null where it cannot be made. */
  readonly value: number | null;
  readonly standardError: number | null;
  readonly low: number | null;
  readonly high: number | null;
  readonly refusal: Refusal | null;
}

/** All estimates of one log. */
export interface OffPolicyEstimates {
  readonly rows: number;
  readonly confidence: number;
  /** Weights above it are clipped, or left to the model. */
  readonly clip: number;
  readonly estimates: readonly ValueEstimate[];
  readonly diagnostics: WeightDiagnostics;
}

/** How estimates are made. */
export interface EstimateOptions extends RewardModelOptions {
  /** 0.95 unless given. */
  readonly confidence?: number;
  /** √n unless given (Ionides 2008). */
  readonly clip?: number;
}

/** Estimates the target policy's value, with w = target probability ÷ propensity and q̂ the
 * cross-fitted model:
 * - **IPS**: mean of w r. Unbiased where propensities are right and cover the target (Horvitz and
 *   Thompson 1952). **Clipped IPS**: with min(w, clip); biased downwards for rewards ≥ 0.
 * - **SNIPS**: Σ w r ÷ Σ w; bias of order 1/n, and no more than rewards are (Swaminathan and
 *   Joachims 2015). Standard error by linearisation.
 * - **DM**: mean of the model at the target's features. Its interval knows nothing of the model's
 *   own error and bias, so that it is too narrow; it stands there to show that.
 * - **DR**: mean of DM's term + w (r − q̂): unbiased where propensities or the model are right
 *   (Dudík, Langford and Li 2011); its interval takes right propensities: it knows nothing of the
 *   model's own error, which only they make vanish. **Switch-DR**: as DM where w > clip (Wang,
 *   Agarwal and Dudík 2017).
 *
 * Intervals are t over clusters. @throws EngineError `STATS_BAD_ARGUMENT`. */
export function estimateValue(log: BanditLog, options: EstimateOptions = {}): OffPolicyEstimates {
  requireBanditLog(log);
  const { reward, propensity, targetProbability, features, cluster } = log;
  const n = reward.length;
  const { confidence = 0.95, clip = Math.sqrt(Math.max(1, n)) } = options;
  requireArgument(clip > 0, { argument: 'clip', found: clip, rule: 'above 0' });
  const weight = Float64Array.from({ length: n }, (_, i) => {
    return (targetProbability[i] ?? 0) / (propensity[i] ?? 1);
  });
  const r = (i: number): number => reward[i] ?? 0;
  const w = (i: number): number => weight[i] ?? 0;
  const sample: Sample = { n, cluster, confidence };
  const model =
    features === undefined || n < 2 ? null : crossFit(reward, features, { ...options, cluster });
  const made = new Map<EstimatorName, ValueEstimate>();
  const add = (estimator: EstimatorName, term: (i: number) => number): void => {
    made.set(estimator, meanOf(estimator, sample, term));
  };
  add('IPS', (i) => w(i) * r(i));
  add('clipped IPS', (i) => Math.min(w(i), clip) * r(i));
  made.set('SNIPS', selfNormalised(sample, weight, reward));
  if (model !== null) {
    const { logged: q, target } = model;
    const error = (i: number): number => w(i) * (r(i) - (q[i] ?? 0));
    add('DM', (i) => target[i] ?? 0);
    add('DR', (i) => (target[i] ?? 0) + error(i));
    add('switch-DR', (i) => (target[i] ?? 0) + (w(i) <= clip ? error(i) : 0));
  }
  return {
    rows: n,
    confidence,
    clip,
    estimates: ESTIMATORS.map((name) => made.get(name) ?? without(name, NO_MODEL)),
    diagnostics: weightDiagnostics(weight, log),
  };
}

const NO_MODEL = 'the log has no features, so there is no model of rewards';

interface Sample {
  readonly n: number;
  readonly cluster: ArrayLike<number> | undefined;
  readonly confidence: number;
}

function meanOf(
  estimator: EstimatorName,
  sample: Sample,
  term: (i: number) => number,
): ValueEstimate {
  const { n } = sample;
  if (n < 2) return without(estimator, `an estimate takes 2 rows, there are ${n}`);
  let sum = 0;
  for (let i = 0; i < n; i += 1) sum += term(i);
  const value = sum / n;
  return withInterval({ estimator, value }, sample, (i) => (term(i) - value) / n);
}

function selfNormalised(
  sample: Sample,
  weight: Float64Array,
  reward: ArrayLike<number>,
): ValueEstimate {
  const total = weight.reduce((sum, one) => sum + one, 0);
  if (sample.n < 2) return without('SNIPS', `an estimate takes 2 rows, there are ${sample.n}`);
  if (!(total > 0))
    return without('SNIPS', 'the target never does what was logged: all weights are 0');
  let sum = 0;
  for (let i = 0; i < sample.n; i += 1) sum += (weight[i] ?? 0) * (reward[i] ?? 0);
  const value = sum / total;
  const part = (i: number): number => ((weight[i] ?? 0) * ((reward[i] ?? 0) - value)) / total;
  return withInterval({ estimator: 'SNIPS', value }, sample, part);
}

/** √Σ over clusters of (Σ of parts)², with the usual m ÷ (m − 1): parts sum to 0 over all. */
function errorOf(
  { n, cluster }: Sample,
  part: (i: number) => number,
): { readonly error: number; readonly clusters: number } {
  let squares = 0;
  let clusters = n;
  if (cluster === undefined) {
    for (let i = 0; i < n; i += 1) squares += part(i) ** 2;
  } else {
    const sums = new Map<number, number>();
    for (let i = 0; i < n; i += 1) {
      const key = cluster[i] ?? 0;
      sums.set(key, (sums.get(key) ?? 0) + part(i));
    }
    clusters = sums.size;
    for (const sum of sums.values()) squares += sum * sum;
  }
  return { error: Math.sqrt((squares * clusters) / Math.max(1, clusters - 1)), clusters };
}

function withInterval(
  { estimator, value }: { readonly estimator: EstimatorName; readonly value: number },
  sample: Sample,
  part: (i: number) => number,
): ValueEstimate {
  const { error, clusters } = errorOf(sample, part);
  if (clusters < 2) {
    const why = refusal('too-few-values', 'all rows are of one viewer, so there is no interval');
    return { estimator, value, standardError: null, low: null, high: null, refusal: why };
  }
  const reach = intervalFactor(sample.confidence, clusters - 1) * error;
  const bounds = { low: value - reach, high: value + reach };
  return { estimator, value, standardError: error, ...bounds, refusal: null };
}

function without(estimator: EstimatorName, text: string): ValueEstimate {
  const none = { value: null, standardError: null, low: null, high: null };
  return { estimator, ...none, refusal: refusal('too-few-values', text) };
}
