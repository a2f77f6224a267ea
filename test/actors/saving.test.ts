/** Saved worlds: what is refused, and values that JSON lacks. That a restored world goes on like
 * the unbroken one is held by test/actors/equivalence/. */
import { fc, test } from '@fast-check/vitest';
import { describe, expect, it } from 'vitest';
import { type AnyStateMachine, assign, createMachine } from 'xstate';
import { createCompiledActorSystem } from '../../src/actors/runtime/compiled-actor-system.ts';
import {
  fromPlain,
  type ReferenceCodec,
  toPlain,
} from '../../src/actors/runtime/save/plain-value.ts';
import { createRunDigest } from '../../src/kernel/digest.ts';
import { createSimulation } from '../../src/kernel/simulation.ts';

function newActors() {
  return createCompiledActorSystem({
    simulation: createSimulation(),
    digest: createRunDigest({ sliceUs: 1_000 }),
    drawCount: () => 0,
    onEmit: () => {},
  });
}

const flip = createMachine({
  id: 'flip',
  context: { held: undefined as unknown },
  initial: 'a',
  states: { a: { on: { go: 'b' } }, b: {} },
  on: { hold: { actions: assign({ held: ({ event }) => event['value'] as unknown }) } },
});

function holding(value: unknown) {
  const actors = newActors();
  const actor = actors.spawn(flip, { name: 'flip/3' });
  actors.start(actor);
  actors.deliver(actor, { type: 'hold', value } as { readonly type: string });
  return actors;
}

const NO_REFERENCES: ReferenceCodec = {
  referenceState: () => undefined,
  referenceOf: () => undefined,
};

describe('A20: a world is not saved', () => {
  it('while actors are not started', () => {
    const actors = newActors();
    actors.spawn(createMachine({ id: 'm', entry: () => {} }), { name: 'idle/0' });
    expect(() => actors.save()).toThrow(/ACTOR_BAD_STATE: actor idle\/0 .* start it before/);
  });

  const cyclic: { self?: unknown } = {};
  cyclic.self = cyclic;
  for (const [what, value, place] of [
    ['functions', () => 1, 'context.held is a function'],
    ['class instances', { map: new Map() }, 'context.held.map is an instance of Map'],
    ['cycles', cyclic, 'context.held.self is part of a cycle'],
    ['symbols', [Symbol('s')], 'context.held[0] is a symbol'],
  ] as const) {
    it(`with ${what} in a context, which it names`, () => {
      expect(() => holding(value).save()).toThrow(
        expect.objectContaining({
          code: 'ACTOR_BAD_STATE',
          details: { actor: 'flip/3' },
          message: expect.stringContaining(place),
        }),
      );
    });
  }
});

describe('A20: a world is not restored', () => {
  const state = holding(1).save();
  const refuses = (machines: readonly AnyStateMachine[], pattern: RegExp) => {
    const actors = newActors();
    expect(() => actors.restore(state, machines)).toThrow(pattern);
    expect(() => actors.snapshot(0)).toThrow(/ACTOR_NO_RECEIVER/);
  };

  it('without the machines it runs', () => {
    refuses([], /give restore\(\) the machine 'flip'/);
  });

  it('into a machine that has no such states', () => {
    refuses(
      [createMachine({ id: 'flip', initial: 'x', states: { x: {} } })],
      /machine 'flip' has no such states: flip, flip\.a/,
    );
  });

  it('where actors were spawned already', () => {
    const actors = holding(2);
    expect(() => actors.restore(state, [flip])).toThrow(/restore into a new actor system/);
  });
});

describe('A20: plain values', () => {
  test.prop([fc.anything({ withBigInt: true, withNullPrototype: false, maxDepth: 4 })], {
    numRuns: 1_000,
    seed: 20261123,
  })('come back from JSON as they were', (value) => {
    const text = JSON.stringify(toPlain(value, 'value', NO_REFERENCES));
    expect(fromPlain(JSON.parse(text), NO_REFERENCES)).toEqual(value);
  });

  it('with keys that look like tags, and errors', () => {
    const value = { $: 'undefined', inner: { $: 1 } };
    const plain: unknown = JSON.parse(JSON.stringify(toPlain(value, 'v', NO_REFERENCES)));
    expect(fromPlain(plain, NO_REFERENCES)).toEqual(value);
    const error = fromPlain(toPlain(new TypeError('x'), 'v', NO_REFERENCES), NO_REFERENCES);
    expect(String(error)).toBe('TypeError: x');
  });
});
