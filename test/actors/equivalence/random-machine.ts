/** Cooks recipes: `machineOf(recipe, notes)` is a machine whose actions write to `notes`. What
 * a recipe says and XState would refuse is mended: history in parallel states has a default, atomic
 * states have no children. */
import {
  type AnyStateMachine,
  and,
  assign,
  cancel,
  emit,
  enqueueActions,
  not,
  or,
  raise,
  setup,
  stateIn,
} from 'xstate';
import {
  type ActionRecipe,
  DESCRIPTORS,
  EVENTS,
  type GuardRecipe,
  type MachineRecipe,
  type StateRecipe,
  type TargetRecipe,
  type TransitionRecipe,
} from './recipes.ts';

/** Where actions write, and what happened for the coverage of the generator. */
export interface Notes {
  lines: string[];
  /** How often each kind of thing ran. */
  readonly seen: Map<string, number>;
}

interface Context {
  readonly n: number;
  readonly m: number;
  readonly fuel: number;
  readonly extra?: number;
}

type Given = {
  readonly context: Context;
  readonly event: { readonly type: string; readonly [key: string]: unknown };
};
// XState's types are told by its configuration; a random one has none.
// biome-ignore lint/suspicious/noExplicitAny: configurations of random machines have no types
type Loose = any;

/** A state as it is cooked: its place among all. */
interface Cooked {
  readonly recipe: StateRecipe;
  readonly key: string;
  readonly id: string;
  readonly type: StateRecipe['type'];
  readonly parent: Cooked | undefined;
  readonly children: Cooked[];
}

const FUEL = 12;

/** The machine of a recipe. */
export function machineOf(recipe: MachineRecipe, notes: Notes): AnyStateMachine {
  return new Kitchen(notes, recipe.isPrivate).cook(recipe);
}

class Kitchen {
  readonly #notes: Notes;
  readonly #all: Cooked[] = [];
  /** Whether only functions may be used whose text tells that they leak no context. */
  readonly #isPrivate: boolean;

  constructor(notes: Notes, isPrivate: boolean) {
    this.#notes = notes;
    this.#isPrivate = isPrivate;
  }

  cook(recipe: MachineRecipe): AnyStateMachine {
    const root = this.#place(recipe.root, 'root', undefined);
    const initial = { n: 0, m: 0, fuel: FUEL };
    const config: Loose = {
      ...this.#state(root),
      id: 'root',
      context: recipe.hasFactory ? () => ({ ...initial }) : initial,
      output: ({ context, event }: Given) => ({ n: context.n, on: event.type }),
      options: { maxIterations: 300 },
    };
    const noted = setup({
      guards: {
        isBelow: ({ context }: Loose, { limit }: { readonly limit: number }) => context.n < limit,
      },
      actions: (this.#isPrivate
        ? {}
        : {
            noteNamed: ({ context, event }: Loose, { of }: { readonly of: number }) => {
              this.#note(`named ${of}`, { context, event });
            },
          }) as Loose,
      delays: { fixed: 25, counted: ({ context }: Loose) => context.n * 7 },
    });
    return noted.createMachine(config) as AnyStateMachine;
  }

  /** Gives a state its place. Parallel states of fewer than two regions become compound. */
  #place(recipe: StateRecipe, key: string, parent: Cooked | undefined): Cooked {
    const id = parent === undefined ? 'root' : `${parent.id}-${key}`;
    const type = typeOf(recipe, parent);
    const cooked: Cooked = { recipe, key, id, type, parent, children: [] };
    this.#all.push(cooked);
    if (type !== 'compound' && type !== 'parallel') return cooked;
    recipe.states.forEach((state, i) => {
      cooked.children.push(this.#place(state, `s${i}`, cooked));
    });
    return cooked;
  }

