/** The server on loopback before a gateway that answers as the test says: statuses, refusals, odd
 * requests, shutdown. */
import { connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type {
  GraphQLAnswer,
  GraphQLRequest,
} from '../../src/gateway/federation/request/graphql-answer.ts';
import { type GatewayServer, startGatewayServer } from '../../src/live/gateway-server.ts';
import type { HttpGateway } from '../../src/live/http-gateway.ts';
import { deferred } from './loopback.ts';

const MODERN = 'application/graphql-response+json';
const LEGACY = 'application/json';

type Execute = (request: GraphQLRequest, signal: AbortSignal | undefined) => Promise<GraphQLAnswer>;

/** Answers by the text of the query: what the server does must not depend on what it means. */
const ANSWERS: Readonly<Record<string, GraphQLAnswer>> = {
  '{ok}': { data: { ok: true } },
  '{partial}': { data: { partial: null }, errors: [{ message: 'gone' }] },
  '{nothing}': { data: null, errors: [{ message: 'gone' }] },
  '{invalid}': { errors: [{ message: 'no such field' }] },
};

const seen: GraphQLRequest[] = [];
const bugs: unknown[] = [];
let server: GatewayServer;

function stub(execute: Execute): HttpGateway {
  return {
    gateway: {} as HttpGateway['gateway'],
    execute: (request, options) => execute(request, options?.signal),
    close: () => {},
  };
}

function serve(execute: Execute): Promise<GatewayServer> {
  return startGatewayServer({
    gateway: stub(execute),
    host: '127.0.0.1',
    port: 0,
    maxBodySizeBytes: 10_000,
    onInternalError: (error) => bugs.push(error),
  });
}

beforeAll(async () => {
  server = await serve(async (request) => {
    seen.push(request);
    if (request.query === '{bug}') throw new Error('secret of the machine');
    return ANSWERS[request.query] ?? { data: {} };
  });
});

afterAll(() => server.close());

interface Reply {
  readonly status: number;
  readonly type: string;
  readonly body: GraphQLAnswer;
  readonly headers: Headers;
}

async function ask(path: string, init: RequestInit): Promise<Reply> {
  const response = await fetch(new URL(path, server.url), init);
  return {
    status: response.status,
    type: response.headers.get('content-type') ?? '',
    body: (await response.json()) as GraphQLAnswer,
    headers: response.headers,
  };
}

function post(body: string, headers: Readonly<Record<string, string>> = {}): Promise<Reply> {
  return ask('/graphql', { method: 'POST', body, headers: { 'content-type': LEGACY, ...headers } });
}

function codeOf(reply: Reply): unknown {
  return reply.body.errors?.[0]?.extensions?.['code'];
}

describe('POST', () => {
  it.each([
    ['{ok}', 200, 200],
    ['{partial}', 200, 200],
    ['{nothing}', 200, 200],
    ['{invalid}', 400, 200],
  ])(
    'G32: answers %s with %i to modern and %i to legacy clients',
    async (query, modern, legacy) => {
      const body = JSON.stringify({ query });
      const asModern = await post(body, { accept: MODERN });
      const asLegacy = await post(body, { accept: LEGACY });
      expect([asModern.status, asLegacy.status]).toEqual([modern, legacy]);
      expect(asModern.type).toBe(`${MODERN}; charset=utf-8`);
      expect(asLegacy.type).toBe(`${LEGACY}; charset=utf-8`);
      expect(asModern.body).toEqual(ANSWERS[query]);
      expect(asLegacy.body).toEqual(ANSWERS[query]);
    },
  );

  it('hands variables and the operation name on, at / as well', async () => {
    const request = { query: 'query Q{é}', variables: { a: [1, null] }, operationName: 'Q' };
    const init = { method: 'POST', body: JSON.stringify(request) };
    const reply = await ask('/', {
      ...init,
      headers: { 'content-type': `${LEGACY}; charset=utf-8` },
    });
    expect(reply.status).toBe(200);
    expect(seen.at(-1)).toEqual(request);
  });

  it('G33: refuses a batch in words', async () => {
    const reply = await post('[{"query":"{ok}"},{"query":"{ok}"}]');
    expect([reply.status, codeOf(reply)]).toEqual([400, 'BATCHING_NOT_SUPPORTED']);
  });

  it('G34: refuses what is malformed, of an unknown type or too long, and goes on', async () => {
    const refused = {
      malformed: await post('{"query": '),
      empty: await post(''),
      text: await post('{ok}', { 'content-type': 'text/plain' }),
      form: await post('query={ok}', { 'content-type': 'application/x-www-form-urlencoded' }),
      utf16: await post('{"query":"{ok}"}', { 'content-type': `${LEGACY}; charset=utf-16` }),
      html: await post('{"query":"{ok}"}', { accept: 'text/html' }),
      long: await post(JSON.stringify({ query: `{${'a '.repeat(6_000)}}` })),
    };
    const found = Object.entries(refused).map(([name, reply]) => [name, reply.status]);
    expect(Object.fromEntries(found)).toEqual({
      malformed: 400,
      empty: 400,
      text: 415,
      form: 415,
      utf16: 415,
      html: 406,
      long: 413,
    });
    for (const reply of Object.values(refused)) {
      expect(reply.body.errors?.[0]?.message).toMatch(/\w/);
      expect(reply.type).toContain('json');
    }
    expect(refused.long.body.errors?.[0]?.message).toContain('more than 10000 bytes');
    expect((await post('{"query":"{ok}"}')).status).toBe(200);
  });

  it('G34: needs no content type to be refused', async () => {
    const bare = await ask('/graphql', { method: 'POST' });
    expect(bare.status).toBe(415);
    const untyped = await ask('/graphql', { method: 'POST', body: new Uint8Array([123, 125]) });
    expect(untyped.status).toBe(415);
  });

  it('says of a bug of ours only that there was one, and goes on', async () => {
    const reply = await post('{"query":"{bug}"}', { accept: MODERN });
    expect([reply.status, codeOf(reply)]).toEqual([500, 'INTERNAL_SERVER_ERROR']);
    expect(JSON.stringify(reply.body)).not.toContain('secret');
    expect(String(bugs)).toContain('secret of the machine');
    expect((await post('{"query":"{ok}"}')).status).toBe(200);
  });

  it('does not fall for __proto__', async () => {
    const reply = await post('{"query":"{ok}","variables":{"__proto__":{"polluted":1}}}');
    expect(reply.status).toBe(200);
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
  });
});

describe('GET', () => {
  const get = (search: Readonly<Record<string, string>>, path = '/graphql') =>
    ask(`${path}?${new URLSearchParams(search)}`, { method: 'GET' });

  it('runs queries', async () => {
    const reply = await get({ query: 'query Q{ok}', operationName: 'Q', variables: '{"a":1}' });
    expect(reply.status).toBe(200);
    const request = { query: 'query Q{ok}', operationName: 'Q', variables: { a: 1 } };
    expect(seen.at(-1)).toEqual(request);
  });

  it('G33: refuses mutations, whichever way they are chosen', async () => {
    const before = seen.length;
    const plain = await get({ query: 'mutation{a}' });
    const named = await get({ query: 'query Q{a} mutation M{a}', operationName: 'M' });
    expect([plain.status, named.status]).toEqual([405, 405]);
    expect(plain.headers.get('allow')).toBe('POST');
    expect(seen.length).toBe(before);
    const chosen = await get({ query: 'query Q{a} mutation M{a}', operationName: 'Q' });
    expect(chosen.status).toBe(200);
  });

  it('G34: refuses a missing query and bad variables', async () => {
    expect((await get({})).status).toBe(400);
    expect((await get({ query: '{ok}', variables: '{' })).status).toBe(400);
  });
});

describe('other routes', () => {
  it('G35: tells health and readiness to GET and HEAD', async () => {
    for (const path of ['/health', '/ready']) {
      expect((await fetch(new URL(path, server.url))).status).toBe(200);
      expect((await fetch(new URL(path, server.url), { method: 'HEAD' })).status).toBe(200);
    }
    expect(server.healthUrl).toBe(new URL('/health', server.url).href);
  });

  it('G34: answers unknown paths and methods in JSON', async () => {
    const lost = await ask('/nowhere', { method: 'GET' });
    expect([lost.status, codeOf(lost)]).toEqual([404, 'NOT_FOUND']);
    const put = await ask('/graphql', { method: 'PUT' });
    expect([put.status, codeOf(put)]).toEqual([405, 'METHOD_NOT_ALLOWED']);
    expect(put.headers.get('allow')).toBe('GET, POST');
  });

  it('G34: survives what is no HTTP', async () => {
    const { hostname, port } = new URL(server.url);
    const text = await new Promise<string>((resolve) => {
      const socket = connect(Number(port), hostname, () =>
        socket.write('\u0000\u0001rubbish\r\n\r\n'),
      );
      let got = '';
      socket.on('data', (chunk) => {
        got += chunk.toString();
      });
      socket.on('close', () => resolve(got));
    });
    expect(text).toMatch(/^HTTP\/1.1 400/);
    expect((await post('{"query":"{ok}"}')).status).toBe(200);
  });
});

describe('a client that goes', () => {
  it('takes its query with it', async () => {
    const gone = deferred<string>();
    const client = new AbortController();
    const other = await serve(async (_, signal) => {
      signal?.addEventListener('abort', () => gone.resolve('given up'));
      client.abort();
      await gone.promise;
      throw signal?.reason;
    });
    const headers = { 'content-type': LEGACY };
    const init = { method: 'POST', body: '{"query":"{ok}"}', headers, signal: client.signal };
    await expect(fetch(other.url, init)).rejects.toThrow(/abort/i);
    expect(await gone.promise).toBe('given up');
    await other.close();
  });
});

describe('closing', () => {
  it('G36: lets open requests finish and takes no new ones', async () => {
    const begun = deferred<void>();
    const release = deferred<void>();
    const other = await serve(async () => {
      begun.resolve(undefined);
      await release.promise;
      return { data: { late: true } };
    });
    const headers = { 'content-type': LEGACY };
    const open = fetch(other.url, { method: 'POST', body: '{"query":"{ok}"}', headers });
    await begun.promise;
    const closed = other.close();
    await expect(fetch(other.healthUrl)).rejects.toThrow('fetch failed');
    release.resolve(undefined);
    const response = await open;
    expect(await response.json()).toEqual({ data: { late: true } });
    expect(response.headers.get('connection')).toBe('close');
    await closed;
  });

  it('G37: cannot listen twice on one port, and says so', async () => {
    const { port } = new URL(server.url);
    const again = startGatewayServer({
      gateway: stub(async () => ({})),
      host: '127.0.0.1',
      port: Number(port),
    });
    await expect(again).rejects.toThrow(
      `SERVER_CANNOT_LISTEN: port ${port} of "127.0.0.1" is in use; end what listens there`,
    );
  });
});
