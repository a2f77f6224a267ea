/** A machine as tables: configurations, found as they are reached, and for each the transitions
 * an event may take and the microsteps that follow. Everything is worked out on first use and
 * kept. */
import type { AnyStateMachine } from 'xstate';
import { EngineError } from '../../../kernel/errors.ts';
import { completeOperation, doneStateOperation } from '../operations/basic-operations.ts';
import { ContextShape } from '../operations/context-shape.ts';
import type { Operation, StepScope } from '../operations/operation.ts';
import {
  type Choice,
  type CodeGeneration,
  canGenerate,
  generateReaction,
  generateRun,
} from './code-generation.ts';
import {
  type Candidate,
  Configuration,
  configurationKey,
  type MachineTables,
  type Plan,
  type Reaction,
  type Selector,
} from './configuration.ts';
import { keepsContextPrivate } from './context-use.ts';
import { compileOperations, type MachineOperations } from './machine-operations.ts';
import { alwaysChains, selectorOf } from './selection.ts';
import {
  isAtomic,
  isDescendant,
  isFinished,
  readStatechart,
  type Statechart,
  type StateNode,
  type Transition,
} from './statechart.ts';
import { entrySet, exitSet, type HistoryMemory, withoutConflicts } from './transition-sets.ts';

/** Configurations that a machine may reach before it is told to be too large. */
const CONFIGURATION_LIMIT = 100_000;

/** Microsteps of one macrostep before it counts as endless. */
const MICROSTEP_LIMIT = 100_000;

/** Uses after which a plan or a selection becomes code. */
const HOT_AFTER = { hot: 100, always: 1, never: Number.POSITIVE_INFINITY } as const;

/** Reactions of a configuration that are found by comparing: quicker than hashing. */
const FREQUENT = 6;

/** The event that stops an actor. */
export const STOP_EVENT = 'xstate.stop';

/** How events that tell of a failed child begin. */
export const ERROR_ACTOR = 'xstate.error.actor';

const compiled = new Map<CodeGeneration, WeakMap<AnyStateMachine, CompiledMachine>>();

/** Compiles a machine, once. @throws EngineError `ACTOR_UNSUPPORTED`. */
export function compileMachine(
  machine: AnyStateMachine,
  codeGeneration: CodeGeneration = 'hot',
): CompiledMachine {
  const mode = canGenerate ? codeGeneration : 'never';
  const known = compiled.get(mode) ?? new WeakMap<AnyStateMachine, CompiledMachine>();
  compiled.set(mode, known);
  let found = known.get(machine);
  if (found === undefined) {
    found = new CompiledMachine(machine, mode);
    known.set(machine, found);
  }
  return found;
}

/** A compiled machine. */
export class CompiledMachine implements MachineTables {
  readonly machine: AnyStateMachine;
  readonly id: string;
  readonly chart: Statechart;
  readonly shape = new ContextShape();
  readonly isPrivate: boolean;
  /** Microsteps that one macrostep may take. */
  readonly maxMicrosteps: number;
  readonly #hotAfter: number;
  readonly #operations: MachineOperations;
  readonly #byKey = new Map<string, Configuration>();
  /** Before anything is entered: the root alone. */
  readonly unentered: Configuration;
  #initial: Plan | undefined;

  constructor(machine: AnyStateMachine, codeGeneration: CodeGeneration) {
    this.machine = machine;
    this.id = machine.id;
    this.#hotAfter = HOT_AFTER[codeGeneration];
    this.chart = readStatechart(machine);
    this.isPrivate = keepsContextPrivate(machine);
    this.#operations = compileOperations(this.chart);
    this.maxMicrosteps = maxIterationsOf(machine);
    this.unentered = this.#intern([this.chart.root], new Map());
  }

  /** The microstep into the initial state. */
  get initialPlan(): Plan {
    const { root } = this.chart;
    this.#initial ??= this.#makePlan(this.unentered, [initialTransition(root)], true);
    return this.#initial;
  }

