/** What actors can do to one another and to the world: operations spawn, stop and ask for
 * references through it, effects send, schedule and emit through it. */
import type { AnyActorLogic, AnyStateMachine, EventObject } from 'xstate';
import { invariant } from '../../../kernel/errors.ts';
import type { ActorSnapshot } from '../actor-system.ts';
import { logicNamed } from '../operations/actions.ts';
import { microseconds } from '../operations/delayed-message.ts';
import {
  type ActorReference,
  mapped,
  NO_CHILDREN,
  type SpawnRequest,
} from '../operations/operation.ts';
import { Flag, PLACE_LIMIT, Word } from '../storage/actor-store.ts';
import { ActorHandle, type HandleHost } from './actor-handle.ts';
import type { ActorRuntime } from './actor-runtime.ts';
import type { DelayedDelivery } from './effects.ts';
import type { RuntimePorts } from './runtime-ports.ts';
import { plainSnapshot, type SnapshotParts, xstateSnapshot } from './snapshots.ts';
import type { AssignedSpawn, StepState } from './step-state.ts';

/** Where what actors say goes. */
export interface PortOptions {
  /** A root actor emitted. */
  readonly onEmit: (place: number, event: EventObject) => void;
  readonly logger: (...args: readonly unknown[]) => void;
}

/** Number of no actor. */
const NOBODY = -1;

/** The ports of one runtime. */
export class ActorPorts implements RuntimePorts, HandleHost {
  readonly #runtime: ActorRuntime;
  readonly #options: PortOptions;

  constructor(runtime: ActorRuntime, options: PortOptions) {
    this.#runtime = runtime;
    this.#options = options;
  }

  // References and snapshots.

  referenceOf(place: number): ActorReference {
    const { store, logics } = this.#runtime;
    const record = store.record(place);
    if (record.reference !== undefined) return record.reference;
    const { family } = record;
    const sessionId = `x:${store.numberOf(place)}`;
    const id = family === undefined ? store.nameOf(place) : family.id;
    const { definition } = logics.at(store.wordOf(place, Word.logic));
    record.reference = new ActorHandle(this, {
      place,
      generation: store.wordOf(place, Word.generation),
      id: id === '' ? sessionId : id,
      sessionId,
      parent: family === undefined ? undefined : this.#referenceTo(family.parent),
      logic: definition,
      src: family?.src ?? definition,
      systemId: family?.systemId,
      system: this.systemOf(place),
    });
    return record.reference;
  }

