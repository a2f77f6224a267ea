/** The Kubernetes autoscaler by its description (reference §1.2), for comparison: it keeps every
 * recommendation and every change of replicas, and reads the rules off them at each step. Written
 * from the description, not from the reducer. Spec: T36. */
import type {
  HpaConfig,
  HpaMetric,
  ScalingRules,
} from '../../../queueing/autoscaling/hpa-config.ts';
import type {
  HpaObservation,
  MetricReading,
  PodReading,
  PodSight,
} from '../../../queueing/autoscaling/metric-replicas.ts';

/** A number that was so at a time. */
interface Dated {
  readonly atUs: number;
  readonly replicas: number;
}

/** What a pod uses, and what it requests, in thousandths. */
interface Usage {
  readonly used: number;
  readonly requested: number;
}

/** One autoscaler. */
export class HpaReference {
  readonly #config: HpaConfig;
  readonly #recommended: Dated[] = [];
  /** Changes made: > 0 up, < 0 down. */
  readonly #changes: Dated[] = [];

  constructor(config: HpaConfig) {
    this.#config = config;
  }

  /** How many replicas a step asks for. @param atLeast - What a forecast asks for besides. */
  step(observation: HpaObservation, nowUs: number, atLeast?: number): number {
    const wanted = this.#wanted(observation, nowUs, atLeast);
    const replicas = wanted - observation.currentReplicas;
    if (replicas !== 0) this.#changes.push({ atUs: nowUs, replicas });
    return wanted;
  }

