/** The determinism check, and its canary: a model that reads the wall clock must be rejected. */
import { describe, expect, it } from 'vitest';
import { emit, setup } from 'xstate';
import { createXStateActorSystem } from '../../src/actors/runtime/xstate-actor-system.ts';
import { checkReproducible } from '../../src/experiment/reproducible.ts';
import { createChance } from '../../src/kernel/chance.ts';
import { createRunDigest } from '../../src/kernel/digest.ts';
import { createSimulation } from '../../src/kernel/simulation.ts';

/** Runs an actor that ticks a hundred times, at distances in ms that `gapMs` tells. */
function runTicking(gapMs: (tick: number) => number) {
  const simulation = createSimulation();
  const digest = createRunDigest({ sliceUs: 1_000 });
  const ticks = { count: 0 };
  const actors = createXStateActorSystem({
    simulation,
    digest,
    drawCount: () => 0,
    onEmit: () => {
      ticks.count += 1;
    },
  });
  const machine = setup({
    types: { emitted: {} as { readonly type: 'ticked' } },
    delays: { gap: () => gapMs(ticks.count) },
  }).createMachine({
    id: 'ticking',
    initial: 'on',
    states: {
      on: { after: { gap: { target: 'on', reenter: true, actions: emit({ type: 'ticked' }) } } },
    },
  });
  actors.start(actors.spawn(machine, { name: 'canary/0' }));
  while (ticks.count < 100) simulation.run(simulation.nowUs + 1_000);
  return digest;
}

describe('checkReproducible', () => {
  it('E1: accepts a model on named chance', () => {
    const draws = createChance({ seed: 1, replication: 0 }).draws('gap');
    const digest = checkReproducible(() => runTicking((tick) => 1 + draws.uniform(0, tick)));
    expect(digest).toMatch(/^[0-9a-f]{32}$/);
  });

  it('E1: rejects the canary that reads the wall clock, and names where', () => {
    let reads = 0;
    const canary = () =>
      runTicking(() => {
        reads += 1;
        return 1 + ((performance.now() * 1_000 + reads) % 997) / 1_000;
      });
    expect(() => checkReproducible(canary)).toThrow(
      expect.objectContaining({
        code: 'RUN_NOT_REPRODUCIBLE',
        details: { sliceUs: expect.any(Number), actor: 'canary/0' },
      }),
    );
    expect(reads).toBeGreaterThan(200);
  });

  it('E1: rejects a model with shared randomness', () => {
    let state = 1;
    const shared = () =>
      runTicking(() => {
        state = (state * 48_271) % 2_147_483_647;
        return 1 + state / 2_147_483_647;
      });
    expect(() => checkReproducible(shared)).toThrow('RUN_NOT_REPRODUCIBLE');
  });
});
