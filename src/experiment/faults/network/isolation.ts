/** Replicas that nobody reaches and that reach nobody: of each server that a fault hits one, drawn
 * among those that take calls when it begins. A replica's database is its own and stays.
 * Spec: E442. */
import { hashText } from '../../../kernel/hash.ts';
import type { ActiveFault, FaultBoard } from '../board/fault-board.ts';
import type { LinkPlace } from './link-message.ts';
import { linkNameOf } from './link-name.ts';

/** A server whose replicas can be isolated. */
export interface IsolatedServer {
  readonly name: string;
  readonly fleet: { readonly replicas: readonly { readonly isReady: boolean }[] };
}

/** Who is cut off now. */
export interface Isolation {
  /** Servers that stand on links, before the run. */
  know(servers: readonly IsolatedServer[]): void;
  /** Whether one of a message's ends is cut off; counts as a strike. */
  cutsOff(places: readonly LinkPlace[]): boolean;
}

const KIND = 'network.isolate';

/** Makes the isolation of one run. */
export function createIsolation(board: FaultBoard): Isolation {
  const known: IsolatedServer[] = [];
  const isolated = new Map<ActiveFault, ReadonlyMap<string, number>>();
  board.listen(KIND, {
    begin: (fault) => isolated.set(fault, choose(fault, known)),
    end: (fault) => isolated.delete(fault),
  });
  return {
    know: (servers) => void known.push(...servers),
    cutsOff(places) {
      for (const [fault, chosen] of isolated) {
        if (!places.some(({ server, replica }) => chosen.get(server) === replica)) continue;
        board.struck(fault);
        return true;
      }
      return false;
    },
  };
}

function choose(
  fault: ActiveFault,
  servers: readonly IsolatedServer[],
): ReadonlyMap<string, number> {
  const draws = fault.draws('replica');
  const chosen = new Map<string, number>();
  for (const { name, fleet } of servers) {
    if (fault.target !== undefined && fault.target !== linkNameOf(name)) continue;
    const ready = fleet.replicas.flatMap(({ isReady }, replica) => (isReady ? [replica] : []));
    const u = draws.uniform(hashText(name, 0) >>> 0, 0);
    const replica = ready[Math.floor(u * ready.length)];
    if (replica !== undefined) chosen.set(name, replica);
  }
  return chosen;
}
