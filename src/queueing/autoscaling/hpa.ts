/** The Kubernetes HorizontalPodAutoscaler as a pure reducer: metrics to a recommendation, the
 * recommendation through stabilisation windows, rate policies and bounds to a number of replicas.
 * Source: Kubernetes, pkg/controller/podautoscaler/horizontal.go, with `behavior` given (its
 * published defaults are {@link HPA_DEFAULTS}). Spec: Q51–Q55. */
import type { HpaConfig } from './hpa-config.ts';
import { type HpaObservation, replicasForMetric } from './metric-replicas.ts';
import {
  type RateQuestion,
  type ScaleChange,
  scaleDownLimit,
  scaleUpLimit,
  withChange,
} from './scaling-rates.ts';

/** What an autoscaler remembers: plain data. */
export interface HpaState {
  /** What it recommended lately, before anything held it back. */
  readonly recommendations: readonly ScaleChange[];
  readonly added: readonly ScaleChange[];
  readonly removed: readonly ScaleChange[];
}

/** Why the number of replicas is what it is; in the words of Kubernetes' conditions. */
export type HpaReason =
  | 'ScalingDisabled'
  | 'AboveMaxReplicas'
  | 'BelowMinReplicas'
  | 'FailedGetMetrics'
  | 'ScaleUpStabilized'
  | 'ScaleDownStabilized'
  | 'ScaleUpLimit'
  | 'TooManyReplicas'
  | 'ScaleDownLimit'
  | 'TooFewReplicas'
  | 'DesiredWithinRange';

/** What came of a step. */
export interface HpaStep {
  readonly state: HpaState;
  /** What to ask for from now on; the present number where nothing is to change. */
  readonly desiredReplicas: number;
  /** What the metrics alone ask for; undefined where they were not looked at or failed. */
  readonly recommendation: number | undefined;
  readonly reason: HpaReason;
}

/** An autoscaler that has not stepped yet. */
export const NEW_HPA: HpaState = { recommendations: [], added: [], removed: [] };

/** One step, due every `config.syncPeriodUs`. The caller scales at once to what it says: the step
 * has noted the change. */
export function hpaStep(
  config: HpaConfig,
  before: HpaState,
  seen: {
    readonly observation: HpaObservation;
    readonly nowUs: number;
    /** What a forecast asks for: counts as one metric more, without tolerance. Spec: Q134. */
    readonly atLeast?: number | undefined;
  },
): HpaStep {
  const { nowUs, observation } = seen;
  const current = observation.currentReplicas;
  const state = withFirstRecommendation(before, current, nowUs);
  if (current === 0 && config.minReplicas !== 0) {
    return { state, desiredReplicas: 0, recommendation: undefined, reason: 'ScalingDisabled' };
  }
  const forced = boundOf(config, current);
  if (forced !== undefined) {
    const change = { from: current, to: forced.replicas, nowUs };
    return {
      state: withScaling(config, state, change),
      desiredReplicas: forced.replicas,
      recommendation: undefined,
      reason: forced.reason,
    };
  }
  const recommendation = recommend(config, seen);
  if (recommendation === undefined) {
    return { state, desiredReplicas: current, recommendation, reason: 'FailedGetMetrics' };
  }
  const stabilized = stabilize(config, state, { replicas: recommendation, current, nowUs });
  const rate: RateQuestion = { history: state, currentReplicas: current, nowUs };
  const limited = limit(config, rate, stabilized.replicas);
  const noted = { ...state, recommendations: stabilized.recommendations };
  return {
    state: withScaling(config, noted, { from: current, to: limited.replicas, nowUs }),
    desiredReplicas: limited.replicas,
    recommendation,
    reason:
      limited.reason ??
      (stabilized.replicas === recommendation
        ? 'DesiredWithinRange'
        : stabilizedReason(recommendation, current)),
  };
}

function withFirstRecommendation(state: HpaState, replicas: number, nowUs: number): HpaState {
  if (state.recommendations.length > 0) return state;
  return { ...state, recommendations: [{ replicas, atUs: nowUs }] };
}

