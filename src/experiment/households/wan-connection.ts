/** What the wide-area network remembers of a client: its rates, when its access link is through
 * with what was sent, and of each connection the round trip, the windows and the last delivery.
 * Mutable records of the hot path, owned by `wide-area-network.ts`. */
import { INITIAL_WINDOW_SEGMENTS } from '../../queueing/network/tcp.ts';
import type { WanLink } from '../../queueing/network/wan-link.ts';

/** One direction of a client's access link, which all of its connections share. */
export interface AccessLane {
  readonly usPerByte: number;
  /** When everything that was sent so far has gone through. */
  freeAtUs: number;
}

/** A client on the network. */
export interface WanAccess {
  readonly link: WanLink;
  readonly up: AccessLane;
  readonly down: AccessLane;
  /** Drawn for the client; 0 where round trips are drawn more often. */
  readonly roundTripUs: number;
  /** Connections opened so far: names the draws of the next. */
  openedCount: number;
  /** The connection that carries the clickstream, and how many there were. */
  clickstream: WanConnection | undefined;
  clickstreamOpenedCount: number;
}

/** One direction of a connection. */
export interface ConnectionLane {
  windowSegments: number;
  /** When the last message was, or will be, sent. */
  lastSentUs: number;
  /** When the last message is delivered: later ones come later. */
  lastDeliveryUs: number;
}

/** A connection of a client. */
export class WanConnection {
  /** 0 where round trips are drawn for every message. */
  readonly roundTripUs: number;
  /** From its opening until the first request can go. */
  readonly handshakeUs: number;
  readonly up: ConnectionLane = freshLane();
  readonly down: ConnectionLane = freshLane();

  constructor(roundTripUs: number, handshakeUs: number) {
    this.roundTripUs = roundTripUs;
    this.handshakeUs = handshakeUs;
  }
}

function freshLane(): ConnectionLane {
  return { windowSegments: INITIAL_WINDOW_SEGMENTS, lastSentUs: 0, lastDeliveryUs: 0 };
}
