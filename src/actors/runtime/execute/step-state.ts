/** What a step of a machine has come to, and what operations do to it: the context changes at once,
 * messages and children are queued as effects. Whatever concerns an actor that is not started waits
 * for its start. Spec: A15. */
import type { AnyStateMachine, EventObject } from 'xstate';
import type { Configuration, MachineTables } from '../compile/configuration.ts';
import type { ContextShape } from '../operations/context-shape.ts';
import { microseconds } from '../operations/delayed-message.ts';
import type {
  ActionArguments,
  ActorReference,
  AssignArguments,
  Children,
  CustomAction,
  Delivery,
  SpawnOptions,
  SpawnRequest,
  StepScope,
} from '../operations/operation.ts';
import { NO_CHILDREN } from '../operations/operation.ts';
import {
  type ActorDirectory,
  type SeenByMapper,
  StepArguments,
} from '../operations/step-arguments.ts';
import type { EffectList } from './effects.ts';

/** What a step needs of the system it runs in. */
export interface StepHost extends ActorDirectory {
  /** Whether somebody inspects. */
  readonly isInspected: boolean;
  /** Makes a child; its initial state is computed, nothing of it runs yet. */
  createChild(parent: number, request: SpawnRequest): ActorReference;
  /** A request for a child as an assigner's `spawn` states it. */
  spawnRequest(machine: AnyStateMachine, spawn: AssignedSpawn): SpawnRequest;
  /** Forgets system ids at once; stops the child if it never started.
   * @returns whether it runs and is to be stopped later. */
  prepareStop(parent: number, child: ActorReference): boolean;
  log(args: readonly unknown[]): void;
  inspectAction(actor: number, type: string, params: unknown): void;
  inspectMicrostep(step: StepState, transitions: readonly unknown[]): void;
}

/** An assigner's `spawn`. */
export interface AssignedSpawn {
  readonly src: unknown;
  readonly options: SpawnOptions;
  /** What the mapper of the input gets. */
  readonly seen: SeenByMapper;
}

/** A step's state; instances are reused. */
export class StepState implements StepScope {
  readonly effects: EffectList;
  readonly ports: StepHost;
  /** What the start of the actor does first; undefined once it is started. */
  startActions: (() => void)[] | undefined;
  actor = 0;
  tables!: MachineTables;
  configuration!: Configuration;
  context: unknown = undefined;
  event!: EventObject;
  changed = false;
  status: 'active' | 'done' | 'error' | 'stopped' = 'active';
  output: unknown = undefined;
  error: unknown = undefined;
  children: Children = NO_CHILDREN;
  /** Children made by this step: freed when it fails. */
  created: ActorReference[] = [];
  /** Whether it is as a fresh one would be: status active, no children. */
  isClean = true;
  /** The internal queue. */
  protected queue: EventObject[] = [];
  #announced: readonly string[] = [];
  #toAnnounced: number[] = [];

  constructor(host: StepHost, effects: EffectList) {
    this.ports = host;
    this.effects = effects;
  }

  get machine(): AnyStateMachine {
    return this.tables.machine;
  }

  get states(): Configuration {
    return this.configuration;
  }

  get self(): ActorReference {
    return this.ports.referenceOf(this.actor);
  }

  get shape(): ContextShape {
    return this.tables.shape;
  }

  get isFresh(): boolean {
    return this.startActions !== undefined;
  }

  /** Prepares a step of an actor. */
  begin(actor: number, tables: MachineTables): void {
    this.actor = actor;
    if (this.tables !== tables) this.tables = tables;
    this.changed = false;
    if (this.isClean) return;
    this.isClean = true;
    this.status = 'active';
    this.output = undefined;
    this.error = undefined;
    this.children = NO_CHILDREN;
    this.startActions = undefined;
    this.created = [];
    this.queue = [];
  }

  /** Something is left in it that the next step must not find. */
  soil(): void {
    this.isClean = false;
  }

  args(): ActionArguments {
    return new StepArguments(this.context, this.event, this);
  }

  assignArgs(): AssignArguments {
    return new StepArguments(this.context, this.event, this);
  }