  #wanted(observation: HpaObservation, nowUs: number, atLeast: number | undefined): number {
    const { minReplicas, maxReplicas } = this.#config;
    const current = observation.currentReplicas;
    if (this.#recommended.length === 0) this.#recommended.push({ atUs: nowUs, replicas: current });
    if (current === 0 && minReplicas > 0) return 0;
    if (current > maxReplicas) return maxReplicas;
    if (current < minReplicas) return minReplicas;
    const ofMetrics = { config: this.#config, observation, nowUs };
    const recommended = recommendation(ofMetrics, atLeast);
    if (recommended === undefined) return current;
    const stable = this.#stabilized(recommended, current, nowUs);
    this.#recommended.push({ atUs: nowUs, replicas: recommended });
    if (stable > current) return Math.min(stable, maxReplicas, this.#highest(current, nowUs));
    if (stable < current) return Math.max(stable, minReplicas, this.#lowest(current, nowUs));
    return stable;
  }

  /** Up to no more than the least that was recommended lately, down to no less than the most. */
  #stabilized(recommended: number, current: number, nowUs: number): number {
    const lately = ({ stabilizationUs }: ScalingRules) => [
      recommended,
      ...this.#recommended
        .filter(({ atUs }) => nowUs - atUs < stabilizationUs)
        .map(({ replicas }) => replicas),
    ];
    const least = Math.min(...lately(this.#config.scaleUp));
    const most = Math.max(...lately(this.#config.scaleDown));
    if (current < least) return Math.min(least, most);
    return Math.min(current, most);
  }

  /** Replicas before the changes of a period. */
  #before(current: number, nowUs: number, periodUs: number): number {
    const changed = this.#changes
      .filter(({ atUs }) => nowUs - atUs < periodUs)
      .reduce((sum, { replicas }) => sum + replicas, 0);
    return current - changed;
  }

  #highest(current: number, nowUs: number): number {
    const { selectPolicy, policies } = this.#config.scaleUp;
    if (selectPolicy === 'disabled') return current;
    const most = policies.map(({ kind, value, periodUs }) => {
      const before = this.#before(current, nowUs, periodUs);
      return kind === 'pods' ? before + value : Math.ceil(before * (1 + value / 100));
    });
    return Math.max(current, selectPolicy === 'max' ? Math.max(...most) : Math.min(...most));
  }

  #lowest(current: number, nowUs: number): number {
    const { selectPolicy, policies } = this.#config.scaleDown;
    if (selectPolicy === 'disabled') return current;
    const fewest = policies.map(({ kind, value, periodUs }) => {
      const before = this.#before(current, nowUs, periodUs);
      return kind === 'pods' ? before - value : Math.trunc(before * (1 - value / 100));
    });
    return Math.min(current, selectPolicy === 'max' ? Math.min(...fewest) : Math.max(...fewest));
  }
}

/** The most that any metric, or the forecast, asks for; nothing where all failed, or where some did
 * and the others ask for less. */
function recommendation(
  { config, observation, nowUs }: Pick<Question, 'config' | 'observation' | 'nowUs'>,
  atLeast: number | undefined,
): number | undefined {
  const ofMetrics = config.metrics.map((metric, i) => {
    const reading = observation.readings[i];
    return reading && ofMetric({ config, metric, reading, observation, nowUs });
  });
  const asked = atLeast === undefined ? ofMetrics : [...ofMetrics, atLeast];
  const known = asked.filter((one) => one !== undefined);
  if (known.length === 0) return undefined;
  const most = Math.max(...known);
  const isPartial = known.length < asked.length;
  return isPartial && most < observation.currentReplicas ? undefined : most;
}

interface Question {
  readonly config: HpaConfig;
  readonly metric: HpaMetric;
  readonly reading: MetricReading;
  readonly observation: HpaObservation;
  readonly nowUs: number;
}

function ofMetric(question: Question): number | undefined {
  const { reading, observation, config, metric } = question;
  if (metric.kind === 'object-value' || metric.kind === 'object-average') {
    if (reading.kind !== 'total') return undefined;
    const { valueMilli } = reading;
    const { statusReplicas, currentReplicas, pods } = observation;
    if (metric.kind === 'object-average') {
      const perTarget = valueMilli / metric.targetMilli;
      return isNear(config, perTarget / statusReplicas) ? statusReplicas : Math.ceil(perTarget);
    }
    const ratio = valueMilli / metric.targetMilli;
    if (currentReplicas === 0) return Math.ceil(ratio);
    if (isNear(config, ratio)) return currentReplicas;
    const ready = pods.filter(({ phase, readiness }) => phase === 'running' && readiness?.isReady);
    return pods.length === 0 ? undefined : Math.ceil(ratio * ready.length);
  }
  return reading.kind === 'per-pod' ? ofPods(question, reading.byPod) : undefined;
}

/** Pods that were not measured, or are too young, are set aside first, and filled in afterwards so
 * that they damp the change. */
function ofPods(
  question: Question,
  byPod: readonly (PodReading | undefined)[],
): number | undefined {
  const { config, metric, observation } = question;
  const current = observation.currentReplicas;
  const counted: Usage[] = [];
  const idle: Usage[] = [];
  const missing: Usage[] = [];
  observation.pods.forEach((pod, i) => {
    if (pod.isDeleting || pod.phase === 'failed') return;
    const requested = pod.requestMilli;
    const reading = byPod[i];
    if (pod.phase === 'pending') idle.push({ used: 0, requested });
    else if (reading === undefined) missing.push({ used: 0, requested });
    else if (isTooYoung(question, pod, reading)) idle.push({ used: 0, requested });
    else counted.push({ used: reading.valueMilli, requested });
  });
  const ratio = ratioOf(metric, counted);
  if (ratio === undefined) return undefined;
  const isUp = ratio > 1;
  if (missing.length === 0 && !(isUp && idle.length > 0)) {
    return isNear(config, ratio) ? current : Math.ceil(ratio * counted.length);
  }
  const filled = [...counted];
  if (isUp) filled.push(...missing, ...idle);
  else if (ratio < 1) filled.push(...missing.map((one) => atRequest(metric, one)));
  const again = ratioOf(metric, filled);
  if (again === undefined) return undefined;
  const isTurned = (ratio < 1 && again > 1) || (isUp && again < 1);
  if (isNear(config, again) || isTurned) return current;
  const wanted = Math.ceil(again * filled.length);
  const isAgainst = (again < 1 && wanted > current) || (again > 1 && wanted < current);
  return isAgainst ? current : wanted;
}

/** A pod that is not measured is taken to use what it requests, or its target where that is more.
 * */
function atRequest(metric: HpaMetric, { requested }: Usage): Usage {
  if (metric.kind !== 'resource-utilization') return { used: metric.targetMilli, requested };
  return { used: Math.trunc((requested * Math.max(100, metric.targetPercent)) / 100), requested };
}

/** CPU of a pod counts once it was measured while it was ready. */
function isTooYoung({ config, metric, nowUs }: Question, pod: PodSight, reading: PodReading) {
  const isCpu = 'resource' in metric && metric.resource === 'cpu';
  if (!isCpu) return false;
  const { startedUs, readiness } = pod;
  if (startedUs === undefined || readiness === undefined) return true;
  const ageUs = nowUs - startedUs;
  if (ageUs < config.cpuInitializationUs) {
    const measuredFromUs = reading.atUs - reading.windowUs;
    return !(readiness.isReady && measuredFromUs >= readiness.sinceUs);
  }
  const wasEverReady = readiness.sinceUs - startedUs >= config.initialReadinessDelayUs;
  return !readiness.isReady && !wasEverReady;
}

/** Usage over target; Kubernetes cuts percents and thousandths off. */
function ratioOf(metric: HpaMetric, pods: readonly Usage[]): number | undefined {
  const used = pods.reduce((sum, pod) => sum + pod.used, 0);
  const requested = pods.reduce((sum, pod) => sum + pod.requested, 0);
  if (pods.length === 0) return undefined;
  if (metric.kind !== 'resource-utilization') {
    return Math.trunc(used / pods.length) / metric.targetMilli;
  }
  return requested === 0 ? undefined : Math.trunc((used * 100) / requested) / metric.targetPercent;
}

function isNear({ scaleUp, scaleDown }: HpaConfig, ratio: number): boolean {
  return ratio >= 1 - scaleDown.tolerance && ratio <= 1 + scaleUp.tolerance;
}
