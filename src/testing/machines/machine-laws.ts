/** What is asked of a machine's runs. Spec: T107–T110. */
import { isDeepStrictEqual } from 'node:util';
import type { ActorMachine, ActorMessage } from '../../actors/runtime/actor-system.ts';
import { createCompiledActorSystem } from '../../actors/runtime/compiled-actor-system.ts';
import { textOf } from '../pipelines/differences.ts';
import { isIn, stateText } from './machine-map.ts';
import {
  type MachineRun,
  type MachineSight,
  type ObservedRun,
  observeMachine,
} from './machine-run.ts';

/** A machine, as invariants see it. */
export interface MachineState<Context = unknown> {
  /** XState's state value. */
  readonly value: unknown;
  readonly context: Context;
  readonly tags: readonly string[];
  /** Whether it is in a state, named by dots: `playing.buffering`. */
  isIn(state: string): boolean;
}

/** Asks a state. */
export type AsksState<Context> = (state: MachineState<Context>) => boolean;

/** What must come within a time of what called for it. */
export interface Eventually<Context> {
  /** What calls for it. */
  readonly when: AsksState<Context>;
  /** What has to hold in time. */
  readonly holds: AsksState<Context>;
  /** ms of virtual time. */
  readonly withinMs: number;
}

/** Invariants of one's own, by name. */
export interface MachineInvariants<Context> {
  /** In every state. */
  readonly always?: Readonly<Record<string, AsksState<Context>>>;
  /** In no state. */
  readonly never?: Readonly<Record<string, AsksState<Context>>>;
  readonly eventually?: Readonly<Record<string, Eventually<Context>>>;
}

/** A state as invariants see it. */
function asState<Context>({ snapshot }: MachineSight): MachineState<Context> {
  const { value, context, tags } = snapshot;
  return { value, context: context as Context, tags, isIn: (state) => isIn(value, state) };
}

/** Where the compiled machine and XState's own interpreter differ. */
export function interpretersDiffer(
  compiled: ObservedRun,
  reference: ObservedRun,
): string | undefined {
  const [one, other] = [compiled, reference].map(({ thrown }) =>
    thrown === undefined ? 'nothing' : `${String(thrown.error)} at step ${thrown.step + 1}`,
  );
  for (const [at, left] of compiled.sights.entries()) {
    const right = reference.sights[at];
    if (right === undefined || !isDeepStrictEqual(seen(left), seen(right))) {
      const found = right === undefined ? 'nothing' : sightText(right);
      return `after step ${at}: compiled ${sightText(left)}, XState ${found}`;
    }
  }
  return one === other ? undefined : `compiled throws ${one}, XState ${other}`;
}

function seen({ snapshot, emitted, pending }: MachineSight): unknown {
  const { status, value, context, output, tags } = snapshot;
  return { status, value, context, output, tags, emitted, pending };
}

/** A sight in one line. */
export function sightText({ snapshot }: MachineSight): string {
  const { value, context, status } = snapshot;
  const ended = status === 'active' ? '' : ` (${status})`;
  const has = context === undefined || textOf(context) === '{}' ? '' : ` ${textOf(context)}`;
  return `${stateText(value)}${has}${ended}`;
}

/** What breaks an invariant of `always` or `never`. */
export function safetyProblem<Context>(
  sights: readonly MachineSight[],
  holds: AsksState<Context>,
  isWanted: boolean,
): string | undefined {
  const bad = sights.find((sight) => holds(asState(sight)) !== isWanted);
  return bad === undefined ? undefined : `in ${sightText(bad)}, after step ${bad.step + 1}`;
}

/** What was called for and did not come in time. The run waits for it behind its last step.
 * @returns also how often it was called for. */
export function livenessProblem<Context>(
  machine: ActorMachine,
  run: MachineRun,
  { when, holds, withinMs }: Eventually<Context>,
): { readonly problem: string | undefined; readonly calls: number } {
  const waits = [{ kind: 'wait' as const, ms: withinMs }];
  const longer = { ...run, steps: [...run.steps, ...waits] };
  const { sights } = observeMachine(createCompiledActorSystem, machine, { run: longer });
  let calls = 0;
  let open: MachineSight | undefined;
  for (const sight of sights) {
    const state = asState<Context>(sight);
    if (open !== undefined && holds(state)) open = undefined;
    if (open !== undefined && sight.nowMs - open.nowMs >= withinMs) {
      const problem = `called for in ${sightText(open)}, and not there ${withinMs} ms later`;
      return { problem, calls };
    }
    if (open === undefined && when(state) && !holds(state)) {
      open = sight;
      calls += 1;
    }
  }
  return { problem: undefined, calls };
}

const DAY_MS = 86_400_000;

/** Whether nothing that can come moves the machine from where a run ends.
 * @param probes - Messages of every type. */
export function deadEndProblem(
  machine: ActorMachine,
  run: MachineRun,
  parts: { readonly probes: readonly ActorMessage[]; readonly declared: readonly string[] },
): string | undefined {
  const sights = (steps: MachineRun['steps']) =>
    observeMachine(createCompiledActorSystem, machine, { run: { ...run, steps } }).sights;
  const last = sights(run.steps).at(-1);
  if (last === undefined || last.snapshot.status !== 'active') return undefined;
  if (parts.declared.some((state) => isIn(last.snapshot.value, state))) return undefined;
  const probes = [
    { kind: 'wait' as const, ms: DAY_MS },
    ...parts.probes.map((event) => ({ kind: 'event' as const, event })),
  ];
  const isAlive = probes.some((probe) => {
    const next = sights([...run.steps, probe]);
    const found = next.at(-1);
    // A message that makes it throw moves it, too.
    if (found === undefined || next.length < run.steps.length + 2) return true;
    return !isDeepStrictEqual(standing(found), standing(last)) || found.emitted.length > 0;
  });
  return isAlive ? undefined : `nothing that can come moves it from ${sightText(last)}`;
}

function standing({ snapshot: { status, value, context } }: MachineSight): unknown {
  return { status, value, context };
}
