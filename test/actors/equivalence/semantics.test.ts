/** What one would guess wrongly about XState's semantics, one small machine each: both interpreters
 * do the same, and it is what is written here. Differences that are kept on purpose stand last. */
import { describe, expect, it } from 'vitest';
import {
  type AnyStateMachine,
  assign,
  cancel,
  createMachine,
  emit,
  enqueueActions,
  raise,
  sendTo,
  stateIn,
} from 'xstate';
import type { CreateActorSystem } from '../../../src/actors/runtime/actor-system.ts';
import { createCompiledActorSystem } from '../../../src/actors/runtime/compiled-actor-system.ts';
import { createXStateActorSystem } from '../../../src/actors/runtime/xstate-actor-system.ts';
import { observe, type Step } from './differential.ts';
import type { Notes } from './random-machine.ts';

const interpreters: Readonly<Record<string, CreateActorSystem>> = {
  xstate: createXStateActorSystem,
  'code at once': (options) => createCompiledActorSystem({ ...options, codeGeneration: 'always' }),
  'no code': (options) => createCompiledActorSystem({ ...options, codeGeneration: 'never' }),
};

interface Seen {
  readonly thrown: unknown;
  readonly notes: readonly string[];
  readonly emitted: readonly string[];
  readonly pending: number;
  readonly snapshot: {
    readonly value: unknown;
    readonly context: unknown;
    readonly status: string;
    readonly output: unknown;
    readonly error: unknown;
  };
}

/** What is seen at the start and after each event or pause in ms, on all interpreters alike. */
function seenBy(
  cook: (note: (text: string) => () => void) => AnyStateMachine,
  script: readonly (string | number)[],
): readonly Seen[] {
  const notes: Notes = { lines: [], seen: new Map() };
  const machine = cook((text) => () => {
    notes.lines.push(text);
  });
  const steps = script.map((part): Step => {
    if (typeof part === 'number') return { kind: 'advance', ms: part };
    return { kind: 'deliver', message: { type: part } };
  });
  const runs = Object.values(interpreters).map((create) =>
    observe(create, { machine, notes }, steps),
  );
  const [expected = [], ...others] = runs;
  for (const run of others) expect(run).toEqual(expected);
  return expected.slice(0, -1).map((text) => JSON.parse(text) as Seen);
}

function last(seen: readonly Seen[]): Seen {
  const found = seen.at(-1);
  if (found === undefined) throw new Error('nothing was seen');
  return found;
}

