/** What a document says of faults. */
import { describe, expect, it } from 'vitest';
import { documentFaults } from '../../../src/experiment/results/document-faults.ts';
import { variantsOf } from '../../../src/experiment/scenario/variants.ts';
import { minutes } from '../../../src/kernel/time.ts';
import { smallScenario } from '../small-world.ts';

const SLOW = { kind: 'service.slow', target: 'movie', at: minutes(1), for: minutes(2) } as const;
const LOSS = { kind: 'zone.loss', zone: 0, at: minutes(3), for: minutes(1) } as const;

describe('faults of a document', () => {
  it('E330: of variants that have their own, by name', () => {
    const architecture = 'monolith' as const;
    const scenario = smallScenario({
      faults: [SLOW],
      variants: [
        { name: 'as-is', architecture },
        { name: 'calm', architecture, set: { faults: [] } },
        { name: 'both', architecture, set: { faults: [SLOW, LOSS] } },
      ],
    });
    expect(documentFaults(variantsOf(scenario))).toEqual([
      {
        kind: 'service.slow',
        target: 'movie',
        fromMinute: 1,
        toMinute: 3,
        variants: ['as-is', 'both'],
      },
      { kind: 'zone.loss', target: 'zone 0', fromMinute: 3, toMinute: 4, variants: ['both'] },
    ]);
  });

  it('E330: of all, without names', () => {
    const scenario = smallScenario({ faults: [SLOW] });
    expect(documentFaults(variantsOf(scenario))).toEqual([
      { kind: 'service.slow', target: 'movie', fromMinute: 1, toMinute: 3 },
    ]);
  });
});
