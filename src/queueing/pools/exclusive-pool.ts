/** Connections that carry one call at a time: HTTP/1.1, where a browser opens six to an origin, and
 * databases. Idle ones are used again, the last used first, until they time out; calls beyond wait
 * first come first, as long as they may. Spec: Q76, Q78. */
import { checkArguments, isCount } from '../bad-argument.ts';
import { CallLine } from './call-line.ts';
import type { CallPool, PoolGrant } from './call-pool.ts';

/** What an exclusive pool is like. */
export interface ExclusivePoolConfig {
  readonly maxConnections: number;
  /** After how long without use a connection is closed; Infinity for never. */
  readonly idleTimeoutUs: number;
  /** Calls that may wait; one more is rejected. */
  readonly maxWaiting: number;
  /** How long a call may wait; Infinity for ever. */
  readonly waitTimeoutUs: number;
  /** Whether all connections are open from the start, as a service opens them to its database. */
  readonly isWarm: boolean;
}

/** A client's HTTP/1.1 connections to an origin. Sources: browsers open six; idle time-out of 90 s
 * as in Go's default transport. */
export const HTTP1_POOL: ExclusivePoolConfig = {
  maxConnections: 6,
  idleTimeoutUs: 90_000_000,
  maxWaiting: Number.POSITIVE_INFINITY,
  waitTimeoutUs: Number.POSITIVE_INFINITY,
  isWarm: false,
};

/** A service's connections to its database. Source: the defaults of HikariCP (maximumPoolSize 10,
 * connectionTimeout 30 s, as many idle as allowed). */
export const DATABASE_POOL: ExclusivePoolConfig = {
  maxConnections: 10,
  idleTimeoutUs: Number.POSITIVE_INFINITY,
  maxWaiting: Number.POSITIVE_INFINITY,
  waitTimeoutUs: 30_000_000,
  isWarm: true,
};

/** Makes a pool of connections for one call at a time.
 * @throws EngineError `QUEUEING_BAD_ARGUMENT`. */
export function createExclusivePool<C>(config: ExclusivePoolConfig): CallPool<C> {
  const { maxConnections, idleTimeoutUs, maxWaiting, waitTimeoutUs } = config;
  checkArguments([
    ['maxConnections', maxConnections, isCount(maxConnections, 1), 'give a whole number ≥ 1'],
    ['idleTimeoutUs', idleTimeoutUs, idleTimeoutUs >= 0, 'give µs ≥ 0, or Infinity'],
    ['maxWaiting', maxWaiting, maxWaiting >= 0, 'give a number ≥ 0, or Infinity'],
    ['waitTimeoutUs', waitTimeoutUs, waitTimeoutUs >= 0, 'give µs ≥ 0, or Infinity'],
  ]);
  return new ExclusivePool(config);
}

class ExclusivePool<C> implements CallPool<C> {
  readonly #config: ExclusivePoolConfig;
  readonly #line = new CallLine<C>();
  /** Since when each idle connection is idle, ascending: the last is used next. */
  readonly #idleSinceUs: number[] = [];
  active = 0;
  openedCount = 0;

  constructor(config: ExclusivePoolConfig) {
    this.#config = config;
    if (!config.isWarm) return;
    for (let i = 0; i < config.maxConnections; i += 1) this.#idleSinceUs.push(0);
  }

  acquire(call: C, nowUs: number): PoolGrant {
    const { idleTimeoutUs, maxConnections, maxWaiting } = this.#config;
    if (this.active >= maxConnections) {
      if (this.#line.size >= maxWaiting) return 'rejected';
      this.#line.push(call, nowUs);
      return 'waiting';
    }
    this.active += 1;
    const idleSinceUs = this.#idleSinceUs.pop();
    if (idleSinceUs !== undefined) {
      if (nowUs - idleSinceUs <= idleTimeoutUs) return 'reused';
      // The others have been idle for longer.
      this.#idleSinceUs.length = 0;
    }
    this.openedCount += 1;
    return 'fresh';
  }

  release(nowUs: number, isBroken = false): C | undefined {
    const next = this.#line.shift();
    if (next !== undefined) {
      if (isBroken) this.openedCount += 1;
      return next;
    }
    this.active -= 1;
    if (!isBroken) this.#idleSinceUs.push(nowUs);
    return undefined;
  }

  /** Nobody waits for anybody's handshakes here. */
  nextReady(): undefined {
    return undefined;
  }

  opened(): void {
    // The opener keeps the connection to itself.
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
    this.#idleSinceUs.length = 0;
    this.active = 0;
  }

  get waiting(): number {
    return this.#line.size;
  }

  get connections(): number {
    return this.active + this.#idleSinceUs.length;
  }
}
