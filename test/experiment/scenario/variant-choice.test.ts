/** Variants: which of them run, and what load each puts on. */
import { describe, expect, it } from 'vitest';
import { pageDemand } from '../../../src/experiment/results/page-demand.ts';
import { variantsOf } from '../../../src/experiment/scenario/variants.ts';
import { minutes } from '../../../src/kernel/time.ts';
import { smallScenario } from '../small-world.ts';

const SCENARIO = smallScenario({
  audience: { viewers: 30, guests: [{ at: 0 }] },
  traffic: {
    kind: 'open',
    rate: [
      { at: 0, perSecond: 5 },
      { at: minutes(1), perSecond: 40 },
    ],
    pages: { home: 1 },
  },
  variants: [
    { name: 'ramp', architecture: 'federated' },
    {
      name: 'users',
      architecture: 'direct',
      set: {
        'audience.viewers': 0,
        'audience.guests': [],
        traffic: { kind: 'closed', users: [{ at: 0, users: 12 }], pages: { home: 1 } },
      },
    },
  ],
});

describe('variants', () => {
  it('are filtered by architecture', () => {
    expect(variantsOf(SCENARIO).map(({ name }) => name)).toEqual(['ramp', 'users']);
    expect(variantsOf(SCENARIO, ['direct']).map(({ name }) => name)).toEqual(['users']);
  });

  it('E7: are asked for by an architecture that one of them has', () => {
    expect(() => variantsOf(SCENARIO, ['monolith'])).toThrow(
      'no variant of scenario "small" is of it; choose from federated, direct',
    );
  });

  it('say what load each puts on', () => {
    const [ramp, users] = variantsOf(SCENARIO).map(({ scenario }) => pageDemand(scenario));
    expect(ramp).toEqual({
      viewers: 31,
      test: { kind: 'open', via: 'wan', minPerSec: 5, maxPerSec: 40 },
    });
    expect(users).toEqual({ viewers: 0, test: { kind: 'closed', via: 'wan', maxUsers: 12 } });
    expect(pageDemand(smallScenario()).test).toBeNull();
  });
});
