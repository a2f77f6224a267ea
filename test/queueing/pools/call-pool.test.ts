/** Pools of connections: limits, reuse, handshakes shared, time-outs, who waits. */
import { fc, test } from '@fast-check/vitest';
import { describe, expect, it } from 'vitest';
import type { CallPool } from '../../../src/queueing/pools/call-pool.ts';
import {
  createExclusivePool,
  DATABASE_POOL,
  HTTP1_POOL,
} from '../../../src/queueing/pools/exclusive-pool.ts';
import { createMultiplexedPool, HTTP2_POOL } from '../../../src/queueing/pools/multiplexed-pool.ts';

const FOREVER = Number.POSITIVE_INFINITY;

describe('HTTP/1.1', () => {
  it('Q76: opens six, lines up the rest, and hands connections on', () => {
    const pool = createExclusivePool<number>(HTTP1_POOL);
    const grants = Array.from({ length: 8 }, (_, i) => pool.acquire(i, 0));
    expect(grants).toEqual([...Array.from({ length: 6 }, () => 'fresh'), 'waiting', 'waiting']);
    expect([pool.active, pool.waiting, pool.connections]).toEqual([6, 2, 6]);
    expect([pool.release(10), pool.release(10), pool.release(10)]).toEqual([6, 7, undefined]);
    expect(pool.acquire(9, 10)).toBe('reused');
    expect(pool.openedCount).toBe(6);
  });

  it('Q76: closes what was idle for too long, and reuses the last used', () => {
    const pool = createExclusivePool<number>({ ...HTTP1_POOL, idleTimeoutUs: 100 });
    for (const call of [1, 2, 3]) pool.acquire(call, 0);
    pool.release(0);
    pool.release(0);
    pool.release(80);
    expect(pool.acquire(4, 150)).toBe('reused');
    expect(pool.acquire(5, 150)).toBe('fresh');
    expect(pool.connections).toBe(2);
    pool.release(200);
    expect([pool.acquire(6, 300), pool.openedCount]).toEqual(['reused', 4]);
  });

  it('Q76: a broken connection is closed; the next call opens a fresh one', () => {
    const pool = createExclusivePool<string>({ ...HTTP1_POOL, maxConnections: 1 });
    pool.acquire('a', 0);
    pool.acquire('b', 0);
    expect(pool.release(1, true)).toBe('b');
    expect(pool.openedCount).toBe(2);
    expect(pool.release(2, true)).toBeUndefined();
    expect([pool.acquire('c', 3), pool.connections]).toEqual(['fresh', 1]);
    expect(pool.nextReady()).toBeUndefined();
    pool.opened();
    pool.acquire('d', 4);
    pool.clear();
    expect([pool.active, pool.waiting, pool.connections]).toEqual([0, 0, 0]);
  });
});

describe('a database pool', () => {
  it('Q78: starts warm, waits first come first, times out', () => {
    const pool = createExclusivePool<string>({
      ...DATABASE_POOL,
      maxConnections: 1,
      waitTimeoutUs: 50,
      maxWaiting: 3,
    });
    const grants = ['a', 'b', 'c', 'd', 'e'].map((call, i) => pool.acquire(call, i * 10));
    expect(grants).toEqual(['reused', 'waiting', 'waiting', 'waiting', 'rejected']);
    expect(pool.nextTimeoutUs).toBe(60);
    expect(pool.takeTimedOut(59)).toBeUndefined();
    expect([pool.takeTimedOut(60), pool.takeTimedOut(60)]).toEqual(['b', undefined]);
    expect([pool.cancel('d'), pool.cancel('d')]).toEqual([true, false]);
    expect([pool.release(65), pool.release(66)]).toEqual(['c', undefined]);
    expect(pool.nextTimeoutUs).toBe(FOREVER);
    expect(pool.openedCount).toBe(0);
  });

  it('refuses no connections', () => {
    const bad = { ...DATABASE_POOL, maxConnections: 0 };
    expect(() => createExclusivePool(bad)).toThrow('QUEUEING_BAD_ARGUMENT: maxConnections is 0');
    const worse = { ...HTTP2_POOL, maxConcurrentStreams: 0.5 };
    expect(() => createMultiplexedPool(worse)).toThrow('maxConcurrentStreams is 0.5');
  });
});

