/** Which replicas of which servers are under a spell of which faults. A crash ends a spell: what
 * starts in the replica's place is another process. */
import type { ActiveFault } from '../board/fault-board.ts';

/** The marks of one kind of spell. */
export interface ReplicaMarks {
  add(server: string, replica: number, fault: ActiveFault): void;
  /** Takes a fault's mark away. @returns whether it was there. */
  remove(server: string, replica: number, fault: ActiveFault): boolean;
  /** Faults that a replica is marked by, oldest first. */
  of(server: string, replica: number): readonly ActiveFault[];
  /** Takes all marks of a replica away. */
  clear(server: string, replica: number): void;
}

const NONE: readonly ActiveFault[] = [];

/** Makes empty marks. */
export function createReplicaMarks(): ReplicaMarks {
  const byServer = new Map<string, Map<number, readonly ActiveFault[]>>();
  const of = (server: string, replica: number) => byServer.get(server)?.get(replica) ?? NONE;
  const set = (server: string, replica: number, faults: readonly ActiveFault[]) => {
    const marked = byServer.get(server) ?? new Map<number, readonly ActiveFault[]>();
    byServer.set(server, marked);
    if (faults.length === 0) marked.delete(replica);
    else marked.set(replica, faults);
  };
  return {
    of,
    add: (server, replica, fault) => set(server, replica, [...of(server, replica), fault]),
    remove(server, replica, fault) {
      const before = of(server, replica);
      if (!before.includes(fault)) return false;
      const after = before.filter((one) => one !== fault);
      set(server, replica, after);
      return true;
    },
    clear: (server, replica) => set(server, replica, NONE),
  };
}
