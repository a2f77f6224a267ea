/** What services answer is checked: whatever it is, pages get GraphQL errors, never exceptions. */
import fc from 'fast-check';
import { buildSchema } from 'graphql';
import { describe, expect, it } from 'vitest';
import type { CallPlan, FetchNode } from '../../../src/gateway/call-plan.ts';
import { createPlanRunner, type FetchResult } from '../../../src/gateway/plan-run.ts';

const schema = buildSchema(`
  type Query { shelf: [Book] one: Book kind: Kind size: Int names: [String] any: Any }
  type Book { id: ID! price: Int kind: Kind author: Book }
  enum Kind { PAPER }
  scalar Any
`);
const createRun = createPlanRunner(schema);

const prices: FetchNode = {
  kind: 'Fetch',
  serviceName: 'prices',
  operation: 'query($representations:[_Any!]!){_entities(representations:$representations){price}}',
  requires: [
    { kind: 'Field', name: '__typename' },
    { kind: 'Field', name: 'id' },
  ],
};
const planOf = (node: FetchNode): CallPlan => ({
  document: '{ shelf { id price } }',
  root: {
    kind: 'Sequence',
    nodes: [
      { kind: 'Fetch', serviceName: 'books', operation: '{shelf{__typename id}}' },
      { kind: 'Flatten', path: [{ Field: 'shelf' }, '@'], node },
    ],
  },
});
const book = (id: string) => ({ __typename: 'Book', id });
const books = { shelf: [book('1'), book('2'), book('1'), book('3')] };

function answerTo(...results: readonly FetchResult[]) {
  const run = createRun(planOf(prices), {});
  run.start();
  const [fetch] = run.complete(0, { ok: true, data: books });
  for (const result of results) run.complete(fetch?.fetchId ?? -1, result);
  return run.answer();
}

describe('a service that answers rubbish', () => {
  it.each([
    [undefined, 'neither data nor errors'],
    [null, 'neither data nor errors'],
    [[], 'a list for data'],
    ['text', 'a string for data'],
    [{}, 'nothing for _entities'],
    [{ _entities: {} }, 'an object for _entities'],
    [{ _entities: [{ price: 1 }] }, '1 entities where 3 were asked for'],
  ])('G9: is an error with a path: %j', (data, message) => {
    expect(answerTo({ ok: true, data })).toEqual({
      data: { shelf: ['1', '2', '1', '3'].map((id) => ({ id, price: null })) },
      errors: [{ message: expect.stringContaining(message), path: ['shelf'] }],
    });
  });

  it('G9: keeps the entities that are some', () => {
    const data = { _entities: [7, { price: 2 }, { price: 'dear' }] };
    expect(answerTo({ ok: true, data })).toMatchObject({
      data: { shelf: [{ price: null }, { price: 2 }, { price: null }, { price: null }] },
      errors: [
        { message: expect.stringContaining('a number for an entity'), path: ['shelf', 0] },
        { message: expect.stringContaining('a number for an entity'), path: ['shelf', 2] },
        { message: expect.stringContaining('"dear" where "Int"'), path: ['shelf', 3, 'price'] },
      ],
    });
  });

  it('G9: reads errors that are none', () => {
    const data = { _entities: [null, null, null] };
    const errorsFor = (errors: unknown) =>
      answerTo({ ok: true, data, errors })?.errors.map(({ message }) => message);
    expect(errorsFor('oops')).toEqual(['the service prices answered errors that are no list']);
    expect(errorsFor(['oops', { path: 'x' }])).toEqual(['oops', 'an error without a message']);
    expect(errorsFor([])).toEqual([]);
  });

  it('G10: keeps extensions, and errors without a path at the place of the fetch', () => {
    const extensions = { code: 'TIRED' };
    const errors = [
      { message: 'a', extensions },
      { message: 'b', path: ['_entities', 2, 'price'], extensions },
    ];
    expect(answerTo({ ok: true, data: null, errors })?.errors).toEqual([
      { message: 'a', path: ['shelf'], extensions },
      { message: 'b', path: ['shelf', 3, 'price'], extensions },
    ]);
  });

  it('G9: never throws, whatever comes', () => {
    const document = '{ shelf { id kind author { price } } one { price } kind size names any }';
    const root: FetchNode = { kind: 'Fetch', serviceName: 's', operation: document };
    let withErrors = 0;
    const keys = ['shelf', 'one', 'id', 'kind', 'size', 'names', 'author', '__proto__'];
    const property = fc.property(fc.infiniteStream(fc.nat()), (stream) => {
      const draw = (n: number) => (stream.next().value ?? 0) % n;
      const made = (depth: number): unknown => {
        const kind = draw(depth === 0 ? 5 : 8);
        if (kind < 5) return [null, 'text', draw(9), 1.5, true][kind];
        if (kind === 5) return Array.from({ length: draw(3) }, () => made(depth - 1));
        const entries = keys.filter(() => draw(2) === 0).map((key) => [key, made(depth - 1)]);
        return Object.fromEntries(entries);
      };
      const data = made(4);
      const errors = draw(2) === 0 ? undefined : made(3);
      const run = createRun({ document, root }, {});
      run.start();
      run.complete(0, { ok: true, data, errors });
      const answer = run.answer();
      expect(Array.isArray(answer?.errors)).toBe(true);
      withErrors += (answer?.errors.length ?? 0) > 0 ? 1 : 0;
      for (const error of answer?.errors ?? []) expect(typeof error.message).toBe('string');
    });
    fc.assert(property, { numRuns: 300, seed: 5 });
    expect(withErrors).toBeGreaterThan(100);
  });
});

