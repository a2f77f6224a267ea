/** The schema of fleet policies: concurrency limits, balancers, autoscalers, load shedding.
 * Fields are those of the configurations in `src/queueing/`, times in µs; defaults are the
 * published ones, so that `{ kind: 'vegas' }` is Netflix's Vegas and `{ maxReplicas: 20 }` a
 * Kubernetes autoscaler. */
import { z } from 'zod';
import { HPA_DEFAULTS } from '../../queueing/autoscaling/hpa-config.ts';
import { EJECTION_DEFAULTS } from '../../queueing/balancing/outlier-ejection.ts';
import { LIMIT_DEFAULTS, type LimitAlgorithm } from '../../queueing/limits/concurrency-limit.ts';
import { CRITICALITIES } from '../../queueing/shedding/criticality.ts';
import { SHEDDING_DEFAULTS } from '../../queueing/shedding/shedder.ts';

const count = z.int().positive();
const natural = z.int().nonnegative();
const positiveUs = z.int().positive();
const share = z.number().gt(0).max(1);

const { aimd, vegas, gradient, gradient2, window } = LIMIT_DEFAULTS;

const sampleWindow = z.strictObject({
  minWindowUs: positiveUs.default(window.minWindowUs),
  maxWindowUs: positiveUs.default(window.maxWindowUs),
  minSamples: count.default(window.minSamples),
  minDurationUs: natural.default(window.minDurationUs),
});

const limitAlgorithm = z
  .discriminatedUnion('kind', [
    z.strictObject({ kind: z.literal('fixed'), limit: count }),
    z.strictObject({
      kind: z.literal('aimd'),
      initialLimit: count.default(aimd.initialLimit),
      minLimit: count.default(aimd.minLimit),
      maxLimit: count.default(aimd.maxLimit),
      backoffRatio: z.number().min(0.5).lt(1).default(aimd.backoffRatio),
      timeoutUs: positiveUs.default(aimd.timeoutUs),
    }),
    z.strictObject({
      kind: z.literal('vegas'),
      initialLimit: count.default(vegas.initialLimit),
      maxLimit: count.default(vegas.maxLimit),
      smoothing: share.default(vegas.smoothing),
      probeMultiplier: count.default(vegas.probeMultiplier),
    }),
    z.strictObject({
      kind: z.literal('gradient'),
      initialLimit: count.default(gradient.initialLimit),
      minLimit: count.default(gradient.minLimit),
      maxLimit: z.int().min(4).default(gradient.maxLimit),
      smoothing: share.default(gradient.smoothing),
      rttTolerance: z.number().min(1).default(gradient.rttTolerance),
      backoffRatio: z.number().min(0.5).lt(1).default(gradient.backoffRatio),
      probeInterval: z.int().min(-1).default(gradient.probeInterval),
    }),
    z.strictObject({
      kind: z.literal('gradient2'),
      initialLimit: count.default(gradient2.initialLimit),
      minLimit: count.default(gradient2.minLimit),
      maxLimit: count.default(gradient2.maxLimit),
      smoothing: share.default(gradient2.smoothing),
      rttTolerance: z.number().min(1).default(gradient2.rttTolerance),
      room: natural.default(gradient2.room),
      longWindow: count.default(gradient2.longWindow),
    }),
  ])
  .refine(isOrdered, 'minLimit ≤ initialLimit ≤ maxLimit');

/** A concurrency limit. */
export const concurrencyLimitSchema = z.strictObject({
  algorithm: limitAlgorithm,
  window: sampleWindow.optional(),
});

const ejection = z
  .strictObject({
    consecutiveFailures: count.default(EJECTION_DEFAULTS.consecutiveFailures),
    intervalUs: positiveUs.default(EJECTION_DEFAULTS.intervalUs),
    baseEjectionUs: positiveUs.default(EJECTION_DEFAULTS.baseEjectionUs),
    maxEjectionUs: positiveUs.default(EJECTION_DEFAULTS.maxEjectionUs),
    maxEjectedPercent: z.number().min(0).max(100).default(EJECTION_DEFAULTS.maxEjectedPercent),
    alwaysEjectOne: z.boolean().default(EJECTION_DEFAULTS.alwaysEjectOne),
    successRateMinHosts: natural.default(EJECTION_DEFAULTS.successRateMinHosts),
    successRateMinRequests: natural.default(EJECTION_DEFAULTS.successRateMinRequests),
    successRateStdevFactor: z
      .number()
      .nonnegative()
      .default(EJECTION_DEFAULTS.successRateStdevFactor),
  })
  .refine((one) => one.maxEjectionUs >= one.baseEjectionUs, 'baseEjectionUs ≤ maxEjectionUs');

