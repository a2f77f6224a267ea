/** Circuit breakers beside references that keep every result ever and count them anew at each
 * question. Any history of calls, slow and failed ones, cancellations and pauses. */
import assert from 'node:assert/strict';
import * as fc from 'fast-check';
import type { BreakerStatus } from '../../../../src/queueing/calls/breakers/circuit-breaker.ts';
import {
  createHystrixBreaker,
  type HystrixConfig,
} from '../../../../src/queueing/calls/breakers/hystrix.ts';
import {
  type CountWindowConfig,
  createSlidingWindowBreaker,
  type TimeWindowConfig,
} from '../../../../src/queueing/calls/breakers/sliding-window.ts';
import { type ZooProperty, zooProperty } from '../../hunt/property.ts';

interface Step {
  readonly gapUs: number;
  readonly do: 'ask' | 'ok' | 'fail' | 'slow' | 'cancel';
}

/** What a breaker answers; undefined where it is not asked. */
interface Breaker {
  ask(nowUs: number): boolean;
  end(nowUs: number, ok: boolean, slow: boolean): void;
  cancel(nowUs: number): void;
  status(nowUs: number): BreakerStatus;
}

const SLOW_US = 100;

/** The breaker of the product with its state. */
function held<S>(breaker: {
  readonly initial: S;
  admit(state: S, nowUs: number): { readonly state: S; readonly admitted: boolean };
  record(state: S, sample: { ok: boolean; durationUs: number; nowUs: number }): S;
  cancel(state: S, nowUs: number): S;
  statusOf(state: S, nowUs: number): BreakerStatus;
}): Breaker {
  let state = breaker.initial;
  return {
    ask(nowUs) {
      const asked = breaker.admit(state, nowUs);
      state = asked.state;
      return asked.admitted;
    },
    end(nowUs, ok, slow) {
      state = breaker.record(state, { ok, durationUs: slow ? SLOW_US + 1 : SLOW_US, nowUs });
    },
    cancel(nowUs) {
      state = breaker.cancel(state, nowUs);
    },
    status: (nowUs) => breaker.statusOf(state, nowUs),
  };
}

interface Result {
  readonly atUs: number;
  readonly failed: boolean;
  readonly slow: boolean;
}

type SlidingConfig = CountWindowConfig | TimeWindowConfig;

/** resilience4j's rules over the list of all results since the breaker last closed. */
class SlidingReference implements Breaker {
  readonly #config: SlidingConfig;
  #status: BreakerStatus = 'closed';
  #sinceUs = 0;
  #results: Result[] = [];
  #trialsOut = 0;

  constructor(config: SlidingConfig) {
    this.#config = config;
  }

