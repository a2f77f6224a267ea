/** What a plan run and its host say to each other: calls to make, what came back, the answer. */

/** One call to make. */
export interface PlannedFetch {
  /** 0-based, unique within the run, in the order in which fetches were emitted. */
  readonly fetchId: number;
  readonly serviceName: string;
  readonly operation: string;
  /** Page variables used, and `representations` for an entity fetch (de-duplicated). */
  readonly variables: Readonly<Record<string, unknown>>;
}

/** What came back of a call: an answer, a fallback in its place, or a failure (which nulls what
 * hung on it, with an error). */
export type FetchResult =
  | {
      readonly ok: true;
      /** An object, as GraphQL demands. Anything else, as services may answer, becomes an error. */
      readonly data: unknown;
      /** A list of errors. */
      readonly errors?: unknown;
      /** `stale`: true data from a cache. `default`: nothing, which nulls what hung on it without
       * an error; `data` is not read. Both mark the answer as degraded. */
      readonly fallback?: 'stale' | 'default';
    }
  | {
      readonly ok: false;
      readonly message: string;
      readonly extensions?: Readonly<Record<string, unknown>>;
    };

/** An error of the answer, as GraphQL writes it. */
export interface PlanError {
  readonly message: string;
  readonly path?: readonly (string | number)[];
  /** As the service told them. */
  readonly extensions?: Readonly<Record<string, unknown>>;
}

/** The page's answer. */
export interface PlanAnswer {
  readonly data: Readonly<Record<string, unknown>> | null;
  readonly errors: readonly PlanError[];
  /** Present where a fallback stands in for a service's answer. */
  readonly degraded?: true;
}

/** The state of one plan in execution. */
export interface PlanRun {
  /** Fetches emitted and not completed. */
  readonly openFetchCount: number;
  /** Starts. @returns the first fetches (none where the plan needs none). */
  start(): readonly PlannedFetch[];
  /** Takes in the result of an open fetch. @returns the fetches that became possible. */
  complete(fetchId: number, result: FetchResult): readonly PlannedFetch[];
  /** The shaped answer once nothing is open; undefined before. Frozen. */
  answer(): PlanAnswer | undefined;
}
