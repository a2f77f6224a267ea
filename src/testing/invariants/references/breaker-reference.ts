/** Circuit breakers by their descriptions, for comparison: each keeps the plain list of what it was
 * told and counts anew at every question, where the real ones count on the way. Sources: Hystrix'
 * `HystrixCircuitBreaker`, resilience4j's `CircuitBreakerConfig`, cockatiel's `ConsecutiveBreaker`
 * (reference §1.3). Spec: T31. */
import type { BreakerStatus } from '../../../queueing/calls/breakers/circuit-breaker.ts';
import type { ConsecutiveFailuresConfig } from '../../../queueing/calls/breakers/consecutive.ts';
import type { HystrixConfig } from '../../../queueing/calls/breakers/hystrix.ts';
import type {
  CountWindowConfig,
  TimeWindowConfig,
} from '../../../queueing/calls/breakers/sliding-window.ts';
import type { CallPolicies } from '../../../queueing/calls/call-policies.ts';

/** How a call ended. */
interface Ended {
  readonly ok: boolean;
  readonly durationUs: number;
}

/** A breaker that looks everything up. Times never go back. */
export interface BreakerReference {
  status(nowUs: number): BreakerStatus;
  /** Whether a call is turned away. */
  refuses(nowUs: number): boolean;
  /** A call that was not turned away goes. */
  admitted(nowUs: number): void;
  ended(end: Ended, nowUs: number): void;
  /** A call that went has no result. */
  cancelled(nowUs: number): void;
}

/** The reference of a configuration. */
export function breakerReference(config: NonNullable<CallPolicies['breaker']>): BreakerReference {
  switch (config.kind) {
    case 'hystrix':
      return new HystrixReference(config);
    case 'count-window':
    case 'time-window':
      return new SlidingReference(config);
    case 'consecutive-failures':
      return new ConsecutiveReference(config);
  }
}

/** Results are judged at the end of each slot, over the slots of the window; never the running one.
 * */
class HystrixReference implements BreakerReference {
  readonly #config: HystrixConfig;
  #status: BreakerStatus = 'closed';
  #originUs = 0;
  #openedAtUs = 0;
  #judgedSlot = 0;
  /** Since it last closed. */
  #results: { readonly slot: number; readonly ok: boolean }[] = [];

  constructor(config: HystrixConfig) {
    this.#config = config;
  }

  status(nowUs: number): BreakerStatus {
    const { snapshotUs, windowUs } = this.#config;
    const slots = Math.round(windowUs / snapshotUs);
    const slot = Math.floor((nowUs - this.#originUs) / snapshotUs);
    while (this.#status === 'closed' && this.#judgedSlot < slot) {
      this.#judgedSlot += 1;
      const ended = this.#judgedSlot;
      const inWindow = this.#results.filter((one) => one.slot >= ended - slots && one.slot < ended);
      if (inWindow.length === 0) this.#judgedSlot = slot;
      else if (this.#isBad(inWindow)) {
        this.#status = 'open';
        this.#openedAtUs = this.#originUs + ended * snapshotUs;
      }
    }
    this.#results = this.#results.filter((one) => one.slot >= slot - slots);
    return this.#status;
  }

  #isBad(results: readonly { readonly ok: boolean }[]): boolean {
    const { minimumRequests, failureRatio } = this.#config;
    const failed = results.filter(({ ok }) => !ok).length;
    const percent = Math.floor((100 * failed) / results.length);
    return results.length >= minimumRequests && percent >= Math.round(100 * failureRatio);
  }

  refuses(nowUs: number): boolean {
    const status = this.status(nowUs);
    if (status !== 'open') return status === 'half-open';
    return nowUs <= this.#openedAtUs + this.#config.sleepUs;
  }

  admitted(nowUs: number): void {
    if (this.status(nowUs) === 'open') this.#status = 'half-open';
  }

  ended({ ok }: Ended, nowUs: number): void {
    const status = this.status(nowUs);
    if (status === 'closed') {
      this.#results.push({ slot: this.#slotOf(nowUs), ok });
    } else if (status === 'half-open' && ok) {
      this.#status = 'closed';
      this.#originUs = nowUs;
      this.#judgedSlot = 0;
      this.#results = [];
    } else if (status === 'half-open') {
      this.#open(nowUs);
    }
  }

  cancelled(nowUs: number): void {
    if (this.status(nowUs) === 'half-open') this.#open(nowUs);
  }

  #slotOf(nowUs: number): number {
    return Math.floor((nowUs - this.#originUs) / this.#config.snapshotUs);
  }

  #open(nowUs: number): void {
    this.#status = 'open';
    this.#openedAtUs = nowUs;
  }
}

/** Results are judged one by one, over the last so many or those of the last so long. */
class SlidingReference implements BreakerReference {
  readonly #config: CountWindowConfig | TimeWindowConfig;
  #status: BreakerStatus = 'closed';
  #sinceUs = 0;
  /** Since it took on its status; in half-open, of trials. */
  #results: { readonly atUs: number; readonly failed: boolean; readonly slow: boolean }[] = [];
  #trialsOut = 0;

