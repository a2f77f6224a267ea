/** Random autoscalers and what they see, for the comparison with the reference. */
import type { Draws } from '../../../src/kernel/chance.ts';
import {
  HPA_DEFAULTS,
  type HpaConfig,
  type HpaMetric,
  type RatePolicy,
  type ScalingRules,
} from '../../../src/queueing/autoscaling/hpa-config.ts';
import type {
  HpaObservation,
  MetricReading,
  PodSight,
} from '../../../src/queueing/autoscaling/metric-replicas.ts';

const SECOND = 1_000_000;

/** Numbered draws of one trace. */
export interface Dice {
  /** A whole number in low … high. */
  int(low: number, high: number): number;
  chance(probability: number): boolean;
  pick<T>(items: readonly T[]): T;
}

/** Dice of one trace. */
export function diceOf(draws: Draws, trace: number): Dice {
  let index = 0;
  const next = () => {
    index += 1;
    return draws.uniform(trace, index);
  };
  return {
    int: (low, high) => low + Math.floor(next() * (high - low + 1)),
    chance: (probability) => next() < probability,
    pick: (items) => items[Math.floor(next() * items.length)] as (typeof items)[number],
  };
}

/** An autoscaler: defaults half of the time, else anything allowed. */
export function randomConfig(dice: Dice): HpaConfig {
  const minReplicas = dice.int(1, 4);
  const metrics = Array.from({ length: dice.int(1, 3) }, () => randomMetric(dice));
  const bounds = { minReplicas, maxReplicas: minReplicas + dice.int(0, 60), metrics };
  if (dice.chance(0.5)) return { ...HPA_DEFAULTS, ...bounds };
  return {
    ...HPA_DEFAULTS,
    ...bounds,
    scaleUp: randomRules(dice),
    scaleDown: randomRules(dice),
  };
}

function randomMetric(dice: Dice): HpaMetric {
  const resource = dice.pick(['cpu', 'memory'] as const);
  const targetMilli = dice.int(1, 20) * 50;
  return dice.pick<HpaMetric>([
    { kind: 'resource-utilization', resource, targetPercent: dice.pick([30, 50, 80, 130]) },
    { kind: 'resource-average', resource, targetMilli },
    { kind: 'pods-average', targetMilli },
    { kind: 'object-value', targetMilli: targetMilli * 4 },
    { kind: 'object-average', targetMilli },
  ]);
}

function randomRules(dice: Dice): ScalingRules {
  const policy = (): RatePolicy => ({
    kind: dice.pick(['pods', 'percent'] as const),
    value: dice.int(1, 100),
    periodUs: dice.int(1, 8) * 15 * SECOND,
  });
  return {
    tolerance: dice.pick([0, 0.05, 0.1, 0.3]),
    stabilizationUs: dice.pick([0, 15, 60, 300]) * SECOND,
    selectPolicy: dice.pick(['max', 'max', 'min', 'min', 'disabled'] as const),
    policies: Array.from({ length: dice.int(1, 3) }, policy),
  };
}

/** What is seen at a step: pods of all kinds, usage around the targets. */
export function randomObservation(
  dice: Dice,
  config: HpaConfig,
  now: { readonly currentReplicas: number; readonly nowUs: number },
): HpaObservation {
  const isCalm = dice.chance(0.4);
  const pods = Array.from({ length: now.currentReplicas }, () =>
    randomPod(dice, isCalm, now.nowUs),
  );
  const readings = config.metrics.map((metric) =>
    randomReading(dice, { metric, pods, isCalm, ...now }),
  );
  return { currentReplicas: now.currentReplicas, statusReplicas: pods.length, pods, readings };
}

function randomPod(dice: Dice, isCalm: boolean, nowUs: number): PodSight {
  const startedUs = nowUs - dice.int(0, isCalm ? 1 : 400) * SECOND - (isCalm ? 900 * SECOND : 0);
  const sinceUs = startedUs + dice.int(0, 60) * SECOND;
  const phase = isCalm || dice.chance(0.85) ? 'running' : dice.pick(['pending', 'failed'] as const);
  return {
    phase,
    isDeleting: !isCalm && dice.chance(0.05),
    requestMilli: dice.int(1, 4) * 100,
    startedUs: !isCalm && dice.chance(0.05) ? undefined : startedUs,
    readiness:
      !isCalm && dice.chance(0.05) ? undefined : { isReady: isCalm || dice.chance(0.8), sinceUs },
  };
}

function randomReading(
  dice: Dice,
  asked: {
    readonly metric: HpaMetric;
    readonly pods: readonly PodSight[];
    readonly isCalm: boolean;
    readonly nowUs: number;
  },
): MetricReading {
  const { metric, pods, isCalm, nowUs } = asked;
  if (dice.chance(0.04)) return { kind: 'failed' };
  const percent = dice.pick([20, 60, 89, 90, 95, 100, 105, 110, 111, 150, 300]);
  if (metric.kind === 'object-value') {
    return { kind: 'total', valueMilli: Math.round((metric.targetMilli * percent) / 100) };
  }
  if (metric.kind === 'object-average') {
    return {
      kind: 'total',
      valueMilli: Math.round((metric.targetMilli * pods.length * percent) / 100),
    };
  }
  const byPod = pods.map((pod) => {
    if (!isCalm && dice.chance(0.12)) return undefined;
    const target =
      metric.kind === 'resource-utilization'
        ? (pod.requestMilli * metric.targetPercent) / 100
        : metric.targetMilli;
    const valueMilli = Math.round((target * (percent + dice.int(-2, 2))) / 100);
    return { valueMilli, atUs: nowUs - dice.int(0, 30) * SECOND, windowUs: 15 * SECOND };
  });
  return { kind: 'per-pod', byPod };
}
