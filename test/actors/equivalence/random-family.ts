/** Random families: a parent that spawns, invokes, stops and talks to children, which are machines
 * and transition functions, answer, finish, fail, and have a child of their own. Recipes are plain
 * data. */
import { fc } from '@fast-check/vitest';
import {
  type AnyStateMachine,
  assign,
  emit,
  fromTransition,
  raise,
  sendParent,
  sendTo,
  setup,
  spawnChild,
  stopChild,
} from 'xstate';
import type { Notes } from './random-machine.ts';

/** What a parent does. */
export type FamilyAction =
  | { readonly kind: 'note' | 'emit' | 'count' | 'forget' }
  | { readonly kind: 'spawn'; readonly src: number; readonly id: number; readonly sync: boolean }
  | { readonly kind: 'spawnInAssign'; readonly src: number; readonly id: number }
  | { readonly kind: 'stop'; readonly id: number }
  | { readonly kind: 'send'; readonly id: number; readonly event: number; readonly delay: number };

interface FamilyTransition {
  readonly event: number;
  readonly target: number | undefined;
  readonly limit: number | undefined;
  readonly actions: readonly FamilyAction[];
}

interface FamilyState {
  readonly invoke:
    | { readonly src: number; readonly id: number; readonly handles: number }
    | undefined;
  readonly entry: readonly FamilyAction[];
  readonly exit: readonly FamilyAction[];
  readonly on: readonly FamilyTransition[];
  readonly delay: number | undefined;
}

/** A parent. */
export interface FamilyRecipe {
  readonly states: readonly FamilyState[];
  readonly hasFinal: boolean;
}

/** Events from outside. */
export const FAMILY_EVENTS = ['a', 'b', 'go'] as const;

const SOURCES = ['echo', 'worker', 'grandparent', 'tally'] as const;
const DESCRIPTORS = [
  ...FAMILY_EVENTS,
  'pong',
  'xstate.done.actor.*',
  'xstate.error.actor.*',
  'xstate.snapshot.*',
  '*',
] as const;
const CHILD_EVENTS = ['ping', 'fail', 'finish', 'unknown'] as const;
/** Parent and children would answer each other for ever. */
const MOST_TRANSITIONS = 25;
/** A child that is looked for and never there, besides. */
const IDS = ['x', 'y', 'z', 'nobody'] as const;

const id = fc.nat(2);
const src = fc.nat(SOURCES.length - 1);
const action = fc.oneof(
  { weight: 2, arbitrary: fc.record({ kind: fc.constantFrom('note', 'emit', 'count') }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('forget') }) },
  {
    weight: 3,
    arbitrary: fc.record({ kind: fc.constant('spawn'), src, id, sync: fc.boolean() }),
  },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('spawnInAssign'), src, id }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('stop'), id: fc.nat(3) }) },
  {
    weight: 5,
    arbitrary: fc.record({
      kind: fc.constant('send'),
      id,
      event: fc.nat(9),
      delay: fc.oneof(fc.constant(0), fc.nat(40)),
    }),
  },
) as fc.Arbitrary<FamilyAction>;
const actions = fc.array(action, { maxLength: 3 });

/** Families. */
export const familyRecipe: fc.Arbitrary<FamilyRecipe> = fc.record({
  hasFinal: fc.boolean(),
  states: fc.array(
    fc.record({
      invoke: fc.option(fc.record({ src, id, handles: fc.nat(3) }), { nil: undefined, freq: 1 }),
      entry: actions,
      exit: actions,
      on: fc.array(
        fc.record({
          event: fc.nat(DESCRIPTORS.length - 1),
          target: fc.option(fc.nat(5), { nil: undefined }),
          limit: fc.option(fc.integer({ min: 1, max: 5 }), { nil: undefined }),
          actions,
        }),
        { minLength: 2, maxLength: 6 },
      ),
      delay: fc.option(fc.nat(50), { nil: undefined }),
    }),
    { minLength: 2, maxLength: 4 },
  ),
});

// XState's types are told by its configuration; a random one has none.
// biome-ignore lint/suspicious/noExplicitAny: configurations of random machines have no types
type Loose = any;

/** The parent of a family. */
export function familyOf(recipe: FamilyRecipe, notes: Notes): AnyStateMachine {
  const note = (label: string) => {
    return ({ event, context }: Loose) => {
      const told = { ...event, snapshot: undefined, error: String(event.error) };
      notes.lines.push(`${label} ${JSON.stringify(told)} ${context.n}`);
      notes.seen.set(event.type, (notes.seen.get(event.type) ?? 0) + 1);
    };
  };
  const actors = childrenOf(note);
  const states: Record<string, Loose> = Object.fromEntries(
    recipe.states.map((state, i) => [`s${i}`, stateOf(state, recipe, note)]),
  );
  if (recipe.hasFinal) states['over'] = { type: 'final', entry: note('over') };
  return setup({ actors: actors as Loose }).createMachine({
    id: 'family',
    context: { n: 0, child: undefined },
    initial: 's0',
    output: ({ context }: Loose) => context.n,
    states,
  } as Loose) as AnyStateMachine;
}

type Note = (label: string) => Loose;

