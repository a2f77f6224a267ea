/** The shortest runs to the states of a machine, nearest first: what hangs on a certain message in
 * a certain state is reached whatever is drawn. States are told apart by value and context, so that
 * a counter makes many of them: the search is bounded. */
import type { AnyTransitionDefinition } from 'xstate';
import type { ActorMachine } from '../../actors/runtime/actor-system.ts';
import { createCompiledActorSystem } from '../../actors/runtime/compiled-actor-system.ts';
import { textOf } from '../pipelines/differences.ts';
import { type MachineRun, type MachineStep, observeMachine } from './machine-run.ts';

/** What the search may use. */
export interface Exploration {
  /** What is tried in every state. */
  readonly steps: readonly MachineStep[];
  /** Default: none. */
  readonly inputs?: readonly unknown[];
  readonly onTransition: (transition: AnyTransitionDefinition) => void;
}

const STATES_MAX = 40;

/** Runs that end in a state where no run before ended, breadth first. Cost: a run for each state
 * and step. */
export function* explore(
  machine: ActorMachine,
  { steps, inputs, onTransition }: Exploration,
): Iterable<MachineRun> {
  const schema = 'backlot.machine-run/1' as const;
  const known = new Set<string>();
  const isNew = (run: MachineRun) => {
    const key = standing(machine, run, onTransition);
    if (known.has(key)) return false;
    known.add(key);
    return true;
  };
  const start: MachineRun = { schema, steps: [] };
  const open = (inputs?.map((input) => ({ ...start, input })) ?? [start]).filter(isNew);
  yield* open;
  for (let run = open.shift(); run !== undefined; run = open.shift()) {
    for (const step of steps) {
      if (known.size >= STATES_MAX) return;
      const next = { ...run, steps: [...run.steps, step] };
      if (!isNew(next)) continue;
      yield next;
      open.push(next);
    }
  }
}

/** Where a run ends. */
function standing(
  machine: ActorMachine,
  run: MachineRun,
  onTransition: Exploration['onTransition'],
): string {
  const { sights, thrown } = observeMachine(createCompiledActorSystem, machine, {
    run,
    onTransition,
  });
  const last = sights.at(-1);
  if (last === undefined || thrown !== undefined) return `throws ${String(thrown?.error)}`;
  const { value, context, status } = last.snapshot;
  return textOf([value, context, status]);
}
