/** Recipes of random machines: plain data that fast-check makes and shrinks. Numbers named `pick`
 * choose among what there is, modulo its count. `random-machine.ts` cooks them. */
import { fc } from '@fast-check/vitest';

/** A guard. */
export type GuardRecipe =
  | { readonly kind: 'below'; readonly key: 'n' | 'm'; readonly limit: number }
  | { readonly kind: 'named'; readonly limit: number; readonly dynamic: boolean }
  | { readonly kind: 'throws'; readonly at: number }
  | { readonly kind: 'stateIn'; readonly pick: number; readonly byValue: boolean }
  | { readonly kind: 'not'; readonly of: GuardRecipe }
  | { readonly kind: 'and' | 'or'; readonly of: readonly GuardRecipe[] };

/** An action. */
export type ActionRecipe =
  | { readonly kind: 'note' | 'noteNamed' | 'swap' | 'patch' | 'extend' | 'emit' | 'emitFn' }
  | { readonly kind: 'add'; readonly key: 'n' | 'm'; readonly by: number }
  | { readonly kind: 'throw' | 'throwInAssign'; readonly at: number }
  | { readonly kind: 'raise' | 'raiseFn'; readonly event: number; readonly isBound: boolean }
  | {
      readonly kind: 'later';
      readonly event: number;
      readonly delay: number;
      readonly id: number;
      readonly isDynamic: boolean;
    }
  | { readonly kind: 'cancel'; readonly id: number; readonly isDynamic: boolean }
  | {
      readonly kind: 'enqueue';
      readonly check: GuardRecipe;
      readonly then: readonly ActionRecipe[];
      readonly otherwise: readonly ActionRecipe[];
    };

/** Where a transition goes. */
export interface TargetRecipe {
  readonly kind: 'none' | 'id' | 'sibling' | 'child' | 'regions' | 'self';
  readonly picks: readonly number[];
}

/** A transition. */
export interface TransitionRecipe {
  /** Descriptor, by number. */
  readonly event: number;
  readonly isForbidden: boolean;
  readonly guard: GuardRecipe | undefined;
  readonly target: TargetRecipe;
  readonly reenter: boolean;
  readonly actions: readonly ActionRecipe[];
}

/** A state. */
export interface StateRecipe {
  readonly type: 'atomic' | 'compound' | 'parallel' | 'final' | 'shallow' | 'deep';
  readonly states: readonly StateRecipe[];
  readonly initial: number;
  readonly initialActions: readonly ActionRecipe[] | undefined;
  /** Of a history state: its default target, if it has one. */
  readonly fallback: number | undefined;
  readonly entry: readonly ActionRecipe[];
  readonly exit: readonly ActionRecipe[];
  readonly on: readonly TransitionRecipe[];
  readonly always: readonly TransitionRecipe[];
  readonly after: readonly (TransitionRecipe & { readonly delay: number })[];
  readonly onDone: TransitionRecipe | undefined;
  readonly hasOutput: boolean;
  readonly tags: readonly number[];
}

/** A machine. */
export interface MachineRecipe {
  readonly root: StateRecipe;
  /** Whether the context is made by a function. */
  readonly hasFactory: boolean;
  /** Whether its functions only read the context's members: it may be changed in place. */
  readonly isPrivate: boolean;
}

/** What happens to an actor. */
export type StepRecipe =
  | { readonly kind: 'deliver'; readonly event: number }
  | { readonly kind: 'advance'; readonly ms: number }
  | { readonly kind: 'stop' | 'save' };

/** Event types, and the descriptors that transitions name. */
export const EVENTS = ['a', 'b', 'c.d', 'c.d.e', 'f', 'nobody'] as const;
/** Descriptors of transitions. */
export const DESCRIPTORS = ['a', 'b', 'c.d', 'c.d.e', 'f', 'a', 'b', 'c.*', 'c.d.*', '*'] as const;

const pick = fc.nat(40);
const key = fc.constantFrom('n', 'm');

const { guard } = fc.letrec<{ guard: GuardRecipe }>((tie) => ({
  guard: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    { weight: 6, arbitrary: fc.record({ kind: fc.constant('below'), key, limit: fc.nat(6) }) },
    {
      weight: 2,
      arbitrary: fc.record({
        kind: fc.constant('named'),
        limit: fc.nat(6),
        dynamic: fc.boolean(),
      }),
    },
    {
      weight: 2,
      arbitrary: fc.record({ kind: fc.constant('stateIn'), pick, byValue: fc.boolean() }),
    },
    {
      weight: 1,
      arbitrary: fc.record({ kind: fc.constant('throws'), at: fc.integer({ min: 2, max: 9 }) }),
    },
    { weight: 1, arbitrary: fc.record({ kind: fc.constant('not'), of: tie('guard') }) },
    {
      weight: 1,
      arbitrary: fc.record({
        kind: fc.constantFrom('and', 'or'),
        of: fc.array(tie('guard'), { minLength: 1, maxLength: 3 }),
      }),
    },
  ) as fc.Arbitrary<GuardRecipe>,
}));

