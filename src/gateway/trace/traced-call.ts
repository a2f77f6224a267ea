/** A page as the trace cache tells it: its calls, how each may end, how the page ends. */
import type { PlanAnswer } from '../plan/run.ts';
import type { ServiceAnswer } from '../service-backends.ts';

/** How a call ended: `stale` and `default` are fallbacks in its place. */
export type CallOutcome = 'answered' | 'failed' | 'stale' | 'default';

/** One call of a page, with what it truly asks and gets. Frozen; the same object for the same page,
 * variables and earlier outcomes, as long as it is remembered. */
export interface TracedCall {
  /** 0-based and unique within the page, a function of the plan: position of the fetch in the plan
   * plus, for the further calls of a fetch that makes several, multiples of the plan's fetches. */
  readonly callId: number;
  /** `movie`, `production`, `talent` or `monolith`. */
  readonly service: string;
  readonly operation: string;
  /** Size of the body `{query, variables}` as UTF-8 JSON. */
  readonly requestBytes: number;
  /** Size of the body `{data, errors}` as UTF-8 JSON. */
  readonly responseBytes: number;
  /** Entities resolved per domain. */
  readonly work: Readonly<Record<string, number>>;
  /** What the call names: a key like `Title/tt05` a representation; for root fields one key of
   * operation and variables. */
  readonly entityKeys: readonly string[];
  readonly databaseRoundTrips: number;
  /** The real data. */
  readonly answer: ServiceAnswer;
}

/** A page under way. */
export interface PageTraceRun {
  /** Starts. @returns the first calls. */
  start(): readonly TracedCall[];
  /** Takes in how an open call ended. @returns the calls that became possible. */
  complete(callId: number, outcome: CallOutcome): readonly TracedCall[];
  readonly openCalls: number;
  /** How the page ended; undefined while calls are open. */
  end(): PageEnd | undefined;
}

/** How a page ended. Frozen. */
export interface PageEnd {
  /** `ok` no errors · `partial` some data and errors · `failed` errors and no data. */
  readonly outcome: 'ok' | 'partial' | 'failed';
  /** Whether a fallback stands in for a call. */
  readonly isDegraded: boolean;
  /** Size of the page's answer as UTF-8 JSON. */
  readonly bytes: number;
  /** Calls made. */
  readonly callCount: number;
  readonly answer: PlanAnswer;
}
