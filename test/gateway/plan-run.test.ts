/** The executor by itself: hand-made plans, hand-made results, and what fails. */
import fc from 'fast-check';
import { buildSchema } from 'graphql';
import { describe, expect, it } from 'vitest';
import { PAGE_NAMES, type PageName } from '../../src/domain/page.ts';
import { createArchitecture } from '../../src/gateway/architectures.ts';
import type { CallPlan, PlanNode } from '../../src/gateway/call-plan.ts';
import { createPlanRun, createPlanRunner } from '../../src/gateway/plan-run.ts';
import { createServiceBackends } from '../../src/gateway/service-backends.ts';
import { InvariantError } from '../../src/kernel/errors.ts';
import { drivePlan } from './drive-plan.ts';
import { createTinyCatalogue } from './tiny-catalogue.ts';

const schema = buildSchema(`
  type Query { shelf: [Book!] book: Book }
  type Book { id: ID! title: String price: Int! author: Author }
  type Author { id: ID! name: String! }
`);
const createRun = createPlanRunner(schema);

const fetchOf = (serviceName: string, operation: string): PlanNode => ({
  kind: 'Fetch',
  serviceName,
  operation,
});
const entitiesOf = (serviceName: string, path: string[], type: string): PlanNode => ({
  kind: 'Flatten',
  path: path.map((one) => (one === '@' ? '@' : { Field: one })),
  node: {
    kind: 'Fetch',
    serviceName,
    operation: 'query($representations:[_Any!]!){_entities(representations:$representations){id}}',
    requires: [
      {
        kind: 'InlineFragment',
        typeCondition: type,
        selections: [
          { kind: 'Field', name: '__typename' },
          { kind: 'Field', name: 'id' },
        ],
      },
    ],
  },
});

const shelfPlan: CallPlan = {
  document: '{ shelf { id cost: price author { name } } }',
  root: {
    kind: 'Sequence',
    nodes: [
      fetchOf('books', '{shelf{__typename id author{__typename id}}}'),
      {
        kind: 'Parallel',
        nodes: [
          entitiesOf('prices', ['shelf', '@'], 'Book'),
          entitiesOf('authors', ['shelf', '@', 'author'], 'Author'),
        ],
      },
    ],
  },
};

const book = (id: string, author: string | null) => ({
  __typename: 'Book',
  id,
  author: author === null ? null : { __typename: 'Author', id: author },
});
const shelf = { shelf: [book('b1', 'a1'), book('b2', null), book('b1', 'a1'), book('b3', 'a1')] };

describe('a run', () => {
  it('G6: sends each representation once, and gives every object its own answer', () => {
    const run = createRun(shelfPlan, {});
    expect(run.start()).toEqual([
      { fetchId: 0, serviceName: 'books', operation: expect.any(String), variables: {} },
    ]);
    expect(run.answer()).toBeUndefined();
    const [prices, authors, ...rest] = run.complete(0, { ok: true, data: shelf });
    expect(rest).toEqual([]);
    expect(run.openFetchCount).toBe(2);
    expect(prices?.variables.representations).toEqual([
      { __typename: 'Book', id: 'b1' },
      { __typename: 'Book', id: 'b2' },
      { __typename: 'Book', id: 'b3' },
    ]);
    expect(authors?.variables.representations).toEqual([{ __typename: 'Author', id: 'a1' }]);
    run.complete(authors?.fetchId ?? -1, { ok: true, data: { _entities: [{ name: 'Ann' }] } });
    expect(run.answer()).toBeUndefined();
    const _entities = [{ cost: 1 }, { cost: 2 }, { cost: 3 }];
    run.complete(prices?.fetchId ?? -1, { ok: true, data: { _entities } });
    const ann = { name: 'Ann' };
    expect(run.answer()).toEqual({
      data: {
        shelf: [
          { id: 'b1', cost: 1, author: ann },
          { id: 'b2', cost: 2, author: null },
          { id: 'b1', cost: 1, author: ann },
          { id: 'b3', cost: 3, author: ann },
        ],
      },
      errors: [],
    });
  });

  it('G5: moves the errors of entities to all places that they are about', () => {
    const run = createRun(shelfPlan, {});
    run.start();
    const [prices, authors] = run.complete(0, { ok: true, data: shelf });
    run.complete(prices?.fetchId ?? -1, {
      ok: true,
      data: { _entities: [null, { cost: 2 }, { cost: 3 }] },
      errors: [{ message: 'no price', path: ['_entities', 0, 'cost'] }, { message: 'tired' }],
    });
    run.complete(authors?.fetchId ?? -1, { ok: false, message: 'authors are down' });
    expect(run.answer()).toEqual({
      // price is non-null: the book without one takes the list of non-null books with it.
      data: { shelf: null },
      errors: [
        { message: 'no price', path: ['shelf', 0, 'cost'] },
        { message: 'no price', path: ['shelf', 2, 'cost'] },
        { message: 'tired', path: ['shelf'] },
        { message: 'authors are down', path: ['shelf'] },
      ],
    });
  });

  it('reports a null that the schema does not allow where no service owned up to it', () => {
    const run = createRun(
      { document: '{ book { price } }', root: fetchOf('b', '{book{price}}') },
      {},
    );
    run.start();
    run.complete(0, { ok: true, data: { book: { price: null } } });
    expect(run.answer()).toEqual({
      data: { book: null },
      errors: [
        {
          message: 'Cannot return null for non-nullable field Book.price.',
          path: ['book', 'price'],
        },
      ],
    });
  });

  it('makes no fetch where no object needs it', () => {
    const run = createRun(shelfPlan, {});
    run.start();
    expect(run.complete(0, { ok: true, data: { shelf: [] } })).toEqual([]);
    expect(run.answer()).toEqual({ data: { shelf: [] }, errors: [] });
  });

  it.each([
    { wanted: 'true', fetched: ['books', 'prices'] },
    { wanted: 'false', fetched: ['books'] },
  ])('takes the branch of a condition: $wanted', ({ wanted, fetched }) => {
    const plan: CallPlan = {
      document: 'query($wanted: Boolean!) { book { id price @include(if: $wanted) } }',
      root: {
        kind: 'Sequence',
        nodes: [
          fetchOf('books', '{book{__typename id}}'),
          {
            kind: 'Condition',
            condition: 'wanted',
            ifClause: entitiesOf('prices', ['book'], 'Book'),
            elseClause: null,
          },
        ],
      },
    };
    const run = createRun(plan, { wanted });
    const names = run.start().map((fetch) => fetch.serviceName);
    const next = run.complete(0, { ok: true, data: { book: book('b1', null) } });
    for (const { fetchId, serviceName } of next) {
      names.push(serviceName);
      run.complete(fetchId, { ok: true, data: { _entities: [{ price: 9 }] } });
    }
    expect(names).toEqual(fetched);
    expect(run.answer()?.data).toEqual({
      book: wanted === 'true' ? { id: 'b1', price: 9 } : { id: 'b1' },
    });
  });

  it('takes a result for an open fetch only, once', () => {
    const run = createRun(shelfPlan, {});
    run.start();
    expect(() => run.complete(1, { ok: false, message: '' })).toThrow(InvariantError);
    run.complete(0, { ok: false, message: 'down' });
    expect(() => run.complete(0, { ok: false, message: '' })).toThrow(InvariantError);
    expect(() => run.start()).toThrow(InvariantError);
  });

  it('leaves results as they are, and gives the same answer to fresh copies of them', () => {
    const backends = createServiceBackends(createTinyCatalogue());
    const forgetful = createServiceBackends(createTinyCatalogue(), { maxRememberedAnswers: 0 });
    const plan = createArchitecture('federated').plan('home');
    const variables = { genre: 'Drama' };
    const known = drivePlan({ plan, variables, backends }).answer;
    const copied = drivePlan({
      plan,
      variables,
      backends: {
        ...forgetful,
        execute: (request) => structuredClone(forgetful.execute(structuredClone(request))),
      },
    }).answer;
    expect(copied).toEqual(known);
    expect(drivePlan({ plan, variables, backends }).answer.data).toBe(known.data);
    expect(Object.isFrozen(known.data)).toBe(true);
  });
});

