/** Parts of the request path by themselves: the cache of entities and the connections of a client,
 * beside lists of who waits for what. */
import assert from 'node:assert/strict';
import * as fc from 'fast-check';
import type { WanConnection } from '../../../../src/experiment/households/wan-connection.ts';
import type { Attempt } from '../../../../src/experiment/requests/calls/call.ts';
import {
  createConnections,
  registerOpened,
} from '../../../../src/experiment/requests/calls/connections.ts';
import { createEntityCache } from '../../../../src/experiment/requests/servers/entity-cache.ts';
import { createSimulation } from '../../../../src/kernel/simulation.ts';
import { createCache } from '../../../../src/queueing/caches/cache.ts';
import { createExclusivePool } from '../../../../src/queueing/pools/exclusive-pool.ts';
import { createMultiplexedPool } from '../../../../src/queueing/pools/multiplexed-pool.ts';
import { type ZooProperty, zooProperty } from '../../hunt/property.ts';
import { EDGES } from './call-edge.ts';

/** What a cache notes on a try. */
interface Asking {
  fetches: readonly string[];
  awaitedKeys: number;
  lostKeyTo: string | undefined;
}

const keys = fc.uniqueArray(fc.constantFrom('a', 'b', 'c'), { minLength: 1, maxLength: 3 });

type CacheStep =
  | { readonly do: 'look'; readonly keys: readonly string[] }
  | { readonly do: 'filled' | 'lost'; readonly at: number };

/** Who still waits for which keys. */
class Waiting {
  readonly #cache;
  readonly #awaited = new Map<Asking, Set<string>>();
  readonly #fetching: Asking[] = [];

  constructor() {
    const simulation = createSimulation();
    const cache = createCache<string>({
      ttlUs: Number.POSITIVE_INFINITY,
      maxEntries: 2,
      coalesce: true,
    });
    this.#cache = createEntityCache({ cache, hitUs: 1, clock: simulation });
  }

  look(asked: readonly string[]): void {
    const asking: Asking = { fetches: [], awaitedKeys: 0, lostKeyTo: undefined };
    const fetched = new Set(this.#fetching.flatMap((one) => one.fetches));
    const hits = this.#cache.look(asked, asking as unknown as Attempt);
    const awaited = asked.filter((key) => fetched.has(key));
    assert.equal(asking.awaitedKeys, awaited.length, 'waits for what is being fetched');
    assert.equal(hits + awaited.length + asking.fetches.length, asked.length);
    if (asking.fetches.length > 0) this.#fetching.push(asking);
    if (awaited.length > 0) this.#awaited.set(asking, new Set(awaited));
  }

  /** A fetch ends: whoever that was the last key of is woken, and of a failure all. */
  end(at: number, failure: 'reset' | undefined): void {
    const [asking] = this.#fetching.splice(at % Math.max(1, this.#fetching.length), 1);
    if (asking === undefined) return;
    const { fetches } = asking;
    const woken = this.#cache.filled(asking as unknown as Attempt, failure);
    const wanted = new Map<Asking, number>();
    for (const key of fetches) {
      for (const [other, awaited] of this.#awaited) {
        if (!awaited.delete(key)) continue;
        const isOver = awaited.size === 0 || failure !== undefined;
        if (isOver) wanted.set(other, (wanted.get(other) ?? 0) + 1);
        if (failure !== undefined) assert.equal(other.lostKeyTo, failure, 'knows why');
      }
    }
    for (const [other, times] of wanted) {
      const count = woken.filter((one) => (one as unknown as Asking) === other).length;
      assert.equal(count, times, 'everybody who waited hears of it');
    }
    assert.equal(
      woken.length,
      [...wanted.values()].reduce((sum, one) => sum + one, 0),
    );
  }
}

const cacheWakes = zooProperty({
  name: 'cache-wakes-everybody',
  claim: 'whoever waits for a fetch hears when it ends, and why it failed',
  arbitrary: fc.array(
    fc.oneof<fc.Arbitrary<CacheStep>[]>(
      fc.record({ do: fc.constant('look' as const), keys }),
      fc.record({ do: fc.constantFrom('filled' as const, 'lost' as const), at: fc.nat(3) }),
    ),
    { maxLength: 20, size: 'max' },
  ),
  sizeOf: (steps) => {
    const faults = steps.filter((one) => one.do === 'lost').length;
    return { commands: steps.length - faults, faults };
  },
  holds(steps) {
    const waiting = new Waiting();
    for (const step of steps) {
      if (step.do === 'look') waiting.look(step.keys);
      else waiting.end(step.at, step.do === 'lost' ? 'reset' : undefined);
    }
  },
});

/** What connections know of a try. */
interface Calling {
  readonly number: number;
  readonly call: { readonly request: { readonly client: object } };
  isConnected: boolean;
  connection: WanConnection | undefined;
}

type LineStep =
  | { readonly do: 'acquire' }
  | { readonly do: 'release' | 'break' | 'leave'; readonly at: number }
  | { readonly do: 'wait'; readonly forUs: number };

const HANDSHAKE_US = 5;

class Line {
  readonly #limit: number;
  readonly #isMultiplexed: boolean;
  readonly #simulation = createSimulation();
  readonly #connections;
  readonly #client = {};
  readonly #going: Calling[] = [];
  readonly #waiting: Calling[] = [];
  readonly #broken = new Set<WanConnection>();
  #count = 0;

