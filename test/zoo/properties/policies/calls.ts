/** What a caller does about calls that fail: pauses, budgets, hedges, bulkheads and deadlines, each
 * beside bounds that are worked out from the whole history. */
import assert from 'node:assert/strict';
import * as fc from 'fast-check';
import {
  type BackoffConfig,
  type BackoffState,
  FIRST_BACKOFF,
  nextBackoff,
} from '../../../../src/queueing/calls/backoff.ts';
import {
  createRetryBudget,
  type RetryBudgetConfig,
} from '../../../../src/queueing/calls/budgets/create-retry-budget.ts';
import { remainingUs } from '../../../../src/queueing/calls/deadline.ts';
import { type ZooProperty, zooProperty } from '../../hunt/property.ts';
import { GUARD_PROPERTIES } from './call-guard.ts';

const uniform = fc.double({ min: 0, max: 1, minExcluded: true, maxExcluded: true, noNaN: true });

const backoff: fc.Arbitrary<BackoffConfig> = fc.record({
  kind: fc.constantFrom('none', 'full-jitter', 'equal-jitter', 'decorrelated'),
  baseUs: fc.integer({ min: 1, max: 1_000 }),
  capUs: fc.integer({ min: 1, max: 100_000 }),
});

/** The pause by its published formula, not rounded. */
function published(
  { kind, baseUs, capUs }: BackoffConfig,
  tries: number,
  { u, previousUs }: { readonly u: number; readonly previousUs: number },
): number {
  let ceilingUs = baseUs;
  for (let i = 0; i < tries && ceilingUs < capUs; i += 1) ceilingUs *= 2;
  ceilingUs = Math.min(ceilingUs, capUs);
  if (kind === 'none') return ceilingUs;
  if (kind === 'full-jitter') return u * ceilingUs;
  if (kind === 'equal-jitter') return ceilingUs / 2 + (u * ceilingUs) / 2;
  return Math.min(capUs, baseUs + u * (3 * previousUs - baseUs));
}

const pausesAsPublished = zooProperty({
  name: 'pauses-as-published',
  claim: 'every pause is the published formula of its uniform and never above its cap',
  arbitrary: fc.record({ config: backoff, us: fc.array(uniform, { maxLength: 30 }) }),
  sizeOf: ({ us }) => ({ commands: us.length, faults: 0 }),
  holds({ config, us }) {
    let state: BackoffState = FIRST_BACKOFF;
    let previousUs = config.baseUs;
    for (const [tries, u] of us.entries()) {
      const step = nextBackoff(config, state, u);
      const wantedUs = published(config, tries, { u, previousUs });
      assert.ok(step.pauseUs <= config.capUs, `${step.pauseUs} µs is above the cap`);
      assert.ok(
        Math.abs(step.pauseUs - Math.max(1, wantedUs)) <= 0.5,
        `pause ${tries + 1} is ${step.pauseUs} µs where ${wantedUs} µs are published`,
      );
      state = step.state;
      previousUs = step.pauseUs;
    }
  },
});

const budget: fc.Arbitrary<RetryBudgetConfig> = fc.oneof(
  fc.record({
    kind: fc.constant('ratio-bucket' as const),
    ttlUs: fc.constant(1_000_000),
    retryRatio: fc.constantFrom(0, 0.5, 1),
    minRetriesPerSec: fc.nat(3),
    slots: fc.constant(10),
  }),
  fc.record({
    kind: fc.constant('quota' as const),
    capacity: fc.integer({ min: 5, max: 25 }),
    retryCost: fc.constant(5),
    timeoutCost: fc.constant(10),
    successGain: fc.integer({ min: 1, max: 3 }),
  }),
  fc.record({
    kind: fc.constant('active-retries' as const),
    budgetRatio: fc.constantFrom(0.2, 0.5),
    minRetryConcurrency: fc.nat(3),
  }),
);

interface BudgetStep {
  readonly gapUs: number;
  readonly do: 'request' | 'retry' | 'retry-after-timeout' | 'success' | 'retry-succeeds';
  readonly activeRequests: number;
  readonly activeRetries: number;
}

interface Spent {
  readonly atUs: number;
  readonly what: 'request' | 'retry';
}

/** Whether a retry may be granted, from all that was before. */
class BudgetReference {
  readonly #config: RetryBudgetConfig;
  readonly #spent: Spent[] = [];
  #tokens: number;

  constructor(config: RetryBudgetConfig) {
    this.#config = config;
    this.#tokens = config.kind === 'quota' ? config.capacity : 0;
  }

  note(nowUs: number, step: BudgetStep): void {
    const config = this.#config;
    if (step.do === 'request') this.#spent.push({ atUs: nowUs, what: 'request' });
    if (config.kind !== 'quota') return;
    const gain = step.do === 'success' ? config.successGain : config.retryCost;
    const isGain = step.do === 'success' || step.do === 'retry-succeeds';
    if (isGain) this.#tokens = Math.min(config.capacity, this.#tokens + gain);
  }

