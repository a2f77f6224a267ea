/** Discovery that is out of date: balancers still know replicas that are down, and call them; there
 * they are refused. Spec: E446. */
import type { FaultBoard } from '../board/fault-board.ts';
import { linkNameOf } from './link-name.ts';

/** What balancers of one server are told. */
export interface StaleDiscovery {
  /** Whether replicas that are down are still listed. */
  isStale(): boolean;
  /** A call went to a replica that is down. */
  misled(): void;
}

const KIND = 'network.stale-discovery';

/** Makes it for one server. */
export function createStaleDiscovery(board: FaultBoard, server: string): StaleDiscovery {
  const link = linkNameOf(server);
  return {
    isStale: () => board.active(KIND, link).length > 0,
    misled() {
      const [fault] = board.active(KIND, link);
      if (fault !== undefined) board.struck(fault);
    },
  };
}
