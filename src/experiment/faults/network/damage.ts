/** Messages that arrive and are none: their checksum does not hold, their end is missing, or the
 * connection broke in the middle of an answer. Spec: E444. */
import type { FaultBoard } from '../board/fault-board.ts';
import { type Damage, type LinkMessage, opportunityOf } from './link-message.ts';

/** What is wrong with a message; undefined where it is whole. */
export function damageOf(board: FaultBoard, message: LinkMessage): Damage | undefined {
  const at = opportunityOf(message);
  if (message.direction === 'down' && board.strike('network.reset', at) !== undefined) {
    return 'reset';
  }
  if (board.strike('network.corrupt', at) !== undefined) return 'corrupt';
  if (board.strike('network.truncate', at) !== undefined) return 'truncated';
  return undefined;
}