function boundOf(
  config: HpaConfig,
  current: number,
): { readonly replicas: number; readonly reason: HpaReason } | undefined {
  const { minReplicas, maxReplicas } = config;
  if (current > maxReplicas) return { replicas: maxReplicas, reason: 'AboveMaxReplicas' };
  if (current < minReplicas) return { replicas: minReplicas, reason: 'BelowMinReplicas' };
  return undefined;
}

/** The greatest of what the metrics ask for; undefined if all failed, or some did and the others
 * would scale down. */
function recommend(
  config: HpaConfig,
  { observation, nowUs, atLeast }: Parameters<typeof hpaStep>[2],
): number | undefined {
  let replicas = atLeast ?? 0;
  let failed = 0;
  for (const [i, metric] of config.metrics.entries()) {
    const reading = observation.readings[i] ?? { kind: 'failed' };
    const wanted = replicasForMetric({ config, metric, reading, observation, nowUs });
    if (wanted === undefined) failed += 1;
    else replicas = Math.max(replicas, wanted);
  }
  if (failed >= config.metrics.length && atLeast === undefined) return undefined;
  return failed > 0 && replicas < observation.currentReplicas ? undefined : replicas;
}

interface Stabilized {
  readonly replicas: number;
  readonly recommendations: readonly ScaleChange[];
}

/** Brings the present number within the least recommendation of the way up and the greatest of the
 * way down, and notes the new recommendation. */
function stabilize(
  config: HpaConfig,
  state: HpaState,
  wanted: { readonly replicas: number; readonly current: number; readonly nowUs: number },
): Stabilized {
  const upSinceUs = wanted.nowUs - config.scaleUp.stabilizationUs;
  const downSinceUs = wanted.nowUs - config.scaleDown.stabilizationUs;
  let least = wanted.replicas;
  let greatest = wanted.replicas;
  for (const one of state.recommendations) {
    if (one.atUs > upSinceUs) least = Math.min(least, one.replicas);
    if (one.atUs > downSinceUs) greatest = Math.max(greatest, one.replicas);
  }
  const oldUs = Math.min(upSinceUs, downSinceUs);
  const outdated = state.recommendations.findLastIndex((one) => one.atUs < oldUs);
  const note = { replicas: wanted.replicas, atUs: wanted.nowUs };
  return {
    replicas: Math.min(Math.max(wanted.current, least), greatest),
    recommendations:
      outdated < 0 ? [...state.recommendations, note] : state.recommendations.with(outdated, note),
  };
}

function stabilizedReason(recommendation: number, current: number): HpaReason {
  return recommendation >= current ? 'ScaleUpStabilized' : 'ScaleDownStabilized';
}

function limit(
  config: HpaConfig,
  rate: RateQuestion,
  wanted: number,
): { readonly replicas: number; readonly reason: HpaReason | undefined } {
  if (wanted > rate.currentReplicas) {
    const fastest = scaleUpLimit(config.scaleUp, rate);
    const most = Math.min(config.maxReplicas, fastest);
    if (wanted <= most) return { replicas: wanted, reason: undefined };
    const isRate = config.maxReplicas > fastest;
    return { replicas: most, reason: isRate ? 'ScaleUpLimit' : 'TooManyReplicas' };
  }
  if (wanted < rate.currentReplicas) {
    const fastest = scaleDownLimit(config.scaleDown, rate);
    const fewest = Math.max(config.minReplicas, fastest);
    if (wanted >= fewest) return { replicas: wanted, reason: undefined };
    const isRate = config.minReplicas < fastest;
    return { replicas: fewest, reason: isRate ? 'ScaleDownLimit' : 'TooFewReplicas' };
  }
  return { replicas: wanted, reason: undefined };
}

function withScaling(
  config: HpaConfig,
  state: HpaState,
  change: { readonly from: number; readonly to: number; readonly nowUs: number },
): HpaState {
  const { from, to, nowUs } = change;
  if (to > from) {
    const note = { replicas: to - from, atUs: nowUs };
    return { ...state, added: withChange(state.added, config.scaleUp, note) };
  }
  if (to < from) {
    const note = { replicas: from - to, atUs: nowUs };
    return { ...state, removed: withChange(state.removed, config.scaleDown, note) };
  }
  return state;
}
