/** One run of a machine as plain data, and what is seen of it step by step on an interpreter. */
import type { AnyTransitionDefinition, InspectionEvent } from 'xstate';
import type {
  ActorMachine,
  ActorMessage,
  ActorSnapshot,
  CreateActorSystem,
} from '../../actors/runtime/actor-system.ts';
import { createRunDigest } from '../../kernel/digest.ts';
import { EngineError } from '../../kernel/errors.ts';
import { createSimulation } from '../../kernel/simulation.ts';

/** What happens to a machine. */
export type MachineStep =
  | { readonly kind: 'event'; readonly event: ActorMessage }
  | { readonly kind: 'wait'; readonly ms: number };

/** A run: its input and its steps. */
export interface MachineRun {
  readonly schema: 'backlot.machine-run/1';
  readonly input?: unknown;
  readonly steps: readonly MachineStep[];
}

/** What is seen after the start (step −1) and after each step. */
export interface MachineSight {
  readonly step: number;
  readonly snapshot: ActorSnapshot;
  readonly emitted: readonly ActorMessage[];
  /** ms since the start. */
  readonly nowMs: number;
  /** Timers and delayed messages. */
  readonly pending: number;
}

/** A run as an interpreter did it. */
export interface ObservedRun {
  readonly sights: readonly MachineSight[];
  /** What ended it before its time. */
  readonly thrown: { readonly error: unknown; readonly step: number } | undefined;
}

const US_PER_MS = 1_000;
/** A machine that goes round without delay is told so, instead of hanging. */
const LIMITS = { maxPending: 10_000, maxEventsPerInstant: 10_000, maxEvents: 1_000_000 };

/** Runs a machine. @param onTransition - Told every transition that is taken; slower.
 * @throws EngineError `ACTOR_UNSUPPORTED` for what the compiler refuses, named. */
export function observeMachine(
  create: CreateActorSystem,
  machine: ActorMachine,
  { run, onTransition }: MachineObservation,
): ObservedRun {
  const simulation = createSimulation(LIMITS);
  let emitted: ActorMessage[] = [];
  const inspect = (event: InspectionEvent) => {
    if (event.type !== '@xstate.microstep' || onTransition === undefined) return;
    event._transitions.forEach(onTransition);
  };
  const actors = create({
    simulation,
    digest: createRunDigest({ sliceUs: 1_000_000 }),
    drawCount: () => 0,
    onEmit: (_, message) => emitted.push(message),
    ...(onTransition === undefined ? {} : { inspect }),
  });
  const sights: MachineSight[] = [];
  let step = -1;
  const actor = { id: 0 };
  const see = () => {
    const snapshot = actors.snapshot(actor.id);
    const nowMs = simulation.nowUs / US_PER_MS;
    sights.push({ step, snapshot, emitted, nowMs, pending: simulation.pendingCount });
    emitted = [];
  };
  try {
    actor.id = actors.spawn(machine, { name: machine.id, input: run.input });
    actors.start(actor.id);
    see();
    for (const one of run.steps) {
      step += 1;
      if (one.kind === 'event') actors.deliver(actor.id, one.event);
      else simulation.run(simulation.nowUs + one.ms * US_PER_MS);
      see();
    }
  } catch (error) {
    if (error instanceof EngineError && error.code === 'ACTOR_UNSUPPORTED') throw error;
    return { sights, thrown: { error, step } };
  }
  return { sights, thrown: undefined };
}

/** What is observed. */
export interface MachineObservation {
  readonly run: MachineRun;
  readonly onTransition?: ((transition: AnyTransitionDefinition) => void) | undefined;
}
