/** A message on its way over a link, as faults of the network see it, and what becomes of it. */

/** A replica that a message comes from or goes to. */
export interface LinkPlace {
  readonly server: string;
  /** −1 where there is none. */
  readonly replica: number;
}

/** A message on a link. Its name is (entity, index), whatever else happens. */
export interface LinkMessage {
  /** A server's name, or `clickstream`. */
  readonly link: string;
  /** `up` for questions and batches, `down` for answers. */
  readonly direction: 'up' | 'down';
  /** Who asked: 0 … 2³²−1. */
  readonly entity: number;
  /** Which of its messages: 0 … 2³¹−1. Both directions have the same. */
  readonly index: number;
  readonly sizeBytes: number;
  /** How long it takes while nothing is wrong, µs. */
  readonly delayUs: number;
  /** Where it comes from and goes to. */
  readonly places: readonly LinkPlace[];
}

/** What is wrong with a message that arrives. `reset`: the connection broke in the middle. */
export type Damage = 'corrupt' | 'truncated' | 'reset';

/** What becomes of a message. */
export interface MessageFate {
  readonly isLost: boolean;
  /** How long it takes, µs. */
  readonly delayUs: number;
  readonly damage: Damage | undefined;
  /** Whether it arrives twice, the second time as long after the first as that took. */
  readonly isTwice: boolean;
  /** Whether later ones may overtake it. */
  readonly isOvertaken: boolean;
}

/** How the board knows a message. */
export function opportunityOf({ link, direction, entity, index }: LinkMessage) {
  return { target: link, entity, index: index * 2 + (direction === 'down' ? 1 : 0) };
}