  perform({ type, exec, args, params }: CustomAction): void {
    if (this.startActions === undefined) {
      if (this.ports.isInspected) this.ports.inspectAction(this.actor, type, params);
      exec?.(args, params);
      return;
    }
    const { actor } = this;
    const host = this.ports;
    this.startActions.push(() => {
      if (host.isInspected) host.inspectAction(actor, type, params);
      exec?.(args, params);
    });
  }

  log(args: readonly unknown[]): void {
    const host = this.ports;
    this.#inspect('xstate.log', { value: args.at(-1) });
    if (this.startActions === undefined) host.log(args);
    else this.startActions.push(() => host.log(args));
  }

  queueDone(event: EventObject): void {
    this.queue.push(event);
  }

  raise(event: EventObject): void {
    this.queue.push(event);
    this.#inspect('xstate.raise', { event });
  }

  raiseLater(event: EventObject, id: string | undefined, delayMs: number): void {
    this.effects.raise({ event, id, to: undefined }, microseconds(delayMs));
    this.#inspect('xstate.raise', { event, id, delay: delayMs });
  }

  deliver({ to, event, id, delayMs }: Delivery): void {
    if (delayMs === undefined) this.effects.send(event, to);
    else this.effects.sendLater(event, { to, id, delayMs });
    this.#inspect('xstate.sendTo', { to, event, id, delay: delayMs });
  }

  emit(event: EventObject): void {
    this.effects.emit(event);
    this.#inspect('xstate.emit', { event });
  }

  cancel(id: string): void {
    this.effects.cancel(id);
    this.#inspect('xstate.cancel', { sendId: id });
  }

  spawn(request: SpawnRequest): ActorReference {
    const child = this.#addChild(request, String(request.id));
    this.effects.start(child);
    this.#inspect('xstate.spawnChild', { id: request.id, src: request.src, actorRef: child });
    return child;
  }

  /** `spawn` of an assigner or of the context's factory. */
  spawnInAssign(src: unknown, options: SpawnOptions, seen: SeenByMapper): ActorReference {
    const request = this.ports.spawnRequest(this.machine, { src, options, seen });
    const child = this.#addChild(request, undefined);
    if (this.startActions === undefined) {
      this.effects.start(child);
    } else {
      const { effects } = this;
      this.startActions.push(() => effects.runStart(child));
    }
    return child;
  }

  #addChild(request: SpawnRequest, key: string | undefined): ActorReference {
    this.soil();
    const child = this.ports.createChild(this.actor, request);
    this.created.push(child);
    this.children = { ...this.children, [key ?? child.id]: child };
    this.changed = true;
    return child;
  }

  stop(child: ActorReference | undefined): void {
    this.changed = true;
    if (child !== undefined) {
      this.soil();
      const { [child.id]: _, ...others } = this.children;
      this.children = others;
    }
    this.#stopLater(child);
  }

  /** Queues the stopping of all children. */
  stopChildren(): void {
    const { children } = this;
    if (children === NO_CHILDREN) return;
    for (const child of Object.values(children)) this.#stopLater(child);
  }

  #stopLater(child: ActorReference | undefined): void {
    this.#inspect('xstate.stopChild', child);
    if (child === undefined) return;
    const { actor, effects } = this;
    const host = this.ports;
    const stopLater = () => {
      if (host.prepareStop(actor, child)) effects.stop(child);
    };
    if (this.startActions === undefined) stopLater();
    else this.startActions.push(stopLater);
  }

  beginEntry(invokeIds: readonly string[]): void {
    this.#announced = invokeIds;
    this.#toAnnounced = [];
  }

  deliverOnEntry(childId: string, delivery: Omit<Delivery, 'to'>): boolean {
    if (!this.#announced.includes(childId)) return false;
    this.#toAnnounced.push(this.effects.count);
    this.deliver({ ...delivery, to: childId as unknown as ActorReference });
    return true;
  }

  endEntry(): void {
    for (const place of this.#toAnnounced) {
      this.effects.address(place, (id) => this.children[id] as ActorReference);
    }
    this.#announced = [];
  }

  complete(output: unknown): void {
    this.soil();
    this.status = 'done';
    this.output = output;
  }

  #inspect(type: string, params: unknown): void {
    if (!this.ports.isInspected) return;
    const host = this.ports;
    const { actor } = this;
    if (this.startActions === undefined) host.inspectAction(actor, type, params);
    else this.startActions.push(() => host.inspectAction(actor, type, params));
  }
}
