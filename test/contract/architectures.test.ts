/** The contract suite over every variant of the four architectures, and what one costs beside
 * another: calls and their depth for each page on the tiny catalogue. */
import { describe, expect, it } from 'vitest';
import { PAGE_NAMES, type PageName } from '../../src/domain/page.ts';
import { ARCHITECTURE_NAMES } from '../../src/gateway/architecture.ts';
import type { PlannedFetch } from '../../src/gateway/plan-run.ts';
import { createServiceBackends } from '../../src/gateway/service-backends.ts';
import { drivePlan } from '../gateway/drive-plan.ts';
import { createTinyCatalogue } from '../gateway/tiny-catalogue.ts';
import { describeArchitecture } from './architecture.contract.ts';
import { type ArchitectureVariant, VARIANTS, variantNamed } from './variants.ts';

for (const variant of VARIANTS) describeArchitecture(variant);

it('covers every architecture', () => {
  const names = VARIANTS.map(({ architecture }) => architecture.name);
  expect([...new Set(names)]).toEqual(ARCHITECTURE_NAMES);
});

const backends = createServiceBackends(createTinyCatalogue());
const VARIABLES = { genre: 'Drama', id: 'tt05', text: 'night' };

/** All calls of a page, wave by wave: a wave is what is out when the one before it is in. */
function wavesOf(variant: ArchitectureVariant, page: PageName): readonly PlannedFetch[][] {
  const run = variant.createRun(variant.architecture.plan(page), VARIABLES);
  const waves: PlannedFetch[][] = [];
  for (let open = [...run.start()]; open.length > 0; ) {
    waves.push(open);
    open = open.flatMap(({ fetchId, serviceName: service, operation, variables }) => {
      const { data } = backends.execute({ service, operation, variables });
      return run.complete(fetchId, { ok: true, data });
    });
  }
  return waves;
}

/** [requests over the wide-area network, one after the other of them, calls inside, one after the
 * other of them]. */
function figuresOf(variant: ArchitectureVariant, page: PageName): readonly number[] {
  const waves = wavesOf(variant, page);
  const [calls, depth] = [waves.flat().length, waves.length];
  const { executedAt } = variant.architecture;
  if (executedAt === 'device') return [calls, depth, 0, 0];
  return executedAt === 'server' ? [1, 1, 0, 0] : [1, 1, calls, depth];
}

/** What each page asks about: distinct titles of home and the leads of their casts, the cast of one
 * title, its directors and the films of its cast, the results of a search and who plays in them. */
const ABOUT = { titles: 19, leads: 4, cast: 6, directors: 1, films: 9, found: 10, actors: 6 };

/** How many different ids the answers of the monolith have at a path like `search.cast.person`. */
function idCount(page: PageName, path: string): number {
  const { architecture } = variantNamed('monolith');
  const { answer } = drivePlan({ plan: architecture.plan(page), variables: VARIABLES, backends });
  const at = path
    .split('.')
    .reduce<unknown[]>(
      (objects, key) => objects.flatMap((one) => (one as Record<string, unknown>)[key]),
      [answer.data],
    );
  return new Set(at.map((one) => (one as { readonly id: string }).id)).size;
}

describe('G43: calls and depth of each page', () => {
  it('follow from what the page is about', () => {
    expect({
      titles: idCount('home', 'homeRows.titles'),
      leads: idCount('home', 'homeRows.titles.cast.person'),
      cast: idCount('title', 'title.cast.person'),
      directors: idCount('title', 'title.directors'),
      films: idCount('title', 'title.cast.person.filmography'),
      found: idCount('search', 'search'),
      actors: idCount('search', 'search.cast.person'),
    }).toEqual(ABOUT);
  });

  const { titles, leads, cast, directors, films, found, actors } = ABOUT;
  const one = [1, 1, 0, 0];
  it.each([
    { name: 'monolith', home: one, title: one, search: one, play: one },
    {
      name: 'direct, batch',
      home: [5, 3, 0, 0],
      title: [6, 3, 0, 0],
      search: [4, 3, 0, 0],
      play: [2, 2, 0, 0],
    },
    {
      name: 'direct, per-id',
      home: [1 + 3 * titles + leads, 3, 0, 0],
      title: [3 + cast + directors + films, 3, 0, 0],
      search: [1 + 2 * found + actors, 3, 0, 0],
      play: [2, 2, 0, 0],
    },
    {
      name: 'aggregation, batch, parallel',
      home: [1, 1, 3, 2],
      title: [1, 1, 5, 2],
      search: [1, 1, 3, 2],
      play: [1, 1, 2, 2],
    },
    {
      name: 'aggregation, batch, sequential',
      home: [1, 1, 3, 3],
      title: [1, 1, 5, 5],
      search: [1, 1, 3, 3],
      play: [1, 1, 2, 2],
    },
    {
      name: 'aggregation, per-id, parallel',
      home: [1, 1, 1 + 2 * titles, 2],
      title: [1, 1, 3 + directors + films, 2],
      search: [1, 1, 1 + 2 * found, 2],
      play: [1, 1, 2, 2],
    },
    {
      name: 'aggregation, per-id, sequential',
      home: [1, 1, 1 + 2 * titles, 1 + 2 * titles],
      title: [1, 1, 3 + directors + films, 3 + directors + films],
      search: [1, 1, 1 + 2 * found, 1 + 2 * found],
      play: [1, 1, 2, 2],
    },
    {
      name: 'federated, plan',
      home: [1, 1, 3, 2],
      title: [1, 1, 5, 3],
      search: [1, 1, 3, 2],
      play: [1, 1, 2, 2],
    },
    {
      name: 'federated, dataflow',
      home: [1, 1, 3, 2],
      title: [1, 1, 5, 3],
      search: [1, 1, 3, 2],
      play: [1, 1, 2, 2],
    },
  ])('$name', ({ name, ...pages }) => {
    const variant = variantNamed(name);
    const figures = PAGE_NAMES.map((page) => [page, figuresOf(variant, page)]);
    expect(Object.fromEntries(figures)).toEqual(pages);
  });
});

describe('G40: a batch and a call an id ask for the same', () => {
  const asked = (variant: ArchitectureVariant, page: PageName) => {
    const plan = variant.architecture.plan(page);
    const { fetches } = drivePlan({ ...variant, plan, variables: VARIABLES, backends });
    return fetches
      .flatMap(({ serviceName, operation, variables }) => {
        const { representations = [variables] } = variables;
        return (representations as readonly unknown[]).map((one) =>
          JSON.stringify([serviceName, operation, one]),
        );
      })
      .sort();
  };
  it.each([
    ['direct, batch', 'direct, per-id'],
    ['aggregation, batch, parallel', 'aggregation, per-id, parallel'],
    ['aggregation, batch, sequential', 'aggregation, per-id, sequential'],
  ])('%s and %s', (batch, perId) => {
    for (const page of PAGE_NAMES) {
      const both = asked(variantNamed(batch), page);
      expect(asked(variantNamed(perId), page)).toEqual(both);
      expect(both.length).toBeGreaterThan(1);
    }
  });
});

it('G41: in sequential order one call is under way at a time', () => {
  const sequential = VARIANTS.filter(({ name }) => name.endsWith('sequential'));
  const waves = sequential.flatMap((variant) =>
    PAGE_NAMES.flatMap((page) => wavesOf(variant, page)),
  );
  expect(sequential).toHaveLength(2);
  expect(waves.length).toBeGreaterThan(80);
  expect(new Set(waves.map((wave) => wave.length))).toEqual(new Set([1]));
});
