/** The one sans-I/O plan executor: `startPlan` says what to fetch, `completeFetch` continues. It
 * never waits, never draws, never reads a clock; whoever hosts it (device, gateway, router, server)
 * carries the fetches. */
import type { CallPlan } from './call-plan.ts';
import type { PageVariables } from '../domain/page.ts';

/** One call to make. */
export interface PlannedFetch {
  /** 0-based, unique within the run, in the order in which fetches were emitted. */
  readonly fetchId: number;
  readonly serviceName: string;
  readonly operation: string;
  /** Page variables used, and `representations` for an entity fetch (de-duplicated). */
  readonly variables: Readonly<Record<string, unknown>>;
}

/** What came back: data, or a failure (which nulls what hung on it). */
export type FetchResult =
  | { readonly ok: true; readonly data: Readonly<Record<string, unknown>>; readonly errors?: readonly PlanError[] }
  | { readonly ok: false; readonly message: string };

/** An error of the answer, as GraphQL writes it. */
export interface PlanError {
  readonly message: string;
  readonly path?: readonly (string | number)[];
}

/** The page's answer. */
export interface PlanAnswer {
  readonly data: Readonly<Record<string, unknown>> | null;
  readonly errors: readonly PlanError[];
}

/** The state of one plan in execution. */
export interface PlanRun {
  /** Fetches emitted and not completed. */
  readonly openFetchCount: number;
  /** Starts. @returns the first fetches (none where the plan needs none). */
  start(): readonly PlannedFetch[];
  /** Takes in the result of an open fetch. @returns the fetches that became possible. */
  complete(fetchId: number, result: FetchResult): readonly PlannedFetch[];
  /** The shaped answer once nothing is open; undefined before. */
  answer(): PlanAnswer | undefined;
}

/** Makes a run of a plan. `startPlanRun(plan, variables).start()` emits the first fetches. */
export type CreatePlanRun = (plan: CallPlan, variables: PageVariables) => PlanRun;
