/** Devices without a network: all of them, those included that come meanwhile. Their own absences
 * go on beneath it: a device is online where neither keeps it offline. Spec: E461. */
import type { ActorSystem } from '../../../actors/runtime/actor-system.ts';
import type { Household } from '../../households/household.ts';
import type { FaultBoard } from '../board/fault-board.ts';

/** Who is kept offline. */
export interface OfflineFault {
  /** A household that has just moved in, before anything else happens in it. */
  movedIn(household: Household): void;
}

const KIND = 'client.offline';

/** Makes it. @param households - Those that there are, whenever it is asked. */
export function createOfflineFault(options: {
  readonly board: FaultBoard;
  readonly actors: ActorSystem;
  readonly households: () => readonly Household[];
}): OfflineFault {
  const { board, actors, households } = options;
  const cutOff = (household: Household) => {
    household.isCutOff = true;
    actors.deliver(household.deviceActor, { type: 'network.lost' });
  };
  board.listen(KIND, {
    begin(fault) {
      for (const household of households()) {
        if (household.isCutOff) continue;
        board.struck(fault);
        cutOff(household);
      }
    },
    end() {
      if (board.active(KIND).length > 0) return;
      for (const household of households()) {
        household.isCutOff = false;
        actors.deliver(household.deviceActor, { type: 'network.restored' });
      }
    },
  });
  return {
    movedIn(household) {
      const [fault] = board.active(KIND);
      if (fault === undefined) return;
      board.struck(fault);
      cutOff(household);
    },
  };
}