  #referenceTo(actor: number): ActorReference {
    const place = this.#runtime.store.placeOf(actor);
    if (place !== undefined) return this.referenceOf(place);
    const identity = { place: actor % PLACE_LIMIT, generation: Math.floor(actor / PLACE_LIMIT) };
    return this.goneReference({ ...identity, id: '' }, () => ({ status: 'stopped' }));
  }

  /** A reference to an actor whose storage was given back. @param last - its last snapshot. */
  goneReference(
    { place, generation, id }: Pick<ActorHandle, 'place' | 'generation' | 'id'>,
    last: () => unknown,
  ): ActorReference {
    const handle = new ActorHandle(this, {
      place,
      generation,
      id,
      sessionId: `x:${generation * PLACE_LIMIT + place}`,
      parent: undefined,
      logic: undefined as never,
      src: undefined,
      systemId: undefined,
      system: this.systemOf(place),
    });
    handle.finalSnapshot = last;
    return handle;
  }

  systemOf(place: number): unknown {
    const { store, systemIds } = this.#runtime;
    const root = store.rootOf(place);
    return {
      get: (id: string) => systemIds.get(root, id),
      getAll: () => systemIds.all(root),
    };
  }

  snapshotAt(place: number): unknown {
    return xstateSnapshot(this.#partsOf(place));
  }

  lastSnapshotOf(place: number): () => unknown {
    const parts = this.#partsOf(place);
    return () => xstateSnapshot(parts);
  }

  /** The actor system's snapshot of the actor at a place. */
  plainSnapshotAt(place: number): ActorSnapshot {
    return plainSnapshot(this.#partsOf(place), (child) => this.plainSnapshotAt(child.place));
  }

  /** Tags of the states that the actor at a place stands in. */
  tagsAt(place: number): readonly string[] {
    return this.#partsOf(place).configuration?.tags ?? [];
  }

  snapshotOf(handle: ActorHandle): unknown {
    if (this.#runtime.store.has(handle.place, Flag.initialising)) {
      throw new Error("Snapshot can't be read while the actor initializes itself");
    }
    return handle.finalSnapshot === undefined
      ? this.snapshotAt(handle.place)
      : handle.finalSnapshot();
  }

  #partsOf(place: number): SnapshotParts {
    const { store, logics } = this.#runtime;
    const { machine } = logics.at(store.wordOf(place, Word.logic));
    const record = store.records.get(place);
    return {
      machine,
      configuration: store.configuration[place],
      context: store.context[place],
      status: store.statusOf(place),
      output: record?.output,
      error: record?.error,
      children: record?.children ?? NO_CHILDREN,
    };
  }

  transitionScope(place: number): object {
    const self = this.referenceOf(place);
    return {
      self,
      id: self.id,
      sessionId: self.sessionId,
      system: this.systemOf(place),
      logger: this.#options.logger,
      emit: (event: EventObject) => this.emit(place, event),
    };
  }

  // Children.

  createChild(parent: number, request: SpawnRequest): ActorReference {
    const { store } = this.#runtime;
    const { logic, src, id = '', systemId, syncSnapshot, input } = request;
    const root = store.rootOf(parent);
    const number = store.numberOf(parent);
    const family = { parent: number, root, id, src, systemId, syncSnapshot };
    const place = this.#runtime.createChild(logic, family, input);
    return this.referenceOf(place);
  }

  spawnRequest(machine: AnyStateMachine, { src, options, seen }: AssignedSpawn): SpawnRequest {
    const { id, systemId, input, syncSnapshot = false } = options;
    const isNamed = typeof src === 'string';
    const place = `machine '${machine.id}', spawn()`;
    return {
      logic: isNamed ? logicNamed(src, { machine, place }) : (src as AnyActorLogic),
      src,
      id,
      systemId,
      input: isNamed ? mapped(input, seen, seen.event) : input,
      syncSnapshot,
    };
  }

  startChild(child: ActorReference): void {
    const place = this.#placeOf(child);
    if (place !== undefined) this.#runtime.start(place);
  }

  prepareStop(parent: number, child: ActorReference): boolean {
    const place = this.#placeOf(child);
    if (place === undefined) return false;
    const { store, systemIds } = this.#runtime;
    this.#forgetSystemIds(place, systemIds);
    if (store.has(place, Flag.running)) return true;
    this.#checkParent(parent, child);
    this.#runtime.stop(place);
    return false;
  }

  stopChild(parent: number, child: ActorReference): void {
    this.#checkParent(parent, child);
    const place = this.#placeOf(child);
    if (place !== undefined) this.#runtime.stop(place);
  }

  #forgetSystemIds(place: number, systemIds: ActorRuntime['systemIds']): void {
    const { children, family } = this.#runtime.store.records.get(place) ?? {};
    for (const child of Object.values(children ?? {})) {
      const at = child === undefined ? undefined : this.#placeOf(child);
      if (at !== undefined) this.#forgetSystemIds(at, systemIds);
    }
    if (family !== undefined) systemIds.delete(family.root, family.systemId);
  }

  #checkParent(parent: number, child: ActorReference): void {
    const reference = this.referenceOf(parent);
    if (child._parent === reference) return;
    throw new Error(
      `Cannot stop child actor ${child.id} of ${reference.id} because it is not a child`,
    );
  }

  // Messages.

  sendTo(handle: ActorHandle, event: EventObject): void {
    this.#runtime.inspection?.event(undefined, handle, event);
    const place = this.#placeOf(handle);
    if (place !== undefined) this.#runtime.receive(place, event);
  }

  relay(actor: number, to: ActorReference, event: EventObject): void {
    this.#runtime.inspection?.event(actor, to, event);
    const place = this.#placeOf(to);
    if (place !== undefined) this.#runtime.receive(place, event);
  }

  relayLater(actor: number, event: EventObject, timing: DelayedDelivery): void {
    const { to, id, delayMs } = timing;
    const place = this.#placeOf(to);
    const { store, timers } = this.#runtime;
    const number = place === undefined ? NOBODY : store.numberOf(place);
    const receiver = this.isInspected ? to : undefined;
    timers.schedule(actor, { event, id, to: number, receiver }, microseconds(delayMs));
  }

  emit(actor: number, event: EventObject): void {
    // What a child emits is heard by its own listeners only, as in XState: it has none here.
    if (!this.#runtime.store.has(actor, Flag.child)) this.#options.onEmit(actor, event);
  }

  log(args: readonly unknown[]): void {
    this.#options.logger(...args);
  }

  /** Where a referenced actor is stored; undefined when its storage was given back. */
  #placeOf(reference: ActorReference): number | undefined {
    invariant(reference instanceof ActorHandle, 'FOREIGN_ACTOR', { id: String(reference) });
    const { place, generation } = reference;
    const isHere = this.#runtime.store.wordOf(place, Word.generation) === generation;
    return isHere ? place : undefined;
  }

  // Inspection.

  get isInspected(): boolean {
    return this.#runtime.inspection !== undefined;
  }

  inspectAction(actor: number, type: string, params: unknown): void {
    this.#runtime.inspection?.action(actor, type, params);
  }

  inspectMicrostep(step: StepState, transitions: readonly unknown[]): void {
    const { actor, tables, configuration, context, status, output, error, children, event } = step;
    const machine = tables;
    const parts = { machine, configuration, context, status, output, error, children };
    const snapshot = xstateSnapshot(parts);
    this.#runtime.inspection?.microstep(actor, { event, snapshot, transitions });
  }
}
