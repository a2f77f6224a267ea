/** Builds the servers of an architecture: an actor, a fleet and an application each. */
import type { ActorId } from '../../../actors/runtime/actor-system.ts';
import type { Chance } from '../../../kernel/chance.ts';
import type { RunDigest } from '../../../kernel/digest.ts';
import { quantileOf } from '../../../kernel/distributions/distribution.ts';
import type { Simulation } from '../../../kernel/simulation.ts';
import { createCache } from '../../../queueing/caches/cache.ts';
import { createLink } from '../../../queueing/link.ts';
import { createExclusivePool } from '../../../queueing/pools/exclusive-pool.ts';
import { createFleet } from '../../../queueing/stations/fleet.ts';
import { DEFAULT_FLEET_CONFIG } from '../../../queueing/stations/fleet-config.ts';
import type { FaultBoard } from '../../faults/board/fault-board.ts';
import { createStaleDiscovery } from '../../faults/network/stale-discovery.ts';
import type { ServerFaults } from '../../faults/servers/server-faults.ts';
import type { Scenario } from '../../scenario/schema.ts';
import { databasePoolConfigOf } from '../../scenario/station-configs.ts';
import type { WorldProbe } from '../../world/probe.ts';
import type { Recorder } from '../../world/recorder.ts';
import { createAnticipation } from '../anticipation/anticipation.ts';
import { createAdmission } from '../servers/admission.ts';
import { startAutoscaler } from '../servers/autoscaler.ts';
import {
  createLimitedDatabase,
  createUnlimitedDatabase,
  type Database,
  type DatabaseListener,
} from '../servers/database.ts';
import { countDatabaseWorkers, type DatabaseWorkers } from '../servers/database-workers.ts';
import { createEntityCache, type EntityCache } from '../servers/entity-cache.ts';
import { createReplicaChoice } from '../servers/replica-choice.ts';
import { type Application, Server } from '../servers/server.ts';
import { ServerAccount } from '../servers/server-account.ts';
import type { ServerSettings } from './server-settings.ts';

/** What servers are built on. */
export interface ServerGround {
  readonly scenario: Scenario;
  readonly simulation: Simulation;
  readonly chance: Chance;
  readonly digest: RunDigest;
  readonly drawCount: () => number;
  readonly endUs: number;
  /** The Unix time at virtual time 0, µs. */
  readonly epochUs: number;
  /** The scenario as it is described, where tonight differs from it. */
  readonly usual: Scenario;
  readonly recorder: Pick<Recorder, 'askedCount'>;
  readonly board: FaultBoard;
  /** Length of a time bucket in the accounts, µs. */
  readonly bucketUs: number;
  readonly probe?: WorldProbe | undefined;
  /** Undefined where the plan has no fault for servers. */
  readonly serverFaults?: ServerFaults | undefined;
}

/** Builds a server. */
export function createServer(
  ground: ServerGround,
  settings: ServerSettings,
  made: { readonly actor: ActorId; readonly application: Application },
): Server {
  const { simulation, chance, digest, drawCount, bucketUs, board } = ground;
  const { name, region, fleet, balancer, limit, shedding, autoscaler } = settings;
  const { workersPerReplica } = fleet;
  const hazards = ground.serverFaults?.hazardsOf(name);
  const handle = digest.actorHandle(`fleet/${name}`);
  const events = {
    finished: digest.eventHandle('work.finished'),
    dropped: digest.eventHandle('work.dropped'),
  };
  const server = new Server({
    name,
    actor: made.actor,
    region,
    simulation,
    createFleet: (listener) => createFleet({ simulation, name, config: fleet, listener, chance }),
    choice: createReplicaChoice({
      config: balancer,
      simulation,
      draws: [chance.draws(`balancer.${name}.1`), chance.draws(`balancer.${name}.2`)],
      discovery: createStaleDiscovery(board, name),
    }),
    admission: createAdmission({
      limit,
      shedding,
      workersPerReplica,
      simulation,
      draws: chance.draws(`admission.${name}`),
    }),
    application: made.application,
    workersPerReplica,
    account: new ServerAccount(name, bucketUs),
    hazards,
    note: (event) => digest.recordAt(simulation.nowUs, handle, events[event], drawCount()),
  });
  if (autoscaler !== undefined) {
    server.anticipation = createAnticipation({
      ...ground,
      scenario: ground.usual,
      autoscaler,
      startupTime: fleet.startupTime,
      workersPerReplica,
      requests: () => ground.recorder.askedCount,
      workUs: () => server.account.given.demandUs,
    });
    startAutoscaler({
      name,
      hpa: autoscaler.hpa,
      metricLagUs: autoscaler.metricLag,
      metricWindowUs: autoscaler.metricWindow,
      workersPerReplica,
      simulation,
      fleet: server.fleet,
      endUs: ground.endUs,
      anticipation: server.anticipation,
      onStep(step) {
        server.desiredReplicas = step.desiredReplicas;
        ground.probe?.scaled(name, step);
      },
      isFrozen: hazards && (() => hazards.freezesAutoscaler()),
    });
  }
  return server;
}

/** Makes the database behind a server. @param installed - Where its workers are added, if it has
 * any of its own. */
export function createDatabaseOf(
  { scenario, simulation, chance }: ServerGround,
  { name, database }: ServerSettings,
  installed: DatabaseWorkers[],
): (listener: DatabaseListener) => Database {
  return (listener) => {
    const options = {
      name,
      simulation,
      link: createLink(scenario.network.database),
      roundTripDraws: chance.draws('database.round-trip'),
      listener,
    };
    if (database === undefined) return createUnlimitedDatabase(options);
    const { queryTime, timePerRow } = database;
    const config = {
      ...DEFAULT_FLEET_CONFIG,
      workersPerReplica: database.workers,
      maxWaiting: UNBOUNDED,
    };
    return createLimitedDatabase({
      ...options,
      createPool: () => createExclusivePool(databasePoolConfigOf(database)),
      createWorkers: (queries) => {
        const fleetName = `database.${name}`;
        const workers = countDatabaseWorkers(fleetName, queries, (listener) =>
          createFleet({ simulation, name: fleetName, config, listener, chance }),
        );
        installed.push(workers);
        return workers.fleet;
      },
      queryUs: quantileOf(queryTime),
      rowUs: timePerRow,
      queryDraws: chance.draws(`database.${name}.query`),
    });
  };
}

/** The pools bound who waits for a database. */
const UNBOUNDED = Number.POSITIVE_INFINITY;

/** Makes the cache of a server, where it has one. */
export function createCacheOf(
  { simulation, serverFaults }: ServerGround,
  { name, cache }: ServerSettings,
): EntityCache | undefined {
  if (cache === undefined) return undefined;
  const hazards = serverFaults?.hazardsOf(name);
  const clock = hazards && {
    get nowUs() {
      return simulation.nowUs + hazards.clockAheadUs();
    },
  };
  return createEntityCache({
    cache: createCache(cache),
    hitUs: cache.hitUs,
    clock: clock ?? simulation,
  });
}
