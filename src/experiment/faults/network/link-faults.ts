/** What is wrong with the network now: decides, message by message, what becomes of it. While no
 * fault of it is active that costs a comparison. Spec: E440–E445. */
import type { Simulation } from '../../../kernel/simulation.ts';
import type { FaultBoard } from '../board/fault-board.ts';
import type { FaultKindName } from '../catalogue/fault-kinds.ts';
import { NETWORK_FAULTS } from '../catalogue/network-faults.ts';
import { damageOf } from './damage.ts';
import { delayOf } from './delays.ts';
import { createIsolation, type IsolatedServer } from './isolation.ts';
import { type LinkMessage, type MessageFate, opportunityOf } from './link-message.ts';
import { isLost } from './loss.ts';

/** Faults of the links of one run. */
export interface LinkFaults {
  /** Nothing is wrong now. */
  readonly isQuiet: boolean;
  /** What becomes of a message that is sent now; counts what struck. */
  fateOf(message: LinkMessage): MessageFate;
  /** Who stands on the links, before the run. */
  know(servers: readonly IsolatedServer[]): void;
}

/** Kinds that can hit a message. */
const KINDS: readonly FaultKindName[] = [
  ...(Object.keys(NETWORK_FAULTS) as (keyof typeof NETWORK_FAULTS)[]),
  'client.offline',
];

const LOST: MessageFate = {
  isLost: true,
  delayUs: 0,
  damage: undefined,
  isTwice: false,
  isOvertaken: false,
};

/** Makes the faults of the links. */
export function createLinkFaults(options: {
  readonly board: FaultBoard;
  readonly simulation: Simulation;
}): LinkFaults {
  const { board, simulation } = options;
  let activeCount = 0;
  const listener = {
    begin: () => {
      activeCount += 1;
    },
    end: () => {
      activeCount -= 1;
    },
  };
  for (const kind of KINDS) board.listen(kind, listener);
  const isolation = createIsolation(board);
  return {
    get isQuiet() {
      return activeCount === 0;
    },
    fateOf(message) {
      if (isLost(board, isolation, message)) return LOST;
      const { delayUs, isOvertaken } = delayOf(board, message, simulation.nowUs);
      const damage = damageOf(board, message);
      const isTwice =
        damage === undefined &&
        board.strike('network.duplicate', opportunityOf(message)) !== undefined;
      return { isLost: false, delayUs, damage, isTwice, isOvertaken };
    },
    know: isolation.know,
  };
}