describe('A19: both interpreters', () => {
  it('ask the exact descriptor first, then wildcards, longest first', () => {
    const seen = seenBy(
      (note) =>
        createMachine({
          on: {
            '*': { actions: note('any') },
            'a.*': { actions: note('a') },
            'a.b.*': { actions: note('a.b') },
            'a.b.c': { actions: note('exact') },
          },
        }),
      ['a.b.c', 'a.b.d', 'a.x', 'a', 'b'],
    );
    expect(seen.slice(1).map(({ notes }) => notes)).toEqual([
      ['exact'],
      ['a.b'],
      ['a'],
      ['a'],
      ['any'],
    ]);
  });

  it('end the search at a forbidden transition', () => {
    const seen = seenBy(
      (note) =>
        createMachine({
          initial: 'in',
          on: { go: { actions: note('root') } },
          states: { in: { on: { go: undefined } } },
        }),
      ['go'],
    );
    expect(last(seen).notes).toEqual([]);
  });

  it('restore deep and shallow history as it is after the exits', () => {
    const seen = seenBy(
      () =>
        createMachine({
          initial: 'home',
          states: {
            home: {
              initial: 'a',
              on: { leave: 'away' },
              states: {
                a: { on: { next: 'b' } },
                b: { initial: 'b1', states: { b1: { on: { next: 'b2' } }, b2: {} } },
                shallow: { type: 'history' },
                deep: { type: 'history', history: 'deep' },
              },
            },
            away: { on: { back: 'home.shallow', deeply: 'home.deep', fresh: 'home' } },
          },
        }),
      ['next', 'next', 'leave', 'back', 'next', 'leave', 'deeply', 'leave', 'fresh'],
    );
    const values = seen.map(({ snapshot }) => snapshot.value);
    expect(values[4]).toEqual({ home: { b: 'b1' } });
    expect(values[7]).toEqual({ home: { b: 'b2' } });
    expect(values[9]).toEqual({ home: 'a' });
  });

  it('do not look at eventless transitions again after one that changed nothing', () => {
    const seen = seenBy(
      (note) => createMachine({ always: { actions: note('looked') }, on: { go: {} } }),
      ['go'],
    );
    expect(last(seen).notes).toEqual(['looked']);
  });

  it('A16: let a superseded timer fire; after that its id cancels nothing', () => {
    const seen = seenBy(
      (note) =>
        createMachine({
          on: {
            set: { actions: raise({ type: 'rang' }, { delay: 10, id: 'alarm' }) },
            rang: { actions: note('rang') },
            unset: { actions: cancel('alarm') },
          },
        }),
      ['set', 5, 'set', 5, 'unset', 5],
    );
    expect(seen.map(({ notes }) => notes.length)).toEqual([0, 0, 0, 0, 1, 0, 1]);
  });

  it('run custom actions of the initial state at the start, before its other effects', () => {
    const seen = seenBy(
      (note) => createMachine({ entry: [emit({ type: 'said' }), note('entered')] }),
      [],
    );
    expect(last(seen)).toMatchObject({ notes: ['entered'] });
    expect(last(seen).emitted).toHaveLength(1);
  });

  it('run the exits on completion, and compute the output then', () => {
    const seen = seenBy(
      (note) =>
        createMachine({
          context: { n: 0 },
          initial: 'in',
          exit: note('root left'),
          output: ({ context }) => context.n,
          states: {
            in: { on: { go: { target: 'over', actions: assign({ n: 7 }) } }, exit: note('left') },
            over: { type: 'final', exit: note('over left') },
          },
        }),
      ['go', 'go'],
    );
    expect(seen[1]).toMatchObject({
      notes: ['left', 'over left', 'root left'],
      snapshot: { status: 'done', output: 7 },
    });
  });

  it('let all assigners of one assign see the context of before', () => {
    const seen = seenBy(
      () =>
        createMachine({
          context: { a: 1, b: 2 },
          on: {
            swap: {
              actions: assign({ a: ({ context }) => context.b, b: ({ context }) => context.a }),
            },
          },
        }),
      ['swap'],
    );
    expect(last(seen).snapshot.context).toEqual({ a: 2, b: 1 });
  });

  it('A15: keep the state of before when an action throws, and drop what was queued', () => {
    const seen = seenBy(
      () =>
        createMachine({
          context: { n: 0 },
          initial: 'a',
          states: {
            a: {
              after: { 10: 'b' },
              on: {
                go: {
                  target: 'b',
                  actions: [
                    assign({ n: 1 }),
                    emit({ type: 'said' }),
                    () => {
                      throw new Error('on purpose');
                    },
                  ],
                },
              },
            },
            b: { after: { 10: 'a' } },
          },
        }),
      ['go', 20],
    );
    expect(seen[1]).toMatchObject({
      emitted: [],
      pending: 0,
      snapshot: { value: 'a', context: { n: 0 }, status: 'error' },
    });
  });

  it('show an action of a later microstep the states of before that microstep', () => {
    const seen = seenBy(
      (note) =>
        createMachine({
          initial: 'a',
          states: {
            a: {
              on: { go: 'b' },
              exit: enqueueActions(({ check, enqueue }) => {
                enqueue(note(check(stateIn('a')) ? 'in a' : 'not in a'));
              }),
            },
            b: { on: { go: 'a' } },
          },
        }),
      ['go', 'go', 'go'],
    );
    expect(seen.flatMap(({ notes }) => notes)).toEqual(['in a', 'in a']);
  });

  it('count a region that an unusual target left out as standing in its initial state', () => {
    const seen = seenBy(
      () =>
        createMachine({
          id: 'm',
          type: 'parallel',
          states: {
            p: {
              type: 'parallel',
              states: {
                left: {},
                right: {
                  type: 'parallel',
                  states: {
                    one: { on: { '*': 'memory' } },
                    two: { on: { go: { target: '#m.p.left', reenter: true } } },
                    memory: { type: 'history', history: 'deep', target: 'one' },
                  },
                },
              },
            },
          },
        }),
      ['a', 'a', 'go', 'go'],
    );
    const whole = { p: { left: {}, right: { one: {}, two: {} } } };
    expect(seen.map(({ snapshot }) => snapshot.value)).toEqual(Array(5).fill(whole));
  });

  it('report a child that is not there', () => {
    const seen = seenBy(
      () => createMachine({ id: 'm', on: { go: { actions: sendTo('nobody', { type: 'x' }) } } }),
      ['go'],
    );
    expect(last(seen).snapshot.error).toMatch(/Unable to send event to actor 'nobody'/);
  });
});

describe('A19: kept on purpose', () => {
  it('a key that an action adds to the context in place is lost with the next assign', () => {
    const machine = createMachine({
      context: { n: 0 } as Record<string, number>,
      on: {
        add: {
          actions: ({ context }) => {
            context['added'] = 1;
          },
        },
        count: { actions: assign({ n: ({ context }) => (context['n'] ?? 0) + 1 }) },
      },
    });
    const script: readonly Step[] = ['count', 'add', 'count'].map((type) => ({
      kind: 'deliver',
      message: { type },
    }));
    const contextOn = (create: CreateActorSystem) => {
      const seen = observe(create, { machine, notes: { lines: [], seen: new Map() } }, script);
      return (JSON.parse(seen[3] ?? '') as Seen).snapshot.context;
    };
    expect(contextOn(createXStateActorSystem)).toEqual({ n: 2, added: 1 });
    expect(contextOn(interpreters['code at once'] ?? createXStateActorSystem)).toEqual({ n: 2 });
  });

  it('a macrostep ends after 100,000 microsteps', () => {
    const machine = createMachine({
      on: { go: { actions: raise({ type: 'go' }) } },
      options: { maxIterations: Number.POSITIVE_INFINITY },
    } as never);
    const notes: Notes = { lines: [], seen: new Map() };
    const script = [{ kind: 'deliver', message: { type: 'go' } }] as const;
    const [, seen = ''] = observe(createCompiledActorSystem, { machine, notes }, script);
    expect((JSON.parse(seen) as Seen).snapshot.error).toMatch(/more than 100000 microsteps/);
  });
});
