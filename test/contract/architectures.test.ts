/** The contract suite over the four architectures, and what one says about another. */
import { describe, expect, it } from 'vitest';
import { ARCHITECTURE_NAMES } from '../../src/gateway/architecture.ts';
import { createArchitecture } from '../../src/gateway/architectures.ts';
import { createServiceBackends } from '../../src/gateway/service-backends.ts';
import { drivePlan } from '../gateway/drive-plan.ts';
import { createTinyCatalogue } from '../gateway/tiny-catalogue.ts';
import { describeArchitecture } from './architecture.contract.ts';

for (const name of ARCHITECTURE_NAMES) describeArchitecture(name);

describe('side by side', () => {
  const backends = createServiceBackends(createTinyCatalogue());
  const fetchCount = (name: (typeof ARCHITECTURE_NAMES)[number], page: 'home' | 'title') => {
    const plan = createArchitecture(name).plan(page);
    return drivePlan({ plan, variables: { genre: 'Drama', id: 'tt05' }, backends }).fetches.length;
  };

  it.each([
    { page: 'home' as const, counts: [1, 5, 3, 3] },
    { page: 'title' as const, counts: [1, 6, 5, 5] },
  ])('makes $counts calls for $page', ({ page, counts }) => {
    expect(ARCHITECTURE_NAMES.map((name) => fetchCount(name, page))).toEqual(counts);
  });
});