  #state(cooked: Cooked): Loose {
    const { recipe, type, id, children } = cooked;
    if (type === 'shallow' || type === 'deep') return this.#history(cooked);
    const common = {
      id,
      entry: this.#actions(recipe.entry, `${id} entry`),
      exit: this.#actions(recipe.exit, `${id} exit`),
      tags: recipe.tags.map((tag) => `tag${tag}`),
    };
    const output = recipe.hasOutput
      ? { output: ({ context }: Given) => ({ of: id, n: context.n }) }
      : {};
    if (type === 'final') return { ...common, ...output, type };
    const states = Object.fromEntries(children.map((child) => [child.key, this.#state(child)]));
    return {
      ...common,
      ...(type === 'parallel' ? { type } : {}),
      ...(type === 'compound' ? { initial: this.#initial(cooked) } : {}),
      ...(children.length > 0 ? { states } : {}),
      on: this.#on(cooked),
      always: recipe.always.map((transition) => this.#always(transition, cooked)),
      after: this.#after(cooked),
      ...(recipe.onDone === undefined || children.length === 0
        ? {}
        : { onDone: this.#transition({ ...recipe.onDone, isForbidden: false }, cooked) }),
    };
  }

  #history(cooked: Cooked): Loose {
    const { recipe, type, id, parent } = cooked;
    const siblings = (parent?.children ?? []).filter((sibling) => isReal(sibling));
    const isNeeded = parent?.type === 'parallel';
    const fallback = recipe.fallback ?? (isNeeded ? 0 : undefined);
    const target = fallback === undefined ? undefined : pickOf(siblings, fallback);
    return {
      id,
      type: 'history',
      history: type,
      ...(target === undefined ? {} : { target: target.key }),
    };
  }

  #initial(cooked: Cooked): Loose {
    const child = pickOf(cooked.children.filter(isReal), cooked.recipe.initial);
    const { initialActions } = cooked.recipe;
    if (initialActions === undefined) return child?.key;
    return { target: child?.key, actions: this.#actions(initialActions, `${cooked.id} initial`) };
  }

  #on(cooked: Cooked): Loose {
    const on: Record<string, Loose> = {};
    for (const transition of cooked.recipe.on) {
      const descriptor = DESCRIPTORS[transition.event % DESCRIPTORS.length] as string;
      if (transition.isForbidden) on[descriptor] ??= undefined;
      else if (Array.isArray(on[descriptor]) || !(descriptor in on)) {
        on[descriptor] = [...(on[descriptor] ?? []), this.#transition(transition, cooked)];
      }
    }
    return on;
  }

  #after(cooked: Cooked): Loose {
    const after: Record<string, Loose> = {};
    for (const transition of cooked.recipe.after) {
      const delay =
        transition.delay > 60 ? 'counted' : transition.delay > 50 ? 'fixed' : transition.delay;
      after[delay] = [...(after[delay] ?? []), this.#transition(transition, cooked)];
    }
    return after;
  }

  /** Eventless transitions use fuel up, so that most machines come to rest. */
  #always(recipe: TransitionRecipe, cooked: Cooked): Loose {
    const made = this.#transition({ ...recipe, isForbidden: false }, cooked);
    const hasFuel = ({ context }: Given) => context.fuel > 0;
    return {
      ...made,
      guard: made.guard === undefined ? hasFuel : and([hasFuel as never, made.guard]),
      actions: [
        assign({ fuel: ({ context }: Given) => context.fuel - 1 } as Loose),
        ...made.actions,
      ],
    };
  }

  #transition(recipe: TransitionRecipe, cooked: Cooked): Loose {
    const label = `${cooked.id} on ${recipe.event}`;
    const target = this.#target(recipe.target, cooked);
    return {
      ...(recipe.guard === undefined ? {} : { guard: this.#guard(recipe.guard) }),
      ...(target === undefined ? {} : { target }),
      ...(recipe.reenter ? { reenter: true } : {}),
      actions: this.#actions(recipe.actions, label),
    };
  }

  #target({ kind, picks }: TargetRecipe, cooked: Cooked): string | string[] | undefined {
    const { parent, children } = cooked;
    const [first = 0, ...others] = picks;
    if (kind === 'self' && parent !== undefined) return cooked.key;
    if (kind === 'sibling' && parent !== undefined) return pickOf(parent.children, first)?.key;
    if (kind === 'child' && children.length > 0) return `.${pickOf(children, first)?.key}`;
    if (kind === 'regions') return this.#regions(first, others);
    if (kind === 'none') return undefined;
    return `#${pickOf(this.#all, first)?.id}`;
  }

  /** Targets in several regions of one parallel state. */
  #regions(first: number, picks: readonly number[]): string[] | undefined {
    const parallel = pickOf(
      this.#all.filter(({ type }) => type === 'parallel'),
      first,
    );
    if (parallel === undefined) return undefined;
    const regions = parallel.children.filter(isReal).slice(0, picks.length);
    return regions.map((region, i) => {
      const inside = this.#all.filter(
        ({ id }) => id === region.id || id.startsWith(`${region.id}-`),
      );
      return `#${pickOf(inside, picks[i] ?? 0)?.id}`;
    });
  }

  #guard(recipe: GuardRecipe): Loose {
    switch (recipe.kind) {
      case 'below': {
        const { limit } = recipe;
        if (recipe.key === 'n') return ({ context }: Given) => context.n < limit;
        return ({ context }: Given) => context.m < limit;
      }
      case 'named': {
        const { limit } = recipe;
        const dynamic = ({ context }: Given) => ({ limit: limit + (context.m % 2) });
        return { type: 'isBelow', params: recipe.dynamic ? dynamic : { limit } };
      }
      case 'throws':
        if (this.#isPrivate) return throwing(recipe.at);
        return ({ context }: Given) => {
          if (context.n === recipe.at + 1) this.#fail('guard');
          return context.n > recipe.at;
        };
      case 'stateIn': {
        const state = pickOf(this.#all.filter(isReal), recipe.pick);
        if (state === undefined || !recipe.byValue) return stateIn(`#${state?.id}`);
        const path = pathOf(state);
        return stateIn((path.length > 1 ? nested(path) : path[0]) as never);
      }
      case 'not':
        return not(this.#guard(recipe.of));
      case 'and':
        return and(recipe.of.map((each) => this.#guard(each)));
      default:
        return or(recipe.of.map((each) => this.#guard(each)));
    }
  }

  #actions(recipes: readonly ActionRecipe[], label: string): Loose[] {
    return recipes.map((recipe, i) => this.#action(recipe, `${label} ${i}`));
  }

  #action(given: ActionRecipe, label: string): Loose {
    const recipe = this.#isPrivate ? withoutNotes(given) : given;
    switch (recipe.kind) {
      case 'note':
        return (given: Given) => this.#note(label, given);
      case 'noteNamed':
        return { type: 'noteNamed', params: ({ context }: Given) => ({ of: context.m }) };
      case 'throw':
        if (this.#isPrivate) return throwing(recipe.at);
        return ({ context }: Given) => {
          if (context.n === recipe.at + 1) this.#fail('action');
          this.#see('action that may throw');
        };
      case 'emit':
        return emit({ type: 'said', by: label } as never);
      case 'emitFn':
        return emit((({ context }: Given) => ({ type: 'said', n: context.n })) as never);
      case 'raise':
      case 'raiseFn':
        return this.#raise(recipe, label);
      case 'later':
        return this.#later(recipe);
      case 'cancel': {
        const id = `id${recipe.id}`;
        return cancel((recipe.isDynamic ? () => id : id) as never);
      }
      case 'enqueue':
        return this.#enqueue(recipe, label);
      default:
        return this.#assign(recipe);
    }
  }

  #assign(recipe: ActionRecipe): Loose {
    switch (recipe.kind) {
      case 'add': {
        const { by } = recipe;
        if (recipe.key === 'n') return assign({ n: ({ context }: Given) => context.n + by });
        return assign({ m: ({ context }: Given) => context.m + by });
      }
      case 'swap':
        return assign({
          n: ({ context }: Given) => context.m,
          m: ({ context }: Given) => context.n,
        });
      case 'extend':
        return assign({ extra: ({ context }: Given) => (context.extra ?? 0) + 1 } as Loose);
      case 'throwInAssign':
        if (this.#isPrivate) return assign({ m: throwing(recipe.at) });
        return assign({
          m: ({ context }: Given) => {
            if (context.n === recipe.at + 1) this.#fail('assigner');
            return context.m + 1;
          },
        });
      default:
        return assign((({ context }: Given) => ({
          n: context.n + 1,
          fuel: context.fuel,
        })) as Loose);
    }
  }

  #raise(
    recipe: ActionRecipe & { readonly event: number; readonly isBound: boolean },
    label: string,
  ) {
    const type = eventOf(recipe.event);
    const event =
      recipe.kind === 'raiseFn' ? ({ context }: Given) => ({ type, n: context.n }) : { type };
    if (!recipe.isBound) return raise(event as never);
    return enqueueActions((({ context, enqueue }: Loose) => {
      if (context.fuel <= 0) return;
      this.#see('raise');
      enqueue.assign({ fuel: (given: Given) => given.context.fuel - 1 });
      enqueue((given: Given) => this.#note(`${label} raises`, given));
      enqueue.raise(event);
    }) as Loose);
  }

  #later(recipe: ActionRecipe & { readonly kind: 'later' }): Loose {
    const event = { type: eventOf(recipe.event) };
    const { delay } = recipe;
    const options = {
      delay: recipe.isDynamic ? ({ context }: Given) => delay + context.n : delay,
      ...(recipe.id === 0 ? {} : { id: `id${recipe.id}` }),
    };
    return raise(event as never, options as never);
  }

  #enqueue(recipe: ActionRecipe & { readonly kind: 'enqueue' }, label: string): Loose {
    const guard = this.#guard(recipe.check);
    const yes = this.#actions(recipe.then, `${label} yes`);
    const no = this.#actions(recipe.otherwise, `${label} no`);
    return enqueueActions((({ enqueue, check }: Loose) => {
      this.#see('enqueueActions');
      for (const action of check(guard) ? yes : no) enqueue(action);
    }) as Loose);
  }

  #note(label: string, { context, event }: Given): void {
    const output = 'output' in event ? ` ${JSON.stringify(event['output'])}` : '';
    this.#notes.lines.push(`${label} ${JSON.stringify(context)} ${event.type}${output}`);
    this.#see(kindOf(event.type));
  }

  #fail(where: string): never {
    this.#see(`${where} that threw`);
    throw new Error(`thrown by ${where}`);
  }

  #see(what: string): void {
    this.#notes.seen.set(what, (this.#notes.seen.get(what) ?? 0) + 1);
  }
}

const nothing = undefined as Loose;

/** A function that throws when the count is reached, and whose text leaks no context. */
function throwing(at: number): Loose {
  return ({ context }: Given) => (context.n === at + 1 ? nothing.at.all : context.n + at);
}

/** The nearest action that needs nothing but members of the context. */
function withoutNotes(recipe: ActionRecipe): ActionRecipe {
  switch (recipe.kind) {
    case 'note':
      return { kind: 'emit' };
    case 'noteNamed':
    case 'enqueue':
      return { kind: 'emitFn' };
    case 'raise':
    case 'raiseFn':
      return { kind: 'later', event: recipe.event, delay: 1, id: 0, isDynamic: recipe.isBound };
    default:
      return recipe;
  }
}

function typeOf(recipe: StateRecipe, parent: Cooked | undefined): StateRecipe['type'] {
  const { type, states } = recipe;
  const real = states.filter(({ type: child }) => child !== 'shallow' && child !== 'deep');
  if (type === 'parallel') return real.length > 1 ? 'parallel' : compoundOr(real.length);
  if (type === 'compound') return compoundOr(real.length);
  // A region is a state that one can be in; the root has to have states.
  if (parent?.type === 'parallel' && type === 'final') return 'atomic';
  return type;
}

function compoundOr(children: number): 'compound' | 'atomic' {
  return children > 0 ? 'compound' : 'atomic';
}

function isReal({ type }: Cooked): boolean {
  return type !== 'shallow' && type !== 'deep';
}

function pickOf<T>(list: readonly T[], pick: number): T | undefined {
  return list[pick % Math.max(1, list.length)];
}

function eventOf(pick: number): string {
  return EVENTS[pick % EVENTS.length] as string;
}

function pathOf(cooked: Cooked): string[] {
  return cooked.parent === undefined ? [] : [...pathOf(cooked.parent), cooked.key];
}

function nested(path: readonly string[]): unknown {
  return path.reduceRight<unknown>(
    (inner, key) => (inner === undefined ? key : { [key]: inner }),
    undefined,
  );
}

/** Events by family, for the coverage. */
function kindOf(type: string): string {
  if (type.startsWith('xstate.after')) return 'note on after';
  if (type.startsWith('xstate.done.state')) return 'note on done';
  return type.startsWith('xstate.') ? 'note at start' : 'note on event';
}
