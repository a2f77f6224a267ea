/** A Kubernetes autoscaler on a simulated server: reads the replicas' CPU through the delays that
 * metrics have, steps every sync period, and scales the fleet. Spec: Q51–Q55, E16. */
import type { Simulation } from '../../../kernel/simulation.ts';
import { type HpaState, hpaStep, NEW_HPA } from '../../../queueing/autoscaling/hpa.ts';
import type { HpaConfig } from '../../../queueing/autoscaling/hpa-config.ts';
import type {
  HpaObservation,
  PodReading,
  PodSight,
} from '../../../queueing/autoscaling/metric-replicas.ts';
import type { Fleet } from '../../../queueing/stations/fleet.ts';
import type { ReplicaState } from '../../../queueing/stations/replica.ts';
import type { ScalingStep } from '../../world/probe.ts';
import type { Anticipation } from '../anticipation/anticipation.ts';
import type { Attempt } from '../calls/call.ts';

/** What an autoscaler needs. */
export interface AutoscalerOptions {
  readonly name: string;
  readonly hpa: HpaConfig;
  /** From a measurement to the autoscaler's knowing of it, µs. */
  readonly metricLagUs: number;
  /** Load is averaged over this time, and measured as often, µs. */
  readonly metricWindowUs: number;
  readonly workersPerReplica: number;
  readonly simulation: Simulation;
  readonly fleet: Fleet<Attempt>;
  readonly endUs: number;
  /** What the forecast asks for besides; undefined without one. */
  readonly anticipation?: Anticipation | undefined;
  /** Told of each decision. */
  readonly onStep?: ((step: ScalingStep) => void) | undefined;
  /** Asked at each sync: whether it decides nothing. Left out where it always does. */
  readonly isFrozen?: (() => boolean) | undefined;
}

/** CPU of one worker, in Kubernetes' thousandths. */
const MILLI = 1_000;
/** Eleven days before the run: old enough for every rule about young pods. */
const LONG_AGO_US = -1_000_000_000_000;

/** What is known of the place of a replica. */
interface Pod {
  /** Whether there is a pod at all: crashed ones are pods that nobody can measure. */
  exists: boolean;
  state: ReplicaState;
  startedUs: number;
  changedUs: number;
  busyUs: number;
  readings: PodReading[];
}

/** Starts the autoscaler of one server. */
export function startAutoscaler(options: AutoscalerOptions): void {
  const { name, hpa, metricWindowUs, simulation, fleet, endUs, anticipation } = options;
  const pods: Pod[] = [];
  let state: HpaState = NEW_HPA;
  let wanted = members(fleet);
  watch(options, pods);
  const every = (handlerName: string, periodUs: number, act: () => void) => {
    const handler = simulation.registerHandler(`autoscaler.${name}.${handlerName}`, () => {
      act();
      if (simulation.nowUs + periodUs <= endUs) simulation.schedule(periodUs, handler, 0);
    });
    simulation.schedule(periodUs, handler, 0);
  };
  every('measure', metricWindowUs, () => {
    measure(options, pods);
    anticipation?.measure(simulation.nowUs);
  });
  every('sync', hpa.syncPeriodUs, () => {
    watch(options, pods);
    if (options.isFrozen?.() === true) return;
    const { nowUs } = simulation;
    const observation = observe(options, pods, wanted);
    const atLeast = anticipation?.look(nowUs);
    const step = hpaStep(hpa, state, { observation, nowUs, atLeast });
    state = step.state;
    const { desiredReplicas } = step;
    options.onStep?.({ hpa, observation, nowUs, desiredReplicas, atLeast });
    if (desiredReplicas === wanted) return;
    wanted = desiredReplicas;
    fleet.scaleTo(wanted);
    watch(options, pods);
  });
}

function members(fleet: Fleet<Attempt>): number {
  return fleet.replicas.filter(({ isMember }) => isMember).length;
}

/** Notes which replicas began to start, or got ready, since the last look. */
function watch({ fleet, simulation }: AutoscalerOptions, pods: Pod[]): void {
  const { nowUs } = simulation;
  fleet.replicas.forEach(({ state, isMember }, index) => {
    const pod = pods[index];
    const exists = isMember || state === 'draining';
    if (pod === undefined) {
      const sinceUs = state === 'ready' ? LONG_AGO_US : nowUs;
      const busyUs = fleet.busyWorkerUs(index);
      pods.push({ exists, state, startedUs: sinceUs, changedUs: sinceUs, busyUs, readings: [] });
      return;
    }
    pod.exists = exists;
    if (pod.state === state) return;
    if (state === 'down' || state === 'starting') pod.readings = [];
    if (pod.state === 'down') pod.startedUs = nowUs;
    pod.state = state;
    pod.changedUs = nowUs;
  });
}

function measure(options: AutoscalerOptions, pods: Pod[]): void {
  const { fleet, simulation, metricWindowUs, metricLagUs } = options;
  watch(options, pods);
  pods.forEach((pod, index) => {
    const busyUs = fleet.busyWorkerUs(index);
    const valueMilli = Math.round(((busyUs - pod.busyUs) / metricWindowUs) * MILLI);
    pod.busyUs = busyUs;
    if (pod.state === 'down') return;
    pod.readings.push({ valueMilli, atUs: simulation.nowUs, windowUs: metricWindowUs });
    const oldestUs = simulation.nowUs - metricLagUs - 2 * metricWindowUs;
    if ((pod.readings[0]?.atUs ?? 0) < oldestUs) pod.readings.shift();
  });
}

function observe(
  { hpa, workersPerReplica, simulation, metricLagUs }: AutoscalerOptions,
  pods: readonly Pod[],
  wanted: number,
): HpaObservation {
  const knownUs = simulation.nowUs - metricLagUs;
  const alive = pods.filter(({ exists }) => exists);
  const byPod = alive.map(({ readings }) => readings.findLast(({ atUs }) => atUs <= knownUs));
  const totalMilli = byPod.reduce((sum, reading) => sum + (reading?.valueMilli ?? 0), 0);
  return {
    currentReplicas: wanted,
    // Kubernetes leaves pods that terminate out of `status.replicas`.
    statusReplicas: alive.filter(({ state }) => state !== 'draining').length,
    pods: alive.map((pod) => sightOf(pod, workersPerReplica * MILLI)),
    readings: hpa.metrics.map(({ kind }) =>
      kind === 'object-value' || kind === 'object-average'
        ? { kind: 'total', valueMilli: totalMilli }
        : { kind: 'per-pod', byPod },
    ),
  };
}

function sightOf({ state, startedUs, changedUs }: Pod, requestMilli: number): PodSight {
  return {
    phase: 'running',
    isDeleting: state === 'draining',
    requestMilli,
    startedUs,
    readiness: { isReady: state === 'ready', sinceUs: changedUs },
  };
}
