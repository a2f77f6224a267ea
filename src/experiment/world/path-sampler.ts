/** Looks at the request path at the end of every time bucket: ready replicas, concurrency limits,
 * tries begun, what doors turned away. It draws nothing, changes nothing and feeds no digest. */
import type { Simulation } from '../../kernel/simulation.ts';
import type { Server } from '../requests/servers/server.ts';
import type { WiredPath } from '../requests/wiring/create-path.ts';
import { lookAt, type StationLook } from '../stations/station-look.ts';

/** What was seen, one value a bucket. */
export interface PathSampler {
  readonly servers: readonly ServerSamples[];
  /** Tries begun over all edges within each bucket. */
  readonly tries: readonly number[];
}

/** What was seen of one server. */
export interface ServerSamples {
  readonly name: string;
  readonly replicas: readonly number[];
  /** Undefined where the server has no limit. */
  readonly limits: readonly number[] | undefined;
  /** What its station had done by then, one a bucket. */
  readonly looks: readonly StationLook[];
  readonly doors: readonly DoorLook[];
}

/** A look at a server's door and at its autoscaler. */
export interface DoorLook {
  /** Tries that arrived, and those turned away at the door or from the line, since the start. */
  readonly offered: number;
  readonly turnedAway: number;
  /** Admitted and not responded. */
  readonly inFlight: number;
  /** Replicas that there are or that are on their way, and what the autoscaler wants; undefined
   * without one. */
  readonly members: number;
  readonly desired: number | undefined;
}

/** Why a door turns tries away. */
const AT_THE_DOOR = ['shed', 'rejected'] as const;

/** Looks after everything else of the instant. */
const SAMPLE_PRIORITY = 127;

/** Makes a sampler and schedules its looks. */
export function createPathSampler(options: {
  readonly simulation: Simulation;
  readonly wired: WiredPath;
  readonly bucketUs: number;
  readonly endUs: number;
}): PathSampler {
  const { simulation, wired, bucketUs, endUs } = options;
  const tries: number[] = [];
  let triesBefore = 0;
  const samples = wired.servers.map(({ name }) => ({
    name,
    replicas: [] as number[],
    limits: [] as number[],
    looks: [] as StationLook[],
    doors: [] as DoorLook[],
  }));
  const look = simulation.registerHandler('path.sample', () => {
    const total = wired.edges.reduce((sum, { account }) => sum + account.attempts, 0);
    tries.push(total - triesBefore);
    triesBefore = total;
    wired.servers.forEach((server, n) => {
      const { fleet, limit } = server;
      samples[n]?.looks.push(lookAt(server, simulation.nowUs));
      samples[n]?.doors.push(lookAtDoor(server));
      samples[n]?.replicas.push(fleet.replicas.filter(({ isReady }) => isReady).length);
      if (limit !== undefined) samples[n]?.limits.push(limit);
    });
    if (simulation.nowUs + bucketUs <= endUs) {
      simulation.schedule(bucketUs, look, 0, undefined, SAMPLE_PRIORITY);
    }
  });
  simulation.schedule(Math.min(bucketUs, endUs), look, 0, undefined, SAMPLE_PRIORITY);
  return {
    tries,
    servers: samples.map((one, n) => ({
      ...one,
      limits: wired.servers[n]?.limit === undefined ? undefined : one.limits,
    })),
  };
}

function lookAtDoor({ account, inFlight, fleet, desiredReplicas }: Server): DoorLook {
  const { offered, failures } = account;
  return {
    offered,
    turnedAway: AT_THE_DOOR.reduce((sum, reason) => sum + (failures[reason] ?? 0), 0),
    inFlight,
    members: fleet.replicas.filter(({ isMember }) => isMember).length,
    desired: desiredReplicas,
  };
}
