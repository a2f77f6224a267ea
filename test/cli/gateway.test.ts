/** `backlot gateway` from end to end: the real command as a process, subgraphs on loopback behind
 * it, requests as `curl` sends them, and everything that can go wrong on either side. */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { composeSupergraph } from '../../src/gateway/federation/compose.ts';
import { createGateway } from '../../src/gateway/federation/gateway.ts';
import type { SubgraphDefinition } from '../../src/gateway/federation/subgraph/definition.ts';
import { BENCHMARK_SUBGRAPHS } from '../../src/gateway/products/gateways-benchmark/product.ts';
import { BENCHMARK_QUERY } from '../../src/gateway/products/gateways-benchmark/query.ts';
import { type Behaviour, closedUrl, deferred, respond } from '../live/loopback.ts';
import { temporaryFolder } from '../temporary-folder.ts';
import { backlot } from './command-line.ts';
import { inProcess as commandHere } from './in-process.ts';
import {
  ask,
  type ServedGateway,
  type ServedSubgraph,
  serveGateway,
  serveSubgraph,
} from './served-gateway.ts';

/** A subgraph that can be written to. */
const NOTES: SubgraphDefinition = {
  name: 'notes',
  typeDefs: `
    type Query { notes: [String!]! }
    type Mutation { addNote(text: String!): [String!]! }`,
  resolvers: {
    Query: { notes: () => notes },
    Mutation: {
      addNote(_: unknown, { text }: Readonly<Record<string, unknown>>) {
        notes.push(String(text));
        return notes;
      },
    },
  },
};
const notes: string[] = [];

const folder = temporaryFolder();
const definitions = [...BENCHMARK_SUBGRAPHS, NOTES];
const subgraphs = new Map<string, ServedSubgraph>();
let supergraphFile = '';
let gateway: ServedGateway;

beforeAll(async () => {
  const placed: SubgraphDefinition[] = [];
  for (const definition of definitions) {
    const served = await serveSubgraph(definition);
    subgraphs.set(definition.name, served);
    placed.push({ ...definition, url: served.url });
  }
  supergraphFile = folder.write('shop.graphql', composeSupergraph(placed).supergraphSdl);
  gateway = await serveGateway(['--supergraph', supergraphFile, '--timeout', '400']);
});

beforeEach(() => {
  for (const served of subgraphs.values()) served.misbehave(undefined);
});

afterAll(async () => {
  gateway.process.kill('SIGTERM');
  expect(await gateway.ended).toBe(0);
});

const inProcess = createGateway({ subgraphs: definitions });

describe('a supergraph that is served', () => {
  it('G30: answers like the gateway in this process', async () => {
    const { status, answer } = await ask(gateway.url, { query: BENCHMARK_QUERY });
    expect(status).toBe(200);
    expect(answer).toEqual(inProcess.execute({ query: BENCHMARK_QUERY }));
    const calls = [...subgraphs.values()].map(({ bodies }) => bodies.length);
    expect(calls.reduce((sum, count) => sum + count, 0)).toBe(7);
  });

  it('answers many at once', async () => {
    const requests = Array.from({ length: 40 }, (_, n) => ({
      query: 'query Q($n: Int) { topProducts(first: $n) { name reviews { id } } }',
      variables: { n: n % 10 },
    }));
    const answers = await Promise.all(requests.map((request) => ask(gateway.url, request)));
    expect(answers.map(({ answer }) => answer)).toEqual(requests.map(inProcess.execute, inProcess));
  });

  it('G33: runs mutations by POST only', async () => {
    const query = 'mutation { addNote(text: "a") }';
    const got = await fetch(`${gateway.url}?${new URLSearchParams({ query })}`);
    expect(got.status).toBe(405);
    expect(notes).toEqual([]);
    const posted = await ask(gateway.url, { query });
    expect(posted.answer).toEqual({ data: { addNote: ['a'] } });
    const read = await fetch(`${gateway.url}?${new URLSearchParams({ query: '{ notes }' })}`);
    expect(await read.json()).toEqual({ data: { notes: ['a'] } });
  });

  it('introspects without asking anybody', async () => {
    const before = [...subgraphs.values()].map(({ bodies }) => bodies.length);
    const { answer } = await ask(gateway.url, { query: '{ __schema { queryType { name } } }' });
    expect(answer).toEqual({ data: { __schema: { queryType: { name: 'Query' } } } });
    expect([...subgraphs.values()].map(({ bodies }) => bodies.length)).toEqual(before);
  });

  it('G35: tells its health', async () => {
    const response = await fetch(gateway.health, { method: 'HEAD' });
    expect(response.status).toBe(200);
  });

  it('serves in either schedule what the other serves', async () => {
    const other = await serveGateway(['--supergraph', supergraphFile, '--schedule', 'dataflow']);
    const { answer } = await ask(other.url, { query: BENCHMARK_QUERY });
    expect(answer).toEqual(inProcess.execute({ query: BENCHMARK_QUERY }));
    other.process.kill('SIGINT');
    expect(await other.ended).toBe(0);
  });
});

