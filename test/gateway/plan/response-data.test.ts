/** Merging and finding one's way in the data of a page. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { deepFreeze } from '../../../src/gateway/plan/freeze.ts';
import { representationsOf } from '../../../src/gateway/plan/representations.ts';
import { mergeInto, visitObjects } from '../../../src/gateway/plan/response-data.ts';

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

describe('visitObjects', () => {
  const data = {
    rows: [
      { __typename: 'Row', items: [{ id: 1 }, null] },
      { __typename: 'Other', items: [{ id: 2 }] },
    ],
    one: { id: 3 },
  };
  const visited = (path: Parameters<typeof visitObjects>[1]) => {
    const found: unknown[] = [];
    visitObjects(data, path, (object, at) => found.push([object.id, at.join('.')]));
    return found;
  };

  it('finds objects in the order of the data, and says where', () => {
    expect(visited([{ Field: 'rows' }, '@', { Field: 'items' }, '@'])).toEqual([
      [1, 'rows.0.items.0'],
      [2, 'rows.1.items.0'],
    ]);
    expect(visited([{ Field: 'one' }])).toEqual([[3, 'one']]);
    expect(visited([{ Field: 'none' }, '@'])).toEqual([]);
  });

  it('keeps to the types of a condition', () => {
    const path = [{ Field: 'rows' }, '@', { TypeCondition: ['Row'] }, { Field: 'items' }, '@'];
    expect(visited(path as Parameters<typeof visitObjects>[1])).toEqual([[1, 'rows.0.items.0']]);
  });
});

describe('representationsOf', () => {
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
    const objects = [title('a', 1), title('b'), title('a', 1), title('a', 2), { id: 'untyped' }];
    const { list, indexOfObject } = representationsOf(objects, requires);
    expect(list).toEqual([
      { __typename: 'Title', id: 'a', size: [{ width: 1 }] },
      { __typename: 'Title', id: 'a', size: [{ width: 2 }] },
    ]);
    expect(indexOfObject).toEqual([0, -1, 0, 1, -1]);
  });
});
