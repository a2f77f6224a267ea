/** Replicas that die: once for as long as the fault lasts, again and again, or in the middle of a
 * call. Spec: E411–E413. */
import type { EventKey } from '../../../kernel/simulation.ts';
import { type Attempt, NO_EVENT } from '../../requests/calls/call.ts';
import type { ActiveFault } from '../board/fault-board.ts';
import {
  type FaultGround,
  onVictims,
  restartReplica,
  type Victim,
} from '../servers/fault-ground.ts';
import { opportunityOf } from '../servers/opportunity.ts';
import type { ServerHazards } from '../servers/server-hazards.ts';

/** `process.crash`: down until the fault ends. */
export function createCrashes(ground: FaultGround): void {
  onVictims(ground, 'process.crash', {
    begin({ server, replica }, fault) {
      ground.board.struck(fault);
      ground.tell(server, { type: 'replica.crashed', replica });
    },
    end: ({ server, replica }) => ground.tell(server, { type: 'replica.restored', replica }),
  });
}

/** A crash loop at work. */
interface Loop {
  readonly victim: Victim;
  readonly fault: ActiveFault;
  dies: EventKey;
}

/** `process.crash-loop`: dies when the fault begins, and whenever it has been up for the intensity.
 * @returns hears of replicas that got ready. */
export function createCrashLoops(
  ground: FaultGround,
): (server: string) => Pick<ServerHazards, 'opened'> {
  const { board, simulation } = ground;
  const loops: Loop[] = [];
  const die = (loop: Loop) => {
    board.struck(loop.fault);
    restartReplica(ground, loop.victim);
  };
  const dies = simulation.registerHandler('fault.crash-loop', (_, payload) => {
    const loop = payload as Loop;
    loop.dies = NO_EVENT;
    const { server, replica } = loop.victim;
    if (server.fleet.replicas[replica]?.isReady === true) die(loop);
  });
  onVictims(ground, 'process.crash-loop', {
    begin(victim, fault) {
      const loop = { victim, fault, dies: NO_EVENT };
      loops.push(loop);
      die(loop);
    },
    end({ server }, fault) {
      const place = loops.findIndex((one) => one.fault === fault && one.victim.server === server);
      const [loop] = loops.splice(place, 1);
      if (loop !== undefined) simulation.cancel(loop.dies);
    },
  });
  return (name) => ({
    opened(replica) {
      for (const loop of loops) {
        const { victim, fault } = loop;
        if (victim.server.name !== name || victim.replica !== replica) continue;
        simulation.cancel(loop.dies);
        const delayUs = Math.max(1, Math.round(fault.intensity));
        loop.dies = simulation.schedule(delayUs, dies, 0, loop);
      }
    },
  });
}

/** `process.kill-in-handler`: dies when workers are done with a call, before anything comes of it.
 * @returns says which calls. */
export function createKills(ground: FaultGround): (server: string) => Kills {
  const { simulation, servers } = ground;
  const kill = simulation.registerHandler('fault.kill', (n, payload) => {
    const attempt = payload as Attempt;
    const server = servers[n];
    if (server === undefined || attempt.isResponded) return;
    restartReplica(ground, { server, replica: attempt.replica });
  });
  return (name) => {
    const board = ground.boardOf(name);
    return {
      kills(attempt) {
        const fault = board.strike('process.kill-in-handler', opportunityOf(attempt));
        if (fault === undefined) return false;
        const n = servers.findIndex((server) => server.name === name);
        simulation.schedule(0, kill, n, attempt);
        return true;
      },
    };
  };
}

/** Calls that their process does not survive. */
export interface Kills {
  /** Whether a call's process dies of it: then that is under way. */
  kills(attempt: Attempt): boolean;
}
