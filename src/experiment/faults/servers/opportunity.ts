/** A try as an opportunity for faults: who asks, for which call of which page, for the how many-th
 * time. The same try meets the same fate whatever else happens; another try of the call, of its
 * page, or of somebody who asks the same, meets a fate of its own. */
import type { Attempt, CallOwner } from '../../requests/calls/call.ts';
import { drawEntity, drawIndex } from '../../requests/calls/page-request.ts';
import type { Opportunity } from '../board/fault-board.ts';

/** Any odd number of 32 bits with many of them set: 2³² ÷ golden ratio. */
const SPREAD = 0x9e37_79b1;

/** The opportunity that a try is. */
export function opportunityOf({ call, number }: Attempt): Omit<Opportunity, 'target'> {
  const { request, slot, owner } = call;
  return {
    entity: (drawEntity(request) ^ Math.imul(repetitionOf(owner), SPREAD)) >>> 0,
    index: drawIndex(request, slot, number),
  };
}

function repetitionOf({ repetition = 0 }: CallOwner): number {
  return repetition;
}