const MISBEHAVIOURS: Readonly<Record<string, readonly [behave: Behaviour, says: RegExp]>> = {
  'answers 500': [(response) => respond(response, 'oops', 500), /HTTP status 500/],
  'answers HTML': [(response) => response.end('<html>hello'), /what is not JSON/],
  'answers a list': [(response) => respond(response, [1]), /no GraphQL response/],
  'answers text for data': [(response) => respond(response, { data: 'x' }), /data/],
  'answers too few entities': [(response) => respond(response, { data: { _entities: [] } }), /./],
  hangs: [() => {}, /did not answer within 400 ms/],
  'hangs up': [(response) => response.socket?.destroy(), /cannot be reached \(ECONNRESET\)/],
};

describe('a subgraph in trouble', () => {
  const query = '{ topProducts(first: 2) { upc name inStock } }';

  it.each(Object.entries(MISBEHAVIOURS))(
    'G31: that %s costs only its fields',
    async (_, trouble) => {
      const [behave, says] = trouble;
      subgraphs.get('inventory')?.misbehave(behave);
      const { status, answer } = await ask(gateway.url, { query });
      expect(status).toBe(200);
      expect(answer.data).toEqual({
        topProducts: [
          { upc: '1', name: 'Stool', inStock: null },
          { upc: '2', name: 'Bench', inStock: null },
        ],
      });
      const messages = answer.errors?.map(({ message }) => message).join('\n');
      expect(messages).toMatch(says);
      expect(messages).toMatch(/inventory/);
      expect(JSON.stringify(answer)).not.toContain('127.0.0.1');
    },
  );

  it('G31: that is dead costs only its fields, here at an address given by hand', async () => {
    const args = ['--supergraph', supergraphFile, '--subgraph', `inventory=${await closedUrl()}`];
    const other = await serveGateway(args);
    const { answer } = await ask(other.url, { query });
    expect(answer.errors?.[0]).toMatchObject({
      message: 'the service inventory cannot be reached (ECONNREFUSED)',
      extensions: { code: 'SUBGRAPH_UNREACHABLE', serviceName: 'inventory' },
    });
    expect(answer.data?.['topProducts']).toHaveLength(2);
    other.process.kill('SIGTERM');
    expect(await other.ended).toBe(0);
  });

  it('has been forgotten once it is well again', async () => {
    const { answer } = await ask(gateway.url, { query });
    expect(answer).toEqual(inProcess.execute({ query }));
    expect(answer.errors).toBeUndefined();
  });
});

describe('a client that asks for trouble', () => {
  const deep = (levels: number) =>
    `{ users { ${'reviews { author { '.repeat(levels)} id ${'} }'.repeat(levels)} } }`;
  const many = (fields: number) =>
    `{ ${Array.from({ length: fields }, (_, n) => `a${n}: me { id }`).join(' ')} }`;

  it.each([
    ['too deep', deep(60), 'LIMIT_EXCEEDED'],
    ['absurdly deep', deep(20_000), 'LIMIT_EXCEEDED'],
    ['too many aliases', many(300), 'LIMIT_EXCEEDED'],
    ['no GraphQL', '{ users { ', 'GRAPHQL_PARSE_FAILED'],
    ['an unknown field', '{ users { age } }', 'GRAPHQL_VALIDATION_FAILED'],
    ['a missing variable', 'query Q($id: ID!) { user(id: $id) { id } }', 'BAD_USER_INPUT'],
    ['a subscription', 'subscription { x }', /./],
  ])('G34: gets an error for a query that is %s', async (_, query, code) => {
    const modern = { accept: 'application/graphql-response+json' };
    const { status, answer } = await ask(gateway.url, { query }, modern);
    expect(status).toBe(400);
    expect(answer.data).toBeUndefined();
    const found = answer.errors?.[0]?.extensions?.['code'];
    if (typeof code === 'string') expect(found).toBe(code);
    else expect(found).toMatch(code);
  });

  it('G34: gets 413 for two megabytes, and the gateway goes on', async () => {
    const { status } = await ask(gateway.url, { query: `{ users { id ${' '.repeat(2 ** 21)} } }` });
    expect(status).toBe(413);
    expect((await ask(gateway.url, { query: '{ me { id } }' })).status).toBe(200);
    expect(gateway.complaints()).toBe('');
  });
});

