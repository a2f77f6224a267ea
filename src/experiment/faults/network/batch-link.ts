/** Batches and acknowledgements over a link that may be faulty. The collector has two front ends,
 * and a device is bound to one: isolated, it hears nothing; out of discovery, it is refused. A
 * batch that does not arrive whole is not judged: where its checksum fails, TLS ends the
 * connection without an answer, and where its end is missing the answer is 408. SDKs send it again
 * after both. So they do after an acknowledgement that they cannot read. Spec: E451–E453. */
import type { Simulation } from '../../../kernel/simulation.ts';
import type { ConnectionLane } from '../../households/wan-connection.ts';
import type { FaultBoard } from '../board/fault-board.ts';
import { keepOrder } from './keep-order.ts';
import type { LinkFaults } from './link-faults.ts';
import type { LinkMessage } from './link-message.ts';

/** A try of a batch, or the answer to it. */
export interface BatchLeg {
  readonly direction: LinkMessage['direction'];
  readonly viewer: number;
  /** Names the try among those of its viewer. */
  readonly key: number;
  readonly sizeBytes: number;
  /** How long it takes while nothing is wrong, µs. */
  readonly delayUs: number;
  /** Where its connection keeps order; undefined where there is none. */
  readonly lane: ConnectionLane | undefined;
}

/** What is delivered, and when: as it was sent, or as a status that says that it was not. */
export interface Delivery {
  readonly delayUs: number;
  /** 0: no answer, the connection is gone. 408: the collector waits no longer for the rest. */
  readonly status: 'whole' | 0 | 408;
  /** Whether the device hears of it without the collector. */
  readonly isRefused: boolean;
}

/** The link between devices and the collector. */
export interface BatchLink {
  /** What is delivered of a message that is sent now, in this order; nothing where it is lost. */
  deliveries(leg: BatchLeg): readonly Delivery[];
}

const LINK = 'clickstream';
const FRONTS = 2;
/** The collector as those who isolate replicas know it. */
export const COLLECTOR = {
  name: LINK,
  fleet: { replicas: Array.from({ length: FRONTS }, () => ({ isReady: true })) },
};

/** Makes the link. */
export function createBatchLink(options: {
  readonly board: FaultBoard;
  readonly simulation: Simulation;
  readonly faults: LinkFaults;
}): BatchLink {
  const { board, simulation, faults } = options;
  return {
    deliveries(leg) {
      const { delayUs } = leg;
      if (faults.isQuiet) return [whole(delayUs)];
      if (leg.direction === 'up' && isMisled(board, leg)) {
        return [{ delayUs, status: 0, isRefused: true }];
      }
      const fate = faults.fateOf(messageOf(leg));
      if (fate.isLost) return [];
      const takesUs = keepOrder(leg.lane, fate, simulation.nowUs);
      if (fate.damage === 'reset') return [broken(Math.ceil(takesUs / 2), 0)];
      if (fate.damage === 'corrupt') return [broken(takesUs, 0)];
      if (fate.damage === 'truncated') {
        return [broken(takesUs, leg.direction === 'up' ? 408 : 0)];
      }
      return fate.isTwice ? [whole(takesUs), whole(takesUs + delayUs)] : [whole(takesUs)];
    },
  };
}

function messageOf({ viewer, key, ...leg }: BatchLeg): LinkMessage {
  const places = [{ server: LINK, replica: viewer % FRONTS }];
  return { ...leg, link: LINK, entity: viewer, index: key, places };
}

/** Whether the device calls a front end that is not there. */
function isMisled(board: FaultBoard, { viewer }: BatchLeg): boolean {
  for (const fault of board.active('network.stale-discovery', LINK)) {
    const gone = Math.floor(fault.draws('front').uniform(0, 0) * FRONTS);
    if (gone !== viewer % FRONTS) continue;
    board.struck(fault);
    return true;
  }
  return false;
}

function whole(delayUs: number): Delivery {
  return { delayUs, status: 'whole', isRefused: false };
}

function broken(delayUs: number, status: 0 | 408): Delivery {
  return { delayUs, status, isRefused: false };
}