  ask(nowUs: number): boolean {
    const status = this.status(nowUs);
    if (status === 'closed') return true;
    if (status === 'open') {
      if (nowUs <= this.#sinceUs + this.#config.openUs) return false;
      this.#become('half-open', nowUs);
    }
    if (this.#trialsOut === this.#config.halfOpenCalls) return false;
    this.#trialsOut += 1;
    return true;
  }

  end(nowUs: number, ok: boolean, slow: boolean): void {
    const status = this.status(nowUs);
    if (status === 'open') return;
    this.#results.push({ atUs: nowUs, failed: !ok, slow });
    const { config, judged } = { config: this.#config, judged: this.#judged(nowUs) };
    const trials = Math.min(config.minimumCalls, config.halfOpenCalls);
    const window =
      config.kind === 'count-window'
        ? Math.min(config.minimumCalls, config.size)
        : config.minimumCalls;
    if (judged.length < (status === 'half-open' ? trials : window)) return;
    const share = (of: (one: Result) => boolean) => judged.filter(of).length / judged.length;
    const isBad =
      share((one) => one.failed) >= config.failureRatio ||
      share((one) => one.slow) >= config.slowCallRatio;
    if (isBad) this.#become('open', nowUs);
    else if (status === 'half-open') this.#become('closed', nowUs);
  }

  cancel(nowUs: number): void {
    if (this.status(nowUs) === 'half-open') this.#trialsOut = Math.max(0, this.#trialsOut - 1);
  }

  status(nowUs: number): BreakerStatus {
    const { halfOpenMaxUs } = this.#config;
    const endUs = this.#sinceUs + halfOpenMaxUs;
    if (this.#status === 'half-open' && halfOpenMaxUs > 0 && nowUs >= endUs) {
      this.#become('open', endUs);
    }
    return this.#status;
  }

  /** The results that count now. */
  #judged(nowUs: number): readonly Result[] {
    const config = this.#config;
    if (this.#status === 'half-open') return this.#results;
    if (config.kind === 'count-window') return this.#results.slice(-config.size);
    const slotOf = (atUs: number) => Math.floor(atUs / config.slotUs);
    const first = slotOf(nowUs) - config.windowUs / config.slotUs + 1;
    return this.#results.filter((one) => slotOf(one.atUs) >= first);
  }

  #become(status: BreakerStatus, nowUs: number): void {
    this.#status = status;
    this.#sinceUs = nowUs;
    this.#results = [];
    this.#trialsOut = 0;
  }
}

/** Hystrix' rules: at the end of each slot, the finished slots of the window are judged. */
class HystrixReference implements Breaker {
  readonly #config: HystrixConfig;
  #status: BreakerStatus = 'closed';
  #originUs = 0;
  #openedUs = 0;
  #judgedSlot = 0;
  #results: Result[] = [];

  constructor(config: HystrixConfig) {
    this.#config = config;
  }

  ask(nowUs: number): boolean {
    const status = this.status(nowUs);
    if (status === 'closed') return true;
    if (status === 'half-open' || nowUs <= this.#openedUs + this.#config.sleepUs) return false;
    this.#status = 'half-open';
    return true;
  }

  end(nowUs: number, ok: boolean): void {
    const status = this.status(nowUs);
    if (status === 'half-open' && ok) {
      this.#status = 'closed';
      this.#originUs = nowUs;
      this.#judgedSlot = 0;
      this.#results = [];
      return;
    }
    this.#results.push({ atUs: nowUs, failed: !ok, slow: false });
    if (status === 'half-open') this.#open(nowUs);
  }

  cancel(nowUs: number): void {
    if (this.status(nowUs) === 'half-open') this.#open(nowUs);
  }

  status(nowUs: number): BreakerStatus {
    const { snapshotUs, windowUs, minimumRequests, failureRatio } = this.#config;
    while (this.#originUs + (this.#judgedSlot + 1) * snapshotUs <= nowUs) {
      this.#judgedSlot += 1;
      const endUs = this.#originUs + this.#judgedSlot * snapshotUs;
      if (this.#status !== 'closed') continue;
      const seen = this.#results.filter((one) => one.atUs < endUs && one.atUs >= endUs - windowUs);
      const failed = seen.filter((one) => one.failed).length;
      const isBad = Math.floor((failed * 100) / seen.length) >= Math.round(failureRatio * 100);
      if (seen.length >= Math.max(1, minimumRequests) && isBad) this.#open(endUs);
    }
    return this.#status;
  }

  #open(nowUs: number): void {
    this.#status = 'open';
    this.#openedUs = nowUs;
  }
}

const step: fc.Arbitrary<Step> = fc.record({
  gapUs: fc.oneof(fc.constant(0), fc.nat(12), fc.nat(90)),
  do: fc.constantFrom('fail', 'fail', 'ok', 'slow', 'ask', 'ask', 'cancel'),
});
const history = fc.array(step, { maxLength: 40, size: 'max' });

function behavesLike(breaker: Breaker, reference: Breaker, steps: readonly Step[]): void {
  let nowUs = 0;
  for (const { gapUs, do: what } of steps) {
    nowUs += gapUs;
    if (what === 'ask') assert.equal(breaker.ask(nowUs), reference.ask(nowUs));
    for (const one of [breaker, reference]) {
      if (what === 'cancel') one.cancel(nowUs);
      else if (what !== 'ask') one.end(nowUs, what !== 'fail', what === 'slow');
    }
    assert.equal(breaker.status(nowUs), reference.status(nowUs), `after ${what} at ${nowUs}`);
  }
}

const thresholds = {
  failureRatio: fc.constantFrom(0.25, 0.5, 1),
  slowCallRatio: fc.constantFrom(0.5, 1),
  slowCallUs: fc.constant(SLOW_US),
  minimumCalls: fc.integer({ min: 1, max: 4 }),
  openUs: fc.constantFrom(0, 20),
  halfOpenCalls: fc.integer({ min: 1, max: 3 }),
  halfOpenMaxUs: fc.constantFrom(0, 60),
};

const sliding: fc.Arbitrary<SlidingConfig> = fc.oneof(
  fc.record({
    kind: fc.constant('count-window' as const),
    size: fc.integer({ min: 1, max: 5 }),
    ...thresholds,
  }),
  fc.record({
    kind: fc.constant('time-window' as const),
    windowUs: fc.constantFrom(30, 40),
    slotUs: fc.constant(10),
    ...thresholds,
  }),
);

const slidingAsReference = zooProperty({
  name: 'sliding-window-as-counted-anew',
  claim: 'resilience4j’s breaker is open, closed and half-open when a list of all results says so',
  arbitrary: fc.record({ config: sliding, steps: history }),
  sizeOf: ({ steps }) => ({
    commands: steps.length,
    faults: 0,
  }),
  holds: ({ config, steps }) =>
    behavesLike(held(createSlidingWindowBreaker(config)), new SlidingReference(config), steps),
});

const hystrix: fc.Arbitrary<HystrixConfig> = fc.record({
  kind: fc.constant('hystrix' as const),
  windowUs: fc.constantFrom(30, 40),
  snapshotUs: fc.constant(10),
  minimumRequests: fc.integer({ min: 1, max: 3 }),
  failureRatio: fc.constantFrom(0.34, 0.5, 1),
  sleepUs: fc.constantFrom(0, 25),
});

const hystrixAsReference = zooProperty({
  name: 'hystrix-as-counted-anew',
  claim: 'Hystrix’ breaker is open, closed and half-open when a list of all results says so',
  arbitrary: fc.record({ config: hystrix, steps: history }),
  sizeOf: ({ steps }) => ({ commands: steps.length, faults: 0 }),
  holds: ({ config, steps }) =>
    behavesLike(held(createHystrixBreaker(config)), new HystrixReference(config), steps),
});

/** All properties of circuit breakers. */
export const BREAKERS: readonly ZooProperty[] = [slidingAsReference, hystrixAsReference];
