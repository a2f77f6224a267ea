/** Saves and restores the actors of one runtime. What cannot be plain data is refused, with the
 * actor's name and the remedy: actors that are not started hold closures, contexts may hold
 * anything. Spec: A20. */
import type { AnyActorLogic } from 'xstate';
import { EngineError } from '../../../kernel/errors.ts';
import type { ActorMachine } from '../actor-system.ts';
import type { Configuration } from '../compile/configuration.ts';
import { ActorHandle } from '../execute/actor-handle.ts';
import type { ActorPorts } from '../execute/actor-ports.ts';
import type { ActorRuntime } from '../execute/actor-runtime.ts';
import { logicNamed } from '../operations/actions.ts';
import type { DelayedMessage } from '../operations/delayed-message.ts';
import { PLACE_LIMIT, Word } from '../storage/actor-store.ts';
import type { ActorState, ActorSystemState, FamilyState, TimerEntry } from './actor-states.ts';
import {
  fromPlain,
  NotPlainError,
  type ReferenceCodec,
  type ReferenceState,
  toPlain,
} from './plain-value.ts';

/** The actors without the counters of their system. */
export type SavedActors = Omit<
  ActorSystemState,
  'runningCount' | 'deadLetterCount' | 'processedCount'
>;

/** Saves and restores one runtime's actors. */
export class ActorSaving implements ReferenceCodec {
  readonly #runtime: ActorRuntime;
  readonly #ports: ActorPorts;

  constructor(runtime: ActorRuntime, ports: ActorPorts) {
    this.#runtime = runtime;
    this.#ports = ports;
  }

