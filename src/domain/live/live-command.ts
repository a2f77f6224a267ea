/** What a person tells a run from the dashboard. Those that change the world are kept in the run's
 * command log with their moment, so that the run can be run again. Spec: L3. */

/** A command of the clock: it changes nothing but what is shown when. */
export type ClockCommand =
  | { readonly type: 'pause' }
  | { readonly type: 'resume' }
  /** Virtual seconds a second, > 0; null: as fast as it goes. */
  | { readonly type: 'speed'; readonly factor: number | null }
  /** So many events on, or back where negative; then it stands. */
  | { readonly type: 'step'; readonly events: number }
  /** There, back or on; then it stands. */
  | { readonly type: 'seek'; readonly event: number }
  | { readonly type: 'seek'; readonly atUs: number };

/** A command that changes the world from here on. */
export type WorldCommand =
  | {
      readonly type: 'fault';
      readonly kind: string;
      readonly target?: string | undefined;
      readonly intensity?: number | undefined;
      readonly forUs: number;
    }
  /** All faults end, and none of the plan follows. */
  | { readonly type: 'heal' }
  | { readonly type: 'breaker'; readonly edge: string; readonly status: 'open' | 'closed' };

/** Anything that can be told. */
export type LiveCommand = ClockCommand | WorldCommand;

/** What came of a command. */
export type CommandAnswer =
  /** `note` tells what else became of it, such as later commands that are no more. */
  | { readonly ok: true; readonly note?: string }
  /** The code of an `EngineError` and its message: place, found, rule, remedy. */
  | { readonly ok: false; readonly code: string; readonly message: string };
