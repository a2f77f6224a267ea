/** What faults of servers stand on: the board, the clock, the servers, and ways to find and tell
 * those that a fault hits. */
import type { ServerMessage } from '../../../actors/server.ts';
import { hashText } from '../../../kernel/hash.ts';
import type { Simulation } from '../../../kernel/simulation.ts';
import type { Server } from '../../requests/servers/server.ts';
import type { ActiveFault, FaultBoard } from '../board/fault-board.ts';
import type { FaultKindName } from '../catalogue/fault-kinds.ts';
import type { ServerBoard } from './server-board.ts';

/** The ground. */
export interface FaultGround {
  readonly board: FaultBoard;
  readonly simulation: Simulation;
  /** All servers of the run; none before it starts. */
  readonly servers: readonly Server[];
  /** The board as a server sees it. */
  boardOf(server: string): ServerBoard;
  tell(server: Server, message: ServerMessage): void;
  /** As the switch of outages, which these overlap with. */
  turnsOutage(server: string, change: 1 | -1): boolean;
}

/** A replica that a fault was aimed at. */
export interface Victim {
  readonly server: Server;
  readonly replica: number;
}

/** What happens to what a fault hits. */
export interface Blow<T> {
  begin(hit: T, fault: ActiveFault): void;
  end?(hit: T, fault: ActiveFault): void;
}

/** Servers that a fault hits. */
export function serversHit({ servers, boardOf }: FaultGround, fault: ActiveFault) {
  return servers.filter(({ name }) => boardOf(name).isHit(fault));
}

/** Deals a blow to each server that faults of a kind hit. */
export function onServers(ground: FaultGround, kind: FaultKindName, blow: Blow<Server>): void {
  ground.board.listen(kind, {
    begin(fault) {
      for (const server of serversHit(ground, fault)) blow.begin(server, fault);
    },
    end(fault) {
      for (const server of serversHit(ground, fault)) blow.end?.(server, fault);
    },
  });
}

/** Deals a blow to one replica of each server that faults of a kind hit: drawn when the fault
 * begins, the same one until it ends. */
export function onVictims(ground: FaultGround, kind: FaultKindName, blow: Blow<Victim>): void {
  const victims = new Map<ActiveFault, readonly Victim[]>();
  ground.board.listen(kind, {
    begin(fault) {
      const drawn = serversHit(ground, fault).flatMap((server) => drawVictim(server, fault));
      victims.set(fault, drawn);
      for (const victim of drawn) blow.begin(victim, fault);
    },
    end(fault) {
      for (const victim of victims.get(fault) ?? []) blow.end?.(victim, fault);
      victims.delete(fault);
    },
  });
}

/** One of the replicas that are ready, or else of those that would be; none where there is none. */
function drawVictim(server: Server, fault: ActiveFault): readonly Victim[] {
  const members = server.fleet.replicas.filter(({ isMember }) => isMember);
  const ready = members.filter(({ isReady }) => isReady);
  const chosenFrom = ready.length > 0 ? ready : members;
  const u = fault.draws('replica').uniform(hashText(server.name, 0) >>> 0, 0);
  const chosen = chosenFrom[Math.floor(u * chosenFrom.length)];
  return chosen === undefined ? [] : [{ server, replica: chosen.index }];
}

/** A replica crashes and begins to start again at once, unless something else holds it down. */
export function restartReplica({ tell }: FaultGround, { server, replica }: Victim): void {
  tell(server, { type: 'replica.crashed', replica });
  tell(server, { type: 'replica.restored', replica });
}

/** All replicas of a server crash and begin to start again at once, unless an outage lasts.
 * @returns how many crashed. */
export function restartServer(ground: FaultGround, server: Server): number {
  const crashed = server.fleet.replicas.filter(({ state }) => state !== 'down').length;
  bringDown(ground, server);
  bringUp(ground, server);
  return crashed;
}

/** All replicas of a server crash, and stay down while any outage of it lasts. */
export function bringDown({ turnsOutage, tell }: FaultGround, server: Server): void {
  if (turnsOutage(server.name, 1)) tell(server, { type: 'outage.started' });
}

/** This outage of a server is over. */
export function bringUp({ turnsOutage, tell }: FaultGround, server: Server): void {
  if (turnsOutage(server.name, -1)) tell(server, { type: 'outage.ended' });
}

/** Counts a strike a replica. */
export function strikeTimes({ board }: FaultGround, fault: ActiveFault, times: number): void {
  for (let i = 0; i < times; i += 1) board.struck(fault);
}