  constructor(config: CountWindowConfig | TimeWindowConfig) {
    this.#config = config;
  }

  status(nowUs: number): BreakerStatus {
    const { halfOpenMaxUs } = this.#config;
    const endUs = this.#sinceUs + halfOpenMaxUs;
    if (this.#status === 'half-open' && halfOpenMaxUs > 0 && nowUs >= endUs) {
      this.#become('open', endUs);
    }
    return this.#status;
  }

  refuses(nowUs: number): boolean {
    const { openUs, halfOpenCalls } = this.#config;
    const status = this.status(nowUs);
    if (status === 'open') return nowUs <= this.#sinceUs + openUs;
    return status === 'half-open' && this.#trialsOut >= halfOpenCalls;
  }

  admitted(nowUs: number): void {
    if (this.status(nowUs) === 'open') this.#become('half-open', nowUs);
    if (this.#status === 'half-open') this.#trialsOut += 1;
  }

  ended({ ok, durationUs }: Ended, nowUs: number): void {
    const status = this.status(nowUs);
    if (status === 'open') return;
    this.#results.push({
      atUs: nowUs,
      failed: !ok,
      slow: durationUs > this.#config.slowCallUs,
    });
    const verdict = status === 'closed' ? this.#ofWindow(nowUs) : this.#ofTrials();
    if (verdict === 'bad') this.#become('open', nowUs);
    else if (verdict === 'good' && status === 'half-open') this.#become('closed', nowUs);
  }

  cancelled(nowUs: number): void {
    if (this.status(nowUs) === 'half-open') this.#trialsOut = Math.max(0, this.#trialsOut - 1);
  }

  #ofWindow(nowUs: number): 'good' | 'bad' | 'too-few' {
    const config = this.#config;
    if (config.kind === 'count-window') {
      this.#results = this.#results.slice(-config.size);
      return this.#judge(Math.min(config.minimumCalls, config.size));
    }
    const slots = Math.round(config.windowUs / config.slotUs);
    const oldest = Math.floor(nowUs / config.slotUs) - slots + 1;
    this.#results = this.#results.filter(({ atUs }) => Math.floor(atUs / config.slotUs) >= oldest);
    return this.#judge(config.minimumCalls);
  }

  #ofTrials(): 'good' | 'bad' | 'too-few' {
    const { minimumCalls, halfOpenCalls } = this.#config;
    return this.#judge(Math.min(minimumCalls, halfOpenCalls));
  }

  #judge(minimum: number): 'good' | 'bad' | 'too-few' {
    const { length } = this.#results;
    if (length < minimum) return 'too-few';
    const { failureRatio, slowCallRatio } = this.#config;
    const failed = this.#results.filter((one) => one.failed).length;
    const slow = this.#results.filter((one) => one.slow).length;
    return failed / length >= failureRatio || slow / length >= slowCallRatio ? 'bad' : 'good';
  }

  #become(status: BreakerStatus, nowUs: number): void {
    this.#status = status;
    this.#sinceUs = nowUs;
    this.#results = [];
    this.#trialsOut = 0;
  }
}

/** Failures in a row open it. */
class ConsecutiveReference implements BreakerReference {
  readonly #config: ConsecutiveFailuresConfig;
  #status: BreakerStatus = 'closed';
  #openedAtUs = 0;
  #inRow = 0;

  constructor(config: ConsecutiveFailuresConfig) {
    this.#config = config;
  }

  status(): BreakerStatus {
    return this.#status;
  }

  refuses(nowUs: number): boolean {
    if (this.#status !== 'open') return this.#status === 'half-open';
    return nowUs < this.#openedAtUs + this.#config.openUs;
  }

  admitted(): void {
    if (this.#status === 'open') this.#status = 'half-open';
  }

  ended({ ok }: Ended, nowUs: number): void {
    if (this.#status === 'open') return;
    this.#inRow = ok ? 0 : this.#inRow + 1;
    if (ok) this.#status = 'closed';
    else if (this.#status === 'half-open' || this.#inRow >= this.#config.failures) {
      this.#open(nowUs);
    }
  }

  cancelled(nowUs: number): void {
    if (this.#status === 'half-open') this.#open(nowUs);
  }

  #open(nowUs: number): void {
    this.#status = 'open';
    this.#openedAtUs = nowUs;
  }
}
