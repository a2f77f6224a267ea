/** Which states a set of transitions leaves and enters: SCXML's algorithm (W3C, appendix D) with
 * XState's refinements. All of it depends on the configuration alone, so the compiler works it out
 * once per (configuration, set of transitions). */
import { ancestorsOf, isDescendant, type StateNode, type Transition } from './statechart.ts';

/** What history states remember: the nodes that were active, by history node. */
export type HistoryMemory = ReadonlyMap<StateNode, readonly StateNode[]>;

/** States to enter. */
export interface EntrySet {
  readonly states: ReadonlySet<StateNode>;
  /** Those entered by default, whose initial actions run. */
  readonly byDefault: Set<StateNode>;
}

/** States that the transitions leave, unsorted. */
export function exitSet(
  transitions: readonly Transition[],
  active: ReadonlySet<StateNode>,
  history: HistoryMemory,
): Set<StateNode> {
  const left = new Set<StateNode>();
  for (const transition of transitions) {
    if (transition.targets === undefined || transition.targets.length === 0) continue;
    const domain = domainOf(transition, history);
    if (transition.reenter && transition.source === domain) left.add(domain);
    for (const node of active) if (isDescendant(node, domain)) left.add(node);
  }
  return left;
}

/** Drops transitions that leave a state which another, stronger one leaves too: the one whose
 * source lies deeper wins, else the first. */
export function withoutConflicts(
  transitions: readonly Transition[],
  active: ReadonlySet<StateNode>,
  history: HistoryMemory,
): readonly Transition[] {
  if (transitions.length < 2) return transitions;
  const kept = new Set<Transition>();
  for (const transition of transitions) {
    const leaves = exitSet([transition], active, history);
    const beaten: Transition[] = [];
    let isPreempted = false;
    for (const other of kept) {
      const overlaps = [...exitSet([other], active, history)].some((node) => leaves.has(node));
      if (!overlaps) continue;
      isPreempted = !isDescendant(transition.source, other.source);
      if (isPreempted) break;
      beaten.push(other);
    }
    if (isPreempted) continue;
    for (const other of beaten) kept.delete(other);
    kept.add(transition);
  }
  return [...kept];
}

/** States that the transitions enter, given what history remembers after the exits. */
export function entrySet(transitions: readonly Transition[], history: HistoryMemory): EntrySet {
  const collector = new EntryCollector(history);
  for (const transition of transitions) collector.addTransition(transition);
  return collector;
}

/** The innermost state that the transition does not leave; undefined when it leaves all. */
function domainOf(transition: Transition, history: HistoryMemory): StateNode | undefined {
  const { source } = transition;
  const targets = effectiveTargets(transition.targets, history);
  const staysWithin = targets.every((node) => node === source || isDescendant(node, source));
  if (!transition.reenter && staysWithin) return source;
  const common = leastCommonAncestor([...targets, source]);
  if (common !== undefined || transition.reenter) return common;
  return rootOf(source);
}

function effectiveTargets(
  targets: readonly StateNode[] | undefined,
  history: HistoryMemory,
): readonly StateNode[] {
  const effective = new Set<StateNode>();
  for (const target of targets ?? []) {
    if (target.type === 'history') {
      const led = history.get(target) ?? effectiveTargets(target.historyDefault?.targets, history);
      for (const node of led) effective.add(node);
    } else {
      effective.add(target);
    }
  }
  return [...effective];
}

function leastCommonAncestor(nodes: readonly StateNode[]): StateNode | undefined {
  const [head, ...others] = nodes;
  if (head === undefined) return undefined;
  return ancestorsOf(head, undefined).find((ancestor) =>
    others.every((node) => isDescendant(node, ancestor)),
  );
}

function rootOf(node: StateNode): StateNode {
  let root = node;
  while (root.parent !== undefined) root = root.parent;
  return root;
}

class EntryCollector implements EntrySet {
  readonly states = new Set<StateNode>();
  readonly byDefault = new Set<StateNode>();
  readonly #history: HistoryMemory;

  constructor(history: HistoryMemory) {
    this.#history = history;
  }

  addTransition(transition: Transition): void {
    const { source, reenter } = transition;
    const domain = domainOf(transition, this.#history);
    for (const target of transition.targets ?? []) {
      const isEntered = source !== target || source !== domain || reenter;
      if (target.type !== 'history' && isEntered) this.#addByDefault(target);
      this.#addDescendants(target);
    }
    const boundary = source.parent === undefined && reenter ? undefined : domain;
    for (const target of effectiveTargets(transition.targets, this.#history)) {
      const ancestors = ancestorsOf(target, domain);
      if (domain?.type === 'parallel') ancestors.push(domain);
      this.#addAncestors(ancestors, boundary);
    }
  }

  #addByDefault(node: StateNode): void {
    this.states.add(node);
    this.byDefault.add(node);
  }

  #addDescendants(node: StateNode): void {
    if (node.type === 'history') this.#addRemembered(node);
    else if (node.type === 'compound') this.#addInitial(node);
    else if (node.type === 'parallel') this.#addRegions(node, true);
  }

  #addRemembered(node: StateNode): void {
    const remembered = this.#history.get(node);
    const targets = remembered ?? node.historyDefault?.targets ?? [];
    for (const target of targets) {
      this.states.add(target);
      if (remembered === undefined && node.historyDefault?.isInitialOfParent && node.parent) {
        this.byDefault.add(node.parent);
      }
      this.#addDescendants(target);
    }
    for (const target of targets) this.#addAncestors(ancestorsOf(target, node.parent), undefined);
  }

  #addInitial(node: StateNode): void {
    const initial = node.initial?.targets[0];
    if (initial === undefined) return;
    if (initial.type !== 'history') this.#addByDefault(initial);
    this.#addDescendants(initial);
    this.#addAncestors(ancestorsOf(initial, node), undefined);
  }

  #addRegions(node: StateNode, isDefault: boolean): void {
    for (const region of node.children) {
      if ([...this.states].some((state) => isDescendant(state, region))) continue;
      this.states.add(region);
      if (isDefault) this.byDefault.add(region);
      this.#addDescendants(region);
    }
  }

  #addAncestors(ancestors: readonly StateNode[], boundary: StateNode | undefined): void {
    for (const ancestor of ancestors) {
      if (isDescendant(ancestor, boundary)) this.states.add(ancestor);
      if (ancestor.type === 'parallel') this.#addRegions(ancestor, false);
    }
  }
}
