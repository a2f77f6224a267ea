/** Delayed messages of all actors: a linked list an actor over kernel events. XState knows a timer
 * by (actor, id), and so a second timer of the same id supersedes the first: the first still
 * fires, and when it does, its id is forgotten and the second can no longer be cancelled. Spec:
 * A16. */
import type { EventObject } from 'xstate';
import type { EventKey, HandlerId, Simulation } from '../../../kernel/simulation.ts';
import type { DelayedMessage } from '../operations/delayed-message.ts';
import type { ActorReference } from '../operations/operation.ts';
import { type ActorStore, NO_TIMER, WORDS_SHIFT, Word } from './actor-store.ts';

/** A message whose time has come. */
export interface FiredMessage {
  readonly event: EventObject;
  /** Place of who scheduled it; undefined when it has ended since. */
  readonly from: number | undefined;
  /** Number of the root actor of its family. */
  readonly root: number;
  /** Number of who gets it. */
  readonly to: number;
  /** Who gets it, for inspectors. */
  readonly receiver: ActorReference | undefined;
}

/** A pending timer as data. */
export interface TimerState {
  readonly timer: number;
  readonly key: EventKey;
  /** Place of who scheduled it. */
  readonly actor: number;
  readonly message: DelayedMessage;
}

/** Timers of one actor that are searched one by one; beyond, an index by id is kept. */
const LIST_LIMIT = 8;
/** Words of a timer: its actor, and the next and previous timer of that. The double after them is
 * the key of its kernel event. */
const FIELDS_SHIFT = 3;
const ACTOR = 0;
const NEXT = 1;
const PREVIOUS = 2;
const KEYS_SHIFT = 2;
const KEY = 2;
/** The actor of a timer that is free. */
const NOBODY = -1;
const INITIAL_TIMERS = 64;
const GROWTH = 1.5;

/** The timers of one actor system. 32 bytes a timer, besides message and kernel event. */
export class ActorTimers {
  readonly #simulation: Simulation;
  readonly #handler: HandlerId;
  readonly #store: ActorStore;
  #fields = new Int32Array(INITIAL_TIMERS << FIELDS_SHIFT);
  /** The same records, as doubles. */
  #keys = new Float64Array(this.#fields.buffer);
  readonly #message: (DelayedMessage | undefined)[] = [];
  /** The timer to take next; free ones go on along NEXT. */
  #free = NO_TIMER;
  /** By actor and id, for actors with many timers. */
  readonly #indexes = new Map<number, Map<string, number>>();
  #hasIndexes = false;

  constructor(store: ActorStore, simulation: Simulation, handler: HandlerId) {
    this.#store = store;
    this.#simulation = simulation;
    this.#handler = handler;
  }

  /** Schedules a message. @throws EngineError `SIM_BAD_TIME`, `SIM_MAX_PENDING`. */
  schedule(actor: number, message: DelayedMessage, delayUs: number): void {
    const free = this.#free;
    const timer = free === NO_TIMER ? this.#message.length : free;
    const key = this.#simulation.schedule(delayUs, this.#handler, timer);
    if (free === NO_TIMER) this.#grow();
    else this.#free = this.#field(free, NEXT);
    if (message.id !== undefined) this.#supersede(this.#find(actor, message.id));
    this.#keys[(timer << KEYS_SHIFT) + KEY] = key;
    this.#message[timer] = message;
    this.#link(timer, actor, message.id);
  }

  /** Cancels the timer that an id names, if there is one. */
  cancel(actor: number, id: string): void {
    const timer = this.#find(actor, id);
    if (timer === NO_TIMER) return;
    this.#unlist(timer);
    this.#simulation.cancel(this.#keys[(timer << KEYS_SHIFT) + KEY] as number);
    this.#release(timer);
  }

  /** Cancels all timers but superseded ones: what stopping an actor does. */
  cancelAll(actor: number): void {
    for (let timer = this.#headOf(actor); timer !== NO_TIMER; ) {
      const next = this.#field(timer, NEXT);
      this.#simulation.cancel(this.#keys[(timer << KEYS_SHIFT) + KEY] as number);
      this.#release(timer);
      timer = next;
    }
    this.#setHead(actor, NO_TIMER);
    this.#indexes.delete(actor);
  }

  /** Takes a timer whose kernel event runs. */
  fire(timer: number): FiredMessage {
    const actor = this.#field(timer, ACTOR);
    const store = this.#store;
    const { event, id, to, superseded, receiver } = this.#message[timer] as DelayedMessage;
    if (superseded === undefined) {
      this.#unlist(timer);
      this.#release(timer);
      const root = store.rootOf(actor);
      return { event, from: actor, root, to: to ?? store.numberOf(actor), receiver };
    }
    this.#release(timer);
    const isHere = store.numberOf(actor) === superseded.actor;
    if (isHere) this.#supersede(this.#find(actor, id as string));
    const { root } = superseded;
    return { event, from: isHere ? actor : undefined, root, to: to ?? superseded.actor, receiver };
  }

