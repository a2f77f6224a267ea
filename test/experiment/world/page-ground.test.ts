/** Worlds over one catalogue share what was worked out, and nothing that shows. */
import { describe, expect, it } from 'vitest';
import { createBuiltInCatalogue } from '../../../src/domain/built-in-catalogue.ts';
import { defineScenario } from '../../../src/experiment/scenario/define-scenario.ts';
import { pageGround } from '../../../src/experiment/world/page-ground.ts';
import { drawTrial } from '../../../src/testing/swarm/campaign/swarm-source.ts';
import { runTrial } from '../../../src/testing/trial/run-trial.ts';

const scenario = defineScenario({
  schema: 1,
  name: 'shared',
  question: 'q',
  seed: 1,
  clock: { start: '2026-11-20T20:00:00Z', duration: 10e6 },
  audience: { guests: [{ at: 0 }] },
});
const catalogue = createBuiltInCatalogue({ titles: 20, seed: 1 });

describe('the ground of pages', () => {
  it('G16: is one for the same catalogue and choices, and another for others', () => {
    const perId = { ...scenario.architectures, direct: { fanOut: 'per-id' as const } };
    const other = { ...scenario, architectures: perId };
    const ground = pageGround(scenario, 'direct', catalogue);
    expect(pageGround(scenario, 'direct', catalogue)).toBe(ground);
    expect(pageGround(other, 'direct', catalogue)).not.toBe(ground);
    // What only another architecture reads makes no difference.
    expect(pageGround(other, 'monolith', catalogue)).toBe(
      pageGround(scenario, 'monolith', catalogue),
    );
    const twin = createBuiltInCatalogue({ titles: 20, seed: 1 });
    expect(pageGround(scenario, 'direct', twin)).not.toBe(ground);
  });

  it('K8: a world is the same whatever ran over its catalogue before', async () => {
    const trial = drawTrial({ kind: 'swarm' }, 11);
    const own = { ...trial.scenario.catalogue, seed: 4_711 };
    const fresh = { ...trial, scenario: { ...trial.scenario, catalogue: own } };
    const { digest, events } = await runTrial(fresh, []);
    for (const seed of [1, 2, 3]) {
      const before = { ...fresh, scenario: { ...fresh.scenario, seed } };
      expect((await runTrial(before, [])).digest).not.toBe(digest);
    }
    expect(await runTrial(fresh, [])).toMatchObject({ digest, events });
  });
});
