/** Events that a client's bug spoils while a fault lasts. Which they are, and how, is settled when
 * they are captured: a batch that is sent again brings the same. Spec: E464. */
import type { TrackedEvent } from '../../../domain/tracked-event.ts';
import { hashText } from '../../../kernel/hash.ts';
import type { FaultBoard } from '../board/fault-board.ts';
import { spoil } from './spoil.ts';

/** Spoils events. */
export interface MalformedFault {
  /** An event is captured by a device. */
  captured(viewer: number, event: TrackedEvent): void;
  /** The event as it leaves the device. */
  asSent(event: TrackedEvent): unknown;
}

/** Makes it. */
export function createMalformedFault(board: FaultBoard): MalformedFault {
  /** Which way each spoiled event is spoiled, by id. */
  const spoiled = new Map<string, number>();
  return {
    captured(viewer, event) {
      const index = hashText(event.id, 0) >>> 0;
      const at = { target: 'clients', entity: viewer, index };
      const fault = board.strike('client.malformed', at);
      if (fault !== undefined) spoiled.set(event.id, fault.draws('way').uniform(viewer, index));
    },
    asSent(event) {
      const u = spoiled.size === 0 ? undefined : spoiled.get(event.id);
      return u === undefined ? event : spoil(event, u);
    },
  };
}