  /** Number of the root actor of a pending timer's family. */
  rootOf(timer: number): number {
    const { superseded } = this.#message[timer] as DelayedMessage;
    return superseded?.root ?? this.#store.rootOf(this.#field(timer, ACTOR));
  }

  /** All pending timers as data, by number. */
  save(): readonly TimerState[] {
    return this.#message.flatMap((message, timer) =>
      message === undefined || this.#field(timer, ACTOR) === NOBODY
        ? []
        : [
            {
              timer,
              key: this.#keys[(timer << KEYS_SHIFT) + KEY] as number,
              actor: this.#field(timer, ACTOR),
              message,
            },
          ],
    );
  }

  /** Takes over saved timers, into an empty instance whose store is restored; the kernel restores
   * their events. */
  restore(timers: readonly TimerState[]): void {
    for (const { timer, key, actor, message } of timers) {
      while (this.#message.length < timer) {
        this.#grow();
        this.#release(this.#message.length - 1);
      }
      this.#grow();
      this.#keys[(timer << KEYS_SHIFT) + KEY] = key;
      this.#message[timer] = message;
      if (message.superseded === undefined) this.#link(timer, actor, message.id);
      else this.#fields[(timer << FIELDS_SHIFT) + ACTOR] = actor;
    }
  }

  #find(actor: number, id: string): number {
    let timer = this.#headOf(actor);
    for (let steps = 0; timer !== NO_TIMER && steps < LIST_LIMIT; steps += 1) {
      if ((this.#message[timer] as DelayedMessage).id === id) return timer;
      timer = this.#field(timer, NEXT);
    }
    return timer === NO_TIMER ? NO_TIMER : (this.#indexOf(actor).get(id) ?? NO_TIMER);
  }

  #indexOf(actor: number): Map<string, number> {
    let index = this.#indexes.get(actor);
    if (index !== undefined) return index;
    index = new Map();
    for (let timer = this.#headOf(actor); timer !== NO_TIMER; timer = this.#field(timer, NEXT)) {
      const { id } = this.#message[timer] as DelayedMessage;
      if (id !== undefined) index.set(id, timer);
    }
    this.#indexes.set(actor, index);
    this.#hasIndexes = true;
    return index;
  }

  #link(timer: number, actor: number, id: string | undefined): void {
    const head = this.#headOf(actor);
    const fields = this.#fields;
    const at = timer << FIELDS_SHIFT;
    fields[at + ACTOR] = actor;
    fields[at + NEXT] = head;
    fields[at + PREVIOUS] = NO_TIMER;
    if (head !== NO_TIMER) fields[(head << FIELDS_SHIFT) + PREVIOUS] = timer;
    this.#setHead(actor, timer);
    if (this.#hasIndexes && id !== undefined) this.#indexes.get(actor)?.set(id, timer);
  }

  /** Its id names it no longer; it fires all the same. */
  #supersede(timer: number): void {
    if (timer === NO_TIMER) return;
    const actor = this.#field(timer, ACTOR);
    const store = this.#store;
    this.#unlist(timer);
    this.#message[timer] = {
      ...(this.#message[timer] as DelayedMessage),
      superseded: { actor: store.numberOf(actor), root: store.rootOf(actor) },
    };
  }

  /** Takes a timer out of its actor's list. */
  #unlist(timer: number): void {
    const fields = this.#fields;
    const at = timer << FIELDS_SHIFT;
    const actor = fields[at + ACTOR] as number;
    const next = fields[at + NEXT] as number;
    const previous = fields[at + PREVIOUS] as number;
    if (previous === NO_TIMER) this.#setHead(actor, next);
    else fields[(previous << FIELDS_SHIFT) + NEXT] = next;
    if (next !== NO_TIMER) fields[(next << FIELDS_SHIFT) + PREVIOUS] = previous;
    if (this.#hasIndexes) this.#unindex(timer, actor);
  }

  #unindex(timer: number, actor: number): void {
    const { id } = this.#message[timer] as DelayedMessage;
    if (id !== undefined) this.#indexes.get(actor)?.delete(id);
    if (this.#headOf(actor) === NO_TIMER) this.#indexes.delete(actor);
  }

  #release(timer: number): void {
    this.#fields[(timer << FIELDS_SHIFT) + NEXT] = this.#free;
    this.#fields[(timer << FIELDS_SHIFT) + ACTOR] = NOBODY;
    this.#free = timer;
  }

  #headOf(actor: number): number {
    return this.#store.words[(actor << WORDS_SHIFT) + Word.timer] as number;
  }

  #setHead(actor: number, timer: number): void {
    this.#store.words[(actor << WORDS_SHIFT) + Word.timer] = timer;
  }

  #field(timer: number, field: number): number {
    return this.#fields[(timer << FIELDS_SHIFT) + field] as number;
  }

  /** One timer more. */
  #grow(): void {
    this.#message.push(undefined);
    const capacity = this.#fields.length >> FIELDS_SHIFT;
    if (this.#message.length <= capacity) return;
    const fields = new Int32Array(Math.ceil(capacity * GROWTH) << FIELDS_SHIFT);
    fields.set(this.#fields);
    this.#fields = fields;
    this.#keys = new Float64Array(fields.buffer);
  }
}
