/** Subgraphs of schema text and resolvers: what federation adds, what GraphQL's usual form allows,
 * and what becomes of resolvers that throw, wait or answer nothing. */
import { GraphQLError, GraphQLScalarType, isObjectType, isUnionType, parse } from 'graphql';
import { describe, expect, it } from 'vitest';
import type {
  Resolver,
  ResolverMap,
} from '../../../../src/gateway/federation/subgraph/definition.ts';
import { directiveNames } from '../../../../src/gateway/federation/subgraph/federation-names.ts';
import { createLocalSubgraph } from '../../../../src/gateway/federation/subgraph/local-subgraph.ts';
import { EngineError } from '../../../../src/kernel/errors.ts';

const V2 = 'extend schema @link(url: "https://specs.apollo.dev/federation/v2.3", import: ["@key"])';

function ask(
  typeDefs: string,
  resolvers: ResolverMap,
  call: { operation: string; variables?: Record<string, unknown>; context?: unknown },
) {
  const subgraph = createLocalSubgraph({ name: 's', typeDefs, resolvers });
  const result = subgraph.answer({ variables: {}, ...call });
  return JSON.parse(JSON.stringify(result));
}

const entitiesOf = (...representations: unknown[]) => ({
  operation:
    'query($r:[_Any!]!){_entities(representations:$r){__typename ... on A{id n} ... on B{id}}}',
  variables: { r: representations },
});

describe('a subgraph’s schema', () => {
  const entityNames = (typeDefs: string) => {
    const { schema } = createLocalSubgraph({ name: 's', typeDefs });
    const union = schema.getType('_Entity');
    return isUnionType(union) ? union.getTypes().map(({ name }) => name) : [];
  };

  it.each([
    ['Federation 1', 'type A @key(fields: "id") { id: ID } extend type Query { a: A }'],
    ['an import', `${V2} type A @key(fields: "id") { id: ID }`],
    [
      'another name',
      `extend schema @link(url: "https://specs.apollo.dev/federation/v2.0",
        import: [{ name: "@key", as: "@primary" }]) type A @primary(fields: "id") { id: ID }
        type B @key(fields: "id") { id: ID }`,
    ],
    [
      'a namespace',
      `extend schema @link(url: "https://specs.apollo.dev/federation/v2.0")
        type A @federation__key(fields: "id") { id: ID }`,
    ],
    [
      'a namespace of another name',
      `schema @link(url: "https://specs.apollo.dev/federation/v2.0", as: "fed") { query: Root }
        type Root { a: A } type A @fed__key(fields: "id") { id: ID }`,
    ],
    ['an extension of a type from elsewhere', `${V2} extend type A @key(fields: "id") { id: ID }`],
    [
      'an interface',
      `${V2} interface N @key(fields: "id") { id: ID } type A implements N { id: ID }`,
    ],
    [
      'its own declarations',
      `scalar _Any scalar _FieldSet union _Entity = A type _Service { sdl: String }
        directive @key(fields: _FieldSet!) repeatable on OBJECT directive @x(a: Nope) on OBJECT
        extend type Query { _entities(representations: [_Any!]!): [_Entity]! _service: _Service! }
        type A @key(fields: "id") { id: ID }`,
    ],
    [
      'keys that are not resolvable',
      `${V2} type A @key(fields: "id") { id: ID }
        type B @key(fields: "id", resolvable: false) { id: ID }`,
    ],
  ])('G13: knows its entities by %s', (_, typeDefs) => {
    expect(entityNames(typeDefs)).toEqual(['A']);
  });

  it('makes definitions of extensions that extend nothing', () => {
    const { schema } = createLocalSubgraph({
      name: 's',
      typeDefs: `${V2} extend union U = A extend enum E { X } extend enum E { Y } scalar S
        extend interface I { id: ID } extend input In { a: Int } extend type A implements I
        { id: ID s: S e: E } extend type Query { u(in: In): U }`,
    });
    expect(schema.getType('E')?.toConfig()).toMatchObject({ values: { X: {}, Y: {} } });
    expect(isObjectType(schema.getType('A'))).toBe(true);
  });

  it('tells its text', () => {
    const typeDefs = `${V2} type Query { a: Int }`;
    const { data } = ask(typeDefs, {}, { operation: '{_service{sdl}}' });
    expect(data).toEqual({ _service: { sdl: typeDefs } });
  });

  it('is refused with its name where it cannot be built', () => {
    const make = () => createLocalSubgraph({ name: 'left', typeDefs: 'type A { b: Missing }' });
    expect(make).toThrow(EngineError);
    expect(make).toThrow(/^GATEWAY_COMPOSITION: .*\[left\].*Missing/);
  });

  it('reads names of directives whatever else is linked', () => {
    const linked = parse(`schema @link(url: "https://specs.apollo.dev/link/v1.0")
      @link(url: "https://specs.apollo.dev/federation/v2.1", import: ["@shareable", 7])
      { query: Q }`);
    expect([...directiveNames(linked, 'key')]).toEqual(['federation__key']);
    expect([...directiveNames(parse('type A { b: Int }'), 'key')]).toEqual(['key']);
  });
});

