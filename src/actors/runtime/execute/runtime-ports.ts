/** What the runtime of actors stands on, and what it is connected to. */
import type { HandlerId, Simulation } from '../../../kernel/simulation.ts';
import type { CodeGeneration } from '../compile/code-generation.ts';
import type { EffectRunner } from './effects.ts';
import type { StepHost } from './step-state.ts';

/** What the runtime needs of its surroundings. */
export interface RuntimeOptions {
  readonly simulation: Simulation;
  readonly timerHandler: HandlerId;
  readonly codeGeneration: CodeGeneration;
  /** A root actor that ran has ended. */
  readonly onEnd: (place: number) => void;
}

/** The ports of the actors that run: to operations, to effects, to whoever asks. */
export interface RuntimePorts extends StepHost, EffectRunner {
  /** XState's snapshot of the actor at a place. */
  snapshotAt(place: number): unknown;
  /** A thunk that tells it later, when the place is in use by another. */
  lastSnapshotOf(place: number): () => unknown;
  /** What a transition function gets as its third argument. */
  transitionScope(place: number): object;
}