  /** @throws EngineError `ACTOR_BAD_STATE` for what is not plain data. */
  save(): SavedActors {
    const { store, timers, systemIds } = this.#runtime;
    const free = new Set(store.free);
    const places = Array.from({ length: store.used }, (_, place) => place);
    return {
      generations: places.map((place) => store.wordOf(place, Word.generation)),
      freePlaces: [...store.free],
      actors: places.filter((place) => !free.has(place)).map((place) => this.#saveActor(place)),
      timers: timers.save().map(({ timer, key, actor, message }) => {
        const { id, to, superseded } = message;
        const event = this.#plain(actor, message.event, `delayed message '${message.event.type}'`);
        return { timer, key, actor, event, id, to, superseded };
      }),
      systemIds: systemIds
        .entries()
        .map(([root, id, reference]) => [root, id, (reference as ActorHandle).place]),
    };
  }

  /** @param machines - all machines that root actors run, in any order.
   * @throws EngineError `ACTOR_BAD_STATE` when a machine is missing or has other states. */
  restore(state: SavedActors, machines: readonly ActorMachine[]): void {
    const { store, timers, systemIds } = this.#runtime;
    if (store.used > 0) {
      throw badState('', 'actors were spawned already; restore into a new actor system');
    }
    const byPlace = new Map(state.actors.map((actor) => [actor.place, actor]));
    const logics = new Logics(byPlace, machines);
    const numbers = state.actors.map((actor) => this.#configure(actor, logics.of(actor)));
    store.restore(state.generations, state.freePlaces);
    state.actors.forEach((actor, i) => {
      const { logic, configuration } = numbers[i] as Configured;
      store.name(actor.place, actor.name);
      store.setWord(actor.place, Word.logic, logic);
      store.configuration[actor.place] = configuration;
      store.setWord(actor.place, Word.flags, actor.flags);
      if (actor.family !== undefined) this.#restoreFamily(actor, actor.family, logics);
    });
    for (const actor of state.actors) this.#restoreValues(actor);
    timers.restore(state.timers.map((entry) => ({ ...entry, message: this.#message(entry) })));
    for (const [root, id, place] of state.systemIds) {
      systemIds.set(root, id, this.#ports.referenceOf(place));
    }
  }

  referenceState(value: object): ReferenceState | undefined {
    if (!(value instanceof ActorHandle)) return undefined;
    const { place, generation, id, finalSnapshot } = value;
    const number = generation * PLACE_LIMIT + place;
    if (finalSnapshot === undefined) return { $: 'actor', number };
    const { status, context, output, error } = finalSnapshot() as FinalSnapshot;
    const last = toPlain({ status, context, output, error }, `the last of ${id}`, this);
    return { $: 'gone', number, id, last };
  }

  referenceOf(state: ReferenceState): unknown {
    const place = state.number % PLACE_LIMIT;
    if (state.$ === 'actor') return this.#ports.referenceOf(place);
    const last = fromPlain(state.last, this);
    const generation = Math.floor(state.number / PLACE_LIMIT);
    return this.#ports.goneReference({ place, generation, id: state.id }, () => last);
  }

  #saveActor(place: number): ActorState {
    const { store, logics } = this.#runtime;
    const record = store.records.get(place);
    const name = store.nameOf(place);
    const isWaiting = (record?.mailbox.length ?? 0) > 0;
    if (isWaiting || this.#runtime.unstarted().includes(place)) {
      throw badState(name, 'it is not started; start it before the world is saved');
    }
    const { definition } = logics.at(store.wordOf(place, Word.logic));
    const configuration = store.configuration[place];
    const family = record?.family;
    const hasParent = family !== undefined && store.placeOf(family.parent) !== undefined;
    const src = hasParent && typeof family.src === 'string' ? family.src : undefined;
    return {
      place,
      name,
      logic: src ?? (definition as ActorMachine).id,
      flags: store.wordOf(place, Word.flags),
      states: configuration?.nodes.map(({ id }) => id) ?? [],
      history: [...(configuration?.history ?? [])].map(([node, states]) => [
        node.id,
        states.map(({ id }) => id),
      ]),
      context: this.#plain(place, store.context[place], 'context'),
      output: this.#plain(place, record?.output, 'output'),
      error: this.#plain(place, record?.error, 'error'),
      children: Object.entries(record?.children ?? {}).map(([id, child]) => [
        id,
        (child as ActorHandle).place,
      ]),
      family: family && familyState(family),
    };
  }

  #plain(place: number, value: unknown, path: string): unknown {
    try {
      return toPlain(value, path, this);
    } catch (error) {
      if (!(error instanceof NotPlainError)) throw error;
      const name = this.#runtime.store.nameOf(place);
      throw badState(name, `${error.message}; keep plain data in contexts and messages`);
    }
  }

  #configure(actor: ActorState, definition: AnyActorLogic): Configured {
    const { logics } = this.#runtime;
    const logic = logics.numberOf(definition);
    const { machine } = logics.at(logic);
    if (machine === undefined) return { logic, configuration: undefined };
    const found = machine.configurationOf(actor.states, actor.history);
    if (found === undefined) {
      const states = actor.states.join(', ');
      throw badState(actor.name, `machine '${machine.id}' has no such states: ${states}`);
    }
    return { logic, configuration: found };
  }

  #restoreFamily(actor: ActorState, family: FamilyState, logics: Logics): void {
    const { store } = this.#runtime;
    const src = logics.sourceOf(actor);
    const { parent, root, id, systemId, syncSnapshot } = family;
    store.record(actor.place).family = { parent, root, id, src, systemId, syncSnapshot };
  }

  #restoreValues(actor: ActorState): void {
    const { store } = this.#runtime;
    const { place, context, output, error, children } = actor;
    store.context[place] = fromPlain(context, this);
    const machine = this.#runtime.logics.machines[store.wordOf(place, Word.logic)];
    machine?.shape.learn(store.context[place]);
    const outcome = { output: fromPlain(output, this), error: fromPlain(error, this) };
    if (outcome.output !== undefined) store.record(place).output = outcome.output;
    if (outcome.error !== undefined) store.record(place).error = outcome.error;
    if (children.length === 0) return;
    store.record(place).children = Object.fromEntries(
      children.map(([id, at]) => [id, this.#ports.referenceOf(at)]),
    );
  }

  #message({ event, id, to, superseded }: TimerEntry): DelayedMessage {
    const message = { event: fromPlain(event, this) as DelayedMessage['event'], id, to };
    return superseded === undefined ? message : { ...message, superseded };
  }
}

interface FinalSnapshot {
  readonly status: string;
  readonly context: unknown;
  readonly output: unknown;
  readonly error: unknown;
}

interface Configured {
  readonly logic: number;
  readonly configuration: Configuration | undefined;
}

/** Finds the logic of saved actors: by the id of a machine, or in the machine of the parent. */
class Logics {
  readonly #actors: ReadonlyMap<number, ActorState>;
  readonly #machines: ReadonlyMap<string, ActorMachine>;

  constructor(actors: ReadonlyMap<number, ActorState>, machines: readonly ActorMachine[]) {
    this.#actors = actors;
    this.#machines = new Map(machines.map((machine) => [machine.id, machine]));
  }

  /** @throws EngineError `ACTOR_BAD_STATE`. */
  of(actor: ActorState): AnyActorLogic {
    const source = this.sourceOf(actor);
    if (typeof source !== 'string') return source;
    const machine = this.#parentMachine(actor) as ActorMachine;
    return logicNamed(source, { machine, place: `actor '${actor.name}'` });
  }

  /** What the actor's parent calls its logic, or the machine. */
  sourceOf(actor: ActorState): AnyActorLogic | string {
    const machine = this.#machines.get(actor.logic);
    const parent = this.#parentMachine(actor);
    if (parent !== undefined) {
      const { actors } = parent.implementations;
      if (actor.logic in actors || actor.logic.startsWith('xstate.invoke.')) return actor.logic;
    }
    if (machine !== undefined) return machine;
    throw badState(actor.name, `give restore() the machine '${actor.logic}' that it runs`);
  }

  #parentMachine(actor: ActorState): ActorMachine | undefined {
    const parent = this.#actors.get((actor.family?.parent ?? -1) % PLACE_LIMIT);
    return parent === undefined ? undefined : (this.of(parent) as ActorMachine);
  }
}

function familyState(family: FamilyState): FamilyState {
  const { parent, root, id, systemId, syncSnapshot } = family;
  return { parent, root, id, systemId, syncSnapshot };
}

function badState(actor: string, problem: string): EngineError {
  const where = actor === '' ? 'the actors' : `actor ${actor}`;
  return new EngineError('ACTOR_BAD_STATE', `${where} cannot be saved or restored: ${problem}`, {
    actor,
  });
}