describe('fallbacks', () => {
  it('G11: a default is nulls without an error, marked', () => {
    expect(answerTo({ ok: true, data: undefined, fallback: 'default' })).toEqual({
      data: { shelf: ['1', '2', '1', '3'].map((id) => ({ id, price: null })) },
      errors: [],
      degraded: true,
    });
  });

  it('G11: stale data are data, marked', () => {
    const data = { _entities: [{ price: 1 }, { price: 2 }, { price: 3 }] };
    const answer = answerTo({ ok: true, data, fallback: 'stale' });
    expect(answer).toMatchObject({ errors: [], degraded: true });
    expect(answer?.data?.shelf).toContainEqual({ id: '3', price: 3 });
    expect(answerTo({ ok: true, data })).not.toHaveProperty('degraded');
  });
});

describe('a fetch in several calls', () => {
  it('G18: gives a failed call to its own objects alone, in any order of completion', () => {
    const run = createRun(planOf({ ...prices, maxBatch: 1 }), {});
    run.start();
    const calls = run.complete(0, { ok: true, data: books });
    expect(calls.map(({ variables }) => variables.representations)).toEqual([
      [book('1')],
      [book('2')],
      [book('3')],
    ]);
    const [first, second, third] = calls.map(({ fetchId }) => fetchId) as [number, number, number];
    run.complete(third, { ok: true, data: { _entities: [{ price: 3 }] } });
    run.complete(first, { ok: false, message: 'down', extensions: { code: 'X' } });
    expect(run.answer()).toBeUndefined();
    const errors = [{ message: 'no', path: ['_entities', 0, 'price'] }];
    run.complete(second, { ok: true, data: { _entities: [null] }, errors });
    expect(run.answer()).toEqual({
      data: {
        shelf: [
          { id: '1', price: null },
          { id: '2', price: null },
          { id: '1', price: null },
          { id: '3', price: 3 },
        ],
      },
      errors: [
        { message: 'down', path: ['shelf', 0], extensions: { code: 'X' } },
        { message: 'down', path: ['shelf', 2], extensions: { code: 'X' } },
        { message: 'no', path: ['shelf', 1, 'price'] },
      ],
    });
  });

  it('G18: carries at most so many representations', () => {
    const run = createRun(planOf({ ...prices, maxBatch: 2 }), {});
    run.start();
    const calls = run.complete(0, { ok: true, data: books });
    const sizes = calls.map(({ variables }) => (variables.representations as unknown[]).length);
    expect(sizes).toEqual([2, 1]);
  });
});
