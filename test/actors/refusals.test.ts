/** What the compiler refuses: each with its name, its place in the machine and the remedy. */
import { createRequire } from 'node:module';
import { describe, expect, it } from 'vitest';
import {
  type AnyStateMachine,
  createMachine,
  fromCallback,
  fromObservable,
  fromPromise,
} from 'xstate';
import { createCompiledActorSystem } from '../../src/actors/runtime/compiled-actor-system.ts';
import { createRunDigest } from '../../src/kernel/digest.ts';
import { createSimulation } from '../../src/kernel/simulation.ts';

/** XState's builds: the same library, other objects. One of them is not what tests import. */
const BUILDS = ['xstate.cjs.js', 'xstate.development.cjs.js'].map((file): typeof import('xstate') =>
  createRequire(import.meta.url)(`../../node_modules/xstate/dist/${file}`),
);

function spawn(machine: AnyStateMachine): void {
  const actors = createCompiledActorSystem({
    simulation: createSimulation(),
    digest: createRunDigest({ sliceUs: 1_000 }),
    drawCount: () => 0,
    onEmit: () => {},
  });
  actors.spawn(machine, { name: 'refused/0' });
}

const promise = fromPromise(() => Promise.resolve(1));
const callback = fromCallback(() => {});
const observable = fromObservable(() => ({ subscribe: () => ({ unsubscribe: () => {} }) }));

function invoking(src: unknown): AnyStateMachine {
  return createMachine({
    id: 'm',
    initial: 'in',
    states: { in: { invoke: { src: src as never } } },
  });
}

const REFUSED: readonly (readonly [string, AnyStateMachine, string])[] = [
  ['promise logic', invoking(promise), "state 'm.in'"],
  ['callback logic', invoking(callback), "state 'm.in'"],
  ['observable logic', invoking(observable), "state 'm.in'"],
  ["actor 'nobody'", invoking('nobody'), "state 'm.in'"],
  [
    "guard 'unknown'",
    createMachine({ id: 'm', on: { go: { guard: 'unknown' as never, actions: [] } } }),
    "state 'm', on 'go'",
  ],
  [
    "guard 'unknown'",
    createMachine({
      id: 'm',
      initial: 'in',
      states: { in: { always: { guard: 'unknown' as never, target: 'out' } }, out: {} },
    }),
    "state 'm.in', always",
  ],
];

describe('A14: the compiler refuses', () => {
  for (const [feature, machine, place] of REFUSED) {
    it(`${feature} in ${place}`, () => {
      expect(() => spawn(machine)).toThrow(
        expect.objectContaining({
          code: 'ACTOR_UNSUPPORTED',
          details: { feature, place: expect.stringContaining(place) },
        }),
      );
    });
  }

  it('no machine for being made by another copy of XState', () => {
    const other = BUILDS.find((build) => build.createMachine !== createMachine);
    if (other === undefined) throw new Error('both builds are the one that tests import');
    const guard = other.and([other.not(({ context }) => context.n > 0), other.stateIn('a')]);
    const machine = other.createMachine({
      context: { n: 0 },
      initial: 'a',
      states: { a: { on: { go: { guard, target: 'b' } } }, b: {} },
    });
    expect(() => spawn(machine)).not.toThrow();
  });

  it('in states that no run would ever reach', () => {
    const machine = createMachine({
      id: 'm',
      initial: 'in',
      states: { in: {}, never: { invoke: { src: promise as never } } },
    });
    expect(() => spawn(machine)).toThrow(/state 'm\.never'.*virtual time has no promises/);
  });
});
