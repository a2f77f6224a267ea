/** Order on a connection: what is sent after a message that a fault delays comes after it, unless
 * the fault lets it overtake. Spec: E445. */
import type { ConnectionLane } from '../../households/wan-connection.ts';
import type { MessageFate } from './link-message.ts';

/** Notes on its lane when a message is delivered. @returns its delay in µs. */
export function keepOrder(
  lane: ConnectionLane | undefined,
  { delayUs, isOvertaken }: MessageFate,
  nowUs: number,
): number {
  if (lane === undefined || isOvertaken) return delayUs;
  lane.lastDeliveryUs = Math.max(lane.lastDeliveryUs, nowUs + delayUs);
  return lane.lastDeliveryUs - nowUs;
}
