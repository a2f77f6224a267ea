/** A configuration: the active states of an actor, one object each. Its identity is the
 * set of active nodes plus only those orders and history memories that behaviour can depend on. */
import type { AnyStateMachine, EventObject } from 'xstate';
import type { ContextShape } from '../operations/context-shape.ts';
import type { DelayedMessage } from '../operations/delayed-message.ts';
import type { ActiveStates, GuardTest } from '../operations/guards.ts';
import type { Operation, StepScope } from '../operations/operation.ts';
import { matchesValue, type StateValue, stateValueOf } from './state-value.ts';
import { isAtomic, type Statechart, type StateNode, type Transition } from './statechart.ts';
import type { HistoryMemory } from './transition-sets.ts';

/** A microstep worked out beforehand: what to run, and where it ends. */
export interface Plan {
  readonly operations: readonly Operation[];
  readonly next: Configuration;
  /** Whether states or history changed, as XState tells it. */
  readonly changes: boolean;
  /** XState's own transitions, for inspectors. */
  readonly transitions: readonly unknown[];
  /** Runs all operations: generated code, or a loop over them. */
  run: (step: StepScope) => void;
  /** Times it ran before it became code. */
  uses: number;
}

/** A transition that an event may take from a configuration. */
export interface Candidate {
  readonly transition: Transition;
  readonly guard: GuardTest | undefined;
  /** Name of the guard, for messages. */
  readonly guardName: string | undefined;
  /** The plan of this transition alone, once it was needed. */
  plan: Plan | undefined;
}

/** How an event selects transitions: each region by itself; where none has any, `own` in order. */
export interface Selector {
  readonly regions: readonly Selector[];
  /** Candidates in the order of asking: deepest state first. */
  readonly own: readonly Candidate[];
}

/** A timer that a plan sets or cancels, known beforehand. */
export interface StaticEffect {
  /** The message of the timer to set; undefined to cancel one. */
  readonly message: DelayedMessage | undefined;
  readonly delayUs: number;
  /** Name of the timer to cancel. */
  readonly cancels: string;
}

/** What generated code needs of the step it runs in. */
export interface GeneratedScope {
  /** The configuration where the reaction ends. */
  landed: Configuration;
  /** What is to be done besides the step's queued effects. */
  follow: readonly StaticEffect[] | undefined;
}

/** A compiled machine as its reactions and steps know it. */
export interface MachineTables {
  readonly machine: AnyStateMachine;
  readonly shape: ContextShape;
  /** Whether nobody else can hold a context of the machine: it may be changed in place. */
  readonly isPrivate: boolean;
  /** Microsteps that one macrostep may take. */
  readonly maxMicrosteps: number;
  /** Before anything is entered: the root alone. */
  readonly unentered: Configuration;
  /** The microstep into the initial state. */
  readonly initialPlan: Plan;
  /** What an event does, worked out anew. */
  newReaction(from: Configuration, eventType: string): Reaction;
  /** Eventless candidates, a chain an atomic state. */
  always(from: Configuration): readonly (readonly Candidate[])[];
  /** Transitions of regions that are taken together, without those that conflict. */
  compatible(from: Configuration, candidates: readonly Candidate[]): readonly Transition[];
  /** The microstep of some transitions. Cost O(1) after the first time. */
  plan(from: Configuration, transitions: readonly Transition[]): Plan;
  /** Counts the uses of a reaction; makes it code when it is hot. */
  warm(reaction: Reaction, from: Configuration): void;
}

/** What an event does to an actor that stands in a configuration. */
export interface Reaction {
  readonly machine: MachineTables;
  readonly eventType: string;
  readonly selector: Selector | undefined;
  /** Whether what it does without a transition is not nothing: errors of children, `xstate.stop`,
   * `*`. */
  readonly isSpecial: boolean;
  /** Whether it does nothing, whatever the context. */
  readonly isIdle: boolean;
  /** All of it as code, once it is hot: guards, microsteps, what follows. Takes the step, context
   * and event, answers with the next context. */
  run: ((step: GeneratedScope, context: unknown, event: EventObject) => unknown) | undefined;
  /** Times it ran before it became code. */
  uses: number;
  /** Handle of its event type in a digest, and the digest that gave it. */
  digestHandle: number;
  digest: unknown;
}

/** One configuration. */
export class Configuration implements ActiveStates {
  readonly #tables: MachineTables;
  /** In XState's order: that of entering. */
  readonly nodes: readonly StateNode[];
  readonly active: ReadonlySet<StateNode>;
  readonly history: HistoryMemory;
  /** By event type. */
  readonly reactions = new Map<string, Reaction>();
  /** The first few of them. */
  readonly frequent: Reaction[] = [];
  /** One chain an atomic state; undefined before it was asked for. */
  always: readonly (readonly Candidate[])[] | undefined;
  /** By the numbers of the transitions taken together. */
  readonly plans = new Map<string, Plan>();
  #value: StateValue | undefined;
  readonly #ids: ReadonlySet<string>;

  constructor(tables: MachineTables, nodes: readonly StateNode[], history: HistoryMemory) {
    this.#tables = tables;
    this.nodes = nodes;
    this.active = new Set(nodes);
    this.history = history;
    this.#ids = new Set(nodes.map(({ id }) => id));
  }

  /** What an event does. Cost O(1) after the first time. */
  reaction(eventType: string): Reaction {
    const { frequent } = this;
    for (let i = 0; i < frequent.length; i += 1) {
      const reaction = frequent[i] as Reaction;
      if (reaction.eventType === eventType) return reaction;
    }
    return this.reactions.get(eventType) ?? this.#tables.newReaction(this, eventType);
  }

  get value(): StateValue {
    this.#value ??= stateValueOf(this.nodes);
    return this.#value;
  }

  /** Tags of the active nodes, sorted. */
  get tags(): readonly string[] {
    return [...new Set(this.nodes.flatMap((node) => node.tags))].sort();
  }

  hasId(id: string): boolean {
    return this.#ids.has(id);
  }

  matches(value: unknown): boolean {
    return matchesValue(value, this.value);
  }
}

/** What tells configurations apart. */
export function configurationKey(
  chart: Statechart,
  nodes: readonly StateNode[],
  history: HistoryMemory,
): string {
  const remembered = [...history]
    .sort(([a], [b]) => a.order - b.order)
    .map(([node, states]) => `${node.order}:${orders(states).sort(ascending).join(',')}`);
  return `${nodesKey(chart, nodes)}|${remembered.join(';')}`;
}

/** Regions are asked in the order in which they were entered; atomic states too, by `always`. */
function nodesKey(chart: Statechart, nodes: readonly StateNode[]): string {
  if (!chart.hasParallel) return orders(nodes).sort(ascending).join(',');
  const regions = nodes.filter(({ parent }) => parent?.type === 'parallel');
  const leaves = orders(nodes.filter(isAtomic));
  if (!chart.hasAlways) leaves.sort(ascending);
  return `${orders(regions).join(',')}/${leaves.join(',')}`;
}

function orders(nodes: readonly StateNode[]): number[] {
  return nodes.map(({ order }) => order);
}

function ascending(a: number, b: number): number {
  return a - b;
}
