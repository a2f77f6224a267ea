/** Processes that answer nobody, and look well: `process.pause` stops them with all that they have,
 * and lets them go on; a `process.zombie` takes calls and forgets them, until it is found out and
 * killed. What does not leave a process is kept, and on the books. Spec: E414, E419. */
import type { Attempt, ServerFailure } from '../../requests/calls/call.ts';
import type { Server } from '../../requests/servers/server.ts';
import { type FaultGround, onServers, onVictims, restartReplica } from '../servers/fault-ground.ts';
import { createReplicaMarks } from '../servers/replica-marks.ts';
import type { ServerHazards } from '../servers/server-hazards.ts';

type Standstills = Pick<ServerHazards, 'swallows' | 'withholds' | 'crashed'>;

/** A response that waits for its process to go on. */
interface Kept {
  readonly attempt: Attempt;
  readonly failure: ServerFailure | undefined;
}

/** Makes both. */
export function createStandstills(ground: FaultGround): (server: string) => Standstills {
  const zombies = createReplicaMarks();
  const paused = createReplicaMarks();
  const kept = new Map<string, Kept[]>();
  onVictims(ground, 'process.zombie', {
    begin: ({ server, replica }, fault) => zombies.add(server.name, replica, fault),
    end(victim, fault) {
      const { server, replica } = victim;
      if (!zombies.remove(server.name, replica, fault)) return;
      if (zombies.of(server.name, replica).length === 0) restartReplica(ground, victim);
    },
  });
  const letGo = (server: Server) => {
    const all = kept.get(server.name) ?? [];
    const isFree = ({ attempt }: Kept) => paused.of(server.name, attempt.replica).length === 0;
    kept.set(
      server.name,
      all.filter((one) => !isFree(one)),
    );
    for (const { attempt, failure } of all.filter(isFree)) server.complete(attempt, failure);
  };
  onServers(ground, 'process.pause', {
    begin(server, fault) {
      for (const { index, state } of server.fleet.replicas) {
        if (state !== 'ready' && state !== 'draining') continue;
        ground.board.struck(fault);
        paused.add(server.name, index, fault);
      }
      server.fleet.pause(fault);
    },
    end(server, fault) {
      server.fleet.goOn(fault);
      for (const { index } of server.fleet.replicas) paused.remove(server.name, index, fault);
      letGo(server);
    },
  });
  return (name) => ({
    swallows({ replica }) {
      const [fault] = zombies.of(name, replica);
      if (fault === undefined) return false;
      ground.board.struck(fault);
      return true;
    },
    withholds(attempt, failure) {
      if (zombies.of(name, attempt.replica).length > 0) return true;
      if (paused.of(name, attempt.replica).length === 0) return false;
      const all = kept.get(name) ?? [];
      kept.set(name, [...all, { attempt, failure }]);
      return true;
    },
    crashed(replica) {
      zombies.clear(name, replica);
      paused.clear(name, replica);
    },
  });
}
