/** One service on a bench, with its fleet, cache and database, and a client that asks it over an
 * edge: 1 ms of network either way, 2 ms for each round trip to the database, CPU as asked. */

import type { ActorSystem } from '../../src/actors/runtime/actor-system.ts';
import { createEdgeAccount } from '../../src/experiment/requests/calls/accounts.ts';
import { type Attempt, Call } from '../../src/experiment/requests/calls/call.ts';
import { CallEdge } from '../../src/experiment/requests/calls/call-edge.ts';
import { registerCallTimers } from '../../src/experiment/requests/calls/call-timers.ts';
import { createCarrier } from '../../src/experiment/requests/calls/carrier.ts';
import { createAdmission } from '../../src/experiment/requests/servers/admission.ts';
import {
  createLimitedDatabase,
  createUnlimitedDatabase,
  type DatabaseListener,
} from '../../src/experiment/requests/servers/database.ts';
import { createEntityCache } from '../../src/experiment/requests/servers/entity-cache.ts';
import { createReplicaChoice } from '../../src/experiment/requests/servers/replica-choice.ts';
import { Server } from '../../src/experiment/requests/servers/server.ts';
import { ServerAccount } from '../../src/experiment/requests/servers/server-account.ts';
import { ServiceApplication } from '../../src/experiment/requests/servers/service-application.ts';
import type { Transport } from '../../src/experiment/requests/transport/transport.ts';
import { createChance } from '../../src/kernel/chance.ts';
import { createSimulation } from '../../src/kernel/simulation.ts';
import { type CacheConfig, createCache } from '../../src/queueing/caches/cache.ts';
import { createCallGuard } from '../../src/queueing/calls/call-guard.ts';
import type { CallPolicies } from '../../src/queueing/calls/call-policies.ts';
import type { ConcurrencyLimitConfig } from '../../src/queueing/limits/concurrency-limit.ts';
import { createLink } from '../../src/queueing/link.ts';
import {
  createExclusivePool,
  DATABASE_POOL,
  type ExclusivePoolConfig,
} from '../../src/queueing/pools/exclusive-pool.ts';
import type { SheddingConfig } from '../../src/queueing/shedding/shedder.ts';
import { createFleet } from '../../src/queueing/stations/fleet.ts';
import {
  DEFAULT_FLEET_CONFIG,
  type FleetConfig,
} from '../../src/queueing/stations/fleet-config.ts';
import { pageRequest, retrying, tracedCall } from './requests/calls/edge-bench.ts';

/** What can be set. */
export interface ServerBenchOptions {
  readonly fleet?: Partial<FleetConfig>;
  readonly policies?: Partial<CallPolicies>;
  readonly cache?: CacheConfig;
  readonly hitUs?: number;
  /** A limited database with one worker a look-up of 1 ms. */
  readonly pool?: Partial<ExclusivePoolConfig>;
  readonly limit?: ConcurrencyLimitConfig;
  readonly shedding?: SheddingConfig;
}

/** A question. */
export interface Asked {
  readonly cpuUs: number;
  /** The part of `cpuUs` that is for entities. */
  readonly entitiesUs?: number;
  readonly keys?: readonly string[];
  readonly roundTrips?: number;
  readonly priority?: number;
  readonly deadlineUs?: number;
}

/** Deadlines and hang-ups reach the server. */
export const TELLING: Partial<CallPolicies> = { deadline: { allowanceUs: 0, minimumUs: 1 } };

