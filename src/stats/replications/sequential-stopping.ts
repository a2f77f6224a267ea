/** When a campaign knows enough: replications are added until every metric's interval is narrow
 * relative to its value, or the cap is hit, and the answer says per metric which of the two. */
import { requireArgument } from '../bad-argument.ts';
import { normalQuantile } from '../normal.ts';
import { type Refusal, refusal } from '../refusal.ts';
import { intervalFactor } from '../student-t.ts';
import type { PrecisionEstimate, StoppingMetric } from './stopping-metric.ts';

/** How precise, and how many replications at most. */
export interface StoppingRule {
  /** γ: |estimate − truth| ÷ |truth| that is wanted, between 0 and 1. */
  readonly relativeError: number;
  /** Of all metrics together; 0.95 unless given. Each of k is held to 1 − (1 − confidence) ÷ k. */
  readonly confidence?: number;
  /** Replications before anything is judged; 10 unless given, at least 2. */
  readonly minimum?: number;
  /** Replications at most. */
  readonly cap: number;
}

/** How precise one metric is. */
export interface MetricPrecision
  extends Omit<PrecisionEstimate, 'replicationsForInterval' | 'refusal'> {
  readonly name: string;
  readonly state: 'reached' | 'not reached' | 'cannot';
  /** Of this metric alone, after Bonferroni's correction. */
  readonly confidence: number;
  /** halfWidth ÷ |value|; null where either has none or the value is 0. */
  readonly relativeHalfWidth: number | null;
  /** Further replications that would do if the spread stays as it is; 0 where reached; null where
   * that cannot be said. */
  readonly moreReplications: number | null;
  readonly refusal: Refusal | null;
}

/** Whether to go on. */
export interface StoppingVerdict {
  /** `cannot`: what can be reached is, but some metric never will be. */
  readonly decision: 'continue' | 'reached' | 'cap' | 'cannot';
  readonly metrics: readonly MetricPrecision[];
  /** Fewest replications behind any metric. */
  readonly n: number;
  /** The largest prediction of all metrics, up to the minimum of replications at least; null where
   * none can be made. */
  readonly moreReplications: number | null;
}

/** Judges the replications so far. A metric is reached when halfWidth ÷ |value| ≤ γ ÷ (1 + γ),
 * which keeps the error relative to the unknown truth below γ, or when its absolute half-width is.
 * @param made - Replications made so far.
 * @throws EngineError `STATS_BAD_ARGUMENT` on an impossible rule or no metric.
 * Source: Law, Simulation Modeling and Analysis, 9.4.1 and 9.7. Spec: N25–N27. */
export function stoppingVerdict(
  metrics: readonly StoppingMetric[],
  made: number,
  rule: StoppingRule,
): StoppingVerdict {
  requireRule(rule, metrics.length);
  const confidence = 1 - (1 - (rule.confidence ?? 0.95)) / metrics.length;
  const minimum = rule.minimum ?? 10;
  const judged = metrics.map((metric) => precisionOf(metric, { rule, confidence, minimum }));
  const isOpen = judged.some(({ state }) => state === 'not reached');
  const isShort = made < minimum;
  const known = judged.map((one) => one.moreReplications).filter((more) => more !== null);
  const more = Math.max(0, minimum - made, ...known);
  return {
    decision: decide({ isOpen, isShort, isCapped: made >= rule.cap, judged }),
    metrics: judged,
    n: Math.min(...judged.map(({ n }) => n)),
    moreReplications: isOpen && more === 0 ? null : more,
  };
}

function decide({
  isOpen,
  isShort,
  isCapped,
  judged,
}: {
  readonly isOpen: boolean;
  readonly isShort: boolean;
  readonly isCapped: boolean;
  readonly judged: readonly MetricPrecision[];
}): StoppingVerdict['decision'] {
  if (isOpen || isShort) return isCapped ? 'cap' : 'continue';
  return judged.every(({ state }) => state === 'reached') ? 'reached' : 'cannot';
}

