/** Caches beside a list of entries by age, pools of connections beside lists of who goes and who
 * waits. */
import assert from 'node:assert/strict';
import * as fc from 'fast-check';
import { type CacheConfig, createCache } from '../../../../src/queueing/caches/cache.ts';
import type { CallPool } from '../../../../src/queueing/pools/call-pool.ts';
import { createExclusivePool } from '../../../../src/queueing/pools/exclusive-pool.ts';
import { createMultiplexedPool } from '../../../../src/queueing/pools/multiplexed-pool.ts';
import { type ZooProperty, zooProperty } from '../../hunt/property.ts';

interface Entry {
  readonly key: string;
  readonly filledUs: number;
}

const gapUs = fc.oneof(fc.constant(0), fc.nat(12));

const cacheAsListed = zooProperty({
  name: 'cache-as-listed',
  claim: 'hits, misses, stale and coalesced lookups are those of a list ordered by last use',
  arbitrary: fc.record({
    config: fc.record({
      ttlUs: fc.constantFrom(0, 10, Number.POSITIVE_INFINITY),
      maxEntries: fc.integer({ min: 1, max: 3 }),
      coalesce: fc.boolean(),
    }),
    steps: fc.array(
      fc.record({
        gapUs,
        do: fc.constantFrom('lookup', 'lookup', 'filled', 'failed', 'peek', 'clear'),
        key: fc.constantFrom('a', 'b', 'c', 'd'),
      }),
      { maxLength: 40, size: 'max' },
    ),
  }),
  sizeOf: ({ steps }) => ({ commands: steps.length, faults: 0 }),
  holds({ config, steps }) {
    const cache = createCache<string>(config);
    const list = new EntryList(config);
    let nowUs = 0;
    for (const { gapUs: gap, do: what, key } of steps) {
      nowUs += gap;
      if (what === 'lookup') assert.equal(cache.lookup(key, nowUs), list.lookup(key, nowUs));
      else if (what === 'filled') for (const one of [cache, list]) one.filled(key, nowUs);
      else if (what === 'failed') for (const one of [cache, list]) one.failed(key);
      else if (what === 'clear') for (const one of [cache, list]) one.clear();
      else assert.equal(cache.peekStale(key, nowUs, 5), list.peekStale(key, nowUs, 5));
      assert.equal(cache.counts.size, list.entries.length);
    }
  },
});

/** Entries, the one that was used longest ago first. */
class EntryList {
  entries: Entry[] = [];
  readonly #config: CacheConfig;
  #fetching: string[] = [];

  constructor(config: CacheConfig) {
    this.#config = config;
  }

