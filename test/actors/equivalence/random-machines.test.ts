/** Random machines and families on both interpreters: all that can be seen must be equal after
 * every step, saved worlds included. The coverage at the end keeps the generators honest. */
import { fc } from '@fast-check/vitest';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { CreateActorSystem } from '../../../src/actors/runtime/actor-system.ts';
import { compileMachine } from '../../../src/actors/runtime/compile/compiled-machine.ts';
import { createCompiledActorSystem } from '../../../src/actors/runtime/compiled-actor-system.ts';
import { createXStateActorSystem } from '../../../src/actors/runtime/xstate-actor-system.ts';
import { partOf } from '../../long/part-of.ts';
import { difference, observe, type Step, type Subject } from './differential.ts';
import { FAMILY_EVENTS, familyOf, familyRecipe } from './random-family.ts';
import { machineOf, type Notes } from './random-machine.ts';
import { EVENTS, machineRecipe, type StepRecipe, stepRecipes } from './recipes.ts';

const MACHINES = partOf(50_000, 200, 'random machines');
const FAMILIES = partOf(20_000, 200, 'families of actors');
const INSPECTED = partOf(5_000, 40, 'inspected machines');
const SEED = 20261123;
const LONG_MS = 1_800_000;

const always: CreateActorSystem = (options) =>
  createCompiledActorSystem({ ...options, codeGeneration: 'always' });
const never: CreateActorSystem = (options) =>
  createCompiledActorSystem({ ...options, codeGeneration: 'never' });

function stepsOf(recipes: readonly StepRecipe[], events: readonly string[]): readonly Step[] {
  return recipes.map((recipe) =>
    recipe.kind === 'deliver'
      ? { kind: 'deliver', message: { type: events[recipe.event % events.length] ?? 'a' } }
      : recipe,
  );
}

function compare(subject: Subject, steps: readonly Step[]): void {
  const expected = observe(createXStateActorSystem, subject, steps);
  // Twice with code: the second time all of it is there from the start.
  for (const create of [always, always, never]) {
    const report = difference(expected, observe(create, subject, steps), steps);
    if (report !== undefined) throw new Error(report);
  }
}

function see(seen: Map<string, number>, what: string): void {
  seen.set(what, (seen.get(what) ?? 0) + 1);
}

/** What happened over all runs of one generator. */
function newNotes(seen: Map<string, number>): Notes {
  return { lines: [], seen };
}

describe('random machines', () => {
  const seen = new Map<string, number>();

  // XState's development build warns about messages to stopped children.
  beforeEach(() => {
    vi.spyOn(console, 'warn').mockImplementation(() => {});
  });
  afterEach(() => {
    vi.restoreAllMocks();
  });

  it(
    `A19, A20: ${MACHINES} of them do the same on both interpreters`,
    () => {
      const property = fc.property(machineRecipe, stepRecipes, (recipe, recipes) => {
        const notes = newNotes(seen);
        const machine = machineOf(recipe, notes);
        if (compileMachine(machine).isPrivate) see(seen, 'context changed in place');
        compare({ machine, notes }, stepsOf(recipes, EVENTS));
      });
      void fc.assert(property, { numRuns: MACHINES, seed: SEED });
    },
    LONG_MS,
  );

  it(
    `A17–A20: ${FAMILIES} families of actors do the same on both`,
    () => {
      const property = fc.property(familyRecipe, stepRecipes, (recipe, recipes) => {
        const notes = newNotes(seen);
        compare({ machine: familyOf(recipe, notes), notes }, stepsOf(recipes, FAMILY_EVENTS));
      });
      void fc.assert(property, { numRuns: FAMILIES, seed: SEED });
    },
    LONG_MS,
  );

  it(
    `A21: ${INSPECTED} machines and families tell inspectors the same`,
    () => {
      const property = fc.property(
        machineRecipe,
        familyRecipe,
        stepRecipes,
        (recipe, family, recipes) => {
          const notes = newNotes(new Map());
          const inspect = { notes, isInspected: true };
          const unbroken = recipes.filter(({ kind }) => kind !== 'save');
          compare({ machine: machineOf(recipe, notes), ...inspect }, stepsOf(unbroken, EVENTS));
          compare({ machine: familyOf(family, notes), ...inspect }, stepsOf(unbroken, EVENTS));
        },
      );
      void fc.assert(property, { numRuns: INSPECTED, seed: SEED });
    },
    LONG_MS,
  );

  it('reach what they must reach', () => {
    const rare = ['action that threw', 'assigner that threw', 'guard that threw', 'note on done'];
    const frequent = ['enqueueActions', 'note on after', 'note on event', 'raise'];
    const inPlace = seen.get('context changed in place') ?? 0;
    expect(inPlace).toBeGreaterThan(MACHINES / 3);
    const ofFamilies = ['pong', 'xstate.done.actor.inner', 'xstate.done.actor.x'];
    const errors = ['xstate.error.actor.x', 'xstate.snapshot.x'];
    const count = (what: string) => seen.get(what) ?? 0;
    expect(rare.filter((what) => count(what) < MACHINES / 200)).toEqual([]);
    expect(frequent.filter((what) => count(what) < MACHINES)).toEqual([]);
    expect([...ofFamilies, ...errors].filter((what) => count(what) < FAMILIES / 50)).toEqual([]);
  });
});
