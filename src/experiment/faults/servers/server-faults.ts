/** Faults of the process and platform families at work: put together for the servers of one run.
 * Whoever serves calls asks the hazards; what begins and ends with a fault is told to servers.
 * Spec: E410–E434. */
import type { ActorSystem } from '../../../actors/runtime/actor-system.ts';
import type { MachineMaker } from '../../../actors/runtime/machine-shelf.ts';
import type { ServerMessage } from '../../../actors/server.ts';
import type { ApiArchitecture } from '../../../gateway/architecture.ts';
import type { Simulation } from '../../../kernel/simulation.ts';
import type { Attempt, ServerFailure } from '../../requests/calls/call.ts';
import type { Crowd } from '../../requests/calls/call-edge.ts';
import type { FaultSwitch } from '../../requests/faults.ts';
import type { Server } from '../../requests/servers/server.ts';
import type { Scenario } from '../../scenario/schema.ts';
import type { FaultBoard } from '../board/fault-board.ts';
import { FAULT_KINDS } from '../catalogue/fault-kinds.ts';
import { isCatalogued } from '../plan/fault-schema.ts';
import { createCacheFlushes } from '../platform/cache-flushes.ts';
import { createHotKeys } from '../platform/hot-keys.ts';
import { createConfigPushes, createRegionLosses } from '../platform/outages.ts';
import { createQuota, createVersion } from '../platform/quotas.ts';
import { createRetryStorms } from '../platform/retry-storm.ts';
import { createScaling } from '../platform/scaling.ts';
import { createCrashes, createCrashLoops, createKills } from '../process/crashes.ts';
import { createMailbox, createServerClock } from '../process/doors.ts';
import { createPaces } from '../process/paces.ts';
import { createStandstills } from '../process/standstills.ts';
import { createStuckHandlers } from '../process/stuck-handlers.ts';
import type { FaultGround } from './fault-ground.ts';
import { opportunityOf } from './opportunity.ts';
import { createServerBoard, planNamesOf, type ServerBoard } from './server-board.ts';
import type { ServerHazards } from './server-hazards.ts';

/** The faults of servers. */
export interface ServerFaults {
  /** What threatens a server. */
  hazardsOf(server: string): ServerHazards;
  /** Who asks beside the calls to a server. */
  crowdOf(server: string): Crowd;
  /** Says who is there, before the run starts. */
  meet(servers: readonly Server[]): void;
}

/** What they are made of. */
export interface ServerFaultsOptions {
  readonly scenario: Scenario;
  readonly architecture: ApiArchitecture;
  readonly board: FaultBoard;
  readonly simulation: Simulation;
  readonly actors: ActorSystem;
  readonly machineOf: MachineMaker;
  readonly faults: FaultSwitch;
}

/** Makes them; undefined where the plan has none for servers: then nobody asks. */
export function createServerFaults(options: ServerFaultsOptions): ServerFaults | undefined {
  const isPlanned = options.scenario.faults.some(
    (fault) => isCatalogued(fault) && FAULT_KINDS[fault.kind].targets === 'server',
  );
  if (!isPlanned) return undefined;
  const servers: Server[] = [];
  const ground = layFaultGround(options, servers);
  createCrashes(ground);
  createPaces(ground);
  createRegionLosses(ground);
  createConfigPushes(ground);
  createCacheFlushes(ground);
  const made = new Map<string, ServerHazards>();
  const makeHazards = createHazards(ground);
  const hazardsOf = (server: string): ServerHazards => {
    const hazards = made.get(server) ?? makeHazards(server);
    made.set(server, hazards);
    return hazards;
  };
  const crowds = createRetryStorms(ground, options);
  return {
    hazardsOf,
    crowdOf: crowds,
    meet: (all) => void servers.push(...all),
  };
}

function layFaultGround(
  { scenario, architecture, board, simulation, actors, faults }: ServerFaultsOptions,
  servers: readonly Server[],
): FaultGround {
  const domains = Object.keys(scenario.services);
  const boards = new Map<string, ServerBoard>();
  return {
    board,
    simulation,
    servers,
    boardOf(server) {
      let own = boards.get(server);
      if (own === undefined) {
        own = createServerBoard(board, planNamesOf(server, architecture, domains));
        boards.set(server, own);
      }
      return own;
    },
    tell: ({ actor }, message: ServerMessage) => actors.deliver(actor, message),
    turnsOutage: faults.turnsOutage,
  };
}

function createHazards(ground: FaultGround): (server: string) => ServerHazards {
  const loops = createCrashLoops(ground);
  const killsOf = createKills(ground);
  const standstills = createStandstills(ground);
  const stuckOf = createStuckHandlers(ground);
  const hotKeysOf = createHotKeys(ground);
  return (server) => {
    const board = ground.boardOf(server);
    const { kills } = killsOf(server);
    const stuck = stuckOf(server);
    const hotKeys = hotKeysOf(server);
    const mailbox = createMailbox(ground, server);
    const clock = createServerClock(ground, server);
    const quota = createQuota(ground, server);
    const version = createVersion(ground, server);
    return {
      ...standstills(server),
      ...loops(server),
      ...createScaling(ground, server),
      clockAheadUs: clock.clockAheadUs,
      atDoor(attempt, inFlight) {
        clock.reads(attempt);
        if (attempt.deadlineUs <= ground.simulation.nowUs) return 'expired';
        if (quota.isUsedUp() || mailbox.overflows(inFlight)) return 'rejected';
        return version.fails(attempt) ? 'error' : undefined;
      },
      demandUs: (attempt, asked) =>
        stuck.demandUs(attempt, hotKeys.demandUs(attempt.replica, asked)),
      afterWork: (attempt) => (kills(attempt) ? 'killed' : thrown(board, attempt)),
    };
  };
}

/** `process.handler-throws`. */
function thrown(board: ServerBoard, attempt: Attempt): ServerFailure | undefined {
  const fault = board.strike('process.handler-throws', opportunityOf(attempt));
  return fault === undefined ? undefined : 'error';
}
