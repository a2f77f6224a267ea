/** Calls to subgraphs against real servers on loopback: what goes over the wire, and every way in
 * which a subgraph can fail. */
import { afterAll, describe, expect, it } from 'vitest';
import {
  createHttpTransport,
  isMutation,
  type SubgraphCall,
} from '../../src/live/subgraph-transport.ts';
import { type Behaviour, closedUrl, loopback, respond } from './loopback.ts';

const transport = createHttpTransport({ timeoutMs: 5_000, maxAnswerSizeBytes: 2_000 });
const hurried = createHttpTransport({ timeoutMs: 40 });

afterAll(() => {
  transport.close();
  hurried.close();
});

function call(url: string, operation = '{a}'): SubgraphCall {
  return { serviceName: 'talent', url: new URL(url), operation, variables: { n: 1 } };
}

describe('a call', () => {
  it('G30: posts JSON and gives back data and the subgraph’s own errors', async () => {
    const errors = [{ message: 'm', path: ['a', 0], extensions: { code: 'X' }, locations: [] }];
    const headers: (string | undefined)[] = [];
    const server = await loopback((response, request) => {
      headers.push(request.method, request.headers['content-type'], request.headers.accept);
      respond(response, { data: { a: 'é' }, errors });
    });
    const result = await transport.send(call(server.url));
    expect(result).toEqual({
      ok: true,
      data: { a: 'é' },
      errors,
    });
    expect(headers).toEqual(['POST', 'application/json', 'application/json']);
    expect(server.bodies.map((body) => JSON.parse(body))).toEqual([
      { query: '{a}', variables: { n: 1 } },
    ]);
  });

  it('G30: keeps connections open', async () => {
    const server = await loopback((response) => respond(response, { data: {} }));
    for (let n = 0; n < 5; n += 1) await transport.send(call(server.url));
    expect(server.bodies).toHaveLength(5);
    expect(server.connectionCount()).toBe(1);
  });

  it('G30: opens no more connections to a host than it may', async () => {
    const narrow = createHttpTransport({ maxConnectionsPerHost: 2 });
    const server = await loopback((response) => setImmediate(respond, response, { data: {} }));
    const calls = Array.from({ length: 20 }, () => narrow.send(call(server.url)));
    const results = await Promise.all(calls);
    narrow.close();
    expect(results.filter(({ ok }) => ok)).toHaveLength(20);
    expect(server.connectionCount()).toBeLessThanOrEqual(2);
  });

  it('G31: repeats a query, never a mutation, where a kept connection was closed', async () => {
    const server = await loopback((response, { text }) => {
      if (server.bodies.filter((body) => body === text).length === 1 && text.includes('{b}')) {
        response.socket?.resetAndDestroy();
      } else {
        respond(response, { data: {} });
      }
    });
    await transport.send(call(server.url));
    expect(await transport.send(call(server.url, '{b}'))).toEqual({ ok: true, data: {} });
    const mutation = await transport.send(call(server.url, 'mutation{b}'));
    expect(mutation).toMatchObject({ ok: false, extensions: { code: 'SUBGRAPH_UNREACHABLE' } });
    expect(server.bodies).toHaveLength(4);
  });
});

const nested = (levels: number) => '['.repeat(levels) + ']'.repeat(levels);

interface Failure {
  readonly behave: Behaviour;
  readonly code: string;
  readonly text: RegExp;
}

const FAILURES: Readonly<Record<string, Failure>> = {
  'status 500': {
    behave: (response) => respond(response, 'oops', 500),
    code: 'SUBGRAPH_STATUS',
    text: /^the service talent answered with HTTP status 500$/,
  },
  'a redirect': {
    behave: (response) => response.writeHead(302, { location: 'http://other.example/' }).end(),
    code: 'SUBGRAPH_STATUS',
    text: /HTTP status 302$/,
  },
  'a page of HTML': {
    behave: (response) => response.writeHead(200, { 'content-type': 'text/html' }).end('<html>'),
    code: 'SUBGRAPH_BAD_ANSWER',
    text: /answered what is not JSON \(text\/html\)$/,
  },
  nothing: {
    behave: (response) => response.end(),
    code: 'SUBGRAPH_BAD_ANSWER',
    text: /not JSON \(no content type\)$/,
  },
  'half an answer': {
    behave: (response) => respond(response, '{"data":{"a"'),
    code: 'SUBGRAPH_BAD_ANSWER',
    text: /not JSON/,
  },
  'a list': {
    behave: (response) => respond(response, []),
    code: 'SUBGRAPH_BAD_ANSWER',
    text: /answered JSON that is no GraphQL response$/,
  },
  'an empty object': {
    behave: (response) => respond(response, {}),
    code: 'SUBGRAPH_BAD_ANSWER',
    text: /no GraphQL response$/,
  },
  'deep data': {
    behave: (response) => respond(response, `{"data":{"a":${nested(800)}}}`),
    code: 'SUBGRAPH_BAD_ANSWER',
    text: /answered JSON nested deeper than 500 levels$/,
  },
  'a deep error': {
    behave: (response) => {
      respond(response, `{"errors":[{"message":"m","extensions":{"a":${nested(800)}}}]}`);
    },
    code: 'SUBGRAPH_BAD_ANSWER',
    text: /nested deeper than 500 levels$/,
  },
  'too much': {
    behave: (response) => respond(response, { data: { a: 'x'.repeat(4_000) } }),
    code: 'SUBGRAPH_BAD_ANSWER',
    text: /answered more than 2000 bytes$/,
  },
  'a broken connection': {
    behave: (response) => response.socket?.destroy(),
    code: 'SUBGRAPH_UNREACHABLE',
    text: /cannot be reached \(ECONNRESET\)$/,
  },
  'an answer that breaks off': {
    behave: (response) => {
      response.writeHead(200, { 'content-length': '100' });
      response.write('{', () => response.socket?.destroy());
    },
    code: 'SUBGRAPH_UNREACHABLE',
    text: /broke off its answer$/,
  },
};