/** Puts a service on a bench. */
export function serverBench(options: ServerBenchOptions = {}) {
  const simulation = createSimulation();
  const chance = createChance({ seed: 1, replication: 0 });
  const config: FleetConfig = { ...DEFAULT_FLEET_CONFIG, ...options.fleet };
  const { workersPerReplica } = config;
  const cache =
    options.cache &&
    createEntityCache({
      cache: createCache(options.cache),
      hitUs: options.hitUs ?? 0,
      clock: simulation,
    });
  const server = new Server({
    name: 'movie',
    region: 0,
    actor: 1,
    simulation,
    createFleet: (listener) => createFleet({ simulation, name: 'movie', config, listener, chance }),
    choice: createReplicaChoice({
      config: { policy: { kind: 'least-outstanding', ties: 'lowest-index' } },
      simulation,
      draws: [chance.draws('1'), chance.draws('2')],
    }),
    admission: createAdmission({
      limit: options.limit,
      shedding: options.shedding,
      workersPerReplica,
      simulation,
      draws: chance.draws('admission'),
    }),
    application: new ServiceApplication({
      cache,
      createDatabase: (listener) => database(listener),
    }),
    workersPerReplica,
    account: new ServerAccount('movie', 1_000_000),
    note: () => {},
  });
  function database(listener: DatabaseListener) {
    const roundTripTime = { kind: 'deterministic' as const, value: 2_000 };
    const link = createLink({ roundTripTime, bandwidthBitsPerSec: 1e12, lossProbability: 0 });
    const draws = chance.draws('database');
    const ground = { name: 'movie', simulation, link, roundTripDraws: draws, listener };
    if (options.pool === undefined) return createUnlimitedDatabase(ground);
    const pool = { ...DATABASE_POOL, ...options.pool };
    const workers = { ...DEFAULT_FLEET_CONFIG, workersPerReplica: 8 };
    return createLimitedDatabase({
      ...ground,
      createPool: () => createExclusivePool(pool),
      createWorkers: (queries) =>
        createFleet({ simulation, name: 'db', config: workers, listener: queries, chance }),
      queryUs: () => 1_000,
      rowUs: 100,
      queryDraws: draws,
    });
  }
  const deliver = simulation.registerHandler('bench.deliver', (actor, payload) => {
    const attempt = payload as Attempt;
    if (actor === 0) attempt.call.route.answered(attempt);
    else server.admit(attempt);
  });
  const actors = {
    send: (actor: number, message: { readonly attempt: Attempt }, delayUs: number) =>
      simulation.schedule(delayUs, deliver, actor, message.attempt),
  } as unknown as ActorSystem;
  const policies: CallPolicies = {
    timeoutUs: Number.POSITIVE_INFINITY,
    retry: retrying(1, 0),
    ...options.policies,
  };
  const guard = createCallGuard(policies);
  const timers = registerCallTimers(simulation, () => {});
  const transport: Transport = { upUs: (_, afterUs) => afterUs + 1_000, downUs: () => 1_000 };
  const edge = new CallEdge(
    { simulation, timers, backoffUniform: () => 0.5 },
    {
      target: server,
      carrier: createCarrier({ actors, transport, target: { name: 'b', actor: 1 } }),
      connections: undefined,
      guardOf: () => guard,
      account: createEdgeAccount('client→movie'),
      admissionUniform: () => 0.5,
      bulkheadWaitUs: 0,
      tellsServer: policies.deadline !== undefined,
      answersKept: undefined,
    },
  );
  const settled: string[] = [];
  const owner = {
    actor: 0,
    zone: -1,
    settled: (call: Call, outcome: string, failure: string | undefined) =>
      settled.push(
        `${call.request.page} ${failure === undefined ? outcome : failure} at ${simulation.nowUs}`,
      ),
  };
  let pages = 0;
  const act = simulation.registerHandler('bench.act', (_, run) => (run as () => void)());
  const at = (atUs: number, run: () => void) =>
    void simulation.schedule(atUs - simulation.nowUs, act, 0, run);
  return {
    simulation,
    server,
    edge,
    settled,
    at,
    /** Asks at a time. @returns the call. */
    ask(atUs: number, name: string, asked: Asked): Call {
      pages += 1;
      const { cpuUs, keys = [name], entitiesUs = 0, roundTrips = 0 } = asked;
      const call = new Call({
        route: edge,
        request: pageRequest(pages, { page: name, priority: asked.priority ?? 0 }),
        owner,
        traced: tracedCall({ entityKeys: keys, databaseRoundTrips: roundTrips }),
        demand: { totalUs: cpuUs, entitiesUs },
        deadlineUs: asked.deadlineUs ?? Number.POSITIVE_INFINITY,
      });
      at(atUs, () => edge.begin(call));
      return call;
    },
    giveUp: (atUs: number, call: Call) => at(atUs, () => edge.giveUp(call)),
    /** Runs and returns what became of calls, as short texts. */
    run(untilUs = Number.MAX_SAFE_INTEGER): readonly string[] {
      simulation.run(untilUs);
      return settled;
    },
    /** What is missing in the server's books: 0, or a bug. */
    residual(): number {
      const { offered, answered, failures } = server.account;
      const failed = Object.values(failures).reduce((sum, count) => sum + count, 0);
      return offered - answered - failed - server.inFlight;
    },
  };
}
