/** All actions and guards of a machine, compiled once, before anything runs: what is not supported
 * is refused here, wherever in the machine it stands. */

import { compileActions, spawnSource } from '../operations/actions.ts';
import { doneStateOperation } from '../operations/basic-operations.ts';
import { spawnOperation, stopOperation } from '../operations/child-operations.ts';
import { compileGuard, type GuardTest } from '../operations/guards.ts';
import type { Operation } from '../operations/operation.ts';
import type { Statechart, StateNode, Transition } from './statechart.ts';

/** Compiled parts of a state node. */
export interface NodeOperations {
  /** Entry actions, then invokes. */
  readonly entry: readonly Operation[];
  /** Actions of the transition into the initial child. */
  readonly initial: readonly Operation[];
  readonly exit: readonly Operation[];
  /** Stopping what it invoked. */
  readonly stopInvokes: readonly Operation[];
  readonly invokeIds: readonly string[];
  /** Done event of its parent, for final nodes of compound states. */
  readonly done: Operation | undefined;
}

/** Compiled parts of a transition. */
export interface TransitionOperations {
  readonly actions: readonly Operation[];
  readonly guard: GuardTest | undefined;
}

/** All compiled parts, by node and transition. */
export interface MachineOperations {
  ofNode(node: StateNode): NodeOperations;
  ofTransition(transition: Transition): TransitionOperations;
}

/** Compiles every action and guard. @throws EngineError `ACTOR_UNSUPPORTED`. */
export function compileOperations(chart: Statechart): MachineOperations {
  const nodes = new Map(chart.nodes.map((node) => [node, compileNode(chart, node)]));
  const transitions = new Map<Transition, TransitionOperations>();
  for (const node of chart.nodes) {
    for (const transition of [...node.always, ...[...node.transitions.values()].flat()]) {
      transitions.set(transition, compileTransition(chart, transition));
    }
  }
  return {
    ofNode: (node) => nodes.get(node) as NodeOperations,
    ofTransition: (transition) => transitions.get(transition) as TransitionOperations,
  };
}

function compileNode(chart: Statechart, node: StateNode): NodeOperations {
  const at = { machine: chart.machine, place: `state '${node.id}'` };
  const { definition, parent } = node;
  const invokes = definition.invoke.map((invoke) => {
    const syncSnapshot = invoke.onSnapshot !== undefined;
    return spawnOperation(spawnSource(invoke.src, { ...invoke, syncSnapshot }, at));
  });
  const invokeIds = definition.invoke.map(({ id }) => id);
  const isFinalChild = node.type === 'final' && parent?.type === 'compound';
  return {
    entry: [...compileActions(definition.entry, at), ...invokes],
    initial: compileActions(node.initial?.actions ?? [], at),
    exit: compileActions(definition.exit, at),
    stopInvokes: invokeIds.map((id) => stopOperation(id, undefined)),
    invokeIds,
    done: isFinalChild
      ? doneStateOperation(`xstate.done.state.${parent.id}`, definition.output)
      : undefined,
  };
}

function compileTransition(chart: Statechart, transition: Transition): TransitionOperations {
  const { guard, source, actions, eventType } = transition;
  const on = eventType === '' ? 'always' : `on '${eventType}'`;
  const at = { machine: chart.machine, place: `state '${source.id}', ${on}` };
  return {
    actions: compileActions(actions, at),
    guard: guard ? compileGuard(guard, at) : undefined,
  };
}
