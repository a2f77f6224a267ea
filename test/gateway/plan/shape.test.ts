/** Shaping: order, aliases, fragments, conditions, abstract types, and where nulls go. */
import { buildSchema, executeSync, parse } from 'graphql';
import { describe, expect, it } from 'vitest';
import { conditionVariables, holds } from '../../../src/gateway/plan/conditions.ts';
import { compileShaper } from '../../../src/gateway/plan/shape.ts';

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
    expect(shape('{ pet { id } }', { pet: { id: 'of no type' } }).data).toEqual({ pet: null });
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
