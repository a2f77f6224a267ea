/** The schema of fleet policies: published defaults, plain data that the reducers take as it is,
 * and every mistake refused. */
import { describe, expect, it } from 'vitest';
import type { z } from 'zod';
import {
  autoscalerSchema,
  balancerSchema,
  concurrencyLimitSchema,
  podFleetSchema,
  serviceOrderSchema,
  sheddingSchema,
} from '../../../src/experiment/scenario/fleet-policy-schema.ts';
import { HPA_DEFAULTS, type HpaConfig } from '../../../src/queueing/autoscaling/hpa-config.ts';
import type { PodFleetConfig } from '../../../src/queueing/autoscaling/pod-fleet.ts';
import {
  type BalancerConfig,
  createBalancer,
} from '../../../src/queueing/balancing/create-balancer.ts';
import { EJECTION_DEFAULTS } from '../../../src/queueing/balancing/outlier-ejection.ts';
import {
  type ConcurrencyLimitConfig,
  createConcurrencyLimit,
  LIMIT_DEFAULTS,
} from '../../../src/queueing/limits/concurrency-limit.ts';
import type { ServiceOrder } from '../../../src/queueing/shedding/service-order.ts';
import {
  createShedder,
  SHEDDING_DEFAULTS,
  type SheddingConfig,
} from '../../../src/queueing/shedding/shedder.ts';

// What the schemas give is what the reducers take: checked by the compiler.
const limitOf = (input: unknown): ConcurrencyLimitConfig => concurrencyLimitSchema.parse(input);
const balancerOf = (input: unknown): BalancerConfig => balancerSchema.parse(input);
const hpaOf = (input: unknown): HpaConfig => autoscalerSchema.parse(input);
const fleetOf = (input: unknown): PodFleetConfig => podFleetSchema.parse(input);
const sheddingOf = (input: unknown): SheddingConfig => sheddingSchema.parse(input);
const orderOf = (input: unknown): ServiceOrder => serviceOrderSchema.parse(input);

/** The messages and paths of what is wrong. */
function problems(schema: z.ZodType, input: unknown): string[] {
  const result = schema.safeParse(input);
  if (result.success) return [];
  return result.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`);
}

describe('fleet policies in a scenario', () => {
  it('E2: have the published defaults', () => {
    for (const kind of ['aimd', 'vegas', 'gradient', 'gradient2'] as const) {
      expect(limitOf({ algorithm: { kind } }).algorithm).toEqual(LIMIT_DEFAULTS[kind]);
    }
    const windowed = limitOf({ algorithm: { kind: 'fixed', limit: 3 }, window: {} });
    expect(windowed.window).toEqual(LIMIT_DEFAULTS.window);
    expect(balancerOf({ ejection: {}, zones: {} })).toEqual({
      policy: { kind: 'power-of-two' },
      ejection: EJECTION_DEFAULTS,
      zones: { overprovisioning: 1.4 },
    });
    const metrics = [{ kind: 'resource-utilization', resource: 'cpu', targetPercent: 80 }];
    expect(hpaOf({ maxReplicas: 9 })).toEqual({ ...HPA_DEFAULTS, maxReplicas: 9, metrics });
    for (const kind of ['thresholds', 'progressive', 'codel'] as const) {
      expect(sheddingOf({ kind })).toEqual(SHEDDING_DEFAULTS[kind]);
    }
    expect(orderOf({ kind: 'adaptive-lifo' })).toEqual({
      kind: 'adaptive-lifo',
      lifoAboveWaitUs: 100_000,
    });
    expect(fleetOf({}).metricLagUs).toBe(15_000_000);
  });

  it('E2: make working policies of every kind, and survive JSON', () => {
    for (const kind of ['aimd', 'vegas', 'gradient', 'gradient2']) {
      const config = limitOf({ algorithm: { kind } });
      expect(limitOf(JSON.parse(JSON.stringify(config)))).toEqual(config);
      const limit = createConcurrencyLimit(config);
      expect(limit.limitOf(limit.initial)).toBeGreaterThan(0);
    }
    const kinds = ['round-robin', 'random', 'least-outstanding', 'power-of-two', 'peak-ewma'];
    for (const kind of [...kinds, 'weighted-least-request', 'ring-hash']) {
      const balancer = createBalancer(balancerOf({ policy: { kind } }));
      const replicas = [{ outstanding: 0, isReady: true, zone: 0, weight: 1 }];
      const asked = { replicas, nowUs: 0, key: 0, u1: 0.5, u2: 0.5, zone: 0 };
      expect(balancer.choose(balancer.initial(), asked)).toBe(0);
    }
    const seen = { criticality: 'sheddable', utilization: 0.99, waiting: 0, u: 0.9 } as const;
    const admits = ['none', 'thresholds', 'progressive', 'codel'].map((kind) =>
      createShedder(sheddingOf({ kind })).admits(seen),
    );
    expect(admits).toEqual([true, false, false, true]);
  });

  it('E2: are refused with what is wrong', () => {
    const wrong: readonly (readonly [z.ZodType, unknown, RegExp])[] = [
      [
        concurrencyLimitSchema,
        { algorithm: { kind: 'aimd', initialLimit: 300 } },
        /initialLimit ≤/,
      ],
      [concurrencyLimitSchema, { algorithm: { kind: 'aimd', timeout: 3 } }, /timeout/],
      [concurrencyLimitSchema, { algorithm: { kind: 'vegaz' } }, /algorithm/],
      [balancerSchema, { policy: { kind: 'ring-hash', virtualNodes: 0 } }, /virtualNodes/],
      [balancerSchema, { ejection: { maxEjectionUs: 1 } }, /baseEjectionUs ≤/],
      [autoscalerSchema, {}, /maxReplicas/],
      [autoscalerSchema, { minReplicas: 5, maxReplicas: 4 }, /minReplicas ≤/],
      [autoscalerSchema, { maxReplicas: 4, scaleUp: { selectPolicy: 'most' } }, /selectPolicy/],
      [sheddingSchema, { kind: 'progressive', startAt: 1 }, /startAt </],
      [sheddingSchema, { kind: 'thresholds', shedAbove: { critical: 1 } }, /shedAbove/],
      [serviceOrderSchema, { kind: 'lifo', lifoAboveWaitUs: 1 }, /lifoAboveWaitUs/],
    ];
    for (const [schema, input, rule] of wrong) {
      expect(problems(schema, input).join('\n')).toMatch(rule);
    }
  });
});