describe('a subgraph that fails', () => {
  it.each(Object.entries(FAILURES))('G31: %s is a failed fetch', async (_, failure) => {
    const { behave, code, text } = failure;
    const server = await loopback(behave);
    const result = await transport.send(call(server.url));
    expect(result).toMatchObject({ ok: false, extensions: { code, serviceName: 'talent' } });
    expect(result.ok ? '' : result.message).toMatch(text);
    expect(JSON.stringify(result)).not.toContain('127.0.0.1');
    expect(server.bodies).toHaveLength(1);
  });

  it('G31: nobody there is a failed fetch', async () => {
    const result = await transport.send(call(await closedUrl()));
    expect(result.ok ? '' : result.message).toBe(
      'the service talent cannot be reached (ECONNREFUSED)',
    );
  });

  it('G31: a subgraph that hangs is a failed fetch after the time-out', async () => {
    const server = await loopback(() => {});
    const result = await hurried.send(call(server.url));
    expect(result.ok ? '' : result.message).toBe('the service talent did not answer within 40 ms');
    expect(result).toMatchObject({ ok: false, extensions: { code: 'SUBGRAPH_TIMEOUT' } });
  });

  it('G31: a call that waits for a connection is over at the time-out as well', async () => {
    const narrow = createHttpTransport({ timeoutMs: 500, maxConnectionsPerHost: 1 });
    const server = await loopback((response, { text }) => {
      if (text.includes('{well}')) respond(response, { data: {} });
    });
    const results = await Promise.all([
      narrow.send(call(server.url, '{hangs}')),
      narrow.send(call(server.url, '{waits}')),
    ]);
    // Both times are over within a millisecond: the second call may get the connection of the first
    // in between, and is over all the same.
    const over = { ok: false, extensions: { code: 'SUBGRAPH_TIMEOUT' } };
    expect(results).toMatchObject([over, over]);
    expect(server.bodies[0]).toContain('{hangs}');
    expect(await narrow.send(call(server.url, '{well}'))).toEqual({ ok: true, data: {} });
    narrow.close();
  });

  it('G31: an answer that trickles is over at the time-out as well', async () => {
    const server = await loopback((response) => void response.write('{'));
    expect(await hurried.send(call(server.url))).toMatchObject({
      ok: false,
      extensions: { code: 'SUBGRAPH_TIMEOUT' },
    });
  });

  it('G31: believes a GraphQL response of its own media type under any status', async () => {
    const server = await loopback((response) => {
      response.writeHead(400, {
        'content-type': 'application/graphql-response+json; charset=utf-8',
      });
      response.end('{"errors":[{"message":"no such field"}, {}]}');
    });
    const errors = [{ message: 'no such field' }, {}];
    expect(await transport.send(call(server.url))).toEqual({ ok: true, errors });
  });

  it('is not waited for once the signal says so', async () => {
    const stop = new AbortController();
    const server = await loopback(() => stop.abort());
    const result = await transport.send(call(server.url), stop.signal);
    expect(result).toMatchObject({ ok: false, extensions: { code: 'SUBGRAPH_CANCELLED' } });
    expect(await transport.send(call(server.url), stop.signal)).toEqual(result);
    expect(server.bodies).toHaveLength(1);
  });
});

describe('isMutation', () => {
  it('knows mutations by their first word', () => {
    expect(['mutation{a}', ' mutation M($a:Int){a}'].filter((one) => !isMutation(one))).toEqual([]);
    expect(['{mutation}', 'query mutation{a}', 'mutations{a}'].filter(isMutation)).toEqual([]);
  });
});
