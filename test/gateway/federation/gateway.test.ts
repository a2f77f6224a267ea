/** The gateway as a library: requests in, GraphQL answers out, whatever the request is. */
import fc from 'fast-check';
import { getIntrospectionQuery } from 'graphql';
import { describe, expect, it } from 'vitest';
import { composeSupergraph } from '../../../src/gateway/federation/compose.ts';
import {
  createGateway,
  type Gateway,
  type GatewayOptions,
} from '../../../src/gateway/federation/gateway.ts';
import { createNativePlanner } from '../../../src/gateway/federation/native-planner.ts';
import type { Planner } from '../../../src/gateway/federation/planner.ts';
import type { GraphQLRequest } from '../../../src/gateway/federation/request/graphql-answer.ts';
import type {
  ResolverMap,
  SubgraphDefinition,
} from '../../../src/gateway/federation/subgraph/definition.ts';
import { MAX_REMEMBERED_TEXT_LENGTH } from '../../../src/gateway/plan/lru-cache.ts';
import { EngineError } from '../../../src/kernel/errors.ts';

const V2 = `extend schema @link(url: "https://specs.apollo.dev/federation/v2.3",
  import: ["@key", "@shareable", "@inaccessible", "@requires", "@external"])`;

interface User {
  readonly id: string;
  readonly name: string;
}

/** Two subgraphs; `log` takes down what resolvers do. */
function subgraphs(log: string[] = []): readonly SubgraphDefinition[] {
  const users: User[] = ['Ann', 'Bob'].map((name, i) => ({ id: `${i + 1}`, name }));
  const add = (by: string, name: string): User => {
    log.push(`${by} adds ${name}`);
    const user = { id: `${users.length + 1}`, name };
    users.push(user);
    return user;
  };
  return [
    {
      name: 'users',
      url: 'http://users.example/graphql',
      typeDefs: `${V2}
        type Query { users: [User!]! me(id: ID! = "1"): User color: Color broken: Int }
        type Mutation { addUser(name: String!): User }
        enum Color { RED SECRET @inaccessible }
        type User @key(fields: "id") { id: ID! name: String friends(first: Int): [User!] }`,
      resolvers: {
        Query: {
          users: () => users,
          me: (_, { id }) => users.find((user) => user.id === id),
          color: () => 'SECRET',
          broken: () => {
            throw new Error('broken');
          },
        },
        Mutation: { addUser: (_, { name }) => add('users', String(name)) },
        User: {
          friends: () => users,
          __resolveReference: (found) => users.find(({ id }) => id === (found as User).id),
        },
      },
    },
    {
      name: 'reviews',
      typeDefs: `${V2}
        type Mutation { review(name: String!): User }
        type User @key(fields: "id") {
          id: ID! name: String @external reviews: [String!] loud: String @requires(fields: "name")
        }`,
      resolvers: {
        Mutation: { review: (_, { name }) => add('reviews', String(name)) },
        User: {
          __resolveReference: (found) => found,
          reviews: (source) => [`by ${(source as User).id}`],
          loud: (source) => (source as User).name.toUpperCase(),
        },
      },
    },
  ];
}

/** Lists within lists. */
const nested = (levels: number): unknown => JSON.parse('['.repeat(levels) + ']'.repeat(levels));

const hasPlanner = createNativePlanner(composeSupergraph(subgraphs()).supergraphSdl) !== undefined;

