/** `process.stuck-handler`: calls that keep their workers until the fault ends. They are given as
 * much work as lasts beyond it at any pace, and what is left of it is taken away then.
 * Spec: E418. */
import type { Attempt } from '../../requests/calls/call.ts';
import type { Server } from '../../requests/servers/server.ts';
import type { ActiveFault } from '../board/fault-board.ts';
import type { FaultGround } from '../servers/fault-ground.ts';
import { opportunityOf } from '../servers/opportunity.ts';

/** A call that is stuck, and the work that it is there for. */
interface Stuck {
  readonly attempt: Attempt;
  readonly server: string;
  readonly demandUs: number;
}

/** Calls that get stuck. */
export interface StuckHandlers {
  /** The work of a call, µs: more than it asked for where it gets stuck. */
  demandUs(attempt: Attempt, demandUs: number): number;
}

/** Makes them. */
export function createStuckHandlers(ground: FaultGround): (server: string) => StuckHandlers {
  const { board, simulation, servers } = ground;
  const stuck = new Map<ActiveFault, Stuck[]>();
  board.listen('process.stuck-handler', {
    begin: (fault) => void stuck.set(fault, []),
    end(fault) {
      for (const one of stuck.get(fault) ?? []) free(one, servers);
      stuck.delete(fault);
    },
  });
  return (name) => {
    const own = ground.boardOf(name);
    return {
      demandUs(attempt, demandUs) {
        const fault = own.strike('process.stuck-handler', opportunityOf(attempt));
        if (fault === undefined) return demandUs;
        stuck.get(fault)?.push({ attempt, server: name, demandUs });
        return demandUs + fault.endsAtUs - simulation.nowUs;
      },
    };
  };
}

function free({ attempt, server, demandUs }: Stuck, servers: readonly Server[]): void {
  const host = servers.find(({ name }) => name === server);
  // Who waits for a worker reads it when it gets one; the books say what was worth doing.
  attempt.demandUs = Math.max(1, Math.round(demandUs));
  host?.fleet.cutShort(attempt, attempt.replica);
}