  constructor(isMultiplexed: boolean, limit: number) {
    this.#isMultiplexed = isMultiplexed;
    this.#limit = limit;
    const rest = {
      idleTimeoutUs: 50,
      maxWaiting: Number.POSITIVE_INFINITY,
      waitTimeoutUs: Number.POSITIVE_INFINITY,
    };
    this.#connections = createConnections({
      simulation: this.#simulation,
      createPool: () =>
        isMultiplexed
          ? createMultiplexedPool({ ...rest, maxConcurrentStreams: limit })
          : createExclusivePool({ ...rest, maxConnections: limit, isWarm: false }),
      isMultiplexed,
      open: () => ({ handshakeUs: HANDSHAKE_US }) as WanConnection,
      opened: registerOpened(this.#simulation),
    });
  }

  take(step: LineStep): void {
    if (step.do === 'acquire') this.#acquire();
    else if (step.do === 'wait') this.#simulation.run(this.#simulation.nowUs + step.forUs);
    else if (step.do === 'leave') this.#end(this.#waiting, step.at, false);
    else this.#end(this.#going, step.at, step.do === 'break');
    this.#check();
  }

  #acquire(): void {
    const calling: Calling = {
      number: this.#count,
      call: { request: { client: this.#client } },
      isConnected: false,
      connection: undefined,
    };
    this.#count += 1;
    this.#waiting.push(calling);
    this.#connections.acquire(calling as unknown as Attempt, {
      connected: (attempt, handshakeUs) => {
        const other = attempt as unknown as Calling;
        other.isConnected = true;
        this.#goes(other, handshakeUs);
      },
    });
  }

  #goes(calling: Calling, handshakeUs: number): void {
    assert.equal(this.#waiting[0], calling, 'first come, first served');
    this.#waiting.shift();
    this.#going.push(calling);
    const { connection } = calling;
    assert.ok(connection !== undefined, 'a call that goes has its connection');
    if (handshakeUs > 0) return;
    assert.ok(!this.#broken.has(connection), 'nobody is given a broken connection');
  }

  #end(of: Calling[], at: number, isBroken: boolean): void {
    const [calling] = of.splice(at % Math.max(1, of.length), 1);
    if (calling === undefined) return;
    const { connection } = calling;
    if (isBroken && !this.#isMultiplexed && connection !== undefined) this.#broken.add(connection);
    this.#connections.release(calling as unknown as Attempt, isBroken);
  }

  #check(): void {
    assert.ok(this.#going.length <= this.#limit, `${this.#going.length} go at once`);
    const used = this.#going.map((one) => one.connection);
    if (!this.#isMultiplexed) {
      assert.equal(new Set(used).size, used.length, 'one call a connection');
      const isIdle = this.#going.length < this.#limit && this.#waiting.length > 0;
      assert.ok(!isIdle, 'nobody waits beside a free connection');
    }
  }

  /** In the end everybody who waited has gone. */
  finish(): void {
    for (let i = 0; i < 1_000 && this.#going.length + this.#waiting.length > 0; i += 1) {
      this.take({ do: 'release', at: 0 });
      this.take({ do: 'wait', forUs: HANDSHAKE_US });
    }
    assert.equal(this.#waiting.length, 0, 'nobody waits for ever');
  }
}

const connectionsCarry = zooProperty({
  name: 'connections-carry-what-they-may',
  claim: 'calls go in order, as many as may, over connections that are whole, and nobody is left',
  arbitrary: fc.record({
    isMultiplexed: fc.boolean(),
    limit: fc.integer({ min: 1, max: 2 }),
    steps: fc.array(
      fc.oneof<fc.Arbitrary<LineStep>[]>(
        fc.record({ do: fc.constant('acquire' as const) }),
        fc.record({ do: fc.constantFrom('release' as const, 'break', 'leave'), at: fc.nat(3) }),
        fc.record({ do: fc.constant('wait' as const), forUs: fc.nat(9) }),
      ),
      { maxLength: 25, size: 'max' },
    ),
  }),
  sizeOf: ({ steps }) => {
    const faults = steps.filter((one) => one.do === 'break').length;
    return { commands: steps.length - faults, faults };
  },
  holds({ isMultiplexed, limit, steps }) {
    const line = new Line(isMultiplexed, limit);
    for (const step of steps) line.take(step);
    line.finish();
  },
});

/** All properties of parts of the request path. */
export const REQUESTS: readonly ZooProperty[] = [cacheWakes, connectionsCarry, ...EDGES];
