/** Merging and finding one's way in the data of a page. */
import fc from 'fast-check';
import { parse } from 'graphql';
import { describe, expect, it } from 'vitest';
import type { FlattenSegment } from '../../../../src/gateway/call-plan.ts';
import { carriedEntities } from '../../../../src/gateway/plan/data/representations.ts';
import {
  findObjects,
  mergeInto,
  newObject,
  objectAt,
} from '../../../../src/gateway/plan/data/response-data.ts';
import { typeIndexOfSupergraph } from '../../../../src/gateway/plan/data/type-index.ts';
import { deepFreeze } from '../../../../src/gateway/plan/freeze.ts';

const types = typeIndexOfSupergraph(
  parse(`interface Row { id: ID }
    type Long implements Row { id: ID }
    type Title { id: ID }
    union Any @join__unionMember(graph: A, member: "Title") = Long`),
);

describe('mergeInto', () => {
  it('joins objects field by field and lists element by element', () => {
    const target = { a: { b: 1 }, list: [{ x: 1 }, null, { x: 3 }], n: null };
    mergeInto(target, { a: { c: 2 }, list: [{ y: 1 }, { y: 2 }, null], n: 5, s: 'new' });
    expect(target).toEqual({
      a: { b: 1, c: 2 },
      list: [{ x: 1, y: 1 }, { y: 2 }, { x: 3 }],
      n: 5,
      s: 'new',
    });
  });

  it('copies frozen data instead of keeping them', () => {
    const source = deepFreeze({ a: { b: [{ c: 1 }] } });
    const target: Record<string, unknown> = {};
    mergeInto(target, source);
    mergeInto(target, { a: { b: [{ d: 2 }] } });
    expect(target).toEqual({ a: { b: [{ c: 1, d: 2 }] } });
    expect(source).toEqual({ a: { b: [{ c: 1 }] } });
  });

  it('G4: does not care which of two parts of one object comes first', () => {
    let merged = 0;
    const whole = fc.dictionary(fc.constantFrom('a', 'b', 'c'), fc.jsonValue({ maxDepth: 3 }));
    const property = fc.property(whole, fc.func(fc.boolean()), (object, takes) => {
      const left = partOf(object, '', (path) => takes(path, 'left') === true);
      const right = partOf(object, '', (path) => takes(path, 'right') === true);
      const oneWay: Record<string, unknown> = {};
      mergeInto(oneWay, left);
      mergeInto(oneWay, right);
      const otherWay: Record<string, unknown> = {};
      mergeInto(otherWay, right);
      mergeInto(otherWay, left);
      expect(otherWay).toEqual(oneWay);
      merged += 1;
    });
    fc.assert(property, { numRuns: 200, seed: 3 });
    expect(merged).toBe(200);
  });
});

/** The object with some of its fields, lists kept in length. */
function partOf(
  value: Record<string, unknown>,
  at: string,
  keeps: (path: string) => boolean,
): Record<string, unknown> {
  const entries = Object.entries(value).filter(([key]) => keeps(`${at}/${key}`));
  return Object.fromEntries(
    entries.map(([key, one]) => {
      const isObject = typeof one === 'object' && one !== null && !Array.isArray(one);
      return [key, isObject ? partOf(one as Record<string, unknown>, `${at}/${key}`, keeps) : one];
    }),
  );
}

