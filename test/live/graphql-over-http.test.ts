/** GraphQL over HTTP as pure functions: negotiation, status codes, what is no request. */
import { describe, expect, it } from 'vitest';
import {
  answerStatus,
  HttpRefusal,
  isReadableContentType,
  negotiateMediaType,
  readPostBody,
  readQueryString,
} from '../../src/live/graphql-over-http.ts';

const MODERN = 'application/graphql-response+json';
const LEGACY = 'application/json';

const ACCEPTED: readonly (readonly [accept: string | undefined, expected: string | undefined])[] = [
  [undefined, MODERN],
  ['', MODERN],
  ['*/*', LEGACY],
  ['application/*', LEGACY],
  [LEGACY, LEGACY],
  [MODERN, MODERN],
  [`${MODERN}, ${LEGACY}`, MODERN],
  [`${LEGACY}, ${MODERN}`, LEGACY],
  [`${MODERN}; charset=utf-8, ${LEGACY}; charset=utf-8`, MODERN],
  [`${LEGACY};q=0.9, ${MODERN}`, MODERN],
  [`${MODERN};q=0.1, ${LEGACY};q=0.2`, LEGACY],
  [`${MODERN}, */*;q=0.1`, MODERN],
  [`*/*, ${MODERN}`, MODERN],
  [`${LEGACY};q=0, */*`, MODERN],
  ['text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8', LEGACY],
  ['text/html', undefined],
  [`${LEGACY};q=0`, undefined],
  [`${LEGACY};q=rubbish`, undefined],
];

function refusal(act: () => unknown): HttpRefusal {
  try {
    act();
  } catch (error) {
    if (error instanceof HttpRefusal) return error;
    throw error;
  }
  throw new Error('nothing was refused');
}

describe('negotiateMediaType', () => {
  it.each(ACCEPTED)('G32: answers Accept %j in %j', (accept, expected) => {
    expect(negotiateMediaType(accept)).toBe(expected);
  });
});

describe('answerStatus', () => {
  it('G32: says by the status that nothing ran, except to legacy clients', () => {
    expect(answerStatus(MODERN, false)).toBe(400);
    expect(answerStatus(MODERN, true)).toBe(200);
    expect(answerStatus(LEGACY, false)).toBe(200);
    expect(answerStatus(LEGACY, true)).toBe(200);
  });
});

describe('readPostBody', () => {
  it('reads a request, leaving out what is null', () => {
    const text = '{"query":"{a}","variables":{"n":1},"operationName":null,"extensions":null}';
    expect(readPostBody(text)).toEqual({
      query: '{a}',
      variables: { n: 1 },
      operationName: null,
    });
    expect(readPostBody('{"query":"{a}"}').variables).toBeNull();
  });

  it.each([
    ['', /the body is not JSON/],
    ['{"query": "{a', /the body is not JSON/],
    ['null', /no JSON object/],
    ['"{a}"', /no JSON object/],
    ['{}', /"query" is missing/],
    ['{"query":7}', /"query" is a number, expected GraphQL text/],
    ['{"query":"  "}', /"query" is a string, expected GraphQL text/],
    ['{"query":"{a}","variables":[7]}', /"variables" is a list, expected an object/],
    ['{"query":"{a}","extensions":"x"}', /"extensions" is a string, expected an object/],
    ['{"query":"{a}","operationName":{}}', /"operationName" is an object, expected text/],
  ])('G34: refuses %j', (text, message) => {
    const found = refusal(() => readPostBody(text));
    expect(found.message).toMatch(message);
    expect([found.statusCode, found.code]).toEqual([400, 'BAD_REQUEST']);
  });

  it('G33: refuses batches by name', () => {
    const found = refusal(() => readPostBody('[{"query":"{a}"}]'));
    expect(found.code).toBe('BATCHING_NOT_SUPPORTED');
    expect(found.message).toMatch(/batches are not supported/);
  });

  it('tells clients with persisted queries to send the text', () => {
    const text = '{"extensions":{"persistedQuery":{"version":1,"sha256Hash":"ab"}}}';
    const found = refusal(() => readPostBody(text));
    expect(found.message).toBe('PersistedQueryNotSupported');
    expect(found.code).toBe('PERSISTED_QUERY_NOT_SUPPORTED');
  });
});

describe('readQueryString', () => {
  it('reads variables as JSON', () => {
    const found = readQueryString({ query: '{a}', variables: '{"n":[1]}', operationName: '' });
    expect(found).toEqual({ query: '{a}', variables: { n: [1] }, operationName: null });
  });

  it.each([
    [{}, /"query" is missing/],
    [{ query: ['{a}', '{b}'] }, /"query" is a list/],
    [{ query: '{a}', variables: '{' }, /"variables" is not JSON/],
    [{ query: '{a}', variables: '3' }, /"variables" is a number/],
  ])('G34: refuses %j', (query, message) => {
    expect(refusal(() => readQueryString(query)).message).toMatch(message);
  });
});

describe('isReadableContentType', () => {
  it('G34: takes JSON in UTF-8 only', () => {
    const good = [
      'application/json',
      'Application/JSON; charset=UTF-8',
      'application/json;charset="utf8"',
    ];
    expect(good.filter((type) => !isReadableContentType(type))).toEqual([]);
    const bad = ['text/plain', 'application/json; charset=utf-16', 'application/jsonx', ''];
    expect(bad.filter(isReadableContentType)).toEqual([]);
  });
});