describe.skipIf(!hasPlanner)('a gateway (skipped: no planner here)', () => {
  const gateway = createGateway({ subgraphs: subgraphs() });
  const codeOf = (request: unknown, of: Gateway = gateway) => {
    const answer = of.execute(request as GraphQLRequest);
    expect(answer).not.toHaveProperty('data');
    return answer.errors?.map(({ extensions }) => extensions?.code)[0];
  };

  it('G3: joins what subgraphs know, in this process and by itself', async () => {
    const query = '{users{id name loud reviews} me{loud}}';
    const expected = {
      data: {
        users: [
          { id: '1', name: 'Ann', loud: 'ANN', reviews: ['by 1'] },
          { id: '2', name: 'Bob', loud: 'BOB', reviews: ['by 2'] },
        ],
        me: { loud: 'ANN' },
      },
    };
    for (const schedule of ['plan', 'dataflow'] as const) {
      const made = createGateway({ subgraphs: subgraphs(), schedule });
      expect(made.execute({ query })).toEqual(expected);
      expect(await made.execute({ query })).toEqual(expected);
    }
  });

  it('executes mutations one after the other, in the order of the document', () => {
    const log: string[] = [];
    const made = createGateway({ subgraphs: subgraphs(log), schedule: 'dataflow' });
    const query = `mutation($n: String!) {
      a: addUser(name: $n) { id loud } b: review(name: "y") { id name } c: addUser(name: "z") { id }
    }`;
    const { data } = made.execute({ query, variables: { n: 'x' } });
    expect(log).toEqual(['users adds x', 'reviews adds y', 'users adds z']);
    expect(data).toEqual({
      a: { id: '3', loud: 'X' },
      b: { id: '4', name: 'y' },
      c: { id: '5' },
    });
  });

  it.each([
    ['', 'BAD_REQUEST'],
    [null, 'BAD_REQUEST'],
    [{ query: '' }, 'BAD_REQUEST'],
    [{ query: 7 }, 'BAD_REQUEST'],
    [{ query: '{me{id}}', variables: [] }, 'BAD_REQUEST'],
    [{ query: '{me{id}}', operationName: 1 }, 'BAD_REQUEST'],
    [{ query: '{me{id}' }, 'GRAPHQL_PARSE_FAILED'],
    [{ query: '{nobody}' }, 'GRAPHQL_VALIDATION_FAILED'],
    [{ query: '{me}' }, 'GRAPHQL_VALIDATION_FAILED'],
    [{ query: '{...F} fragment F on Query{...F}' }, 'GRAPHQL_VALIDATION_FAILED'],
    [{ query: 'subscription{me}' }, 'GRAPHQL_VALIDATION_FAILED'],
    [{ query: 'query A{me{id}} query B{me{id}}' }, 'OPERATION_RESOLUTION_FAILURE'],
    [{ query: 'query A{me{id}}', operationName: 'C' }, 'OPERATION_RESOLUTION_FAILURE'],
    [{ query: 'query($id:ID!){me(id:$id){id}}' }, 'BAD_USER_INPUT'],
    [{ query: 'query($id:ID!){me(id:$id){id}}', variables: { id: {} } }, 'BAD_USER_INPUT'],
    [{ query: `{${'friends{'.repeat(60)}` }, 'GRAPHQL_PARSE_FAILED'],
  ])('G15: refuses %j with a code and without a fetch', (request, code) => {
    expect(codeOf(request)).toBe(code);
    expect(gateway.begin(request as GraphQLRequest).run).toBeUndefined();
  });

  it.each([
    ['depth', { maxDepth: 3 }, '{me{friends{friends{id}}}}', 4],
    ['depth', { maxDepth: 3 }, '{me{...F}} fragment F on User{friends{friends{id}}}', 4],
    ['aliases', { maxAliases: 2 }, '{a:me{id} b:me{id} c:me{id}}', 3],
    ['root fields', { maxRootFields: 1 }, '{users{id} me{id}}', 2],
    ['fields', { maxFields: 3 }, '{me{...F friends{id}}} fragment F on User{id}', 4],
    ['tokens', { maxTokens: 5 }, '{me{id name}}', undefined],
    ['cost', { maxCost: 21 }, '{users{id name}}', undefined],
    ['cost', { maxCost: 20 }, '{users{id name}}', 21],
    ['cost', { maxCost: 10 }, '{me{friends(first: 5){id name}}}', 12],
  ] as const)('G15: limits %s: %j', (...[limit, limits, query, found]) => {
    const limited = createGateway({ subgraphs: subgraphs(), limits });
    const { errors = [] } = limited.execute({ query });
    if (limit === 'cost' && found === undefined) {
      expect(errors).toEqual([]);
      return;
    }
    const [allowed] = Object.values(limits);
    const size = found === undefined ? {} : { found };
    expect(errors.map(({ extensions }) => extensions)).toEqual([
      { code: 'LIMIT_EXCEEDED', limit, allowed, ...size },
    ]);
    expect(gateway.execute({ query }).errors).toBeUndefined();
  });

  it('G15: refuses by default what no ordinary client sends, before it costs anything', () => {
    const doubled = Array.from(
      { length: 40 },
      (_, i) => `fragment F${i} on User{friends{...F${i + 1} ...F${i + 1}}}`,
    ).join(' ');
    for (const query of [
      `{me{${'friends{'.repeat(60)}id${'}'.repeat(60)}}}`,
      `{${Array.from({ length: 300 }, (_, i) => `a${i}:me{id}`).join(' ')}}`,
      `{${'me{id} '.repeat(5_000)}}`,
      `{me${'{friends'.repeat(8_000)}`,
      `{me{...F0}} ${doubled} fragment F40 on User{id}`,
      `{me{...F0}} ${doubled.replaceAll('friends', '... on User')} fragment F40 on User{id}`,
    ]) {
      expect(codeOf({ query })).toBe('LIMIT_EXCEEDED');
    }
    expect(gateway.execute({ query: getIntrospectionQuery() }).errors).toBeUndefined();
  });

  it('answers introspection and names of types itself, alone and among other fields', () => {
    const only = gateway.begin({ query: '{__typename q:__schema{queryType{name}}}' });
    expect(only.answer).toEqual({
      data: { __typename: 'Query', q: { queryType: { name: 'Query' } } },
    });
    const query = `query($n: String!, $y: Boolean = true) {
      ...F me { __typename id } ... on Query @include(if: $y) { t: __type(name: $n) { name } }
    } fragment F on Query { __typename ...G } fragment G on Query { __schema { types { name } } }`;
    const { data, errors } = gateway.execute({ query, variables: { n: 'User' } });
    expect(errors).toBeUndefined();
    expect(data).toMatchObject({
      __typename: 'Query',
      me: { __typename: 'User', id: '1' },
      t: { name: 'User' },
    });
    expect(JSON.stringify(data)).toContain('{"name":"Color"}');
    const hidden = gateway.execute({ query: '{__type(name:"Color"){enumValues{name}}}' });
    expect(hidden.data).toEqual({ __type: { enumValues: [{ name: 'RED' }] } });
  });

  it('G10: does not let through enum values that clients must not see', () => {
    const { data, errors } = gateway.execute({ query: '{color}' });
    expect(data).toEqual({ color: null });
    expect(errors).toMatchObject([{ path: ['color'] }]);
    expect(JSON.stringify(errors)).not.toContain('SECRET');
  });

  it('applies conditions and defaults of variables', () => {
    const query = `query Q($id: ID = "2", $no: Boolean = false, $yes: Boolean!) {
      me(id: $id) { name @include(if: $no) loud @include(if: $yes) ... @skip(if: true) { reviews } }
    }`;
    const run = (variables: Record<string, unknown>) =>
      gateway.execute({ query, variables, operationName: 'Q' }).data;
    expect(run({ yes: true })).toEqual({ me: { loud: 'BOB' } });
    expect(run({ yes: false, no: true, id: '1' })).toEqual({ me: { name: 'Ann' } });
    expect(run({ yes: false, id: null })).toEqual({ me: null });
  });

  it('survives any response key', () => {
    const query = '{__proto__:me{constructor:id toString:loud} valueOf:color}';
    expect(JSON.stringify(gateway.execute({ query }).data)).toBe(
      '{"__proto__":{"constructor":"1","toString":"ANN"},"valueOf":null}',
    );
    expect(({} as Record<string, unknown>).id).toBeUndefined();
  });

  it('G19: keeps aliases apart from keys of entities', () => {
    const run = (query: string) => gateway.execute({ query });
    expect(run('{me{id:name reviews}}')).toEqual({
      data: { me: { id: 'Ann', reviews: ['by 1'] } },
    });
    expect(run('{me{__typename:name loud}}').data).toEqual({
      me: { __typename: 'Ann', loud: 'ANN' },
    });
    const { errors } = run('{id:broken}');
    expect(errors).toEqual([expect.objectContaining({ message: 'broken', path: ['id'] })]);
  });

  it('G20: fetches entities under fragments that change no type', () => {
    const query = 'query($yes: Boolean!) { ... on Query @include(if: $yes) { me { loud } } }';
    expect(gateway.execute({ query, variables: { yes: true } })).toEqual({
      data: { me: { loud: 'ANN' } },
    });
  });

  it('G20: fetches entities in lists of lists', () => {
    const made = createGateway({
      subgraphs: [
        {
          name: 'boards',
          typeDefs: `${V2} type Query { rows: [[Cell]] } type Cell @key(fields: "id") { id: ID! }`,
          resolvers: { Query: { rows: () => [[{ id: 1 }], [{ id: 2 }, null]] } },
        },
        {
          name: 'values',
          typeDefs: `${V2} type Cell @key(fields: "id") { id: ID! value: Int! }`,
          resolvers: {
            Cell: {
              __resolveReference: (found) => found,
              value: (source) => Number((source as { id: string }).id),
            },
          },
        },
      ],
    });
    expect(made.execute({ query: '{rows{value}}' })).toEqual({
      data: { rows: [[{ value: 1 }], [{ value: 2 }, null]] },
    });
  });

  it('G20: keeps errors about entities that nobody asked for', () => {
    const { run } = gateway.begin({ query: '{me{reviews}}' });
    const [users] = run?.start() ?? [];
    const [reviews] =
      run?.complete(users?.fetchId ?? 0, {
        ok: true,
        data: { me: { __typename: 'User', id: '1' } },
      }) ?? [];
    run?.complete(reviews?.fetchId ?? 0, {
      ok: true,
      data: { _entities: [null] },
      errors: [{ message: 'odd', path: ['_entities', 7, 'reviews'] }],
    });
    expect(run?.answer()?.errors).toEqual([{ message: 'odd', path: ['me'] }]);
  });

  it('chooses by name among operations, and keeps only so many in mind', () => {
    const small = createGateway({ subgraphs: subgraphs(), maxRememberedOperations: 1 });
    const query = 'query A{me{...F}} query B{b:me{...F}} fragment F on User{id}';
    for (const name of ['A', 'B', 'A', 'B']) {
      const key = name === 'A' ? 'me' : 'b';
      expect(small.execute({ query, operationName: name }).data).toEqual({ [key]: { id: '1' } });
    }
  });

  it('G15: refuses subscriptions and what the planner refuses, by their codes', () => {
    const typeDefs = `scalar Json type Query { a(x: Json): Int } type Subscription { tick: Int }`;
    const made = createGateway({ subgraphs: [{ name: 'a', typeDefs, resolvers: {} }] });
    expect(codeOf({ query: 'subscription{tick}' }, made)).toBe('SUBSCRIPTION_NOT_SUPPORTED');
    const deep = `{a(x:${'['.repeat(500)}1${']'.repeat(500)})}`;
    expect(codeOf({ query: deep }, made)).toBe('QUERY_PLAN_FAILED');
  });

  it('G15: remembers no text that is long', () => {
    const planner = createNativePlanner(gateway.supergraphSdl);
    let plans = 0;
    const counting: Planner = {
      plan(...asked) {
        plans += 1;
        return planner?.plan(...asked);
      },
    } as Planner;
    const made = createGateway({ subgraphs: subgraphs(), planner: counting });
    const long = `{me{name}}${','.repeat(MAX_REMEMBERED_TEXT_LENGTH)}`;
    for (const [query, expected] of [
      ['{me{id}}', 1],
      ['{me{id}}', 1],
      [long, 2],
      [long, 3],
    ] as const) {
      expect(made.execute({ query })).toHaveProperty('data');
      expect(plans).toBe(expected);
    }
  });

  it('G15: refuses variables that nest without end, whatever the schema takes', () => {
    const typeDefs = 'scalar Json type Query { a(x: Json): Json }';
    const resolvers: ResolverMap = { Query: { a: (_, { x }) => JSON.stringify(x).length } };
    const made = createGateway({ subgraphs: [{ name: 'a', typeDefs, resolvers }] });
    const query = 'query($x: Json){a(x: $x)}';
    const circle: Record<string, unknown> = {};
    circle.again = circle;
    for (const x of [nested(20_000), nested(500), circle]) {
      expect(codeOf({ query, variables: { x } }, made)).toBe('BAD_REQUEST');
    }
    const { errors } = made.execute({ query, variables: { x: circle } });
    expect(errors?.[0]?.message).toMatch(/must not nest deeper than 500 levels; send flatter/);
    expect(made.execute({ query, variables: { x: nested(499) } })).toEqual({ data: { a: 998 } });
  });

  it('G15: answers whatever text it is sent', () => {
    const words =
      '{ } ( ) : $ ! @ ... on query mutation fragment F User Query me users id name loud';
    const tokens = [...words.split(' '), '$id', '"x"', '7', '[', ']', '@skip(if:true)', 'color'];
    let answered = 0;
    const property = fc.property(
      fc.array(fc.constantFrom(...tokens), { maxLength: 12 }),
      fc.boolean(),
      (parts, isClosed) => {
        const text = parts.join(' ');
        const query = isClosed ? `{me{id ${text}}}` : text;
        const { data, errors } = gateway.execute({ query });
        expect(data !== undefined || (errors?.length ?? 0) > 0, query).toBe(true);
        answered += data === undefined ? 0 : 1;
      },
    );
    fc.assert(property, { numRuns: 1_000, seed: 2 });
    expect(answered).toBeGreaterThan(20);
  });

  it('says with a path what a resolver throws', () => {
    expect(gateway.execute({ query: '{broken me{id}}' })).toEqual({
      data: { broken: null, me: { id: '1' } },
      errors: [expect.objectContaining({ message: 'broken', path: ['broken'] })],
    });
  });
});

