/** The actor system of simulation: machines compiled to tables. Same face and same behaviour as the
 * reference interpreter, about a hundred times its speed. Spec: A1–A5, A14–A19. */
import type { EventObject } from 'xstate';
import type { RunDigest } from '../../kernel/digest.ts';
import { EngineError } from '../../kernel/errors.ts';
import type { HandlerId, Simulation } from '../../kernel/simulation.ts';
import type {
  ActorId,
  ActorMachine,
  ActorMessage,
  ActorSnapshot,
  ActorSystem,
  ActorSystemOptions,
} from './actor-system.ts';
import type { CodeGeneration } from './compile/code-generation.ts';
import { ActorPorts } from './execute/actor-ports.ts';
import { ActorRuntime } from './execute/actor-runtime.ts';
import { Inspection } from './execute/inspection.ts';
import { ActorSaving } from './save/actor-saving.ts';
import type { ActorSystemState } from './save/actor-states.ts';
import { Flag, Word } from './storage/actor-store.ts';

/** What compiled machines may be told besides. */
export interface CompiledActorSystemOptions extends ActorSystemOptions {
  /** Whether plans become JavaScript: when they are hot (the default), at once, or never. Where the
   * platform forbids it, they never do. */
  readonly codeGeneration?: CodeGeneration;
}

/** An actor system whose whole state can be put aside. */
export interface SavableActorSystem extends ActorSystem {
  /** All actors as plain data, between two kernel events. Together with the states of the
   * simulation and the digest it is the whole world. Cost O(actors + timers). Spec: A20. @throws
   * EngineError `ACTOR_BAD_STATE` for actors that are not started and for contexts or messages
   * that are not plain data, naming the actor and the place. */
  save(): ActorSystemState;
  /** Goes on from a saved state, in a new system on a restored simulation: the run's digest is that
   * of the unbroken run. @param machines - all machines that were spawned, in any order.
   * @throws EngineError `ACTOR_BAD_STATE`. */
  restore(state: ActorSystemState, machines: readonly ActorMachine[]): void;
}

/** Makes an actor system that runs compiled machines. About 0.1 µs a transition.
 * Its methods also throw EngineError `ACTOR_UNSUPPORTED` for what the compiler does not run. */
export function createCompiledActorSystem(options: CompiledActorSystemOptions): SavableActorSystem {
  return new CompiledActorSystem(options);
}

class CompiledActorSystem implements SavableActorSystem {
  readonly #options: CompiledActorSystemOptions;
  readonly #simulation: Simulation;
  readonly #digest: RunDigest;
  readonly #drawCount: () => number;
  readonly #runtime: ActorRuntime;
  readonly #ports: ActorPorts;
  readonly #saving: ActorSaving;
  readonly #deliverHandler: HandlerId;
  #runningCount = 0;
  #deadLetterCount = 0;
  #processedCount = 0;
  /** What a listener threw while an actor was running: thrown on when the actor is done. */
  #thrown: { readonly error: unknown } | undefined;