describe('what a scalar of its own answers', () => {
  const typeDefs = `${V2} scalar Any type Query { any: Any n: Int }`;
  const answer = (any: () => unknown, operation = '{any n}') =>
    createLocalSubgraph({
      name: 's',
      typeDefs,
      resolvers: { Query: { any, n: () => 1 } },
    }).answer({ operation, variables: {} });
  const circle: Record<string, unknown> = {};
  circle.again = circle;
  const ring: unknown[] = [];
  ring.push(ring);
  const nested = (levels: number) => JSON.parse('['.repeat(levels) + ']'.repeat(levels));

  it.each([
    ['a date', new Date(0), '1970-01-01T00:00:00.000Z'],
    ['an address', new URL('http://a.example/'), 'http://a.example/'],
    ['a map', new Map([[1, 2]]), {}],
    ['JSON', { a: [1, null, { b: 'c' }] }, { a: [1, null, { b: 'c' }] }],
    ['lists in lists', nested(400), nested(400)],
  ])('G9: is what it would be over HTTP: %s', (_, any, expected) => {
    expect(answer(() => any)).toMatchObject({ ok: true, data: { any: expected, n: 1 } });
  });

  it.each([
    ['a circle', circle, /^the service s answered what is not JSON: .*circular/],
    ['a bigint', [1n], /^the service s answered what is not JSON: .*BigInt/],
    [
      'a trap',
      new Proxy(
        {},
        {
          ownKeys() {
            throw new Error('trapped');
          },
        },
      ),
      /^the service s answered what is not JSON: trapped$/,
    ],
    [
      '600 levels',
      { a: nested(600) },
      /^the service s answered JSON nested deeper than 500 levels$/,
    ],
    [
      '20,000 levels',
      { a: nested(20_000) },
      /^the service s answered JSON nested deeper than 500 levels$/,
    ],
  ])('G9: is a failed fetch where it is no JSON: %s', (_, any, message) => {
    expect(answer(() => any)).toEqual({ ok: false, message: expect.stringMatching(message) });
  });

  it.each([
    ['lists without end', ring],
    ['600 lists', nested(600)],
  ])('G13: is an error of its field: %s', (_, any) => {
    const message = 'Query.any answered lists nested deeper than 500';
    expect(answer(() => any)).toMatchObject({ data: { any: null, n: 1 }, errors: [{ message }] });
  });

  it('G9: is JSON in what errors carry, too', () => {
    const failing = (extensions: Record<string, unknown>) => () => {
      throw new GraphQLError('m', { extensions });
    };
    expect(answer(failing({ at: new Date(0) }))).toMatchObject({
      data: { any: null, n: 1 },
      errors: [{ message: 'm', extensions: { at: '1970-01-01T00:00:00.000Z' } }],
    });
    expect(answer(failing({ circle }))).toMatchObject({ ok: false });
    expect(answer(() => 1, '{nobody}')).toMatchObject({ ok: true, data: {} });
  });
});