const balancingPolicy = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('round-robin') }),
  z.strictObject({ kind: z.literal('random') }),
  z.strictObject({
    kind: z.literal('least-outstanding'),
    ties: z.enum(['lowest-index', 'random']).default('lowest-index'),
  }),
  z.strictObject({ kind: z.literal('power-of-two') }),
  z.strictObject({
    kind: z.literal('weighted-least-request'),
    bias: z.number().nonnegative().default(1),
  }),
  z.strictObject({ kind: z.literal('peak-ewma'), decayUs: positiveUs.default(10_000_000) }),
  z.strictObject({ kind: z.literal('ring-hash'), virtualNodes: count.max(10_000).default(160) }),
]);

/** A balancer; `ejection: {}` and `zones: {}` turn Envoy's defaults on. */
export const balancerSchema = z.strictObject({
  policy: balancingPolicy.default({ kind: 'power-of-two' }),
  ejection: ejection.optional(),
  zones: z.strictObject({ overprovisioning: z.number().min(1).default(1.4) }).optional(),
});

const ratePolicy = z.strictObject({
  kind: z.enum(['pods', 'percent']),
  value: count,
  periodUs: positiveUs.max(1_800_000_000),
});

/** The rules of one direction, with the defaults of that direction. */
function scalingRules(defaults: typeof HPA_DEFAULTS.scaleUp) {
  return z
    .strictObject({
      tolerance: z.number().nonnegative().default(defaults.tolerance),
      stabilizationUs: natural.max(3_600_000_000).default(defaults.stabilizationUs),
      selectPolicy: z.enum(['max', 'min', 'disabled']).default(defaults.selectPolicy),
      policies: z.array(ratePolicy).min(1).readonly().default(defaults.policies),
    })
    .prefault({});
}

const resource = z.enum(['cpu', 'memory']).default('cpu');

const hpaMetric = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('resource-utilization'),
    resource,
    targetPercent: count.default(80),
  }),
  z.strictObject({ kind: z.literal('resource-average'), resource, targetMilli: count }),
  z.strictObject({ kind: z.literal('pods-average'), targetMilli: count }),
  z.strictObject({ kind: z.literal('object-value'), targetMilli: count }),
  z.strictObject({ kind: z.literal('object-average'), targetMilli: count }),
]);

/** A Kubernetes autoscaler. */
export const autoscalerSchema = z
  .strictObject({
    minReplicas: natural.default(HPA_DEFAULTS.minReplicas),
    maxReplicas: count,
    metrics: z
      .array(hpaMetric)
      .min(1)
      .readonly()
      .default([{ kind: 'resource-utilization', resource: 'cpu', targetPercent: 80 }]),
    syncPeriodUs: positiveUs.default(HPA_DEFAULTS.syncPeriodUs),
    cpuInitializationUs: natural.default(HPA_DEFAULTS.cpuInitializationUs),
    initialReadinessDelayUs: natural.default(HPA_DEFAULTS.initialReadinessDelayUs),
    scaleUp: scalingRules(HPA_DEFAULTS.scaleUp),
    scaleDown: scalingRules(HPA_DEFAULTS.scaleDown),
  })
  .refine((one) => one.minReplicas <= one.maxReplicas, 'minReplicas ≤ maxReplicas');

/** The delays around an autoscaler: ours, as Kubernetes has no say in them. */
export const podFleetSchema = z.strictObject({
  pendingUs: natural.default(5_000_000),
  bootUs: natural.default(25_000_000),
  metricLagUs: natural.default(15_000_000),
  readingWindowUs: natural.default(15_000_000),
  requestMilli: count.default(1_000),
});

const { thresholds, progressive, codel } = SHEDDING_DEFAULTS;
const shedAbove = z.number().nonnegative().nullable();

/** Load shedding. */
export const sheddingSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('none') }),
  z.strictObject({
    kind: z.literal('thresholds'),
    signal: z.enum(['utilization', 'waiting']).default(thresholds.signal),
    shedAbove: z.record(z.enum(CRITICALITIES), shedAbove).default(thresholds.shedAbove),
  }),
  z
    .strictObject({
      kind: z.literal('progressive'),
      startAt: z.number().nonnegative().default(progressive.startAt),
      fullAt: z.number().positive().default(progressive.fullAt),
      exponent: z.number().positive().default(progressive.exponent),
    })
    .refine((one) => one.startAt < one.fullAt, 'startAt < fullAt'),
  z.strictObject({
    kind: z.literal('codel'),
    targetUs: positiveUs.default(codel.targetUs),
    intervalUs: positiveUs.default(codel.intervalUs),
  }),
]);

/** Who of a waiting line is next. */
export const serviceOrderSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('fifo') }),
  z.strictObject({ kind: z.literal('lifo') }),
  z.strictObject({
    kind: z.literal('adaptive-lifo'),
    lifoAboveWaitUs: natural.default(100_000),
  }),
]);

function isOrdered(algorithm: LimitAlgorithm): boolean {
  if (algorithm.kind === 'fixed') return true;
  const minLimit = algorithm.kind === 'vegas' ? 1 : algorithm.minLimit;
  return minLimit <= algorithm.initialLimit && algorithm.initialLimit <= algorithm.maxLimit;
}
