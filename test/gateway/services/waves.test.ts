/** Waves of the monolith against the longest chain of the planned fetches of the same page. */
import { buildSchema, parse } from 'graphql';
import { describe, expect, it } from 'vitest';
import { PAGE_NAMES } from '../../../src/domain/page.ts';
import type { PlanNode } from '../../../src/gateway/call-plan.ts';
import { createFederated } from '../../../src/gateway/federated.ts';
import { createMonolith } from '../../../src/gateway/monolith.ts';
import { createServiceBackends } from '../../../src/gateway/service-backends.ts';
import { countWaves } from '../../../src/gateway/services/waves.ts';
import { drivePlan } from '../drive-plan.ts';
import { createTinyCatalogue } from '../tiny-catalogue.ts';

function longestChain(node: PlanNode | null | undefined): number {
  if (!node) return 0;
  switch (node.kind) {
    case 'Fetch':
    case 'BatchFetch':
      return 1;
    case 'Flatten':
      return longestChain(node.node);
    case 'Sequence':
      return node.nodes.map(longestChain).reduce((sum, one) => sum + one, 0);
    case 'Parallel':
      return Math.max(0, ...node.nodes.map(longestChain));
    case 'Condition':
      return Math.max(longestChain(node.ifClause), longestChain(node.elseClause));
  }
}

describe('countWaves', () => {
  it.each(PAGE_NAMES)('needs as many look-ups for %s as the planner chains fetches', (page) => {
    const backends = createServiceBackends(createTinyCatalogue());
    const variables = { genre: 'Drama', id: 'tt05', text: 'night' };
    const { fetches } = drivePlan({ plan: createMonolith().plan(page), variables, backends });
    const [fetch] = fetches;
    if (fetch === undefined) throw new Error('the monolith is not asked');
    const answer = backends.execute({ service: 'monolith', ...fetch });
    expect(answer.databaseRoundTrips).toBe(longestChain(createFederated().plan(page).root));
    expect(answer.databaseRoundTrips).toBe({ home: 2, title: 3, search: 2, play: 2 }[page]);
  });

  it('follows fragments, and counts a change of owner only', () => {
    const schema = buildSchema('type Query { a: A } type A { b: A c: Int }');
    const owners: Readonly<Record<string, string>> = { 'Query.a': 'x', 'A.b': 'y' };
    const waves = (text: string) =>
      countWaves(parse(text), schema, (type, field) => owners[`${type}.${field}`]);
    expect(waves('{ __typename }')).toBe(1);
    expect(waves('{ a { c } }')).toBe(1);
    expect(waves('{ a { b { b { c } } } }')).toBe(2);
    expect(waves('{ a { ... on A { b { c } } } }')).toBe(2);
    expect(waves('{ a { ...f } } fragment f on A { b { c } }')).toBe(2);
  });
});
