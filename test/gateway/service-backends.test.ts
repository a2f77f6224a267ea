/** The service side: answers, what they cost, and how long they are remembered. */
import { describe, expect, it } from 'vitest';
import { PAGE_NAMES } from '../../src/domain/page.ts';
import { createAggregation } from '../../src/gateway/aggregation.ts';
import { createDirect } from '../../src/gateway/direct.ts';
import { ask, askForEach, inSequence, pagePlan } from '../../src/gateway/hand-written.ts';
import { forEachPage } from '../../src/gateway/pages.ts';
import { createServiceBackends } from '../../src/gateway/service-backends.ts';
import { InvariantError } from '../../src/kernel/errors.ts';
import { drivePlan } from './drive-plan.ts';
import { createTinyCatalogue } from './tiny-catalogue.ts';

const catalogue = createTinyCatalogue();
const titleQuery = {
  service: 'movie',
  operation: 'query($id:ID!){title(id:$id){name}}',
  variables: { id: 'tt03' },
};

describe('createServiceBackends', () => {
  it('answers with real data and their real sizes', () => {
    const answer = createServiceBackends(catalogue).execute(titleQuery);
    expect(answer.data).toEqual({ title: { name: 'Ночь & Night' } });
    const body = '{"data":{"title":{"name":"Ночь & Night"}}}';
    expect(answer.responseBytes).toBe(Buffer.byteLength(body));
    expect(answer.responseBytes).toBe(body.length + 4);
    const { operation: query, variables } = titleQuery;
    expect(answer.requestBytes).toBe(JSON.stringify({ query, variables }).length);
    expect(answer.work).toEqual({ movie: 1, production: 0, talent: 0 });
    expect(answer.databaseRoundTrips).toBe(1);
    expect(answer.errors).toBeUndefined();
  });

  it('gives the same frozen object to the same question', () => {
    const backends = createServiceBackends(catalogue);
    const answer = backends.execute(titleQuery);
    expect(backends.execute({ ...titleQuery, variables: { id: 'tt03' } })).toBe(answer);
    const frozen = { ...titleQuery, variables: Object.freeze({ id: 'tt03' }) };
    expect(backends.execute(frozen)).toBe(answer);
    expect(backends.execute(frozen)).toBe(answer);
    expect(Object.isFrozen(answer.data.title)).toBe(true);
  });

  it('forgets what was unused for longest, and then answers the same', () => {
    const backends = createServiceBackends(catalogue, { maxRememberedAnswers: 2 });
    const of = (id: string) => backends.execute({ ...titleQuery, variables: { id } });
    const [a, b] = [of('tt01'), of('tt02')];
    expect(of('tt01')).toBe(a);
    of('tt03');
    expect(of('tt01')).toBe(a);
    expect(of('tt02')).not.toBe(b);
    expect(of('tt02')).toEqual(b);
  });

  it('reports what a service says is wrong, with data where there are any', () => {
    const bad = { ...titleQuery, variables: {} };
    const answer = createServiceBackends(catalogue).execute(bad);
    expect(answer.data).toEqual({});
    expect(answer.errors?.[0]?.message).toMatch(/\$id/);
  });

  it('knows its services', () => {
    const backends = createServiceBackends(catalogue);
    expect(() => backends.execute({ ...titleQuery, service: 'music' })).toThrow(InvariantError);
  });

  it('counts for the monolith what the services do together, each entity once', () => {
    const backends = createServiceBackends(catalogue);
    const variables = { genre: 'Drama', id: 'tt05', text: 'night' };
    const work = forEachPage((page) => {
      const plan = createAggregation().plan(page);
      const { fetches } = drivePlan({ plan, variables, backends });
      const answers = fetches.map((fetch) =>
        backends.execute({ service: fetch.serviceName, ...fetch }),
      );
      return answers.reduce((sum, answer) => sum + (answer.work.talent ?? 0), 0);
    });
    const document = createDirect().plan('search').document;
    const whole = backends.execute({
      service: 'monolith',
      operation: document,
      variables: { text: 'night' },
    });
    expect(whole.work.talent).toBe(work.search);
    expect(PAGE_NAMES.map((page) => work[page] > 0)).toEqual([true, true, true, false]);
  });
});

describe('hand-written plans', () => {
  it('are the nodes that a planner would write', () => {
    const root = inSequence(
      ask('movie', 'query($text:String!){search(text:$text){__typename id}}'),
      askForEach({ service: 'talent', path: 'search.@', type: 'Title', select: 'cast{character}' }),
    );
    const plan = pagePlan('search', root);
    expect(plan.root).toEqual({
      kind: 'Sequence',
      nodes: [
        {
          kind: 'Fetch',
          serviceName: 'movie',
          operation: 'query($text:String!){search(text:$text){__typename id}}',
          operationKind: 'query',
          variableUsages: ['text'],
        },
        {
          kind: 'Flatten',
          path: [{ Field: 'search' }, '@'],
          node: {
            kind: 'Fetch',
            serviceName: 'talent',
            operationKind: 'query',
            operation:
              'query($representations:[_Any!]!){_entities(representations:$representations)' +
              '{...on Title{cast{character}}}}',
            requires: [
              {
                kind: 'InlineFragment',
                typeCondition: 'Title',
                selections: [
                  { kind: 'Field', name: '__typename' },
                  { kind: 'Field', name: 'id' },
                ],
              },
            ],
          },
        },
      ],
    });
  });
});
