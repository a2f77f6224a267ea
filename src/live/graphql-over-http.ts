/** GraphQL over HTTP as pure functions: from headers, bodies and query strings to a request, from
 * an answer to a status code. Source: GraphQL over HTTP, working draft. Spec: G32, G33, G34. */

/** The media types that answers are written in. */
export type AnswerMediaType = 'application/graphql-response+json' | 'application/json';

/** A request as clients send it. */
export interface GraphQLRequestBody {
  readonly query: string;
  readonly variables: Readonly<Record<string, unknown>> | null;
  readonly operationName: string | null;
}

/** A request that is none: what to say to whoever sent it. */
export class HttpRefusal extends Error {
  readonly statusCode: number;
  readonly code: string;

  constructor(statusCode: number, code: string, message: string) {
    super(message);
    this.name = 'HttpRefusal';
    this.statusCode = statusCode;
    this.code = code;
  }
}

const MODERN = 'application/graphql-response+json';
const LEGACY = 'application/json';

/** The media type for an answer, by the client's `Accept`. Without one, the modern type, as the
 * draft asks since 2025; for a wildcard the legacy one, which every client can read.
 * @returns undefined where the client takes neither. */
export function negotiateMediaType(accept: string | undefined): AnswerMediaType | undefined {
  if (accept === undefined || accept.trim() === '') return MODERN;
  const ranges = accept.split(',').map(mediaRange);
  const modern = qualityOf(ranges, MODERN);
  const legacy = qualityOf(ranges, LEGACY);
  if (modern.quality <= 0 && legacy.quality <= 0) return undefined;
  if (modern.quality !== legacy.quality) return modern.quality > legacy.quality ? MODERN : LEGACY;
  if (modern.specificity !== legacy.specificity) {
    return modern.specificity > legacy.specificity ? MODERN : LEGACY;
  }
  if (modern.specificity < EXACT) return LEGACY;
  return modern.position < legacy.position ? MODERN : LEGACY;
}

/** The status of an answer. Legacy clients trust a body only under 200; modern ones learn from the
 * status whether the operation ran at all. */
export function answerStatus(mediaType: AnswerMediaType, hasData: boolean): number {
  return mediaType === MODERN && !hasData ? 400 : 200;
}

/** Reads the body of a POST. @throws HttpRefusal 400. */
export function readPostBody(text: string): GraphQLRequestBody {
  const body = parsed(text, 'the body is not JSON');
  if (Array.isArray(body)) {
    throw refuse('BATCHING_NOT_SUPPORTED', 'batches are not supported; send one operation each');
  }
  if (!isRecord(body)) throw refuse('BAD_REQUEST', 'the body is no JSON object');
  return requestBody(body);
}

/** Reads the query string of a GET: `variables` and `extensions` are JSON there.
 * @throws HttpRefusal 400. */
export function readQueryString(query: Readonly<Record<string, unknown>>): GraphQLRequestBody {
  const json = (name: string) => {
    const text = query[name];
    if (text === undefined || text === '') return undefined;
    return typeof text === 'string' ? parsed(text, `"${name}" is not JSON`) : text;
  };
  return requestBody({
    query: query['query'],
    operationName: query['operationName'] === '' ? undefined : query['operationName'],
    variables: json('variables'),
    extensions: json('extensions'),
  });
}

/** Whether a `Content-Type` is one that bodies are read in: JSON in UTF-8. */
export function isReadableContentType(contentType: string): boolean {
  const [type = '', ...parameters] = contentType.split(';').map((part) => part.trim());
  const charset = parameters.find((part) => /^charset=/i.test(part));
  const isUtf8 = charset === undefined || /^charset="?utf-?8"?$/i.test(charset);
  return type.toLowerCase() === LEGACY && isUtf8;
}

const EXACT = 2;

interface MediaRange {
  readonly type: string;
  readonly quality: number;
}

interface Match {
  readonly quality: number;
  /** 2 exact, 1 `application/*`, 0 `*` + `/*`, −1 none. */
  readonly specificity: number;
  /** 0-based place in the header. */
  readonly position: number;
}

function mediaRange(text: string): MediaRange {
  const [type = '', ...parameters] = text.split(';').map((part) => part.trim().toLowerCase());
  const q = parameters.find((part) => part.startsWith('q='));
  const quality = q === undefined ? 1 : Number(q.slice(2));
  return { type, quality: Number.isFinite(quality) ? quality : 0 };
}

/** The most specific range that a type falls under decides (RFC 9110 §12.5.1). */
function qualityOf(ranges: readonly MediaRange[], type: AnswerMediaType): Match {
  const patterns = [type, 'application/*', '*/*'];
  for (const [index, pattern] of patterns.entries()) {
    const position = ranges.findIndex((range) => range.type === pattern);
    const range = ranges[position];
    if (range !== undefined) {
      return { quality: range.quality, specificity: EXACT - index, position };
    }
  }
  return { quality: 0, specificity: -1, position: -1 };
}

function requestBody(body: Readonly<Record<string, unknown>>): GraphQLRequestBody {
  const { query } = body;
  if (isRecord(body['extensions']) && 'persistedQuery' in body['extensions'] && !query) {
    throw refuse('PERSISTED_QUERY_NOT_SUPPORTED', 'PersistedQueryNotSupported');
  }
  if (typeof query !== 'string' || query.trim() === '') {
    throw refuse('BAD_REQUEST', `"query" is ${kindOf(query)}, expected GraphQL text`);
  }
  optionalRecord(body, 'extensions');
  const operationName = body['operationName'] ?? null;
  if (operationName !== null && typeof operationName !== 'string') {
    throw refuse('BAD_REQUEST', `"operationName" is ${kindOf(operationName)}, expected text`);
  }
  return { query, variables: optionalRecord(body, 'variables'), operationName };
}

function optionalRecord(
  body: Readonly<Record<string, unknown>>,
  name: string,
): Readonly<Record<string, unknown>> | null {
  const value = body[name] ?? null;
  if (value === null || isRecord(value)) return value;
  throw refuse('BAD_REQUEST', `"${name}" is ${kindOf(value)}, expected an object`);
}

function parsed(text: string, problem: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    const detail = cause instanceof Error ? cause.message : String(cause);
    throw refuse('BAD_REQUEST', `${problem}: ${detail.slice(0, 200)}`);
  }
}

function refuse(code: string, message: string): HttpRefusal {
  return new HttpRefusal(400, code, message);
}

function kindOf(value: unknown): string {
  if (value === undefined) return 'missing';
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'a list';
  return typeof value === 'object' ? 'an object' : `a ${typeof value}`;
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
