/** The face that every interpreter of statecharts shares: machines in, emitted messages out, all on
 * the kernel's clock. Actors never call each other: what a machine emits goes to `onEmit`, and the
 * assembly decides which link carries it to whom. Spec: A1–A5. */
import type { AnyStateMachine, InspectionEvent } from 'xstate';
import type { RunDigest } from '../../kernel/digest.ts';
import type { Simulation } from '../../kernel/simulation.ts';

/** A message to or from an actor: a type and plain data. Facts are `object.past-verb`. */
export interface ActorMessage {
  readonly type: string;
}

/** A machine as `setup().createMachine` makes it. */
export type ActorMachine = AnyStateMachine;

/** Number of an actor within its system: in the order of spawning, from 0, as long as no actor is
 * released. */
export type ActorId = number;

/** What can be seen of an actor. */
export interface ActorSnapshot {
  readonly status: 'active' | 'done' | 'error' | 'stopped';
  /** XState's state value: a state name, or an object of them for nested and parallel states. */
  readonly value: unknown;
  readonly context: unknown;
  /** Output of a machine that is done. */
  readonly output: unknown;
  /** What ended the actor, when its status is `error`. */
  readonly error: unknown;
  /** Tags of the active states, sorted. */
  readonly tags: readonly string[];
  /** Actors that this one spawned or invoked and still knows, by their id. */
  readonly children: Readonly<Record<string, ActorSnapshot>>;
}

/** All actors of one simulated world. */
export interface ActorSystem {
  /** Creates an actor; what its initial state does happens at {@link ActorSystem.start}, so that
   * the number is known to others first. @param options - `name` is stable text like `viewer/17`,
   * unique in the run: it names the actor in the digest. @throws EngineError `ACTOR_FAILED`. */
  spawn(
    machine: ActorMachine,
    options: { readonly name: string; readonly input?: unknown },
  ): ActorId;
  /** Starts an actor that was spawned. Idempotent. A first message starts it too.
   * @throws EngineError `ACTOR_FAILED`. */
  start(actor: ActorId): void;
  /** Delivers a message now and runs the actor to completion. A message to an actor that has ended
   * is a dead letter: counted, not an error. @throws EngineError `ACTOR_NO_RECEIVER` for a number
   * that was never given, `ACTOR_FAILED` when the machine throws. */
  deliver(actor: ActorId, message: ActorMessage): void;
  /** Schedules {@link ActorSystem.deliver} after a delay: how messages travel. */
  send(actor: ActorId, message: ActorMessage, delayUs: number): void;
  /** Stops an actor and cancels its timers. Idempotent. */
  stop(actor: ActorId): void;
  /** Gives an actor's storage back once it has ended: at once, or when it does. From then on its
   * number reaches nobody: messages to it are dead letters. Idempotent. */
  release(actor: ActorId): void;
  /** @throws EngineError `ACTOR_NO_RECEIVER`, for released actors too. */
  snapshot(actor: ActorId): ActorSnapshot;
  nameOf(actor: ActorId): string;
  /** Spawned actors that have not ended and stand in a state with a tag. Cost O(actors). */
  tagged(tag: string): readonly ActorId[];
  readonly runningCount: number;
  readonly deadLetterCount: number;
  /** Messages delivered and timers fired. */
  readonly processedCount: number;
}

/** An inspector as XState takes it: a function, or an observer with `next`. */
export type Inspector =
  | ((event: InspectionEvent) => void)
  | { readonly next?: (event: InspectionEvent) => void };

/** What an interpreter needs of its world. */
export interface ActorSystemOptions {
  readonly simulation: Simulation;
  readonly digest: RunDigest;
  /** How many draws were made so far in the run: an ingredient of the digest. */
  readonly drawCount: () => number;
  /** Called for every emitted message, in the order of emission, after the macrostep. */
  readonly onEmit: (actor: ActorId, message: ActorMessage) => void;
  /** Gets XState's inspection events of all actors, so that Stately's inspector and other tools of
   * XState can watch. An inspected actor runs about as slowly as XState's own. */
  readonly inspect?: Inspector;
  /** Where XState's `log` action writes. Default: nowhere. */
  readonly logger?: (...args: readonly unknown[]) => void;
}

/** Makes an actor system: the one signature of all interpreters. */
export type CreateActorSystem = (options: ActorSystemOptions) => ActorSystem;