  lookup(key: string, nowUs: number): string {
    const found = this.entries.find((one) => one.key === key);
    if (found !== undefined && nowUs < found.filledUs + this.#config.ttlUs) {
      this.entries = [...this.entries.filter((one) => one !== found), found];
      return 'hit';
    }
    if (this.#config.coalesce && this.#fetching.includes(key)) return 'coalesced';
    this.#fetching.push(key);
    return found === undefined ? 'miss' : 'stale';
  }

  filled(key: string, nowUs: number): void {
    const others = this.entries.filter((one) => one.key !== key);
    this.entries = [...others, { key, filledUs: nowUs }].slice(-this.#config.maxEntries);
    this.failed(key);
  }

  failed(key: string): void {
    this.#fetching = this.#fetching.filter((one) => one !== key);
  }

  peekStale(key: string, nowUs: number, maxStalenessUs: number): boolean {
    const found = this.entries.find((one) => one.key === key);
    return found !== undefined && nowUs <= found.filledUs + this.#config.ttlUs + maxStalenessUs;
  }

  clear(): void {
    this.entries = [];
    this.#fetching = [];
  }
}

interface PoolSettings {
  readonly kind: 'exclusive' | 'multiplexed';
  readonly limit: number;
  readonly waitTimeoutUs: number;
}

interface PoolStep {
  readonly gapUs: number;
  readonly do: 'acquire' | 'opened' | 'release' | 'break' | 'cancel' | 'time-out';
  readonly at: number;
}

/** Who goes and who waits, by number. */
class PoolDesk {
  readonly #pool: CallPool<number>;
  readonly #limit: number;
  readonly #waitUs: number;
  /** Whether others wait for an opener's handshakes. */
  readonly #isShared: boolean;
  readonly #going: number[] = [];
  #opener: number | undefined;
  #waiting: { readonly call: number; readonly sinceUs: number }[] = [];
  #nowUs = 0;
  #count = 0;

  constructor(pool: CallPool<number>, settings: PoolSettings) {
    this.#pool = pool;
    this.#limit = settings.limit;
    this.#waitUs = settings.waitTimeoutUs;
    this.#isShared = settings.kind === 'multiplexed';
  }

  take(step: PoolStep): void {
    this.#nowUs += step.gapUs;
    if (step.do === 'acquire') this.#acquire();
    else if (step.do === 'cancel') this.#cancel(step.at);
    else if (step.do === 'time-out') this.#timeOut();
    else if (step.do === 'opened') this.#opened();
    else this.#release(step.at, step.do === 'break');
    assert.equal(this.#pool.active, this.#going.length, 'calls that go');
    assert.equal(this.#pool.waiting, this.#waiting.length, 'calls that wait');
    assert.ok(this.#going.length <= this.#limit, `${this.#going.length} go at once`);
    const isRoomUsed = this.#going.length === this.#limit || this.#opener !== undefined;
    assert.ok(this.#waiting.length === 0 || isRoomUsed, 'nobody waits beside room');
  }

  #acquire(): void {
    const call = this.#count;
    this.#count += 1;
    const grant = this.#pool.acquire(call, this.#nowUs);
    if (grant === 'waiting') this.#waiting.push({ call, sinceUs: this.#nowUs });
    else if (grant !== 'rejected') this.#going.push(call);
    if (grant === 'fresh' && this.#isShared) this.#opener = call;
  }

  #opened(): void {
    if (this.#opener === undefined) return;
    this.#opener = undefined;
    this.#pool.opened();
    while (this.#goes(this.#pool.nextReady()));
  }

  /** Who waited longest goes. */
  #goes(next: number | undefined): boolean {
    if (next === undefined) return false;
    assert.equal(next, this.#waiting.shift()?.call, 'first come, first served');
    this.#going.push(next);
    return true;
  }

  #release(at: number, isBroken: boolean): void {
    if (this.#going.length === 0) return;
    const [call] = this.#going.splice(at % this.#going.length, 1);
    const wasOpening = call === this.#opener;
    if (wasOpening) this.#opener = undefined;
    const next = this.#pool.release(this.#nowUs, isBroken || wasOpening);
    if (this.#goes(next) && wasOpening) this.#opener = next;
  }

  #cancel(at: number): void {
    const [gone] = this.#waiting.splice(at % Math.max(1, this.#waiting.length), 1);
    if (gone !== undefined) assert.ok(this.#pool.cancel(gone.call), 'who waits can be cancelled');
  }

  #timeOut(): void {
    for (;;) {
      const call = this.#pool.takeTimedOut(this.#nowUs);
      const first = this.#waiting[0];
      const isOver = first !== undefined && first.sinceUs + this.#waitUs <= this.#nowUs;
      assert.equal(call, isOver ? first.call : undefined, 'who has waited too long');
      if (call === undefined) return;
      this.#waiting.shift();
    }
  }
}

const poolsAsListed = zooProperty({
  name: 'pool-as-listed',
  claim: 'no pool lets more go than it may, keeps anybody waiting without need, or loses one',
  arbitrary: fc.record({
    kind: fc.constantFrom<PoolSettings['kind']>('exclusive', 'multiplexed'),
    limit: fc.integer({ min: 1, max: 3 }),
    maxWaiting: fc.nat(6),
    steps: fc.array(
      fc.record({
        gapUs,
        do: fc.constantFrom<PoolStep['do']>(
          'acquire',
          'acquire',
          'opened',
          'opened',
          'release',
          'break',
          'cancel',
          'time-out',
        ),
        at: fc.nat(5),
      }),
      { maxLength: 40, size: 'max' },
    ),
  }),
  sizeOf: ({ steps }) => ({ commands: steps.length, faults: 0 }),
  holds({ kind, limit, maxWaiting, steps }) {
    const waitTimeoutUs = 10;
    const rest = { idleTimeoutUs: 20, maxWaiting, waitTimeoutUs };
    const pool =
      kind === 'exclusive'
        ? createExclusivePool<number>({ ...rest, maxConnections: limit, isWarm: false })
        : createMultiplexedPool<number>({ ...rest, maxConcurrentStreams: limit });
    const desk = new PoolDesk(pool, { kind, limit, waitTimeoutUs });
    for (const step of steps) desk.take(step);
  },
});

/** Properties of caches and pools. */
export const LENDING: readonly ZooProperty[] = [cacheAsListed, poolsAsListed];
