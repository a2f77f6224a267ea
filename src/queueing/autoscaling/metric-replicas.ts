/** How many replicas one metric asks for: usage over target times the ready pods, with pods set
 * aside that are not ready or not measured, and filled in so that they damp the change. Source:
 * Kubernetes, pkg/controller/podautoscaler/replica_calculator.go, whole-number arithmetic included.
 * Spec: Q52. */
import type { HpaConfig, HpaMetric } from './hpa-config.ts';

/** What the autoscaler sees of a pod. */
export interface PodSight {
  readonly phase: 'pending' | 'running' | 'failed';
  readonly isDeleting: boolean;
  readonly requestMilli: number;
  /** When the node took it on, if it has. */
  readonly startedUs: number | undefined;
  /** Readiness and when it last changed; undefined before it is known. */
  readonly readiness: { readonly isReady: boolean; readonly sinceUs: number } | undefined;
}

/** Usage of one pod, averaged over the window that ended at `atUs`. */
export interface PodReading {
  readonly valueMilli: number;
  readonly atUs: number;
  readonly windowUs: number;
}

/** What became of reading one metric. */
export type MetricReading =
  /** By pod, in the order of the pods; undefined for who was not measured. */
  | { readonly kind: 'per-pod'; readonly byPod: readonly (PodReading | undefined)[] }
  | { readonly kind: 'total'; readonly valueMilli: number }
  | { readonly kind: 'failed' };

/** What an autoscaler sees at a step. */
export interface HpaObservation {
  /** Replicas asked for at present. */
  readonly currentReplicas: number;
  /** Replicas that exist. */
  readonly statusReplicas: number;
  readonly pods: readonly PodSight[];
  /** One of each metric, in their order. */
  readonly readings: readonly MetricReading[];
}

/** One metric among the others of an observation. */
export interface MetricQuestion {
  readonly config: HpaConfig;
  readonly metric: HpaMetric;
  readonly reading: MetricReading;
  readonly observation: HpaObservation;
  readonly nowUs: number;
}

/** Replicas that a metric asks for; undefined if it cannot be told. */
export function replicasForMetric(asked: MetricQuestion): number | undefined {
  const { metric, reading } = asked;
  if (metric.kind === 'object-value' || metric.kind === 'object-average') {
    return reading.kind === 'total' ? replicasForTotal(asked, reading.valueMilli) : undefined;
  }
  return reading.kind === 'per-pod' ? replicasForPods(asked, reading.byPod) : undefined;
}

function replicasForTotal(asked: MetricQuestion, totalMilli: number): number | undefined {
  const { metric, observation } = asked;
  if (metric.kind === 'object-average') {
    const ratio = totalMilli / (metric.targetMilli * observation.statusReplicas);
    const isKept = isWithin(asked.config, ratio);
    return isKept ? observation.statusReplicas : Math.ceil(totalMilli / metric.targetMilli);
  }
  if (metric.kind !== 'object-value') return undefined;
  const ratio = totalMilli / metric.targetMilli;
  if (observation.currentReplicas === 0) return Math.ceil(ratio);
  if (isWithin(asked.config, ratio)) return observation.currentReplicas;
  if (observation.pods.length === 0) return undefined;
  const ready = observation.pods.filter(
    (pod) => pod.phase === 'running' && pod.readiness?.isReady === true,
  );
  return Math.ceil(ratio * ready.length);
}

/** Usage and request of a pod that counts. */
interface Counted {
  readonly valueMilli: number;
  readonly requestMilli: number;
}