function precisionOf(
  metric: StoppingMetric,
  of: { readonly rule: StoppingRule; readonly confidence: number; readonly minimum: number },
): MetricPrecision {
  const { name, absoluteHalfWidth = 0 } = metric;
  const { confidence, minimum } = of;
  const found = metric.estimate(confidence);
  const { value, halfWidth, n, replicationsForInterval } = found;
  const gamma = of.rule.relativeError;
  const target = Math.max(absoluteHalfWidth, (gamma / (1 + gamma)) * Math.abs(value));
  const hasRatio = halfWidth !== null && value !== 0 && Number.isFinite(value);
  const relativeHalfWidth = hasRatio ? halfWidth / Math.abs(value) : null;
  const common = { name, value, halfWidth, n, confidence, relativeHalfWidth };
  const answer = (
    state: MetricPrecision['state'],
    moreReplications: number | null,
    why: Refusal | null = null,
  ): MetricPrecision => ({ ...common, state, moreReplications, refusal: why });
  if (found.refusal !== undefined) return answer('cannot', null, found.refusal);
  if (halfWidth === null) {
    const text = `${n} replications bear no interval of ${name}`;
    const more = replicationsForInterval === undefined ? null : replicationsForInterval - n;
    return answer('not reached', more, refusal('too-few-replications', text));
  }
  if (value === 0 && absoluteHalfWidth === 0) {
    const text = `the mean of ${name} is 0, no width is relative to it: give an absolute one`;
    return answer(n < minimum ? 'not reached' : 'cannot', null, refusal('mean-is-zero', text));
  }
  if (halfWidth <= target && n >= minimum) return answer('reached', 0);
  const needed = replicationsFor({ halfWidth, n, target, confidence });
  return answer('not reached', Math.max(needed, minimum) - n);
}

/** The smallest n at which t(n − 1) · s ÷ √n is down to the target. The normal quantile, being
 * below t, gives a lower bound, and t at that bound an upper one. */
function replicationsFor(of: {
  readonly halfWidth: number;
  readonly n: number;
  readonly target: number;
  readonly confidence: number;
}): number {
  const { halfWidth, n, target, confidence } = of;
  const factor = (count: number): number => intervalFactor(confidence, count - 1);
  const spread = (halfWidth * Math.sqrt(n)) / factor(n);
  const countFor = (quantile: number): number => ((quantile * spread) / target) ** 2;
  const z = normalQuantile(1 - (1 - confidence) / 2);
  let low = Math.max(2, Math.floor(countFor(z)));
  let high = Math.max(low, Math.ceil(countFor(factor(low))));
  while (high > low) {
    const middle = Math.floor((low + high) / 2);
    if (countFor(factor(middle)) > middle) low = middle + 1;
    else high = middle;
  }
  return high;
}

function requireRule(rule: StoppingRule, metricCount: number): void {
  const { relativeError, confidence = 0.95, minimum = 10, cap } = rule;
  const between = 'between 0 and 1';
  const isShare = (value: number): boolean => value > 0 && value < 1;
  const isError = isShare(relativeError);
  requireArgument(isError, { argument: 'relativeError', found: relativeError, rule: between });
  const isConfidence = isShare(confidence);
  requireArgument(isConfidence, { argument: 'confidence', found: confidence, rule: between });
  const isMinimum = Number.isInteger(minimum) && minimum >= 2;
  const minimumRule = 'a whole number from 2 on';
  requireArgument(isMinimum, { argument: 'minimum', found: minimum, rule: minimumRule });
  const capRule = `at least ${minimum}, the minimum`;
  requireArgument(cap >= minimum, { argument: 'cap', found: cap, rule: capRule });
  const found = metricCount;
  requireArgument(found >= 1, { argument: 'number of metrics', found, rule: 'at least 1' });
}