describe.skipIf(!hasPlanner)('a gateway of a supergraph (skipped: no planner here)', () => {
  const local = subgraphs();
  const { supergraphSdl } = composeSupergraph(local);

  it('hands out fetches with addresses, and takes in results in any order', () => {
    const gateway = createGateway({ supergraph: supergraphSdl });
    expect(gateway.services).toContainEqual({
      name: 'users',
      url: 'http://users.example/graphql',
      isLocal: false,
    });
    const { run } = gateway.begin({ query: '{users{name reviews}}' });
    const [fetch, ...others] = run?.start() ?? [];
    expect(others).toEqual([]);
    expect(fetch).toMatchObject({ serviceName: 'users', url: 'http://users.example/graphql' });
    expect(run?.answer()).toBeUndefined();
    const users = [{ __typename: 'User', id: '1', name: 'Ann' }];
    const [next] = run?.complete(fetch?.fetchId ?? -1, { ok: true, data: { users } }) ?? [];
    expect(next?.serviceName).toBe('reviews');
    run?.complete(next?.fetchId ?? -1, { ok: true, data: null, fallback: 'default' });
    expect(run?.answer()).toEqual({
      data: { users: [{ name: 'Ann', reviews: null }] },
      extensions: { degraded: true },
    });
  });

  it('lets resolvers answer for services, and says which have none', () => {
    const [users] = local;
    const options: GatewayOptions = { supergraph: supergraphSdl, subgraphs: users ? [users] : [] };
    const gateway = createGateway(options);
    expect(gateway.services.map(({ isLocal }) => isLocal).sort()).toEqual([false, true]);
    expect(gateway.execute({ query: '{me{name reviews}}' })).toEqual({
      data: { me: { name: 'Ann', reviews: null } },
      errors: [{ message: expect.stringMatching(/^the service reviews has no/), path: ['me'] }],
    });
  });

  it.each(['', 'type {', 'type Query { a: Int }', '{me}'])('G7: refuses %j', (supergraph) => {
    expect(() => createGateway({ supergraph })).toThrow(EngineError);
    expect(() => createGateway({ supergraph })).toThrow(/^GATEWAY_COMPOSITION/);
  });

  it('G7: refuses subgraphs of one name, and what nobody can resolve', () => {
    const [users] = local;
    expect(() => createGateway({ subgraphs: users ? [users, users] : [] })).toThrow(/\[users\]/);
    const typeDefs = (text: string) => `${V2} ${text}`;
    const stranded = [
      { name: 'a', typeDefs: typeDefs('type Query { t: T } type T @key(fields: "id") { id: ID }') },
      { name: 'b', typeDefs: typeDefs('type T @key(fields: "x") { x: ID more: Int }') },
    ];
    expect(() => createGateway({ subgraphs: stranded })).toThrow(/T\.x|T\.more/);
    expect(() => createGateway({})).toThrow(/^GATEWAY_COMPOSITION/);
  });
});