describe('resolvers', () => {
  const typeDefs = `${V2}
    type Query {
      a(id: ID = "7", color: Color = RED, at: Day): A color: Color day: Day nodes: [N] u: U
    }
    enum Color { RED BLUE }
    scalar Day
    interface N { id: ID }
    union U = A | B
    type A implements N @key(fields: "id") { id: ID n: Int color: Color at: Day }
    type B implements N @key(fields: "id") { id: ID }`;
  const day = new GraphQLScalarType({
    name: 'Day',
    coerceOutputValue: (value) => `day ${String(value)}`,
    coerceInputValue: (value) => Number(String(value).slice(4)),
    coerceInputLiteral: (node) => ('value' in node ? Number(String(node.value).slice(4)) : 0),
    valueToLiteral: () => undefined,
  });

  it('get source, arguments, context and info, and bring enum values and scalars', () => {
    const resolvers: ResolverMap = {
      Query: {
        a: (...[, args, context, info]) => ({ ...args, n: `${context}${info.fieldName}`.length }),
        color: () => '#00f',
        day: { resolve: () => 3 },
      },
      Color: { RED: '#f00', BLUE: '#00f' },
      Day: day,
      Nobody: { x: () => 1 },
    };
    const operation =
      'query($c:Color){a(at:"day 5"){id n color at} b:a(color:$c){color} color day}';
    const call = { operation, variables: { c: 'BLUE' }, context: 'mine' };
    expect(ask(typeDefs, resolvers, call).data).toEqual({
      a: { id: '7', n: 5, color: 'RED', at: 'day 5' },
      b: { color: 'BLUE' },
      color: 'BLUE',
      day: 'day 3',
    });
  });

  it('tell what an abstract value is in any of three ways', () => {
    const operation = '{nodes{__typename id} u{__typename}}';
    const nodes = [{ id: '1', n: 1 }, { id: '2' }];
    const byType: ResolverMap = {
      Query: { nodes: () => nodes, u: () => nodes[1] },
      N: { __resolveType: (value) => ('n' in (value as object) ? 'A' : 'B') },
      U: { __resolveType: () => 'B' },
    };
    const byTest: ResolverMap = {
      Query: { nodes: () => nodes, u: () => nodes[1] },
      A: { __isTypeOf: (value) => 'n' in (value as object) },
      B: { __isTypeOf: (value) => !('n' in (value as object)) },
    };
    const named = [
      { __typename: 'A', id: '1' },
      { __typename: 'B', id: '2' },
    ];
    const byName: ResolverMap = { Query: { nodes: () => named, u: () => named[1] } };
    for (const resolvers of [byType, byTest, byName]) {
      expect(ask(typeDefs, resolvers, { operation }).data).toEqual({
        nodes: named,
        u: { __typename: 'B' },
      });
    }
  });

  it('G13: that answer a promise, anywhere, are errors of their fields', async () => {
    const rejected = () => Promise.reject(new Error('unheard'));
    const resolvers: ResolverMap = {
      Query: {
        a: async () => ({ id: 1 }),
        nodes: () => [{ __typename: 'A', id: rejected }, rejected(), [rejected()]],
        day: () => rejected(),
        u: async function* asynchronousList() {
          yield 1;
        },
      },
    };
    const operation = '{a{id} nodes{id} day u{__typename}}';
    const { ok, data, errors } = ask(typeDefs, resolvers, { operation });
    expect({ ok, data }).toMatchObject({
      ok: true,
      data: { a: null, nodes: [{ id: null }, null, null], day: null, u: null },
    });
    const promised = errors.filter(({ message }: Error) => message.includes('answered a promise'));
    expect(promised.map(({ path }: { path: string[] }) => path.join('.'))).toEqual([
      'a',
      'nodes.0.id',
      'nodes.1',
      'day',
      'u',
    ]);
    await new Promise((resolve) => setTimeout(resolve, 0));
  });

  it('G13: that throw are errors at their place', () => {
    const boom: Resolver = () => {
      throw new Error('boom');
    };
    const resolvers: ResolverMap = { Query: { a: boom, color: () => 'GREEN' } };
    const { data, errors } = ask(typeDefs, resolvers, { operation: '{a{id} color}' });
    expect(data).toEqual({ a: null, color: null });
    expect(errors).toMatchObject([
      { message: 'boom', path: ['a'] },
      { message: expect.stringContaining('GREEN'), path: ['color'] },
    ]);
    expect(ask(typeDefs, resolvers, { operation: '{' })).toMatchObject({ ok: false });
  });

  it('G14: of references fail each for its own entity', () => {
    const resolvers: ResolverMap = {
      A: {
        __resolveReference: (found, context) => {
          const { id } = found as { id: string };
          if (id === 'throws') throw new Error(`no ${String(context)}`);
          if (id === 'waits') return Promise.resolve({ id });
          if (id === 'error') return new Error('an error as a value');
          if (id === 'text') return 'A 7';
          return id === 'none' ? null : { id, n: 1 };
        },
      },
    };
    const ids = ['1', 'throws', 'none', 'waits', 'error', 'text', '2'];
    const { data, errors } = ask(typeDefs, resolvers, {
      ...entitiesOf(...ids.map((id) => ({ __typename: 'A', id })), { __typename: 'Nope' }, 5),
      context: 'mine',
    });
    const one = { __typename: 'A', id: '1', n: 1 };
    const rest = [null, null, null, null, null, { ...one, id: '2' }, null, null];
    expect(data._entities).toEqual([one, ...rest]);
    expect(errors.map(({ message }: Error) => message.slice(0, 20))).toEqual([
      'no mine',
      'A.__resolveReference',
      'an error as a value',
      'A.__resolveReference',
      '_entities cannot res',
      '_entities cannot res',
    ]);
  });

  it('G14: are not needed for entities that their representation tells all of', () => {
    const { data } = ask(typeDefs, {}, entitiesOf({ __typename: 'B', id: 'b' }));
    expect(data._entities).toEqual([{ __typename: 'B', id: 'b' }]);
  });

  it('G14: resolve entities of an interface, and one object as two types', () => {
    const both = Object.freeze({ id: 'x', n: 2 });
    const keyed = typeDefs.replace('interface N', 'interface N @key(fields: "id")');
    const resolvers: ResolverMap = {
      N: {
        __resolveReference: () => both,
        __resolveType: () => 'A',
      },
      B: { __resolveReference: () => both },
    };
    const call = entitiesOf({ __typename: 'N', id: 'x' }, { __typename: 'B', id: 'x' });
    expect(ask(keyed, resolvers, call).data._entities).toEqual([
      { __typename: 'A', id: 'x', n: 2 },
      { __typename: 'B', id: 'x' },
    ]);
  });
});
