/** `platform.hot-key`: work on entities takes longer, on the replica that has those that everybody
 * asks for. Spec: E431. */
import { type FaultGround, onVictims } from '../servers/fault-ground.ts';
import { createReplicaMarks } from '../servers/replica-marks.ts';
import type { WorkAsked } from '../servers/server-hazards.ts';

/** Keys that everybody asks for. */
export interface HotKeys {
  /** The work of a call at a replica, µs. */
  demandUs(replica: number, asked: WorkAsked): number;
}

/** Makes them. A strike is a call that took longer. */
export function createHotKeys(ground: FaultGround): (server: string) => HotKeys {
  const hot = createReplicaMarks();
  onVictims(ground, 'platform.hot-key', {
    begin: ({ server, replica }, fault) => hot.add(server.name, replica, fault),
    end: ({ server, replica }, fault) => void hot.remove(server.name, replica, fault),
  });
  return (name) => ({
    demandUs(replica, { demandUs, entitiesUs }) {
      const faults = entitiesUs > 0 ? hot.of(name, replica) : [];
      let factor = 1;
      for (const fault of faults) {
        ground.board.struck(fault);
        factor = Math.max(factor, fault.intensity);
      }
      return demandUs + (factor - 1) * entitiesUs;
    },
  });
}