  grants(nowUs: number, step: BudgetStep): boolean {
    const config = this.#config;
    if (config.kind === 'active-retries') {
      const share = Math.floor(config.budgetRatio * step.activeRequests + 1e-9);
      return step.activeRetries < Math.max(share, config.minRetryConcurrency);
    }
    if (config.kind === 'quota') {
      const price = step.do === 'retry' ? config.retryCost : config.timeoutCost;
      if (this.#tokens < price) return false;
      this.#tokens -= price;
      return true;
    }
    if (config.kind !== 'ratio-bucket') throw new Error(`no reference of ${config.kind}`);
    const slotOf = (atUs: number) => Math.floor((atUs * config.slots) / config.ttlUs);
    const lately = this.#spent.filter((one) => slotOf(one.atUs) > slotOf(nowUs) - config.slots);
    const requests = lately.filter((one) => one.what === 'request').length;
    const reserve = Math.floor((config.minRetriesPerSec * config.ttlUs) / 1e6);
    const isGranted = lately.length - requests + 1 <= config.retryRatio * requests + reserve;
    if (isGranted) this.#spent.push({ atUs: nowUs, what: 'retry' });
    return isGranted;
  }
}

const budgetsKept = zooProperty({
  name: 'budgets-as-counted-anew',
  claim: 'a retry is granted just when all requests and retries of the window leave room for it',
  arbitrary: fc.record({
    config: budget,
    steps: fc.array(
      fc.record({
        gapUs: fc.oneof(fc.constant(0), fc.nat(150_000), fc.constant(990_000)),
        do: fc.constantFrom<BudgetStep['do']>(
          'request',
          'retry',
          'retry-after-timeout',
          'success',
          'retry-succeeds',
        ),
        activeRequests: fc.nat(12),
        activeRetries: fc.nat(5),
      }),
      { maxLength: 30, size: 'max' },
    ),
  }),
  sizeOf: ({ steps }) => ({ commands: steps.length, faults: 0 }),
  holds({ config, steps }) {
    const policy = createRetryBudget(config);
    const reference = new BudgetReference(config);
    let state = policy.initial;
    let nowUs = 0;
    for (const step of steps) {
      nowUs += step.gapUs;
      reference.note(nowUs, step);
      if (step.do === 'request') state = policy.onRequest(state, nowUs);
      else if (step.do === 'success') {
        state = policy.onOutcome(state, { ok: true, timedOut: false, nowUs });
      } else if (step.do === 'retry-succeeds') {
        state = policy.onOutcome(state, { ok: true, timedOut: false, nowUs, retryOf: 'failure' });
      } else {
        const timedOut = step.do === 'retry-after-timeout';
        const asked = policy.tryRetry(state, { ...step, nowUs, timedOut });
        state = asked.state;
        assert.equal(asked.allowed, reference.grants(nowUs, step), `${config.kind} at ${nowUs}`);
      }
    }
  },
});

const deadlinesKept = zooProperty({
  name: 'nobody-waits-past-a-deadline',
  claim: 'along any chain of calls nobody waits longer than who asked, or than is worth starting',
  arbitrary: fc.record({
    hops: fc.array(
      fc.record({
        timeoutUs: fc.integer({ min: 1, max: 1_000 }),
        allowanceUs: fc.nat(20),
        minimumUs: fc.nat(20),
        workUs: fc.nat(100),
      }),
      { minLength: 1, maxLength: 6 },
    ),
    deadlineUs: fc.oneof(fc.integer({ min: 1, max: 1_000 }), fc.constant(Number.POSITIVE_INFINITY)),
  }),
  sizeOf: ({ hops }) => ({ commands: hops.length, faults: 0 }),
  holds({ hops, deadlineUs: asked }) {
    let [nowUs, deadlineUs] = [0, asked];
    for (const { timeoutUs, allowanceUs, minimumUs, workUs } of hops) {
      const config = { allowanceUs, minimumUs };
      const leftUs = remainingUs(config, { timeoutUs, nowUs, deadlineUs });
      const roomUs = Math.min(timeoutUs, deadlineUs - nowUs - allowanceUs);
      assert.equal(leftUs, roomUs >= Math.max(1, minimumUs) ? roomUs : 0);
      if (leftUs === 0) return;
      deadlineUs = nowUs + leftUs;
      nowUs += workUs;
    }
  },
});

/** All properties of calls. */
export const CALLS: readonly ZooProperty[] = [
  pausesAsPublished,
  budgetsKept,
  deadlinesKept,
  ...GUARD_PROPERTIES,
];