describe('the pages under failures', () => {
  const backends = createServiceBackends(createTinyCatalogue());
  const variables: Readonly<Record<PageName, Readonly<Record<string, string>>>> = {
    home: { genre: 'Crime' },
    title: { id: 'tt07' },
    search: { text: 'night' },
    play: { id: 'tt02' },
  };

  it('G5: without talent, home still shows titles and studios', () => {
    const plan = createArchitecture('federated').plan('home');
    const { answer } = drivePlan({
      plan,
      variables: variables.home,
      backends,
      fails: ({ serviceName }) => serviceName === 'talent',
    });
    const whole = drivePlan({ plan, variables: variables.home, backends }).answer;
    const text = JSON.stringify(whole.data).replaceAll(/"cast":\[[^\]]*\]/g, '"cast":null');
    expect(answer.data).toEqual(JSON.parse(text));
    expect(answer.errors).toEqual([{ message: 'talent is down', path: ['homeRows'] }]);
  });

  it('G4: whatever fails, order changes nothing and what is left is true', () => {
    let partial = 0;
    const property = fc.property(
      fc.record({
        page: fc.constantFrom(...PAGE_NAMES),
        name: fc.constantFrom('direct' as const, 'aggregation' as const, 'federated' as const),
        down: fc.subarray(['movie', 'production', 'talent']),
        spared: fc.nat({ max: 3 }),
        picks: fc.infiniteStream(fc.nat()),
      }),
      ({ page, name, down, spared, picks }) => {
        const plan = createArchitecture(name).plan(page);
        const drive = {
          plan,
          variables: variables[page],
          backends,
          // Fails by what is asked, so that it means the same in every order.
          fails: (fetch: { serviceName: string; operation: string }) =>
            down.includes(fetch.serviceName) && fetch.operation.length % 4 !== spared,
        };
        const inOrder = drivePlan(drive).answer;
        const pick = (count: number) => (picks.next().value ?? 0) % count;
        expect(drivePlan({ ...drive, pick }).answer).toEqual(inOrder);
        const whole = drivePlan({ plan, variables: variables[page], backends }).answer.data;
        expect(isPartOf(inOrder.data, whole)).toBe(true);
        const hasNulls = JSON.stringify(inOrder.data) !== JSON.stringify(whole);
        expect(inOrder.errors.length > 0).toBe(hasNulls);
        partial += hasNulls ? 1 : 0;
      },
    );
    fc.assert(property, { numRuns: 300, seed: 20_261_123 });
    expect(partial).toBeGreaterThan(100);
  });

  it('runs the product’s plans over the product’s schema', () => {
    const run = createPlanRun(createArchitecture('monolith').plan('play'), { id: 'tt01' });
    expect(run.start()[0]?.variables).toEqual({ id: 'tt01' });
  });
});

/** Whether `part` is `whole` but for nulls. */
function isPartOf(part: unknown, whole: unknown): boolean {
  if (part === null) return true;
  if (typeof part !== 'object' || typeof whole !== 'object' || whole === null)
    return part === whole;
  const theirs = whole as Record<string, unknown>;
  const ours = Object.entries(part);
  if (ours.length !== Object.keys(theirs).length) return false;
  return ours.every(([key, value]) => isPartOf(value, theirs[key]));
}
