/** What flows through a fleet: jobs in, and what came of each of them out. */

/** A piece of work for a worker. The fleet keeps the object itself and reads nothing else of it. */
export interface Job {
  /** Worker time that it needs at speed 1, ≥ 0; need not be whole. */
  readonly demandUs: number;
  /** Its class: 0 … 7, lower is more urgent. Read under discipline `priority` only. */
  readonly priority: number;
  /** When its client stops waiting, in simulated time; Infinity if never. */
  readonly deadlineUs: number;
}

/** Why a job left without being done: the line was full (`rejected`), the replica takes no jobs
 * (`refused`), it crashed (`reset`), the deadline passed before the start (`expired`), or a job
 * that the line takes earlier came when it was full (`shed`). */
export type DropReason = (typeof DROP_REASONS)[number];

/** Every {@link DropReason}. */
export const DROP_REASONS = ['rejected', 'refused', 'reset', 'expired', 'shed'] as const;

/** Hears once of every job that was offered and not cancelled. Called in the event in which it
 * happens, inside of `offer` too; it may offer, cancel and scale in return. */
export interface FleetListener<J extends Job> {
  /** Both times are whole µs: in the waiting line, and at the worker, pauses included. */
  finished(job: J, replica: number, waitTimeUs: number, serviceTimeUs: number): void;
  dropped(job: J, replica: number, reason: DropReason): void;
  /** A job is about to start, after a wait in whole µs (0 for who need not wait).
   * @returns whether it is `shed` instead. Not asked under processor sharing. */
  shedsAtStart?(job: J, waitTimeUs: number): boolean;
  /** A replica begins to start. @returns how much longer than usual that takes, whole µs ≥ 0. */
  startsLater?(replica: number): number;
  /** A replica that started is ready. It must do nothing to the fleet within the call. */
  opened?(replica: number): void;
}

/** What came of offering a job; `dropped` was told to the listener already. */
export type OfferVerdict = 'started' | 'waiting' | 'dropped';

/** How many classes of priority there are. */
export const PRIORITY_CLASSES = 8;
