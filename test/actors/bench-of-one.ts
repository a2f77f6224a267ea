/** A bench for one actor: a simulation, the actor, and what it emitted with the time. */
import type { AnyStateMachine } from 'xstate';
import type { ActorMessage, ActorSystem } from '../../src/actors/runtime/actor-system.ts';
import { createXStateActorSystem } from '../../src/actors/runtime/xstate-actor-system.ts';
import { createRunDigest } from '../../src/kernel/digest.ts';
import { createSimulation, type Simulation } from '../../src/kernel/simulation.ts';

/** One emitted message. */
export interface Emitted {
  readonly atUs: number;
  readonly message: ActorMessage & Readonly<Record<string, unknown>>;
}

/** The bench. */
export interface BenchOfOne {
  readonly simulation: Simulation;
  readonly actors: ActorSystem;
  readonly emitted: Emitted[];
  /** Types of what was emitted, in order. */
  types(): readonly string[];
  tell(message: ActorMessage & Readonly<Record<string, unknown>>): void;
  value(): unknown;
}

/** Puts one actor on a bench; `simulationOf` lets its world read the clock. */
export function benchOfOne(
  machineOf: (simulation: Simulation) => AnyStateMachine,
  input: unknown,
): BenchOfOne {
  const simulation = createSimulation();
  const emitted: Emitted[] = [];
  const actors = createXStateActorSystem({
    simulation,
    digest: createRunDigest({ sliceUs: 1_000_000 }),
    drawCount: () => 0,
    onEmit: (_actor, message) =>
      emitted.push({ atUs: simulation.nowUs, message: message as Emitted['message'] }),
  });
  const actor = actors.spawn(machineOf(simulation), { name: 'one', input });
  return {
    simulation,
    actors,
    emitted,
    types: () => emitted.map(({ message }) => message.type),
    tell: (message) => actors.deliver(actor, message),
    value: () => actors.snapshot(actor).value,
  };
}
