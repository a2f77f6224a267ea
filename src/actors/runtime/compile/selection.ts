/** Which transitions an event may take from a configuration. Descriptors: the exact one first, then
 * wildcards, longest first; a transition without target and actions is forbidden territory: chosen,
 * it does nothing and ends the search upwards. */

import { guardName } from '../operations/guards.ts';
import type { Candidate, Configuration, Selector } from './configuration.ts';
import type { MachineOperations } from './machine-operations.ts';
import type { StateValue } from './state-value.ts';
import type { Statechart, StateNode, Transition } from './statechart.ts';
import { ancestorsOf, isAtomic } from './statechart.ts';

/** The selector of an event type; undefined where nothing answers it. */
export function selectorOf(
  chart: Statechart,
  operations: MachineOperations,
  asked: { readonly from: Configuration; readonly eventType: string },
): Selector | undefined {
  const { from, eventType } = asked;
  return collapse(below(chart.root, from.value));

  function below(node: StateNode, value: StateValue): Selector {
    const own = transitionsFor(node, eventType).map((t) => candidateOf(operations, t));
    const active = typeof value === 'string' ? [[value, {}] as const] : Object.entries(value);
    const regions = active.map(([key, inner]) => {
      const child = node.children.find((candidate) => candidate.key === key) as StateNode;
      return below(child, inner);
    });
    return makeSelector(regions, own);
  }
}

/** Eventless transitions: a chain of candidates for each atomic state that has any. */
export function alwaysChains(
  operations: MachineOperations,
  configuration: Configuration,
): readonly (readonly Candidate[])[] {
  return configuration.nodes
    .filter(isAtomic)
    .map((leaf) =>
      [leaf, ...ancestorsOf(leaf, undefined)].flatMap((node) =>
        node.always.map((transition) => candidateOf(operations, transition)),
      ),
    )
    .filter((chain) => chain.length > 0);
}

/** Chains of single regions become one list; regions without any candidate go. */
function collapse(selector: Selector): Selector | undefined {
  const regions = selector.regions.flatMap((region) => collapse(region) ?? []);
  const [only] = regions;
  if (regions.length === 1 && only !== undefined) {
    // One region that selects nothing leaves the word to its parent: the lists join.
    return makeSelector(only.regions, [...only.own, ...selector.own]);
  }
  if (regions.length === 0 && selector.own.length === 0) return undefined;
  return makeSelector(regions, selector.own);
}

function makeSelector(regions: readonly Selector[], own: readonly Candidate[]): Selector {
  return { regions, own };
}

function transitionsFor(node: StateNode, eventType: string): readonly Transition[] {
  const wildcards = [...node.transitions.keys()]
    .filter((descriptor) => descriptor !== eventType && matches(eventType, descriptor))
    .sort((a, b) => b.length - a.length);
  const exact = node.transitions.get(eventType) ?? [];
  return [...exact, ...wildcards.flatMap((key) => node.transitions.get(key) ?? [])];
}

/** Whether a descriptor with a wildcard covers the event: `*`, or `a.b.*` by whole tokens. */
function matches(eventType: string, descriptor: string): boolean {
  if (descriptor === '*') return true;
  if (!descriptor.endsWith('.*')) return false;
  const tokens = eventType.split('.');
  const wanted = descriptor.split('.');
  for (const [place, token] of wanted.entries()) {
    if (token === '*') return place === wanted.length - 1;
    if (token !== tokens[place]) return false;
  }
  return true;
}

function candidateOf(operations: MachineOperations, transition: Transition): Candidate {
  return {
    transition,
    guard: operations.ofTransition(transition).guard,
    guardName: guardName(transition.guard),
    plan: undefined,
  };
}
