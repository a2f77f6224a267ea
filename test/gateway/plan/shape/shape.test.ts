/** Shaping: order, aliases, fragments, conditions, abstract types, and where nulls go. */
import { buildSchema, executeSync, parse } from 'graphql';
import { describe, expect, it } from 'vitest';
import { conditionVariables, holds } from '../../../../src/gateway/plan/conditions.ts';
import { compileShaper } from '../../../../src/gateway/plan/shape/shape.ts';

const schema = buildSchema(`
  type Query { pet: Pet pets: [Pet!] rows: [[Int!]] grid: [[Int!]!]! a: A }
  interface Pet { id: ID! name: String }
  type Cat implements Pet { id: ID! name: String lives: Int! }
  type Dog implements Pet { id: ID! name: String owner: A }
  type A { b: B! c: Int list: [B!]! }
  type B { d: Int! e: Int }
`);

function shape(text: string, data: Record<string, unknown>, variables = {}) {
  return compileShaper(schema, parse(text), variables)(data);
}

describe('compileShaper', () => {
  it('gives the client’s fields in the client’s order under the client’s names', () => {
    const shaped = shape('{ a { two: c __typename b { e d } } }', {
      extra: 1,
      a: { __typename: 'A', two: 2, extra: 3, b: { d: 4, e: 5 } },
    });
    expect(JSON.stringify(shaped.data)).toBe('{"a":{"two":2,"__typename":"A","b":{"e":5,"d":4}}}');
    expect(shaped.violations).toEqual([]);
  });

  it('applies fragments by type and merges fields that are asked for twice', () => {
    const text = `{ pets { ...pet ... on Cat { lives } ...dog } }
      fragment dog on Dog { owner { c } owner { b { d } } }
      fragment pet on Pet { id }`;
    const cat = { __typename: 'Cat', id: '1', lives: 9 };
    const dog = { __typename: 'Dog', id: '2', owner: { c: 1, b: { d: 2 } } };
    const shaped = shape(text, { pets: [cat, dog] });
    expect(shaped.data).toEqual({
      pets: [
        { id: '1', lives: 9 },
        { id: '2', owner: { c: 1, b: { d: 2 } } },
      ],
    });
    // Interface objects do not say what they are: they answer what the interface promises.
    expect(shape('{ pet { id } }', { pet: { id: 'a' } }).data).toEqual({ pet: { id: 'a' } });
    const { data, violations } = shape('{ pet { id } }', { pet: { __typename: 'Cow', id: 'a' } });
    expect(data).toEqual({ pet: null });
    expect(violations.map(({ path }) => path)).toEqual([['pet']]);
  });

  it('answers for objects that say no more than an interface', () => {
    const nested = buildSchema(`
      type Query { node: Node either: Either }
      interface Node { id: ID! }
      interface Media implements Node { id: ID! title: String }
      type Film implements Node & Media { id: ID! title: String }
      type Song implements Node { id: ID! }
      union Either = Film | Song`);
    const document = parse('{ node { id ... on Media { title } ... on Song { s: id } } }');
    const shaper = compileShaper(nested, document, {});
    const answerTo = (typeName?: string) => {
      const node = { id: '1', title: 'T', s: '1' };
      return shaper({ node: typeName ? { __typename: typeName, ...node } : node }).data?.node;
    };
    expect(answerTo('Film')).toEqual({ id: '1', title: 'T' });
    expect(answerTo('Media')).toEqual({ id: '1', title: 'T' });
    expect(answerTo('Song')).toEqual({ id: '1', s: '1' });
    expect(answerTo('Node')).toEqual({ id: '1' });
    expect(answerTo()).toEqual({ id: '1' });
    const union = compileShaper(nested, parse('{ either { __typename } }'), {});
    expect(union({ either: { __typename: 'Film' } }).data).toEqual({
      either: { __typename: 'Film' },
    });
    for (const either of [{ __typename: 'Node' }, {}, 'text']) {
      expect(union({ either })).toMatchObject({ data: { either: null }, violations: [{}] });
    }
  });

  it('compiles many possible types within each other only as far as data need', () => {
    const names = Array.from({ length: 30 }, (_, i) => `T${i}`);
    const types = names.map((name) => `type ${name} implements N { id: ID n: N }`).join(' ');
    const many = buildSchema(`interface N { id: ID n: N } ${types} type Query { n: N }`);
    const depth = 12;
    const text = `{${'n{'.repeat(depth)}id${'}'.repeat(depth)}}`;
    const data = Array.from({ length: depth }).reduce(
      (n, _, i) => ({ __typename: names[i], id: String(i), n }),
      null,
    );
    const shaped = compileShaper(many, parse(text), {})({ n: data });
    expect(JSON.stringify(shaped.data)).toContain('"id":"0"');
  });

  it('leaves out what conditions leave out', () => {
    const text = `query($y: Boolean!) {
      a { c @skip(if: $y) b @include(if: $y) { d } ... @include(if: false) { list { d } } }
    }`;
    const data = { a: { c: 1, b: { d: 2 }, list: [] } };
    expect(shape(text, data, { y: true }).data).toEqual({ a: { b: { d: 2 } } });
    expect(shape(text, data, { y: 'false' }).data).toEqual({ a: { c: 1 } });
    expect(conditionVariables(parse(text))).toEqual(['y']);
    expect([holds({ y: 'true' }, 'y'), holds({ y: true }, 'y'), holds({}, 'y')]).toEqual([
      true,
      true,
      false,
    ]);
  });

  it.each([
    { a: { b: null, list: [] } },
    { a: { b: { d: null }, list: [] } },
    { a: { b: { d: 1 }, list: null } },
    { a: { b: { d: 1 }, list: [{ d: 1 }, null] } },
    { a: { b: { d: 1 }, list: [{ d: 1 }, { d: null }] } },
    { a: { b: { d: 1, e: null }, list: [{ d: 1, e: 2 }] } },
    { a: null, rows: [[1, null], [2], null] },
    { grid: [[1], [2, null]] },
    { grid: null },
    { rows: [[1], [2]], grid: [[]] },
  ])('G5: carries nulls up as graphql-js does: %j', (rootValue) => {
    const full = { a: { b: { d: 1 }, list: [] }, rows: null, grid: [], ...rootValue };
    const document = parse('{ a { b { d e } list { d e } } rows grid }');
    const expected = executeSync({ schema, document, rootValue: full });
    const { data, violations } = compileShaper(schema, document, {})(full);
    expect({ data }).toEqual(JSON.parse(JSON.stringify({ data: expected.data })));
    expect(violations.map(({ path }) => path)).toEqual(
      (expected.errors ?? []).map((error) => error.path),
    );
  });
});
