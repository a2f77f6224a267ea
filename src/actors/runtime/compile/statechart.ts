/** A machine's state nodes as the compiler sees them: XState's own `StateNode` tree, read once into
 * records that name their relatives directly. Nothing is taken from the raw config but the default
 * target of a history state, which XState keeps nowhere else. */
import type { AnyStateMachine, AnyStateNode } from 'xstate';

/** One state node. */
export interface StateNode {
  /** Place in document order, from 0: the root. */
  readonly order: number;
  readonly id: string;
  readonly key: string;
  readonly type: 'atomic' | 'compound' | 'parallel' | 'final' | 'history';
  readonly parent: StateNode | undefined;
  /** Children without history states, in document order. */
  readonly children: StateNode[];
  readonly histories: StateNode[];
  /** What entering by default does, for compound nodes. */
  initial: InitialTransition | undefined;
  /** Where a history state leads that has nothing to remember. */
  historyDefault: HistoryDefault | undefined;
  readonly isDeepHistory: boolean;
  readonly always: Transition[];
  /** Transitions by event descriptor, in document order. */
  readonly transitions: Map<string, readonly Transition[]>;
  readonly tags: readonly string[];
  /** XState's own node: actions, invokes, output. */
  readonly definition: AnyStateNode;
}

/** A transition, with its targets resolved. `targets` undefined: it goes nowhere. */
export interface Transition {
  /** Number within the machine; −1 for the transition into the initial state. */
  readonly index: number;
  readonly source: StateNode;
  readonly targets: readonly StateNode[] | undefined;
  readonly reenter: boolean;
  readonly guard: unknown;
  readonly actions: readonly unknown[];
  readonly eventType: string;
  /** XState's own transition, for inspectors. */
  readonly definition: unknown;
}

interface InitialTransition {
  readonly targets: readonly StateNode[];
  readonly actions: readonly unknown[];
}

interface HistoryDefault {
  readonly targets: readonly StateNode[];
  /** Whether it is the default entry of the parent, initial actions included. */
  readonly isInitialOfParent: boolean;
}

/** All nodes of a machine. */
export interface Statechart {
  readonly machine: AnyStateMachine;
  readonly root: StateNode;
  /** In document order. */
  readonly nodes: readonly StateNode[];
  readonly hasParallel: boolean;
  readonly hasAlways: boolean;
}

interface TransitionSource {
  readonly target?: readonly AnyStateNode[] | undefined;
  readonly reenter: boolean;
  readonly guard?: unknown;
  readonly actions: readonly unknown[];
  readonly eventType: string;
}

/** Reads a machine's nodes. Cost O(nodes + transitions). */
export function readStatechart(machine: AnyStateMachine): Statechart {
  const byDefinition = new Map<AnyStateNode, StateNode>();
  const nodes: StateNode[] = [];
  const root = addNode(machine.root, undefined);
  let transitionCount = 0;
  for (const node of nodes) link(node);
  return {
    machine,
    root,
    nodes,
    hasParallel: nodes.some(({ type }) => type === 'parallel'),
    hasAlways: nodes.some(({ always }) => always.length > 0),
  };

  function addNode(definition: AnyStateNode, parent: StateNode | undefined): StateNode {
    const node: StateNode = {
      order: nodes.length,
      id: definition.id,
      key: definition.key,
      type: definition.type,
      parent,
      children: [],
      histories: [],
      initial: undefined,
      historyDefault: undefined,
      isDeepHistory: definition.history === 'deep',
      always: [],
      transitions: new Map(),
      tags: definition.tags,
      definition,
    };
    nodes.push(node);
    byDefinition.set(definition, node);
    for (const child of Object.values<AnyStateNode>(definition.states)) {
      const added = addNode(child, node);
      (added.type === 'history' ? node.histories : node.children).push(added);
    }
    return node;
  }

  function link(node: StateNode): void {
    const { definition } = node;
    if (node.type === 'compound') {
      const { target, actions } = definition.initial;
      node.initial = { targets: target.map(recordOf), actions };
    }
    if (node.type === 'history') node.historyDefault = historyDefaultOf(node, recordOf);
    for (const [descriptor, list] of definition.transitions) {
      const transitions = (list as readonly TransitionSource[]).map((t) => transitionOf(node, t));
      node.transitions.set(descriptor, transitions);
    }
    const always = (definition.always ?? []) as readonly TransitionSource[];
    node.always.push(...always.map((t) => transitionOf(node, t)));
  }

  function transitionOf(source: StateNode, definition: TransitionSource): Transition {
    transitionCount += 1;
    return {
      index: transitionCount - 1,
      source,
      targets: definition.target?.map(recordOf),
      reenter: definition.reenter,
      guard: definition.guard,
      actions: definition.actions,
      eventType: definition.eventType,
      definition,
    };
  }

  function recordOf(definition: AnyStateNode): StateNode {
    const node = byDefinition.get(definition);
    if (node === undefined) throw new Error(`state '${definition.id}' is of another machine`);
    return node;
  }
}

function historyDefaultOf(
  node: StateNode,
  recordOf: (definition: AnyStateNode) => StateNode,
): HistoryDefault {
  const parent = node.parent as StateNode;
  const configured: unknown = node.definition.config.target;
  if (configured === undefined || configured === '') {
    if (parent.type === 'parallel') return { targets: [parent], isInitialOfParent: false };
    const targets = parent.definition.initial.target.map(recordOf);
    return { targets, isInitialOfParent: true };
  }
  const targets = (Array.isArray(configured) ? configured : [configured]) as unknown[];
  return {
    targets: targets.map((target) =>
      recordOf(
        typeof target === 'string' ? nodeAt(parent.definition, target) : (target as AnyStateNode),
      ),
    ),
    isInitialOfParent: false,
  };
}

/** The node that a target names, relative to `from`: `#id`, or keys joined by dots. */
function nodeAt(from: AnyStateNode, target: string): AnyStateNode {
  if (target.startsWith('#')) return from.machine.getStateNodeById(target);
  const keys = target.match(/(?:\\.|[^.\\])+/g) ?? [];
  return keys.reduce((node: AnyStateNode, key) => {
    const child = node.states[key.replaceAll(/\\(.)/g, '$1')];
    if (child === undefined) throw new Error(`state '${key}' does not exist on '${node.id}'`);
    return child;
  }, from);
}

/** Whether `node` lies below `ancestor`; below nothing (undefined) lies everything. */
export function isDescendant(node: StateNode, ancestor: StateNode | undefined): boolean {
  if (ancestor === undefined) return true;
  for (let at = node.parent; at !== undefined; at = at.parent) {
    if (at === ancestor) return true;
  }
  return false;
}

/** Ancestors of `node`, nearest first, up to and without `below`. */
export function ancestorsOf(node: StateNode, below: StateNode | undefined): StateNode[] {
  const ancestors: StateNode[] = [];
  if (node === below) return ancestors;
  for (let at = node.parent; at !== undefined && at !== below; at = at.parent) ancestors.push(at);
  return ancestors;
}

/** Whether the node has no children to be in. */
export function isAtomic(node: StateNode): boolean {
  return node.type === 'atomic' || node.type === 'final';
}

/** Whether a node counts as finished when `active` are the active nodes. */
export function isFinished(node: StateNode, active: ReadonlySet<StateNode>): boolean {
  if (node.type === 'compound') {
    return node.children.some((child) => child.type === 'final' && active.has(child));
  }
  if (node.type === 'parallel') return node.children.every((child) => isFinished(child, active));
  return node.type === 'final';
}