function replicasForPods(
  asked: MetricQuestion,
  byPod: readonly (PodReading | undefined)[],
): number | undefined {
  const { config, metric } = asked;
  const current = asked.observation.currentReplicas;
  const { ready, unready, missing } = groupPods(asked, byPod);
  const ratio = usageRatio(metric, ready);
  if (ratio === undefined) return undefined;
  const fillsUnready = unready.length > 0 && ratio > 1;
  if (!fillsUnready && missing.length === 0) {
    return isWithin(config, ratio) ? current : Math.ceil(ratio * ready.length);
  }
  const filled = [...ready, ...assumed(metric, missing, ratio)];
  if (fillsUnready) filled.push(...unready);
  const again = usageRatio(metric, filled);
  if (again === undefined) return undefined;
  if (isWithin(config, again) || (ratio < 1 && again > 1) || (ratio > 1 && again < 1)) {
    return current;
  }
  const wanted = Math.ceil(again * filled.length);
  const hasTurned = (again < 1 && wanted > current) || (again > 1 && wanted < current);
  return hasTurned ? current : wanted;
}

interface PodGroups {
  readonly ready: readonly Counted[];
  readonly unready: readonly Counted[];
  readonly missing: readonly Counted[];
}

function groupPods(asked: MetricQuestion, byPod: readonly (PodReading | undefined)[]): PodGroups {
  const ready: Counted[] = [];
  const unready: Counted[] = [];
  const missing: Counted[] = [];
  for (const [i, pod] of asked.observation.pods.entries()) {
    if (pod.isDeleting || pod.phase === 'failed') continue;
    const unmeasured = { valueMilli: 0, requestMilli: pod.requestMilli };
    const reading = byPod[i];
    if (pod.phase === 'pending') unready.push(unmeasured);
    else if (reading === undefined) missing.push(unmeasured);
    else if (isUnready(asked, pod, reading)) unready.push(unmeasured);
    else ready.push({ valueMilli: reading.valueMilli, requestMilli: pod.requestMilli });
  }
  return { ready, unready, missing };
}

/** Whether a running pod is too young for its reading to count; only CPU usage is so. */
function isUnready(asked: MetricQuestion, pod: PodSight, reading: PodReading): boolean {
  const { config, metric, nowUs } = asked;
  if (!('resource' in metric) || metric.resource !== 'cpu') return false;
  const { startedUs, readiness } = pod;
  if (startedUs === undefined || readiness === undefined) return true;
  if (startedUs + config.cpuInitializationUs > nowUs) {
    return !readiness.isReady || reading.atUs < readiness.sinceUs + reading.windowUs;
  }
  return !readiness.isReady && startedUs + config.initialReadinessDelayUs > readiness.sinceUs;
}

/** Usage over target of those that count, in whole percents or whole thousandths. */
function usageRatio(metric: HpaMetric, pods: readonly Counted[]): number | undefined {
  if (pods.length === 0) return undefined;
  const usedMilli = pods.reduce((sum, pod) => sum + pod.valueMilli, 0);
  if (metric.kind === 'resource-utilization') {
    const requestedMilli = pods.reduce((sum, pod) => sum + pod.requestMilli, 0);
    if (requestedMilli === 0) return undefined;
    return Math.trunc((usedMilli * 100) / requestedMilli) / metric.targetPercent;
  }
  return Math.trunc(usedMilli / pods.length) / metric.targetMilli;
}

/** Pods that were not measured, as they are taken for: idle when the others ask for more; when
 * they ask for less, using all that they request, or the target where that is more. At exactly 1
 * upstream fills nothing in. */
function assumed(metric: HpaMetric, missing: readonly Counted[], ratio: number): Counted[] {
  if (ratio === 1) return [];
  return missing.map(({ requestMilli }) => {
    if (ratio > 1) return { valueMilli: 0, requestMilli };
    if (metric.kind !== 'resource-utilization') {
      return { valueMilli: metric.targetMilli, requestMilli };
    }
    const percent = Math.max(100, metric.targetPercent);
    return { valueMilli: Math.trunc((requestMilli * percent) / 100), requestMilli };
  });
}

function isWithin(config: HpaConfig, ratio: number): boolean {
  return 1 - config.scaleDown.tolerance <= ratio && ratio <= 1 + config.scaleUp.tolerance;
}
