/** The three services by themselves: what they know, what they do not, and what it counts as. */
import { executeSync, parse } from 'graphql';
import { describe, expect, it } from 'vitest';
import type { Catalogue } from '../../../src/domain/catalogue.ts';
import { createSubgraphSchema } from '../../../src/gateway/services/executable-schema.ts';
import { createLibrary } from '../../../src/gateway/services/library.ts';
import { movieSubgraph } from '../../../src/gateway/services/movie.ts';
import { productionSubgraph } from '../../../src/gateway/services/production.ts';
import { firstOf, type Subgraph } from '../../../src/gateway/services/subgraph.ts';
import { talentSubgraph } from '../../../src/gateway/services/talent.ts';
import { atLeastOne, createWorkCounter } from '../../../src/gateway/services/work-counter.ts';
import { createTinyCatalogue } from '../tiny-catalogue.ts';

const catalogue = createTinyCatalogue();
const library = createLibrary(catalogue);

function ask(subgraph: Subgraph, operation: string, variables: Record<string, unknown> = {}) {
  const counter = createWorkCounter();
  const { data, errors } = executeSync({
    schema: createSubgraphSchema(subgraph, library),
    document: parse(operation),
    variableValues: variables,
    contextValue: counter,
  });
  expect(errors).toBeUndefined();
  return { data: JSON.parse(JSON.stringify(data)) as unknown, work: counter.work() };
}

const entities = (fields: string) =>
  `query($representations: [_Any!]!) {
    _entities(representations: $representations) { ${fields} }
  }`;

describe('movie', () => {
  it('fills the rows of the home page with at most eight titles each', () => {
    const { data } = ask(movieSubgraph, '{ homeRows(genre: "Crime") { name titles { id } } }');
    const { homeRows } = data as { homeRows: { name: string; titles: { id: string }[] }[] };
    expect(homeRows.map(({ name }) => name)).toEqual([
      'Popular now',
      'Because you like Crime',
      'New on backlot',
      'Shows to start',
    ]);
    expect(homeRows.map(({ titles }) => titles.length)).toEqual([8, 8, 8, 8]);
    expect(homeRows[0]?.titles.map(({ id }) => id)).toEqual(
      catalogue.titles.slice(0, 8).map(({ id }) => id),
    );
  });

  it('leaves out a row that holds nothing', () => {
    const { data } = ask(movieSubgraph, '{ homeRows(genre: "none") { name } }');
    expect((data as { homeRows: unknown[] }).homeRows).toHaveLength(3);
  });

  it('finds at most ten titles by a part of the name, letter case aside', () => {
    const search = (text: string) =>
      (ask(movieSubgraph, `{ search(text: "${text}") { id } }`).data as { search: unknown[] })
        .search;
    expect(search('NIGHT')).toHaveLength(10);
    expect(search('ночь')).toEqual([{ id: 'tt03' }]);
    expect(search('  ')).toEqual([]);
  });
});

describe('production', () => {
  it('knows a title’s length only from the representation', () => {
    const fields = '... on Title { studio playback { segmentCount } }';
    const representations = [
      { __typename: 'Title', id: 'tt01', durationMinutes: 2 },
      { __typename: 'Title', id: 'tt01' },
      { __typename: 'Title', id: 'nobody’s' },
    ];
    const { data, work } = ask(productionSubgraph, entities(fields), { representations });
    expect(data).toEqual({
      _entities: [
        { studio: 'Studio 1', playback: { segmentCount: 30 } },
        { studio: 'Studio 1', playback: null },
        null,
      ],
    });
    expect(work).toEqual({ movie: 0, production: 1, talent: 0 });
  });
});

describe('talent', () => {
  it('names a cast in the order of billing, without people that nobody is', () => {
    const { data } = ask(talentSubgraph, '{ titleCredits(id: "tt02") { cast { person { id } } } }');
    const ids = catalogue.titles[2]?.castIds.filter((id) => id !== 'pp99') ?? [];
    expect(data).toEqual({ titleCredits: { cast: ids.map((id) => ({ person: { id } })) } });
    expect(ids).toHaveLength(3);
  });

  it('gives a role the same name every time, whoever asks', () => {
    const query = '{ titleCredits(id: "tt05") { cast { character } } }';
    expect(ask(talentSubgraph, query).data).toEqual(ask(talentSubgraph, query).data);
    expect(JSON.stringify(ask(talentSubgraph, query).data)).toMatch(/"character":"\w+ \w+"/);
  });

  it('counts each entity once that is read for more than its key', () => {
    const { work } = ask(talentSubgraph, entities('... on Person { id name filmography { id } }'), {
      representations: [
        { __typename: 'Person', id: 'pp01' },
        { __typename: 'Person', id: 'pp02' },
      ],
    });
    expect(work).toEqual({ movie: 0, production: 0, talent: 2 });
  });
});

describe('every service', () => {
  it.each([movieSubgraph, productionSubgraph, talentSubgraph])('$name tells its schema', (one) => {
    expect(ask(one, '{ _service { sdl } }').data).toEqual({ _service: { sdl: one.typeDefs } });
  });
});

describe('the library', () => {
  it('lists each title of a person once, most popular first', () => {
    const [title] = createTinyCatalogue().titles.slice(5, 6);
    if (title === undefined) throw new Error('no title');
    const doubled: Catalogue = {
      source: 'doubled',
      people: [{ id: 'p', name: 'P' }],
      titles: [
        { ...title, castIds: ['p', 'p'], directorIds: ['p'] },
        { ...title, id: 'other', castIds: ['p'], directorIds: [] },
      ],
    };
    const person = createLibrary(doubled).person('p');
    expect(person?.titles.map(({ id }) => id)).toEqual([title.id, 'other']);
  });
});

describe('small things', () => {
  it('firstOf takes what is asked for', () => {
    expect([firstOf([1, 2, 3], 2), firstOf([1, 2], undefined), firstOf([1], -1)]).toEqual([
      [1, 2],
      [1, 2],
      [],
    ]);
  });

  it('atLeastOne counts a look that finds nothing', () => {
    const none = { movie: 0, production: 0, talent: 0 };
    expect(atLeastOne(none, 'talent')).toEqual({ ...none, talent: 1 });
    expect(atLeastOne(none, 'monolith')).toEqual({ ...none, movie: 1 });
    expect(atLeastOne({ ...none, production: 4 }, 'production').production).toBe(4);
  });
});
