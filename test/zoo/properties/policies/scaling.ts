/** Concurrency limits within their bounds, and the autoscaler beside a reference that looks through
 * all that ever was, step for step. */
import assert from 'node:assert/strict';
import * as fc from 'fast-check';
import { hpaStep, NEW_HPA } from '../../../../src/queueing/autoscaling/hpa.ts';
import {
  HPA_DEFAULTS,
  type HpaConfig,
  type RatePolicy,
  type ScalingRules,
} from '../../../../src/queueing/autoscaling/hpa-config.ts';
import {
  createConcurrencyLimit,
  LIMIT_DEFAULTS,
  type LimitAlgorithm,
} from '../../../../src/queueing/limits/concurrency-limit.ts';
import type { LimitSample } from '../../../../src/queueing/limits/limit-sample.ts';
import { type ZooProperty, zooProperty } from '../../hunt/property.ts';

const bounds = fc
  .tuple(fc.integer({ min: 1, max: 20 }), fc.nat(10), fc.integer({ min: 4, max: 30 }))
  .map(([minLimit, more, room]) => ({
    minLimit,
    initialLimit: minLimit + more,
    maxLimit: minLimit + more + room,
  }));

const algorithm: fc.Arbitrary<LimitAlgorithm> = fc
  .tuple(bounds, fc.constantFrom('aimd', 'vegas', 'gradient', 'gradient2'), fc.nat(8))
  .map(([limits, kind, probes]): LimitAlgorithm => {
    const { initialLimit, maxLimit } = limits;
    if (kind === 'vegas') return { ...LIMIT_DEFAULTS.vegas, initialLimit, maxLimit };
    if (kind === 'aimd') return { ...LIMIT_DEFAULTS.aimd, ...limits };
    if (kind === 'gradient2') return { ...LIMIT_DEFAULTS.gradient2, ...limits };
    return { ...LIMIT_DEFAULTS.gradient, ...limits, probeInterval: probes - 1 };
  });

interface Finished {
  readonly durationUs: number;
  /** Of the present limit, in percent. */
  readonly usedPercent: number;
  readonly dropped: boolean;
  readonly u: number;
}

const finished: fc.Arbitrary<Finished> = fc.record({
  durationUs: fc.constantFrom(10, 100, 1_000, 100_000),
  usedPercent: fc.constantFrom(0, 49, 50, 100),
  dropped: fc.boolean(),
  u: fc.constantFrom(0.01, 0.5, 0.99),
});

/** AIMD by its formula; undefined for the others, which only keep bounds. */
function aimdNext(kind: LimitAlgorithm, limit: number, sample: LimitSample): number | undefined {
  if (kind.kind !== 'aimd') return undefined;
  let next = limit;
  if (sample.dropped || sample.durationUs > kind.timeoutUs) {
    next = Math.floor(limit * kind.backoffRatio);
  } else if (2 * sample.inFlight >= limit) next = limit + 1;
  return Math.min(kind.maxLimit, Math.max(kind.minLimit, next));
}

const limitsKeepBounds = zooProperty({
  name: 'limits-keep-their-bounds',
  claim: 'a limit is a whole number within its bounds and never grows by a drop; AIMD by formula',
  arbitrary: fc.record({
    algorithm,
    samples: fc.array(finished, { maxLength: 60, size: 'max' }),
  }),
  sizeOf: ({ samples }) => ({ commands: samples.length, faults: 0 }),
  holds({ algorithm: kind, samples }) {
    const limit = createConcurrencyLimit({ algorithm: kind });
    const minLimit = 'minLimit' in kind ? kind.minLimit : 1;
    const maxLimit = 'maxLimit' in kind ? kind.maxLimit : Number.POSITIVE_INFINITY;
    let state = limit.initial;
    for (const [i, one] of samples.entries()) {
      const before = limit.limitOf(state);
      const inFlight = Math.max(1, Math.round((before * one.usedPercent) / 100));
      const sample = { ...one, inFlight, nowUs: i };
      state = limit.onSample(state, sample);
      const after = limit.limitOf(state);
      assert.ok(Number.isInteger(after) && after >= minLimit && after <= maxLimit, `${after}`);
      assert.equal(after, aimdNext(kind, before, sample) ?? after);
      // A probe of the gradient limit starts anew, and Gradient2 knows no drops.
      const mayGrow = kind.kind === 'gradient' || kind.kind === 'gradient2';
      if (one.dropped && !mayGrow) assert.ok(after <= before, `a drop raised it to ${after}`);
    }
  },
});

const rate: fc.Arbitrary<RatePolicy> = fc.record({
  kind: fc.constantFrom('pods', 'percent'),
  value: fc.constantFrom(1, 4, 10, 100),
  periodUs: fc.constantFrom(15, 30, 60),
});

const rules: fc.Arbitrary<ScalingRules> = fc.record({
  tolerance: fc.constantFrom(0, 0.1, 0.5),
  stabilizationUs: fc.constantFrom(0, 30, 100),
  selectPolicy: fc.constantFrom('max', 'min', 'disabled', 'max'),
  policies: fc.array(rate, { minLength: 1, maxLength: 2 }),
});

const TARGET = 100;

