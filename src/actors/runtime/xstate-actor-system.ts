/** The reference interpreter: XState's own `createActor`, one root actor per spawned machine, each
 * on a clock made of kernel events. None of XState's process-wide ids, random schedule ids or
 * wall-clock stamps reaches the digest: it sees our names, times and message types only. */
import { type AnyActor, type AnyActorRef, type AnyMachineSnapshot, createActor } from 'xstate';
import { EngineError } from '../../kernel/errors.ts';
import type { EventKey, HandlerId, Simulation } from '../../kernel/simulation.ts';
import type {
  ActorId,
  ActorMessage,
  ActorSnapshot,
  ActorSystem,
  ActorSystemOptions,
  CreateActorSystem,
} from './actor-system.ts';
import { PLACE_LIMIT } from './storage/actor-store.ts';

interface Entry {
  readonly name: string;
  readonly actor: AnyActor;
  isStarted: boolean;
  isStopped: boolean;
  /** To be forgotten when it has ended. */
  isReleased: boolean;
  failure: { readonly cause: unknown } | undefined;
}

/** Makes an actor system on XState's interpreter. About 10–40 µs a transition. */
export const createXStateActorSystem: CreateActorSystem = (options) =>
  new XStateActorSystem(options);

class XStateActorSystem implements ActorSystem {
  readonly #options: ActorSystemOptions;
  /** By place; numbers of actors are made as compiled actors have them. */
  readonly #entries: (Entry | undefined)[] = [];
  readonly #generations: number[] = [];
  readonly #free: number[] = [];
  readonly #deliverHandler: HandlerId;
  readonly #timerHandler: HandlerId;
  #runningCount = 0;
  #deadLetterCount = 0;
  #processedCount = 0;
  /** What a listener threw while an actor was running: thrown on when the actor is done. */
  #thrown: { readonly error: unknown } | undefined;

  constructor(options: ActorSystemOptions) {
    this.#options = options;
    const { simulation } = options;
    this.#deliverHandler = simulation.registerHandler('actor.deliver', (target, payload) =>
      this.deliver(target, payload as ActorMessage),
    );
    this.#timerHandler = simulation.registerHandler('actor.timer', (target, payload) =>
      this.#fireTimer(target, payload as () => void),
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

  spawn(
    machine: Parameters<ActorSystem['spawn']>[0],
    options: { readonly name: string; readonly input?: unknown },
  ): ActorId {
    const place = this.#free.pop() ?? this.#entries.length;
    this.#generations[place] ??= 0;
    const id = (this.#generations[place] ?? 0) * PLACE_LIMIT + place;
    const actor = createActor(machine, {
      id: options.name,
      input: options.input,
      clock: createKernelClock(this.#options.simulation, this.#timerHandler, id),
      logger: this.#options.logger ?? (() => {}),
      inspect: this.#options.inspect as never,
    });
    const entry: Entry = {
      name: options.name,
      actor,
      isStarted: false,
      isStopped: false,
      isReleased: false,
      failure: undefined,
    };
    this.#entries[place] = entry;
    actor.on('*', (emitted: ActorMessage) => this.#emit(id, emitted));
    actor.subscribe({
      error: (cause: unknown) => {
        entry.failure = { cause };
        this.#runningCount -= 1;
      },
      complete: () => {
        this.#runningCount -= 1;
        if (entry.isReleased) this.#forget(id);
      },
    });
    this.#runningCount += 1;
    return id;
  }

  start(actor: ActorId): void {
    const entry = this.#presentEntry(actor, 'xstate.init');
    if (entry === undefined || entry.isStarted || entry.isStopped) return;
    entry.isStarted = true;
    entry.actor.start();
    this.#throwFailure(entry, 'xstate.init');
  }

  deliver(actor: ActorId, message: ActorMessage): void {
    const entry = this.#presentEntry(actor, message.type);
    if (entry === undefined || hasEnded(entry)) {
      this.#deadLetterCount += 1;
      return;
    }
    this.start(actor);
    this.#processed(entry, message.type);
    entry.actor.send(message);
    this.#throwFailure(entry, message.type);
  }

  send(actor: ActorId, message: ActorMessage, delayUs: number): void {
    this.#options.simulation.schedule(delayUs, this.#deliverHandler, actor, message);
  }

  stop(actor: ActorId): void {
    const entry = this.#presentEntry(actor, 'xstate.stop');
    if (entry === undefined || hasEnded(entry)) return;
    entry.isStopped = true;
    this.#runningCount -= entry.isStarted ? 0 : 1;
    entry.actor.stop();
    if (entry.isReleased) this.#forget(actor);
  }

  release(actor: ActorId): void {
    const entry = this.#presentEntry(actor, 'release');
    if (entry === undefined) return;
    entry.isReleased = true;
    if (hasEnded(entry)) this.#forget(actor);
  }

  tagged(tag: string): readonly ActorId[] {
    return this.#entries.flatMap((entry, place) => {
      if (entry === undefined || hasEnded(entry)) return [];
      const { tags } = snapshotOf(entry.actor);
      return tags.includes(tag) ? [(this.#generations[place] ?? 0) * PLACE_LIMIT + place] : [];
    });
  }

  snapshot(actor: ActorId): ActorSnapshot {
    const entry = this.#entry(actor, 'snapshot');
    const snapshot = snapshotOf(entry.actor);
    return entry.isStopped ? { ...snapshot, status: 'stopped' } : snapshot;
  }

  nameOf(actor: ActorId): string {
    return this.#entry(actor, 'nameOf').name;
  }

  #fireTimer(actor: ActorId, fire: () => void): void {
    const entry = this.#presentEntry(actor, 'timer');
    if (entry === undefined || hasEnded(entry)) {
      this.#deadLetterCount += 1;
      return;
    }
    this.#processed(entry, 'timer');
    fire();
    this.#throwFailure(entry, 'timer');
  }

  #processed(entry: Entry, event: string): void {
    const { simulation, digest, drawCount } = this.#options;
    this.#processedCount += 1;
    digest.record(simulation.nowUs, entry.name, event, drawCount());
  }

  #forget(actor: ActorId): void {
    const place = actor % PLACE_LIMIT;
    if (this.#presentEntry(actor, 'release') === undefined) return;
    this.#entries[place] = undefined;
    this.#generations[place] = (this.#generations[place] ?? 0) + 1;
    this.#free.push(place);
  }

  /** Undefined for an actor that was there and was released.
   * @throws EngineError `ACTOR_NO_RECEIVER` for one that never was. */
  #presentEntry(actor: ActorId, event: string): Entry | undefined {
    const place = actor % PLACE_LIMIT;
    const generation = this.#generations[place];
    const asked = (actor - place) / PLACE_LIMIT;
    if (generation !== undefined && asked < generation) return undefined;
    return this.#entry(actor, event);
  }