describe('a signal', () => {
  it('G36: lets the open request finish, then the command ends with 0', async () => {
    const other = await serveGateway(['--supergraph', supergraphFile]);
    const asked = deferred<void>();
    const release = deferred<void>();
    subgraphs.get('notes')?.misbehave((response) => {
      asked.resolve(undefined);
      void release.promise.then(() => respond(response, { data: { notes: ['late'] } }));
    });
    const open = ask(other.url, { query: '{ notes }' });
    await asked.promise;
    other.process.kill('SIGTERM');
    await refusedAt(other.health);
    release.resolve(undefined);
    expect((await open).answer).toEqual({ data: { notes: ['late'] } });
    expect(await other.ended).toBe(0);
    expect(other.complaints()).toMatch(/^SIGTERM: open requests are finished/);
  });

  it('does not wait when it comes twice', async () => {
    const other = await serveGateway(['--supergraph', supergraphFile]);
    const asked = deferred<void>();
    subgraphs.get('notes')?.misbehave(() => asked.resolve(undefined));
    const open = ask(other.url, { query: '{ notes }' });
    const cut = expect(open).rejects.toThrow();
    await asked.promise;
    other.process.kill('SIGTERM');
    await refusedAt(other.health);
    other.process.kill('SIGTERM');
    expect(await other.ended).toBe(143);
    await cut;
  });
});

/** Asks until nobody listens any more. */
async function refusedAt(url: string): Promise<void> {
  for (;;) {
    try {
      await (await fetch(url)).text();
    } catch {
      return;
    }
  }
}

describe('a command line that is wrong', () => {
  const good = () => ['--supergraph', supergraphFile, '--port', '0'];

  it.each<readonly [string, () => readonly string[], RegExp]>([
    ['no file', () => ['--supergraph', 'missing.graphql'], /^INPUT_UNREADABLE: .*ENOENT.*give the/],
    ['a folder', () => ['--supergraph', folder.path('.')], /^INPUT_UNREADABLE: .*EISDIR/],
    [
      'no GraphQL',
      () => ['--supergraph', folder.write('bad.graphql', 'type Query {')],
      /^GATEWAY_COMPOSITION: .*Syntax Error/,
    ],
    [
      'no supergraph',
      () => ['--supergraph', folder.write('plain.graphql', 'type Query { a: Int }')],
      /^GATEWAY_COMPOSITION: .*join__Graph/,
    ],
    ['no option', () => [], /^CLI_USAGE: .*--supergraph/],
    ['a port of no use', () => [...good(), '--port', '70000'], /^CLI_USAGE: .*no port from 0 to/],
    ['a schedule of no use', () => [...good(), '--schedule', 'fast'], /^CLI_USAGE: .*dataflow/],
    ['a strange subgraph', () => [...good(), '--subgraph', 'inventori=http://x'], /"inventory"\?/],
    ['no URL', () => [...good(), '--subgraph', 'inventory'], /^CLI_USAGE: .*name=url/],
    ['a URL of no use', () => [...good(), '--subgraph', 'notes=x:y'], /^GATEWAY_BAD_SUBGRAPH_URL/],
    [
      'a port in use',
      () => [...good(), '--port', new URL(gateway.url).port],
      /^SERVER_CANNOT_LISTEN: .*is in use; end what listens there, or give another --port/,
    ],
    [
      'a host elsewhere',
      () => [...good(), '--host', '192.0.2.1'],
      /^SERVER_CANNOT_LISTEN: .*--host/,
    ],
  ])('G37: %s ends in one line and 2', async (what, args, says) => {
    const command = ['gateway', ...args()];
    const { code, stdout, stderr } =
      what === 'no file' ? backlot(command) : await commandHere(command);
    expect(stderr).toMatch(says);
    expect(stderr).toMatch(/^[^\n]+\n$/);
    expect([code, stdout]).toEqual([2, '']);
  });
});
