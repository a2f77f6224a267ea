/** What a process does to calls at its door: a mailbox that overflows, and a clock that is ahead.
 * Spec: E420, E421. */
import type { Attempt } from '../../requests/calls/call.ts';
import type { FaultGround } from '../servers/fault-ground.ts';
import type { ServerHazards } from '../servers/server-hazards.ts';

/** The mailbox of a server. */
export interface Mailbox {
  /** Whether there is no room for one more. */
  overflows(inFlight: number): boolean;
}

/** `process.mailbox-overflow`. */
export function createMailbox(ground: FaultGround, server: string): Mailbox {
  const board = ground.boardOf(server);
  return {
    overflows(inFlight) {
      const full = board
        .active('process.mailbox-overflow')
        .find(({ intensity }) => inFlight >= intensity);
      if (full !== undefined) board.struck(full);
      return full !== undefined;
    },
  };
}

/** The clock of a server. */
export interface ServerClock extends Pick<ServerHazards, 'clockAheadUs'> {
  /** A try has arrived: its deadline is read by this clock from now on. */
  reads(attempt: Attempt): void;
}

/** `process.clock-skew`: a strike is a reading of the clock, of a deadline or for the cache. */
export function createServerClock(ground: FaultGround, server: string): ServerClock {
  const board = ground.boardOf(server);
  const clockAheadUs = () => {
    const [first, ...others] = board.active('process.clock-skew');
    if (first === undefined) return 0;
    const furthest = others.reduce((a, b) => (b.intensity > a.intensity ? b : a), first);
    board.struck(furthest);
    return Math.round(furthest.intensity);
  };
  return {
    clockAheadUs,
    reads(attempt) {
      if (attempt.deadlineUs < Number.POSITIVE_INFINITY) attempt.deadlineUs -= clockAheadUs();
    },
  };
}