/** Logic of the children, by name. */
function childrenOf(note: Note) {
  const echo = setup({}).createMachine({
    id: 'echo',
    context: ({ input }: Loose) => ({ n: input?.n ?? 0 }),
    entry: note('echo is there'),
    exit: note('echo ends'),
    on: {
      ping: {
        actions: [
          assign({ n: ({ context }: Loose) => context.n + 1 }),
          sendParent(({ context }: Loose) => ({ type: 'pong', n: context.n })),
        ],
      },
      fail: { actions: () => fail('echo') },
    },
    after: { 45: { actions: [note('echo wakes'), sendParent({ type: 'pong', n: -1 } as Loose)] } },
  } as Loose);
  const worker = setup({}).createMachine({
    id: 'worker',
    context: { n: 0 },
    initial: 'busy',
    output: ({ context }: Loose) => ({ worked: context.n }),
    states: {
      busy: {
        tags: 'busy',
        on: {
          ping: {
            actions: [
              assign({ n: ({ context }: Loose) => context.n + 1 }),
              raise({ type: 'look' }),
            ],
          },
          look: { guard: ({ context }: Loose) => context.n > 2, target: 'over' },
          finish: 'over',
          fail: { actions: assign({ n: () => fail('worker') }) },
        },
        after: { 30: 'over' },
      },
      over: { type: 'final' },
    },
  } as Loose);
  const grandparent = setup({ actors: { worker } as Loose }).createMachine({
    id: 'grandparent',
    context: { n: 0 },
    invoke: {
      src: 'worker',
      id: 'inner',
      onDone: { actions: [note('inner done'), sendParent({ type: 'pong', n: 99 } as Loose)] },
    },
    on: {
      ping: { actions: sendTo('inner', { type: 'ping' }) },
      fail: { actions: sendTo('inner', { type: 'fail' }) },
      finish: { actions: sendTo('inner', { type: 'finish' }, { delay: 5 }) },
    },
  } as Loose);
  const tally = fromTransition(
    (state: { readonly n: number }, event: Loose) => {
      if (event.type === 'fail') fail('tally');
      return { n: state.n + 1 };
    },
    { n: 0 },
  );
  return { echo, worker, grandparent, tally };
}

function stateOf(state: FamilyState, recipe: FamilyRecipe, note: Note): Loose {
  const count = recipe.states.length + (recipe.hasFinal ? 1 : 0);
  const nameOf = (pick: number) =>
    pick % count < recipe.states.length ? `s${pick % count}` : 'over';
  const on: Record<string, Loose[]> = {};
  for (const { event, target, limit, actions: given } of state.on) {
    const descriptor = DESCRIPTORS[event] ?? '*';
    const transition = {
      ...(target === undefined ? {} : { target: nameOf(target) }),
      guard: ({ context }: Loose) => context.n < (limit ?? MOST_TRANSITIONS),
      actions: [
        note('on'),
        assign({ n: ({ context }: Loose) => context.n + 1 }),
        ...cook(given, note),
      ],
    };
    on[descriptor] = [...(on[descriptor] ?? []), transition];
  }
  return {
    entry: cook(state.entry, note),
    exit: cook(state.exit, note),
    on,
    ...(state.invoke === undefined ? {} : { invoke: invokeOf(state.invoke, note) }),
    ...(state.delay === undefined ? {} : { after: { [state.delay]: nameOf(state.delay) } }),
  };
}

function invokeOf(invoke: NonNullable<FamilyState['invoke']>, note: Note): Loose {
  const { handles } = invoke;
  return {
    src: SOURCES[invoke.src],
    id: IDS[invoke.id],
    input: ({ context }: Loose) => ({ n: context.n }),
    ...(handles % 2 === 0 ? {} : { onDone: { actions: note('invoked is done') } }),
    ...(handles < 2 ? {} : { onError: { actions: note('invoked failed') } }),
  };
}

function cook(recipes: readonly FamilyAction[], note: Note): Loose[] {
  return recipes.map((recipe) => {
    switch (recipe.kind) {
      case 'note':
        return note('note');
      case 'emit':
        return emit({ type: 'said' } as never);
      case 'count':
        return assign({ n: ({ context }: Loose) => context.n + 1 } as Loose);
      case 'forget':
        return assign({ child: undefined } as Loose);
      case 'spawn':
        return spawnChild(
          SOURCES[recipe.src] as never,
          {
            id: IDS[recipe.id],
            syncSnapshot: recipe.sync,
            input: ({ context }: Loose) => ({ n: context.n }),
          } as Loose,
        );
      case 'spawnInAssign':
        return assign({
          child: ({ spawn, context }: Loose) =>
            spawn(SOURCES[recipe.src], { id: IDS[recipe.id], input: { n: context.n } }),
        } as Loose);
      case 'stop':
        return stopChild(IDS[recipe.id] ?? 'nobody');
      default:
        return sendTo(
          receiverOf(recipe),
          { type: CHILD_EVENTS[Math.min(recipe.event, 6) % CHILD_EVENTS.length] } as never,
          recipe.delay === 0 ? {} : { delay: recipe.delay, id: `later${recipe.delay % 3}` },
        );
    }
  });
}

/** The child, whether it is there or not; mostly, the parent itself where it is not. */
function receiverOf({ id, event }: FamilyAction & { readonly kind: 'send' }): Loose {
  const name = IDS[id] ?? 'nobody';
  return event === 9 ? name : ({ self }: Loose) => self.getSnapshot().children[name] ?? self;
}

function fail(who: string): never {
  throw new Error(`thrown by ${who}`);
}
