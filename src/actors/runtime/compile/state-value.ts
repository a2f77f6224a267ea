/** State values: XState's nested names of the active states. A region that is not among the active
 * nodes, as unusual targets can bring about, counts as standing in its initial state. */
import { ancestorsOf, isAtomic, type StateNode } from './statechart.ts';

/** XState's state value. */
export type StateValue = string | { readonly [key: string]: StateValue };

/** The value of some active nodes, the root among them. */
export function stateValueOf(nodes: readonly StateNode[]): StateValue {
  const all = completed(nodes);
  const root = nodes.find(({ parent }) => parent === undefined) as StateNode;
  return valueBelow(root, childrenByParent(all));
}

/** XState's `snapshot.matches`. @param wanted - a value, or its path with dots. */
export function matchesValue(wanted: unknown, found: StateValue): boolean {
  return covers(toValue(wanted), found);
}

type Children = ReadonlyMap<StateNode, readonly StateNode[]>;

function childrenByParent(nodes: Iterable<StateNode>): Children {
  const children = new Map<StateNode, StateNode[]>();
  for (const node of nodes) {
    if (node.parent === undefined) continue;
    const siblings = children.get(node.parent);
    if (siblings === undefined) children.set(node.parent, [node]);
    else siblings.push(node);
  }
  return children;
}

/** With the initial states of regions and compound states that have none active, and ancestors. */
function completed(nodes: readonly StateNode[]): ReadonlySet<StateNode> {
  const all = new Set(nodes);
  const children = childrenByParent(all);
  for (const node of all) {
    if (node.type === 'compound' && !children.has(node)) addInitial(node, all);
    if (node.type !== 'parallel') continue;
    for (const region of node.children) if (!all.has(region)) addInitial(region, all);
  }
  for (const node of all) for (const ancestor of ancestorsOf(node, undefined)) all.add(ancestor);
  return all;
}

function addInitial(node: StateNode, all: Set<StateNode>): void {
  all.add(node);
  if (node.type === 'compound') {
    for (const child of node.initial?.targets ?? []) addInitial(child, all);
  } else if (node.type === 'parallel') {
    for (const region of node.children) addInitial(region, all);
  }
}

function valueBelow(node: StateNode, children: Children): StateValue {
  const active = children.get(node) ?? [];
  const [first] = active;
  if (node.type === 'compound') {
    if (first === undefined) return {};
    if (isAtomic(first)) return first.key;
  }
  return Object.fromEntries(active.map((child) => [child.key, valueBelow(child, children)]));
}

function toValue(value: unknown): StateValue {
  if (typeof value !== 'string') return value as StateValue;
  const keys = (value.match(/(?:\\.|[^.\\])*(?:\.|$)/g) ?? [])
    .slice(0, -1)
    .map((part) => part.replace(/\.$/, '').replaceAll(/\\(.)/g, '$1'));
  return keys.reduceRight<StateValue | undefined>(
    (inner, key) => (inner === undefined ? key : { [key]: inner }),
    undefined,
  ) as StateValue;
}

function covers(wanted: StateValue, found: StateValue | undefined): boolean {
  if (found === undefined) return false;
  if (typeof found === 'string') return wanted === found;
  if (typeof wanted === 'string') return wanted in found;
  return Object.keys(wanted).every(
    (key) => key in found && covers(wanted[key] as StateValue, found[key]),
  );
}
