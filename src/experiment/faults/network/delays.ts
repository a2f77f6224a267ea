/** How long messages take where the network is slow: delay, jitter, want of bandwidth, a link that
 * is clogged until the fault is over, and messages that are held back. Spec: E443. */
import type { FaultBoard } from '../board/fault-board.ts';
import { type LinkMessage, opportunityOf } from './link-message.ts';

/** How much longer a message takes. */
export interface LinkDelay {
  /** In all, µs. */
  readonly delayUs: number;
  /** Whether it is held back alone, and later ones overtake it. */
  readonly isOvertaken: boolean;
}

const BYTES_PER_KIB = 1_024;

/** How long a message takes. */
export function delayOf(board: FaultBoard, message: LinkMessage, nowUs: number): LinkDelay {
  const at = opportunityOf(message);
  const reorder = board.strike('network.reorder', at);
  const slowUs =
    message.delayUs +
    (board.strike('network.delay', at)?.intensity ?? 0) +
    jitterUs(board, at) +
    transferUs(board, message) +
    (reorder?.intensity ?? 0);
  const delayUs = Math.round(Math.max(slowUs, cloggedUs(board, message, nowUs)));
  return { delayUs, isOvertaken: reorder !== undefined };
}

function jitterUs(board: FaultBoard, at: ReturnType<typeof opportunityOf>): number {
  const fault = board.strike('network.jitter', at);
  if (fault === undefined) return 0;
  return fault.intensity * fault.draws('length').uniform(at.entity, at.index);
}

function transferUs(board: FaultBoard, { link, sizeBytes }: LinkMessage): number {
  let us = 0;
  for (const fault of board.active('network.bandwidth', link)) {
    board.struck(fault);
    us += (sizeBytes / BYTES_PER_KIB) * fault.intensity;
  }
  return us;
}

/** From now until nothing clogs the link any more. */
function cloggedUs(board: FaultBoard, { link, delayUs }: LinkMessage, nowUs: number): number {
  let us = 0;
  for (const fault of board.active('network.clog', link)) {
    const leftUs = fault.endsAtUs - nowUs;
    if (leftUs <= delayUs) continue;
    board.struck(fault);
    us = Math.max(us, leftUs);
  }
  return us;
}
