/** Reads what a subgraph answered over HTTP: the body of a GraphQL response, or the reason why it
 * is none. What stands in the body is checked where all answers are, by the plan's executor. */
import { MAX_NESTING, nestsDeeperThan } from '../gateway/plan/data/nesting.ts';
import type { FetchResult } from '../gateway/plan-run.ts';

/** An answer as it came over the wire. */
export interface RawAnswer {
  readonly serviceName: string;
  readonly statusCode: number;
  readonly contentType: string | undefined;
  readonly text: string;
}

/** A failed call as a result. @param failure - `what` goes on after the service's name. */
export function subgraphFailure(
  serviceName: string,
  failure: { readonly code: string; readonly what: string; readonly statusCode?: number },
): FetchResult {
  const { code, what, statusCode } = failure;
  return {
    ok: false,
    message: `the service ${serviceName} ${what}`,
    extensions: { code, serviceName, ...(statusCode === undefined ? {} : { statusCode }) },
  };
}

/** Reads an answer. A status other than 2xx is a failure, except that a body declared as
 * `application/graphql-response+json` is the subgraph's word whatever the status (GraphQL over
 * HTTP). Spec: G31. */
export function readSubgraphAnswer(raw: RawAnswer): FetchResult {
  const { serviceName, statusCode, contentType = '' } = raw;
  const isDeclared = /^application\/graphql-response\+json\s*(;|$)/i.test(contentType);
  if ((statusCode < 200 || statusCode > 299) && !isDeclared) {
    const what = `answered with HTTP status ${statusCode}`;
    return subgraphFailure(serviceName, { code: 'SUBGRAPH_STATUS', what, statusCode });
  }
  const bad = (what: string) =>
    subgraphFailure(serviceName, { code: 'SUBGRAPH_BAD_ANSWER', what, statusCode });
  const body = parsedJson(raw.text);
  if (body === undefined) return bad(`answered what is not JSON (${mediaType(contentType)})`);
  if (typeof body !== 'object' || body === null || !('data' in body || 'errors' in body)) {
    return bad('answered JSON that is no GraphQL response');
  }
  const { data, errors } = body as { readonly data?: unknown; readonly errors?: unknown };
  if (nestsDeeperThan([data, errors], MAX_NESTING + 1)) {
    return bad(`answered JSON nested deeper than ${MAX_NESTING} levels`);
  }
  return { ok: true, data, errors };
}

function parsedJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function mediaType(contentType: string): string {
  return contentType.split(';')[0]?.trim().slice(0, 80) || 'no content type';
}