  /** What an event does, worked out anew. */
  newReaction(from: Configuration, eventType: string): Reaction {
    const selector = selectorOf(this.chart, this.#operations, { from, eventType });
    const isSpecial = isSpecialEvent(eventType);
    const isIdle = selector === undefined && !isSpecial && this.always(from).length === 0;
    const counters = { uses: 0, digestHandle: 0, digest: undefined };
    const reaction: Reaction = {
      machine: this,
      eventType,
      selector,
      isSpecial,
      isIdle,
      run: undefined,
      ...counters,
    };
    from.reactions.set(eventType, reaction);
    if (from.frequent.length < FREQUENT) from.frequent.push(reaction);
    return reaction;
  }

  /** Eventless candidates, a chain an atomic state. */
  always(from: Configuration): readonly (readonly Candidate[])[] {
    from.always ??= alwaysChains(this.#operations, from);
    return from.always;
  }

  /** Transitions of regions that are taken together, without those that conflict. */
  compatible(from: Configuration, candidates: readonly Candidate[]): readonly Transition[] {
    const transitions = [...new Set(candidates.map(({ transition }) => transition))];
    return withoutConflicts(transitions, from.active, from.history);
  }

  /** The microstep of some transitions. Cost O(1) after the first time. */
  plan(from: Configuration, transitions: readonly Transition[]): Plan {
    const key = transitions.map(({ index }) => index).join(',');
    let plan = from.plans.get(key);
    if (plan === undefined) {
      const taken = withoutConflicts(transitions, from.active, from.history);
      const told = transitions.map(({ definition }) => definition);
      // As XState tells them: before conflicts are settled.
      plan = Object.assign(this.#makePlan(from, taken, false), { transitions: told });
      from.plans.set(key, plan);
    }
    return plan;
  }

  /** The configuration of a saved actor; undefined when the machine has no such states.
   * @param states - ids in the order of entering. @param history - what history states remember. */
  configurationOf(
    states: readonly string[],
    history: readonly (readonly [string, readonly string[]])[],
  ): Configuration | undefined {
    const byId = new Map(this.chart.nodes.map((node) => [node.id, node]));
    const nodesOf = (ids: readonly string[]) => ids.map((id) => byId.get(id) as StateNode);
    const memory = history.map(([id, ids]) => [byId.get(id) as StateNode, nodesOf(ids)] as const);
    const nodes = nodesOf(states);
    const named = [...nodes, ...memory.flatMap(([node, remembered]) => [node, ...remembered])];
    if (nodes.length === 0 || named.includes(undefined as never)) return undefined;
    return this.#intern(nodes, new Map(memory));
  }

  #makePlan(from: Configuration, transitions: readonly Transition[], isInitial: boolean): Plan {
    const operations: Operation[] = [];
    const active = new Set(from.nodes);
    let history = from.history;
    if (!isInitial) {
      const left = [...exitSet(transitions, active, history)].sort((a, b) => b.order - a.order);
      history = remember(left, active, history);
      for (const node of left) {
        const { exit, stopInvokes } = this.#operations.ofNode(node);
        operations.push(...exit, ...stopInvokes);
        active.delete(node);
      }
      for (const transition of transitions) {
        operations.push(...this.#operations.ofTransition(transition).actions);
      }
    }
    const isComplete = this.#enter(transitions, { active, history, operations, isInitial });
    const nodes = [...active];
    if (isComplete) {
      nodes.sort((a, b) => b.order - a.order);
      for (const node of nodes) operations.push(...this.#operations.ofNode(node).exit);
    }
    const isSame = history === from.history && haveSameNodes(from.active, active);
    const plan: Plan = {
      operations,
      next: isSame ? from : this.#intern(nodes, history),
      changes: !isSame,
      transitions: transitions.map(({ definition }) => definition),
      run: (step) => this.#warm(plan, step),
      uses: 0,
    };
    return plan;
  }

  /** Runs a plan that is not code yet. */
  #warm(plan: Plan, step: StepScope): void {
    for (const operation of plan.operations) operation.execute(step);
    plan.uses += 1;
    if (plan.uses < this.#hotAfter || step.isFresh) return;
    plan.run = generateRun(plan.operations, this.shape) as Plan['run'];
  }

  /** Counts the uses of a reaction that is not code yet. Those of several regions and of errors of
   * children never are. */
  warm(reaction: Reaction, from: Configuration): void {
    reaction.uses += 1;
    if (reaction.uses !== this.#hotAfter) return;
    const { selector, isSpecial } = reaction;
    if (selector === undefined || selector.regions.length > 0 || isSpecial) return;
    const choices = this.#choicesOf(from, selector);
    if (choices === undefined) return;
    const isSettled = this.always(from).length === 0;
    reaction.run = generateReaction({ choices, from, isSettled, machine: this });
  }

  /** @returns undefined when the machine is refused for one of the transitions, in their time. */
  #choicesOf(from: Configuration, selector: Selector): readonly Choice[] | undefined {
    try {
      return selector.own.map((candidate) => {
        candidate.plan ??= this.plan(from, [candidate.transition]);
        const isSettled = this.always(candidate.plan.next).length === 0;
        return { candidate, plan: candidate.plan, isSettled };
      });
    } catch {
      return undefined;
    }
  }

  /** @returns whether the machine completes. */
  #enter(transitions: readonly Transition[], entry: Entry): boolean {
    const { active, history, operations, isInitial } = entry;
    const { root } = this.chart;
    const { states, byDefault } = entrySet(transitions, history);
    if (isInitial) byDefault.add(root);
    const finished = new Set<StateNode>();
    let isComplete = false;
    for (const node of [...states].sort((a, b) => a.order - b.order)) {
      active.add(node);
      const { entry: onEntry, initial, invokeIds, done } = this.#operations.ofNode(node);
      const inside = [...onEntry, ...(byDefault.has(node) ? initial : [])];
      operations.push(...(invokeIds.length > 0 ? announced(invokeIds, inside) : inside));
      if (node.type !== 'final') continue;
      if (done !== undefined) operations.push(done);
      const completing = finishAncestors(node, { active, finished, operations });
      if (completing === undefined) continue;
      isComplete = true;
      operations.push(
        completeOperation({
          machineOutput: root.definition.output,
          doneType: `xstate.done.state.${completing.id}`,
          stateOutput: completing.parent === undefined ? undefined : completing.definition.output,
        }),
      );
    }
    return isComplete;
  }

  #intern(nodes: readonly StateNode[], history: HistoryMemory): Configuration {
    const key = configurationKey(this.chart, nodes, history);
    let found = this.#byKey.get(key);
    if (found === undefined) {
      if (this.#byKey.size >= CONFIGURATION_LIMIT) throw tooManyConfigurations(this.id);
      found = new Configuration(this, nodes, history);
      this.#byKey.set(key, found);
    }
    return found;
  }
}

interface Entry {
  readonly active: Set<StateNode>;
  readonly history: HistoryMemory;
  readonly operations: Operation[];
  readonly isInitial: boolean;
}

/** Done events of the parallel ancestors that a final state finishes.
 * @returns the node that completes the machine, if it does. */
function finishAncestors(
  node: StateNode,
  entry: Pick<Entry, 'active' | 'operations'> & { readonly finished: Set<StateNode> },
): StateNode | undefined {
  const { active, operations, finished } = entry;
  const { parent } = node;
  let ancestor = parent?.type === 'parallel' ? parent : parent?.parent;
  let completing = ancestor ?? node;
  while (ancestor?.type === 'parallel' && !finished.has(ancestor) && isFinished(ancestor, active)) {
    finished.add(ancestor);
    operations.push(doneStateOperation(`xstate.done.state.${ancestor.id}`, undefined));
    completing = ancestor;
    ancestor = ancestor.parent;
  }
  return ancestor === undefined ? completing : undefined;
}

function announced(invokeIds: readonly string[], operations: readonly Operation[]): Operation[] {
  return [
    { kind: 'beginEntry', execute: (step) => step.beginEntry(invokeIds) },
    ...operations,
    { kind: 'endEntry', execute: (step) => step.endEntry() },
  ];
}

function remember(
  left: readonly StateNode[],
  active: ReadonlySet<StateNode>,
  before: HistoryMemory,
): HistoryMemory {
  let changed: Map<StateNode, readonly StateNode[]> | undefined;
  for (const node of left) {
    for (const history of node.histories) {
      const remembered = [...active].filter((state) =>
        history.isDeepHistory
          ? isAtomic(state) && isDescendant(state, node)
          : state.parent === node,
      );
      changed ??= new Map(before);
      changed.set(history, remembered);
    }
  }
  return changed ?? before;
}

function haveSameNodes(a: ReadonlySet<StateNode>, b: ReadonlySet<StateNode>): boolean {
  return a.size === b.size && [...a].every((node) => b.has(node));
}

/** The pseudo-transition into the initial state: to the root and all its default descendants. */
function initialTransition(root: StateNode): Transition {
  const targets = new Set<StateNode>();
  const add = (node: StateNode): void => {
    targets.add(node);
    if (node.type === 'compound') for (const child of node.initial?.targets ?? []) add(child);
    if (node.type === 'parallel') for (const child of node.children) add(child);
  };
  add(root);
  return {
    index: -1,
    source: root,
    targets: [...targets],
    reenter: true,
    guard: undefined,
    actions: [],
    eventType: '',
    definition: undefined,
  };
}

/** Events that do something where no transition answers them. */
function isSpecialEvent(type: string): boolean {
  return type === '*' || type === STOP_EVENT || type.startsWith(ERROR_ACTOR);
}

/** XState's option, which bounds nothing by default; a run must end. */
function maxIterationsOf(machine: AnyStateMachine): number {
  const { maxIterations } = machine.options as { readonly maxIterations?: number };
  return Math.min(maxIterations ?? MICROSTEP_LIMIT, MICROSTEP_LIMIT);
}

function tooManyConfigurations(machine: string): EngineError {
  return new EngineError(
    'ACTOR_TOO_MANY_CONFIGURATIONS',
    `machine '${machine}' reached more than ${CONFIGURATION_LIMIT} configurations; ` +
      'move what counts or remembers into its context, or split it into several actors',
    { machine, limit: CONFIGURATION_LIMIT },
  );
}
