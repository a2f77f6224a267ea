/** One connection that carries many calls at a time: HTTP/2. Who comes first opens it, who comes
 * during the handshakes waits for them, and at most `maxConcurrentStreams` calls go at once. A
 * broken stream leaves the connection open; only a failed opener closes it. Spec: Q77. */
import { checkArguments, isCount } from '../bad-argument.ts';
import { CallLine } from './call-line.ts';
import type { CallPool, PoolGrant } from './call-pool.ts';

/** What a multiplexed pool is like. */
export interface MultiplexedPoolConfig {
  /** Calls at once (SETTINGS_MAX_CONCURRENT_STREAMS). */
  readonly maxConcurrentStreams: number;
  /** After how long without a call the connection is closed; Infinity for never. */
  readonly idleTimeoutUs: number;
  /** Calls that may wait; one more is rejected. */
  readonly maxWaiting: number;
  /** How long a call may wait; Infinity for ever. */
  readonly waitTimeoutUs: number;
}

/** A client's HTTP/2 connection to an origin. Source: RFC 9113 §6.5.2 asks for ≥ 100 streams. */
export const HTTP2_POOL: MultiplexedPoolConfig = {
  maxConcurrentStreams: 100,
  idleTimeoutUs: 90_000_000,
  maxWaiting: Number.POSITIVE_INFINITY,
  waitTimeoutUs: Number.POSITIVE_INFINITY,
};

/** Makes a pool of one connection for many calls.
 * @throws EngineError `QUEUEING_BAD_ARGUMENT`. */
export function createMultiplexedPool<C>(config: MultiplexedPoolConfig): CallPool<C> {
  const { maxConcurrentStreams: streams, idleTimeoutUs, maxWaiting, waitTimeoutUs } = config;
  checkArguments([
    ['maxConcurrentStreams', streams, isCount(streams, 1), 'give a whole number ≥ 1'],
    ['idleTimeoutUs', idleTimeoutUs, idleTimeoutUs >= 0, 'give µs ≥ 0, or Infinity'],
    ['maxWaiting', maxWaiting, maxWaiting >= 0, 'give a number ≥ 0, or Infinity'],
    ['waitTimeoutUs', waitTimeoutUs, waitTimeoutUs >= 0, 'give µs ≥ 0, or Infinity'],
  ]);
  return new MultiplexedPool(config);
}

class MultiplexedPool<C> implements CallPool<C> {
  readonly #config: MultiplexedPoolConfig;
  readonly #line = new CallLine<C>();
  #state: 'closed' | 'opening' | 'open' = 'closed';
  #idleSinceUs = 0;
  active = 0;
  openedCount = 0;

  constructor(config: MultiplexedPoolConfig) {
    this.#config = config;
  }

  acquire(call: C, nowUs: number): PoolGrant {
    const isIdle = this.#state === 'open' && this.active === 0;
    if (isIdle && nowUs - this.#idleSinceUs > this.#config.idleTimeoutUs) this.#state = 'closed';
    if (this.#state === 'closed') {
      this.#open();
      this.active += 1;
      return 'fresh';
    }
    if (this.#hasRoom()) {
      this.active += 1;
      return 'reused';
    }
    if (this.#line.size >= this.#config.maxWaiting) return 'rejected';
    this.#line.push(call, nowUs);
    return 'waiting';
  }

  release(nowUs: number, isBroken = false): C | undefined {
    this.active -= 1;
    this.#idleSinceUs = nowUs;
    if (this.#state === 'opening' && isBroken) return this.#openAgain();
    return this.nextReady();
  }

  nextReady(): C | undefined {
    if (!this.#hasRoom()) return undefined;
    const next = this.#line.shift();
    if (next !== undefined) this.active += 1;
    return next;
  }

  opened(): void {
    if (this.#state === 'opening') this.#state = 'open';
  }

  cancel(call: C): boolean {
    return this.#line.remove(call);
  }

  get nextTimeoutUs(): number {
    return this.#line.oldestSinceUs + this.#config.waitTimeoutUs;
  }

  takeTimedOut(nowUs: number): C | undefined {
    return this.nextTimeoutUs <= nowUs ? this.#line.shift() : undefined;
  }

  clear(): void {
    this.#line.clear();
    this.#state = 'closed';
    this.active = 0;
  }

  get waiting(): number {
    return this.#line.size;
  }

  get connections(): number {
    return this.#state === 'closed' ? 0 : 1;
  }

  #hasRoom(): boolean {
    return this.#state === 'open' && this.active < this.#config.maxConcurrentStreams;
  }

  #open(): void {
    this.#state = 'opening';
    this.openedCount += 1;
  }

  /** The opener failed: who waits longest opens instead. */
  #openAgain(): C | undefined {
    this.#state = 'closed';
    const next = this.#line.shift();
    if (next === undefined) return undefined;
    this.#open();
    this.active += 1;
    return next;
  }
}
