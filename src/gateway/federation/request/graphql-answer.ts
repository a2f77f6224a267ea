/** Requests, answers and errors as GraphQL writes them. */

/** A GraphQL request as clients send it. */
export interface GraphQLRequest {
  readonly query: string;
  readonly variables?: Readonly<Record<string, unknown>> | null;
  /** Which operation of the document; needed where there are several. */
  readonly operationName?: string | null;
  /** Handed to resolvers in this process as their third argument. */
  readonly context?: unknown;
}

/** An error as GraphQL writes it. */
export interface GraphQLAnswerError {
  readonly message: string;
  readonly locations?: readonly { readonly line: number; readonly column: number }[];
  readonly path?: readonly (string | number)[];
  /** `code` tells the kind: one of {@link RequestErrorCode} for what the gateway refuses. */
  readonly extensions?: Readonly<Record<string, unknown>>;
}

/** A GraphQL answer. `data` is missing where nothing was executed, `errors` where all is well. */
export interface GraphQLAnswer {
  readonly data?: Readonly<Record<string, unknown>> | null;
  readonly errors?: readonly GraphQLAnswerError[];
  /** `degraded: true` where a fallback stands in for a service's answer. */
  readonly extensions?: Readonly<Record<string, unknown>>;
}

/** Why a request was refused before anything was fetched. */
export type RequestErrorCode =
  /** The request is no object with a `query`, or `variables` are no object or nest too deep. */
  | 'BAD_REQUEST'
  | 'GRAPHQL_PARSE_FAILED'
  | 'GRAPHQL_VALIDATION_FAILED'
  /** A variable is missing or of the wrong type. */
  | 'BAD_USER_INPUT'
  /** No operation, none of that name, or several and no name. */
  | 'OPERATION_RESOLUTION_FAILURE'
  | 'SUBSCRIPTION_NOT_SUPPORTED'
  /** Larger than the gateway allows; `limit`, `allowed` and `found` tell which and how much. */
  | 'LIMIT_EXCEEDED'
  /** The planner found no way to fetch the fields. */
  | 'QUERY_PLAN_FAILED';

/** An answer that refuses a request. */
export function refusal(
  code: RequestErrorCode,
  errors: readonly GraphQLAnswerError[],
): GraphQLAnswer {
  return {
    errors: errors.map((error) => ({ ...error, extensions: { ...error.extensions, code } })),
  };
}
