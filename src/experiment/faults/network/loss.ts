/** Messages that never arrive: lost one by one, or all of them while a link is cut. Spec: E441. */
import type { FaultBoard } from '../board/fault-board.ts';
import type { Isolation } from './isolation.ts';
import { type LinkMessage, opportunityOf } from './link-message.ts';

/** Whether a message is lost. */
export function isLost(board: FaultBoard, isolation: Isolation, message: LinkMessage): boolean {
  const at = opportunityOf(message);
  return (
    board.strike('network.partition', at) !== undefined ||
    (message.direction === 'down' && board.strike('network.partition-one-way', at) !== undefined) ||
    isolation.cutsOff(message.places) ||
    board.strike('network.loss', at) !== undefined
  );
}