  #entry(actor: ActorId, event: string): Entry {
    const place = actor % PLACE_LIMIT;
    const entry = this.#entries[place];
    if (entry !== undefined && (actor - place) / PLACE_LIMIT === this.#generations[place]) {
      return entry;
    }
    throw new EngineError(
      'ACTOR_NO_RECEIVER',
      `message "${event}" is addressed to actor number ${actor}, but only ` +
        `${this.#entries.length} were spawned; send to a number that spawn() returned`,
      { actor: String(actor), event },
    );
  }

  #emit(actor: ActorId, message: ActorMessage): void {
    try {
      this.#options.onEmit(actor, message);
    } catch (error) {
      this.#thrown ??= { error };
    }
  }

  #throwFailure(entry: Entry, event: string): void {
    if (this.#thrown !== undefined) {
      const { error } = this.#thrown;
      this.#thrown = undefined;
      throw error;
    }
    if (entry.failure === undefined) return;
    const { cause } = entry.failure;
    throw new EngineError(
      'ACTOR_FAILED',
      `actor ${entry.name} threw while it processed "${event}" at ` +
        `${this.#options.simulation.nowUs} µs: ${String(cause)}; mend its machine`,
      { actor: entry.name, event },
      { cause },
    );
  }
}

function hasEnded({ actor, isStopped }: Entry): boolean {
  return isStopped || actor.getSnapshot().status !== 'active';
}

function snapshotOf(actor: AnyActorRef): ActorSnapshot {
  const snapshot: AnyMachineSnapshot = actor.getSnapshot();
  const children: Record<string, ActorSnapshot> = {};
  for (const [id, child] of Object.entries<AnyActorRef | undefined>(snapshot.children ?? {})) {
    if (child !== undefined) children[id] = snapshotOf(child);
  }
  return {
    status: snapshot.status,
    value: snapshot.value,
    context: snapshot.context,
    output: snapshot.output,
    error: snapshot.error,
    tags: [...(snapshot.tags ?? [])].sort(),
    children,
  };
}

/** XState's clock interface over kernel events: delays in ms (fractions allowed), rounded to µs. */
function createKernelClock(simulation: Simulation, handler: HandlerId, actor: ActorId) {
  return {
    setTimeout: (fire: () => void, delayMs: number): EventKey =>
      simulation.schedule(Math.max(0, Math.round(delayMs * 1_000)), handler, actor, fire),
    clearTimeout: (key: EventKey | undefined): void => {
      if (key !== undefined) simulation.cancel(key);
    },
  };
}
