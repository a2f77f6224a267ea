/** The oracle over architectures: it holds where all do well, and sees where one shows another
 * page. */
import { describe, expect, it } from 'vitest';
import type { ArchitectureName } from '../../../src/gateway/architecture.ts';
import { seconds } from '../../../src/kernel/time.ts';
import {
  comparePages,
  type SeenPage,
  sameOutcomes,
} from '../../../src/testing/invariants/architectures/same-outcomes.ts';
import { smallTrial } from './small-trial.ts';

const seen = (...pages: readonly string[]): readonly SeenPage[] =>
  pages.map((text, pageSequence) => {
    const [page = '', outcome = 'ok'] = text.split(' ');
    return { viewer: 1, pageSequence, page, outcome };
  });
const compare = (one: readonly SeenPage[], two: readonly SeenPage[]) =>
  comparePages(
    new Map<ArchitectureName, readonly SeenPage[]>([
      ['monolith', one],
      ['direct', two],
    ]),
  );

describe('architectures', () => {
  it('T29: show the same pages while all is well', async () => {
    const faults = [{ kind: 'service.outage' as const, target: 'movie', at: 0, for: seconds(60) }];
    const { compared, finding } = await sameOutcomes(smallTrial({ scenario: { faults } }));
    expect(finding).toBeUndefined();
    expect(compared).toBeGreaterThan(5);
  });

  it('T29: are caught where one shows another page', () => {
    const { compared, finding } = compare(seen('home', 'title', 'play'), seen('home', 'search'));
    expect(compared).toBe(2);
    expect(finding?.message).toBe('viewer 1 saw another page under direct');
    expect(finding?.details).toMatchObject({ page: 'title', other: 'search' });
  });

  it('T29: may part where a page did not come out well, or is missing', () => {
    const failed = compare(seen('home', 'title failed', 'home'), seen('home', 'title', 'play'));
    expect(failed).toEqual({ compared: 1, finding: undefined });
    const slower = compare(seen('home', 'title'), seen('home'));
    expect(slower).toEqual({ compared: 1, finding: undefined });
  });
});