const autoscaler: fc.Arbitrary<HpaConfig> = fc
  .record({
    minReplicas: fc.integer({ min: 1, max: 3 }),
    maxReplicas: fc.integer({ min: 3, max: 40 }),
    scaleUp: rules,
    scaleDown: rules,
  })
  .map((drawn) => ({
    ...HPA_DEFAULTS,
    ...drawn,
    metrics: [{ kind: 'pods-average' as const, targetMilli: TARGET }],
  }));

interface Noted {
  readonly atUs: number;
  readonly replicas: number;
}

/** The autoscaler that forgets nothing: recommendations and changes of all time. */
class HpaReference {
  readonly #config: HpaConfig;
  readonly #recommended: Noted[] = [];
  readonly #changes: Noted[] = [];

  constructor(config: HpaConfig) {
    this.#config = config;
  }

  step(current: number, loadMilli: number, nowUs: number): number {
    if (this.#recommended.length === 0) this.#recommended.push({ atUs: nowUs, replicas: current });
    const wanted = this.#wanted(current, loadMilli);
    const { scaleUp, scaleDown } = this.#config;
    const since = (windowUs: number): number[] =>
      this.#recommended.filter((one) => one.atUs > nowUs - windowUs).map((one) => one.replicas);
    const least = Math.min(wanted, ...since(scaleUp.stabilizationUs));
    const greatest = Math.max(wanted, ...since(scaleDown.stabilizationUs));
    this.#recommended.push({ atUs: nowUs, replicas: wanted });
    const stable = Math.min(Math.max(current, least), greatest);
    const desired = this.#limited(current, stable, nowUs);
    if (desired !== current) this.#changes.push({ atUs: nowUs, replicas: desired - current });
    return desired;
  }

  #wanted(current: number, loadMilli: number): number {
    const ratio = Math.trunc(loadMilli) / TARGET;
    const { scaleUp, scaleDown } = this.#config;
    const isNear = ratio < 1 ? ratio >= 1 - scaleDown.tolerance : ratio <= 1 + scaleUp.tolerance;
    return isNear ? current : Math.ceil(ratio * current);
  }

  #limited(current: number, wanted: number, nowUs: number): number {
    const { minReplicas, maxReplicas, scaleUp, scaleDown } = this.#config;
    const isUp = wanted > current;
    const { selectPolicy, policies } = isUp ? scaleUp : scaleDown;
    if (wanted === current || selectPolicy === 'disabled') return current;
    const steps = policies.map(({ kind, value, periodUs }) => {
      const lately = this.#changes.filter((one) => one.atUs > nowUs - periodUs);
      const start = current - lately.reduce((sum, one) => sum + one.replicas, 0);
      if (kind === 'pods') return isUp ? start + value : start - value;
      return isUp ? Math.ceil(start * (1 + value / 100)) : Math.trunc(start * (1 - value / 100));
    });
    const isWidest = (selectPolicy === 'max') === isUp;
    const edge = isWidest ? Math.max(...steps) : Math.min(...steps);
    return isUp
      ? Math.min(wanted, maxReplicas, Math.max(current, edge))
      : Math.max(wanted, minReplicas, Math.min(current, edge));
  }
}

const hpaStepForStep = zooProperty({
  name: 'autoscaler-step-for-step',
  claim: 'each step asks for the replicas that all recommendations and changes ever ask for',
  arbitrary: fc.record({
    config: autoscaler,
    start: fc.integer({ min: 0, max: 10 }),
    loads: fc.array(
      fc.record({
        gapUs: fc.constantFrom(15, 15, 30, 200),
        loadMilli: fc.oneof(fc.nat(400), fc.constantFrom(50, 89, 90, 110, 111, 150)),
      }),
      { minLength: 1, maxLength: 25, size: 'max' },
    ),
  }),
  sizeOf: ({ loads }) => ({ commands: loads.length, faults: 0 }),
  holds({ config, start, loads }) {
    const reference = new HpaReference(config);
    let replicas = Math.min(config.maxReplicas, config.minReplicas + start);
    let state = NEW_HPA;
    let nowUs = 0;
    for (const { gapUs, loadMilli } of loads) {
      nowUs += gapUs;
      const pod = {
        phase: 'running' as const,
        isDeleting: false,
        requestMilli: 100,
        startedUs: -1e12,
        readiness: { isReady: true, sinceUs: -1e12 },
      };
      const pods = Array.from({ length: replicas }, () => pod);
      const byPod = pods.map(() => ({ valueMilli: loadMilli, atUs: nowUs, windowUs: 15 }));
      const readings = [{ kind: 'per-pod' as const, byPod }];
      const counts = { currentReplicas: replicas, statusReplicas: replicas };
      const step = hpaStep(config, state, { observation: { ...counts, pods, readings }, nowUs });
      const wanted = reference.step(replicas, loadMilli, nowUs);
      assert.equal(step.desiredReplicas, wanted, `at ${nowUs} with ${replicas}`);
      assert.ok(wanted >= config.minReplicas && wanted <= config.maxReplicas);
      state = step.state;
      replicas = step.desiredReplicas;
    }
  },
});

/** All properties of limits and autoscaling. */
export const SCALING: readonly ZooProperty[] = [limitsKeepBounds, hpaStepForStep];
