/** What an SDK knows of itself. */
import type { SdkLedger, SdkPhase, SdkState } from '../../sdk/sdk-state.ts';
import type { GateCount } from './fact-gate.ts';

/** The books of the tab's queue, and what else can be told. */
export interface BacklotStats extends SdkLedger, GateCount {
  readonly subject: string;
  readonly consent: SdkState['consent'];
  readonly phase: SdkPhase;
  readonly isOnline: boolean;
  /** Facts of this page, by type. */
  readonly byType: Readonly<Record<string, number>>;
  readonly requests: number;
  /** Of bodies, before compression. */
  readonly sentBytes: number;
  /** Queues of tabs that are gone, and what became of their events since. */
  readonly adopted: {
    readonly queues: number;
    readonly waiting: number;
    readonly acknowledged: number;
  };
  /** Whether the queue outlives the page. */
  readonly isKept: boolean;
  /** Writes that the browser's store refused: full, or forbidden. */
  readonly storeFailures: number;
  /** Stored queues that could not be read, and were put aside. */
  readonly storesRefused: number;
}
