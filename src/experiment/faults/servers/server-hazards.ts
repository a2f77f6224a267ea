/** What faults do to one server: it asks at each step of a call, and of the life of its replicas.
 * Servers that no fault of the plan can hit have none, and ask nobody. */
import type { Attempt, ServerFailure } from '../../requests/calls/call.ts';

/** The hazards of one server. */
export interface ServerHazards {
  /** Whether the replica of a try that has arrived takes it on and does nothing for it. */
  swallows(attempt: Attempt): boolean;
  /** A try is at the door: its deadline may move. @param inFlight - Before it.
   * @returns why it is turned away. */
  atDoor(attempt: Attempt, inFlight: number): ServerFailure | undefined;
  /** How long workers take for the work that a try begins with, µs. */
  demandUs(attempt: Attempt, asked: WorkAsked): number;
  /** That work is done. @returns how the try ends instead of going on; `killed`: its process dies
   * in this instant. */
  afterWork(attempt: Attempt): ServerFailure | 'killed' | undefined;
  /** Whether the response to a try does not leave the process, now or never. */
  withholds(attempt: Attempt, failure: ServerFailure | undefined): boolean;
  /** How far ahead the server's clock is: asked at each reading of it, µs. */
  clockAheadUs(): number;
  /** How much longer a replica that begins to start takes, µs. */
  startupDelayUs(): number;
  /** A replica that started is ready. */
  opened(replica: number): void;
  /** A replica is down. */
  crashed(replica: number): void;
  /** Whether the autoscaler decides nothing now. */
  freezesAutoscaler(): boolean;
}

/** Work, and the part of it that is for entities: µs. */
export interface WorkAsked {
  readonly demandUs: number;
  readonly entitiesUs: number;
}