const { action } = fc.letrec<{ action: ActionRecipe }>((tie) => ({
  action: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    {
      weight: 8,
      arbitrary: fc.record({
        kind: fc.constantFrom('note', 'noteNamed', 'swap', 'patch', 'emit', 'emitFn'),
      }),
    },
    { weight: 1, arbitrary: fc.record({ kind: fc.constant('extend') }) },
    {
      weight: 4,
      arbitrary: fc.record({ kind: fc.constant('add'), key, by: fc.integer({ min: 1, max: 3 }) }),
    },
    {
      weight: 1,
      arbitrary: fc.record({
        kind: fc.constantFrom('throw', 'throwInAssign'),
        at: fc.integer({ min: 2, max: 9 }),
      }),
    },
    {
      weight: 2,
      arbitrary: fc.record({
        kind: fc.constantFrom('raise', 'raiseFn'),
        event: pick,
        isBound: fc.nat(9).map((n) => n > 0),
      }),
    },
    {
      weight: 2,
      arbitrary: fc.record({
        kind: fc.constant('later'),
        event: pick,
        delay: fc.nat(60),
        id: fc.nat(3),
        isDynamic: fc.boolean(),
      }),
    },
    {
      weight: 1,
      arbitrary: fc.record({
        kind: fc.constant('cancel'),
        id: fc.nat(3),
        isDynamic: fc.boolean(),
      }),
    },
    {
      weight: 1,
      arbitrary: fc.record({
        kind: fc.constant('enqueue'),
        check: guard,
        // biome-ignore lint/suspicious/noThenProperty: a recipe is never awaited
        then: fc.array(tie('action'), { maxLength: 3 }),
        otherwise: fc.array(tie('action'), { maxLength: 2 }),
      }),
    },
  ) as fc.Arbitrary<ActionRecipe>,
}));

const actions = fc.array(action, { maxLength: 3 });

const target: fc.Arbitrary<TargetRecipe> = fc.record({
  kind: fc.constantFrom(
    ...(['none', 'id', 'id', 'id', 'sibling', 'sibling', 'child', 'regions', 'self'] as const),
  ),
  picks: fc.array(pick, { minLength: 4, maxLength: 4 }),
});

const transition: fc.Arbitrary<TransitionRecipe> = fc.record({
  event: pick,
  isForbidden: fc.nat(15).map((n) => n === 0),
  guard: fc.option(guard, { nil: undefined }),
  target,
  reenter: fc.nat(3).map((n) => n === 0),
  actions: fc.array(action, { maxLength: 2 }),
});

const delayed = fc
  .tuple(transition, fc.nat(70))
  .map(([other, delay]) => ({ ...other, isForbidden: false, delay }));

/** States with at most so many levels of states within. */
function stateOf(levels: number): fc.Arbitrary<StateRecipe> {
  return fc.record({
    type: fc.constantFrom(
      ...(['atomic', 'atomic', 'atomic', 'compound', 'compound', 'compound'] as const),
      ...([
        'compound',
        'compound',
        'parallel',
        'parallel',
        'final',
        'final',
        'shallow',
        'deep',
      ] as const),
    ),
    states: levels === 0 ? fc.constant([]) : fc.array(stateOf(levels - 1), { maxLength: 3 }),
    initial: pick,
    initialActions: fc.option(actions, { nil: undefined, freq: 4 }),
    fallback: fc.option(pick, { nil: undefined }),
    entry: actions,
    exit: actions,
    on: fc.array(transition, { maxLength: 4 }),
    always: fc.oneof(
      { weight: 7, arbitrary: fc.constant([]) },
      { weight: 1, arbitrary: fc.array(transition, { minLength: 1, maxLength: 2 }) },
    ),
    after: fc.array(delayed, { maxLength: 2 }),
    onDone: fc.option(transition, { nil: undefined, freq: 9 }),
    hasOutput: fc.boolean(),
    tags: fc.array(fc.nat(3), { maxLength: 2 }),
  });
}

/** Machines of up to four levels. */
export const machineRecipe: fc.Arbitrary<MachineRecipe> = fc
  .tuple(
    stateOf(0),
    fc.array(stateOf(2), { minLength: 2, maxLength: 4 }),
    fc.boolean(),
    fc.nat(4),
    fc.boolean(),
  )
  .map(([root, states, hasFactory, kind, isPrivate]) => ({
    root: { ...root, type: kind === 0 ? 'parallel' : 'compound', states },
    hasFactory,
    isPrivate,
  }));

/** What happens to an actor, in order. */
export const stepRecipes: fc.Arbitrary<readonly StepRecipe[]> = fc.array(
  fc.oneof(
    { weight: 40, arbitrary: fc.record({ kind: fc.constant('deliver'), event: pick }) },
    { weight: 16, arbitrary: fc.record({ kind: fc.constant('advance'), ms: fc.nat(80) }) },
    { weight: 4, arbitrary: fc.record({ kind: fc.constantFrom('stop', 'save', 'save', 'save') }) },
  ) as fc.Arbitrary<StepRecipe>,
  { minLength: 4, maxLength: 20 },
);