describe('HTTP/2', () => {
  it('Q77: one handshake for all who came during it', () => {
    const pool = createMultiplexedPool<string>({ ...HTTP2_POOL, maxConcurrentStreams: 3 });
    const grants = ['a', 'b', 'c', 'd', 'e'].map((call) => pool.acquire(call, 0));
    expect(grants).toEqual(['fresh', 'waiting', 'waiting', 'waiting', 'waiting']);
    expect(pool.nextReady()).toBeUndefined();
    pool.opened();
    expect([pool.nextReady(), pool.nextReady(), pool.nextReady()]).toEqual(['b', 'c', undefined]);
    expect([pool.active, pool.waiting, pool.connections]).toEqual([3, 2, 1]);
    expect([pool.release(5), pool.release(5, true), pool.release(5)]).toEqual([
      'd',
      'e',
      undefined,
    ]);
    expect([pool.acquire('f', 6), pool.acquire('g', 6)]).toEqual(['reused', 'waiting']);
    expect(pool.openedCount).toBe(1);
  });

  it('Q77: who waits opens when the opener fails', () => {
    const pool = createMultiplexedPool<string>(HTTP2_POOL);
    for (const call of ['a', 'b']) pool.acquire(call, 0);
    expect(pool.release(5, true)).toBe('b');
    expect([pool.openedCount, pool.active, pool.connections]).toEqual([2, 1, 1]);
    expect(pool.release(6, true)).toBeUndefined();
    expect([pool.active, pool.connections, pool.acquire('c', 7)]).toEqual([0, 0, 'fresh']);
  });

  it('Q77: closes when idle for too long; times out, gives up, forgets', () => {
    const pool = createMultiplexedPool<string>({
      ...HTTP2_POOL,
      idleTimeoutUs: 100,
      waitTimeoutUs: 9,
      maxWaiting: 2,
    });
    pool.acquire('a', 0);
    const grants = ['b', 'c', 'd'].map((call) => pool.acquire(call, 1));
    expect(grants).toEqual(['waiting', 'waiting', 'rejected']);
    expect([pool.nextTimeoutUs, pool.cancel('b'), pool.takeTimedOut(10)]).toEqual([10, true, 'c']);
    pool.opened();
    pool.release(50);
    expect(pool.acquire('e', 150)).toBe('reused');
    pool.release(150);
    expect(pool.acquire('f', 251)).toBe('fresh');
    pool.clear();
    expect([pool.active, pool.waiting, pool.connections]).toEqual([0, 0, 0]);
  });
});

/** Plays random steps and knows who should go next. */
class Client {
  readonly waiting: number[] = [];
  readonly #pool: CallPool<number>;
  active = 0;
  #nowUs = 0;

  constructor(pool: CallPool<number>) {
    this.#pool = pool;
  }

  play(call: number, step: { readonly kind: string; readonly us: number }): void {
    this.#nowUs += step.us;
    if (step.kind === 'acquire') this.#acquire(call);
    else if (step.kind === 'open') this.#open();
    else if (step.kind === 'cancel') this.#cancel(step.us);
    else this.#release(step.kind === 'break');
    expect(this.#pool.active).toBe(this.active);
    expect(this.#pool.waiting).toBe(this.waiting.length);
    if (this.active > 0) expect(this.#pool.connections).toBeGreaterThan(0);
  }

  #acquire(call: number): void {
    const grant = this.#pool.acquire(call, this.#nowUs);
    if (grant === 'waiting') this.waiting.push(call);
    else if (grant === 'rejected') expect(this.waiting.length).toBe(5);
    else this.active += 1;
  }

  #open(): void {
    this.#pool.opened();
    let next = this.#pool.nextReady();
    for (; next !== undefined; next = this.#pool.nextReady()) this.#expectNext(next);
  }

  #cancel(which: number): void {
    const chosen = this.waiting[which % Math.max(1, this.waiting.length)] ?? -1;
    expect(this.#pool.cancel(chosen)).toBe(chosen >= 0);
    if (chosen >= 0) this.waiting.splice(this.waiting.indexOf(chosen), 1);
  }

  #release(isBroken: boolean): void {
    if (this.active === 0) return;
    this.active -= 1;
    const next = this.#pool.release(this.#nowUs, isBroken);
    if (next !== undefined) this.#expectNext(next);
  }

  #expectNext(call: number): void {
    expect(call).toBe(this.waiting.shift());
    this.active += 1;
  }
}

describe('under any schedule', () => {
  const step = fc.record({
    kind: fc.constantFrom('acquire', 'acquire', 'release', 'break', 'open', 'cancel'),
    us: fc.nat(15),
  });
  const steps = fc.array(step, { maxLength: 100 });
  const limit = fc.integer({ min: 1, max: 3 });
  const limits = { idleTimeoutUs: 20, maxWaiting: 5 };
  const RUNS = { numRuns: 300, seed: 20261125 };

  test.prop([limit, steps], RUNS)(
    'Q76: connections stay within the limit, no call waits beside a free one',
    (maxConnections, played) => {
      const pool = createExclusivePool<number>({ ...HTTP1_POOL, ...limits, maxConnections });
      const client = new Client(pool);
      for (const [call, one] of played.entries()) {
        client.play(call, one);
        expect(pool.connections).toBeLessThanOrEqual(maxConnections);
        if (client.waiting.length > 0) expect(client.active).toBe(maxConnections);
      }
    },
  );

  test.prop([limit, steps], RUNS)(
    'Q77: streams stay within the limit, calls go in the order in which they came',
    (maxConcurrentStreams, played) => {
      const pool = createMultiplexedPool<number>({
        ...HTTP2_POOL,
        ...limits,
        maxConcurrentStreams,
      });
      const client = new Client(pool);
      for (const [call, one] of played.entries()) {
        client.play(call, one);
        expect(client.active).toBeLessThanOrEqual(maxConcurrentStreams);
        expect(pool.connections).toBeLessThanOrEqual(1);
      }
    },
  );
});