describe('findObjects', () => {
  const data = {
    rows: [
      { __typename: 'Long', items: [{ id: 1 }, null] },
      { __typename: 'Other', items: [{ id: 2 }] },
    ],
    one: { id: 3 },
  };
  const found = (path: readonly FlattenSegment[]) => {
    const into = { objects: [], places: [] };
    findObjects(data, { path, types }, into);
    const { objects, places }: { objects: { id?: unknown }[]; places: string[][] } = into;
    for (const [i, place] of places.entries()) expect(objectAt(data, place)).toBe(objects[i]);
    return objects.map((object, i) => [object.id, places[i]?.join('.')]);
  };

  it('finds objects in the order of the data, and says where', () => {
    expect(found([{ Field: 'rows' }, '@', { Field: 'items' }, '@'])).toEqual([
      [1, 'rows.0.items.0'],
      [2, 'rows.1.items.0'],
    ]);
    expect(found([{ Field: 'one' }])).toEqual([[3, 'one']]);
    expect(found([{ Field: 'none' }, '@'])).toEqual([]);
    expect(objectAt(data, ['rows', 7, 'items'])).toBeUndefined();
    expect(objectAt(data, ['one', 'id', 'deeper'])).toBeUndefined();
  });

  it.each(['Long', 'Row', 'Any'])('keeps to the types of the condition %s', (condition) => {
    const items = [{ Field: 'items' }, '@'] as const;
    const path = [{ Field: 'rows' }, '@', { TypeCondition: [condition] }, ...items] as const;
    expect(found(path)).toEqual([[1, 'rows.0.items.0']]);
  });
});

describe('carriedEntities', () => {
  const requires = [
    {
      kind: 'InlineFragment' as const,
      typeCondition: 'Title',
      selections: [
        { kind: 'Field' as const, name: '__typename' },
        { kind: 'Field' as const, name: 'id' },
        {
          kind: 'Field' as const,
          name: 'size',
          selections: [{ kind: 'Field' as const, name: 'width' }],
        },
      ],
    },
  ];

  it('G6: projects, removes duplicates, leaves out what cannot be represented', () => {
    const title = (id: string, width?: number) => ({
      __typename: 'Title',
      id,
      name: 'not needed',
      ...(width === undefined ? {} : { size: [{ width, height: 1 }] }),
    });
    const nulled = { __typename: 'Title', id: null, size: null };
    const rows = [title('a', 1), title('b'), title('a', 1), title('a', 2), { id: '?' }, nulled];
    const batch = { key: '_entities', variable: 'r', paths: [[{ Field: 'rows' }, '@' as const]] };
    const rewrites = { inputRewrites: [], outputRewrites: [] };
    const carried = carriedEntities([{ ...batch, requires, ...rewrites }], { rows }, types);
    expect(carried.representations.r).toEqual([
      { __typename: 'Title', id: 'a', size: [{ width: 1 }] },
      { __typename: 'Title', id: 'a', size: [{ width: 2 }] },
    ]);
    expect(carried.targets[0]?.indexOfObject).toEqual([0, -1, 0, 1, -1, -1]);
    expect(carried.isEmpty).toBe(false);
  });

  it('shares one list between batches that share a variable', () => {
    const data = {
      left: { __typename: 'Title', id: 'a' },
      right: { __typename: 'Title', id: 'b' },
    };
    const selections = [
      { kind: 'Field' as const, name: '__typename' },
      { kind: 'Field' as const, name: 'id' },
    ];
    const batches = ['left', 'right'].map((key) => ({
      key,
      variable: 'r',
      paths: [[{ Field: key }]],
      requires: [{ kind: 'InlineFragment' as const, typeCondition: 'Any', selections }],
      inputRewrites: [],
      outputRewrites: [],
    }));
    const { representations, targets } = carriedEntities(batches, data, types);
    expect(representations.r).toEqual([
      { __typename: 'Title', id: 'a' },
      { __typename: 'Title', id: 'b' },
    ]);
    expect(targets.map(({ indexOfObject }) => indexOfObject)).toEqual([[0], [1]]);
  });
});

describe('objects of responses', () => {
  it('hold any key', () => {
    const target = newObject();
    mergeInto(target, JSON.parse('{"__proto__": {"a": 1}, "constructor": 2}'));
    mergeInto(target, JSON.parse('{"__proto__": {"b": 1}}'));
    expect(JSON.stringify(target)).toBe('{"__proto__":{"a":1,"b":1},"constructor":2}');
    expect(newObject().constructor).toBeUndefined();
    expect(({} as Record<string, unknown>).b).toBeUndefined();
  });

  it('prefer what an object is to what it is one of', () => {
    const target = newObject();
    mergeInto(target, { __typename: 'Row' }, types);
    mergeInto(target, { __typename: 'Long' }, types);
    mergeInto(target, { __typename: 'Row' }, types);
    expect(target.__typename).toBe('Long');
  });
});
