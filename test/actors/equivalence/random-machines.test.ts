/** Random machines on both interpreters: all that can be seen must be equal after every step. The
 * coverage at the end keeps the generator honest: what it must reach, it reached. */
import { fc } from '@fast-check/vitest';
import { describe, expect, it } from 'vitest';
import type { CreateActorSystem } from '../../../src/actors/runtime/actor-system.ts';
import { createCompiledActorSystem } from '../../../src/actors/runtime/compiled-actor-system.ts';
import { createXStateActorSystem } from '../../../src/actors/runtime/xstate-actor-system.ts';
import { difference, observe, type Step } from './differential.ts';
import { machineOf, type Notes } from './random-machine.ts';
import { EVENTS, machineRecipe, type StepRecipe, stepRecipes } from './recipes.ts';

const IS_LONG = process.env['BACKLOT_LONG'] === '1';
const MACHINES = IS_LONG ? 50_000 : 600;
const SEED = 20261123;

const always: CreateActorSystem = (options) =>
  createCompiledActorSystem({ ...options, codeGeneration: 'always' });
const never: CreateActorSystem = (options) =>
  createCompiledActorSystem({ ...options, codeGeneration: 'never' });

function stepOf(recipe: StepRecipe): Step {
  if (recipe.kind !== 'deliver') return recipe;
  const type = EVENTS[recipe.event % EVENTS.length] ?? 'a';
  return { kind: 'deliver', message: { type } };
}

describe('random machines', () => {
  const seen = new Map<string, number>();

  it(`A19: ${MACHINES} of them do the same on both interpreters`, () => {
    const property = fc.property(machineRecipe, stepRecipes, (recipe, recipes) => {
      const notes: Notes = { lines: [], seen };
      const subject = { machine: machineOf(recipe, notes), notes };
      const steps = recipes.map(stepOf);
      const expected = observe(createXStateActorSystem, subject, steps);
      for (const create of [always, never]) {
        const report = difference(expected, observe(create, subject, steps), steps);
        if (report !== undefined) throw new Error(report);
      }
    });
    void fc.assert(property, { numRuns: MACHINES, seed: SEED });
  });

  it('reach what they must reach', () => {
    const atLeast = (share: number) => Math.round(MACHINES * share);
    const reached = [...seen].filter(([, count]) => count >= atLeast(0.02)).map(([what]) => what);
    expect(reached.toSorted()).toEqual(
      expect.arrayContaining(['action that threw', 'enqueueActions', 'note on after', 'raise']),
    );
  });
});