  constructor(options: CompiledActorSystemOptions) {
    this.#options = options;
    const { simulation } = options;
    this.#simulation = simulation;
    this.#digest = options.digest;
    this.#drawCount = options.drawCount;
    this.#deliverHandler = simulation.registerHandler('actor.deliver', (target, payload) =>
      this.deliver(target, payload as ActorMessage),
    );
    const timerHandler = simulation.registerHandler('actor.timer', (timer) => this.#fire(timer), {
      laneOf: (timer) => this.#runtime.timers.rootOf(timer),
    });
    this.#runtime = new ActorRuntime({
      simulation,
      timerHandler,
      codeGeneration: options.codeGeneration ?? 'hot',
      onEnd: () => {
        this.#runningCount -= 1;
      },
    });
    this.#ports = new ActorPorts(this.#runtime, {
      onEmit: (place, event) => this.#emit(place, event),
      logger: options.logger ?? (() => {}),
    });
    this.#runtime.connect(this.#ports);
    this.#saving = new ActorSaving(this.#runtime, this.#ports);
    if (options.inspect === undefined) return;
    this.#runtime.inspection = new Inspection(options.inspect, (place) =>
      this.#ports.referenceOf(place),
    );
  }

  get runningCount(): number {
    return this.#runningCount;
  }

  get deadLetterCount(): number {
    return this.#deadLetterCount;
  }

  get processedCount(): number {
    return this.#processedCount;
  }

  spawn(machine: ActorMachine, options: { readonly name: string; readonly input?: unknown }) {
    const place = this.#runtime.createRoot(machine, options.name, options.input);
    this.#runningCount += 1;
    return this.#runtime.store.numberOf(place);
  }

  start(actor: ActorId): void {
    const { store } = this.#runtime;
    const place = store.placeOf(actor) ?? this.#pastPlaceOf(actor, 'xstate.init');
    if (place === undefined || store.has(place, Flag.running | Flag.ended)) return;
    this.#runtime.start(place);
    this.#throwFailure(place, 'xstate.init');
  }

  deliver(actor: ActorId, message: ActorMessage): void {
    const runtime = this.#runtime;
    const { store } = runtime;
    const place = store.placeOf(actor);
    const reaction = place === undefined ? undefined : runtime.reactionAlone(place, message.type);
    if (place === undefined || reaction === undefined) {
      this.#deliverSlowly(actor, message);
      return;
    }
    const digest = this.#digest;
    if (reaction.digest !== digest) {
      reaction.digest = digest;
      reaction.digestHandle = digest.eventHandle(message.type);
    }
    this.#record(place, reaction.digestHandle);
    const goesOn = runtime.receiveAlone(place, message, reaction);
    if (this.#thrown !== undefined || !goesOn) this.#throwFailure(place, message.type);
  }

  #deliverSlowly(actor: ActorId, message: ActorMessage): void {
    const { store } = this.#runtime;
    const place = store.placeOf(actor) ?? this.#pastPlaceOf(actor, message.type);
    if (place === undefined || store.isOver(place) || store.has(place, Flag.ended)) {
      this.#deadLetterCount += 1;
      return;
    }
    if (!store.has(place, Flag.running)) this.start(actor);
    this.#processed(place, message.type);
    this.#runtime.inspection?.event(undefined, place, message);
    this.#runtime.receive(place, message);
    this.#throwFailure(place, message.type);
  }

  send(actor: ActorId, message: ActorMessage, delayUs: number): void {
    this.#options.simulation.schedule(delayUs, this.#deliverHandler, actor, message);
  }

  stop(actor: ActorId): void {
    const { store, storage } = this.#runtime;
    const place = store.placeOf(actor) ?? this.#pastPlaceOf(actor, 'xstate.stop');
    if (place === undefined || store.isOver(place) || store.has(place, Flag.ended)) return;
    const isStarted = store.has(place, Flag.running);
    this.#runtime.stop(place);
    if (isStarted) return;
    this.#runningCount -= 1;
    store.setStatus(place, 'stopped');
    storage.releaseIfAsked(place);
  }

  release(actor: ActorId): void {
    const { store, storage } = this.#runtime;
    const place = store.placeOf(actor) ?? this.#pastPlaceOf(actor, 'release');
    if (place === undefined) return;
    const isAtRest = store.has(place, Flag.ended) && !store.has(place, Flag.busy);
    if (isAtRest) storage.release(place);
    else store.set(place, Flag.released);
  }

  snapshot(actor: ActorId): ActorSnapshot {
    return this.#ports.plainSnapshotAt(this.#placeOf(actor, 'snapshot'));
  }

  nameOf(actor: ActorId): string {
    return this.#runtime.store.nameOf(this.#placeOf(actor, 'nameOf'));
  }

  tagged(tag: string): readonly ActorId[] {
    const { store } = this.#runtime;
    const found: ActorId[] = [];
    for (let place = 0; place < store.used; place += 1) {
      if (store.isOver(place) || store.has(place, Flag.ended | Flag.child)) continue;
      if (this.#ports.tagsAt(place).includes(tag)) found.push(store.numberOf(place));
    }
    return found;
  }

  save(): ActorSystemState {
    const { runningCount, deadLetterCount, processedCount } = this;
    return { runningCount, deadLetterCount, processedCount, ...this.#saving.save() };
  }

  restore(state: ActorSystemState, machines: readonly ActorMachine[]): void {
    this.#saving.restore(state, machines);
    this.#runningCount = state.runningCount;
    this.#deadLetterCount = state.deadLetterCount;
    this.#processedCount = state.processedCount;
  }

  #fire(timer: number): void {
    const { timers, store, inspection } = this.#runtime;
    const { from, root, to, event, receiver } = timers.fire(timer);
    const rootPlace = store.placeOf(root);
    if (rootPlace === undefined || !store.has(rootPlace, Flag.running)) {
      this.#deadLetterCount += 1;
      return;
    }
    this.#processed(rootPlace, 'timer');
    const place = store.placeOf(to);
    const target = receiver ?? place;
    if (target !== undefined) inspection?.event(from, target, event);
    if (place !== undefined) this.#runtime.receive(place, event);
    this.#throwFailure(rootPlace, 'timer');
  }

  #emit(place: number, event: EventObject): void {
    try {
      this.#options.onEmit(this.#runtime.store.numberOf(place), event);
    } catch (error) {
      this.#thrown ??= { error };
    }
  }

  #processed(place: number, event: string): void {
    this.#record(place, this.#options.digest.eventHandle(event));
  }

  #record(place: number, event: number): void {
    this.#processedCount += 1;
    const handle = this.#runtime.store.wordOf(place, Word.digest) || this.#digestHandle(place);
    this.#digest.recordAt(this.#simulation.nowUs, handle, event, this.#drawCount());
  }

  #digestHandle(place: number): number {
    const { store } = this.#runtime;
    const handle = this.#options.digest.actorHandle(store.nameOf(place));
    store.setWord(place, Word.digest, handle);
    return handle;
  }

  /** @throws EngineError `ACTOR_NO_RECEIVER`. */
  #placeOf(actor: ActorId, event: string): number {
    const { store } = this.#runtime;
    const place = store.placeOf(actor);
    if (place !== undefined) return place;
    throw new EngineError(
      'ACTOR_NO_RECEIVER',
      `message "${event}" is addressed to actor number ${actor}, but only ` +
        `${store.used} were spawned; send to a number that spawn() returned`,
      { actor: String(actor), event },
    );
  }

  /** Undefined for an actor that was there and was released.
   * @throws EngineError `ACTOR_NO_RECEIVER` for one that never was. */
  #pastPlaceOf(actor: ActorId, event: string): undefined {
    if (!this.#runtime.store.wasUsed(actor)) this.#placeOf(actor, event);
    return undefined;
  }

  #throwFailure(place: number, event: string): void {
    if (this.#thrown !== undefined) {
      const { error } = this.#thrown;
      this.#thrown = undefined;
      throw error;
    }
    const { store } = this.#runtime;
    if (!store.isOver(place) || store.statusOf(place) !== 'error') return;
    const name = store.nameOf(place);
    const cause = store.records.get(place)?.error;
    throw new EngineError(
      'ACTOR_FAILED',
      `actor ${name} threw while it processed "${event}" at ` +
        `${this.#options.simulation.nowUs} µs: ${String(cause)}; mend its machine`,
      { actor: name, event },
      { cause },
    );
  }
}
