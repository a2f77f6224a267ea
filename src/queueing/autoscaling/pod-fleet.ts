/** The delays around an autoscaler: pods that take time to start, and usage that is measured now
 * and then and known later still. A pure reducer over the pods of one service; who owns it says
 * what each pod uses. Spec: Q56. */
import type { HpaObservation, PodReading, PodSight } from './metric-replicas.ts';

/** How late things are. */
export interface PodFleetConfig {
  /** From the wish for a pod to its container running: scheduling, image pull. */
  readonly pendingUs: number;
  /** From there until it is ready: boot, warm-up. */
  readonly bootUs: number;
  /** From a measurement to the autoscaler's knowing of it. */
  readonly metricLagUs: number;
  /** Usage is averaged over this time. */
  readonly readingWindowUs: number;
  /** CPU that each pod requests. */
  readonly requestMilli: number;
}

/** A pod; its number is never given again. */
export interface FleetPod {
  readonly id: number;
  readonly createdUs: number;
  readonly readyUs: number;
}

/** Usage of the pods that were ready at an instant. */
export interface FleetMeasurement {
  readonly atUs: number;
  readonly milliById: Readonly<Record<number, number>>;
}

/** Pods in the order of their creation, and measurements that may still be news. */
export interface PodFleetState {
  readonly pods: readonly FleetPod[];
  readonly nextId: number;
  readonly measurements: readonly FleetMeasurement[];
}

/** Eleven days before the run: old enough for every rule about young pods. */
const LONG_AGO_US = -1_000_000_000_000;

/** A fleet that has always been there: all pods ready. */
export function createPodFleet(replicas: number): PodFleetState {
  const pods = Array.from({ length: replicas }, (_, id) => ({
    id,
    createdUs: LONG_AGO_US,
    readyUs: LONG_AGO_US,
  }));
  return { pods, nextId: replicas, measurements: [] };
}

/** Adds pods, which start now, or takes some away at once: those not ready before the others, then
 * the youngest, as a ReplicaSet does. */
export function resizeFleet(
  config: PodFleetConfig,
  state: PodFleetState,
  wanted: { readonly replicas: number; readonly nowUs: number },
): PodFleetState {
  const { replicas, nowUs } = wanted;
  const missing = replicas - state.pods.length;
  if (missing === 0) return state;
  if (missing > 0) {
    const readyUs = nowUs + config.pendingUs + config.bootUs;
    const added = Array.from({ length: missing }, (_, i) => ({
      id: state.nextId + i,
      createdUs: nowUs,
      readyUs,
    }));
    return { ...state, pods: [...state.pods, ...added], nextId: state.nextId + missing };
  }
  const keptFirst = [...state.pods].sort((a, b) => {
    const readyFirst = Number(b.readyUs <= nowUs) - Number(a.readyUs <= nowUs);
    return readyFirst === 0 ? a.id - b.id : readyFirst;
  });
  const kept = keptFirst.slice(0, Math.max(0, replicas)).sort((a, b) => a.id - b.id);
  return { ...state, pods: kept };
}

/** The pods that take calls. */
export function readyPods(state: PodFleetState, nowUs: number): readonly FleetPod[] {
  return state.pods.filter((pod) => pod.readyUs <= nowUs);
}

/** Measures all running pods. @param usage - What a pod uses, averaged over the reading window. */
export function measureFleet(
  config: PodFleetConfig,
  state: PodFleetState,
  now: { readonly nowUs: number; readonly usage: (pod: FleetPod) => number },
): PodFleetState {
  const { nowUs, usage } = now;
  const running = state.pods.filter((pod) => pod.createdUs + config.pendingUs <= nowUs);
  const milliById = Object.fromEntries(running.map((pod) => [pod.id, Math.round(usage(pod))]));
  const newest = known(config, state, nowUs);
  const kept = state.measurements.filter((one) => newest === undefined || one.atUs >= newest.atUs);
  return { ...state, measurements: [...kept, { atUs: nowUs, milliById }] };
}

/** What an autoscaler with one metric by pod sees: the pods of now, the usage of then. */
export function fleetObservation(
  config: PodFleetConfig,
  state: PodFleetState,
  nowUs: number,
): HpaObservation {
  const measured = known(config, state, nowUs);
  const byPod = state.pods.map((pod): PodReading | undefined => {
    const valueMilli = measured?.milliById[pod.id];
    if (measured === undefined || valueMilli === undefined) return undefined;
    return { valueMilli, atUs: measured.atUs, windowUs: config.readingWindowUs };
  });
  return {
    currentReplicas: state.pods.length,
    statusReplicas: state.pods.length,
    pods: state.pods.map((pod) => sightOf(config, pod, nowUs)),
    readings: [{ kind: 'per-pod', byPod }],
  };
}

function known(
  config: PodFleetConfig,
  state: PodFleetState,
  nowUs: number,
): FleetMeasurement | undefined {
  return state.measurements.findLast((one) => one.atUs + config.metricLagUs <= nowUs);
}

function sightOf(config: PodFleetConfig, pod: FleetPod, nowUs: number): PodSight {
  const isReady = pod.readyUs <= nowUs;
  return {
    phase: pod.createdUs + config.pendingUs <= nowUs ? 'running' : 'pending',
    isDeleting: false,
    requestMilli: config.requestMilli,
    startedUs: pod.createdUs,
    readiness: { isReady, sinceUs: isReady ? pod.readyUs : pod.createdUs },
  };
}
