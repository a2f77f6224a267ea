/** Effects of a step, in order: they run after its computation, when the actor already stands in
 * its new state. Kept flat and reused, so that a step allocates nothing for the frequent ones. */
import type { EventObject } from 'xstate';
import type { DelayedMessage } from '../operations/delayed-message.ts';
import type { ActorReference } from '../operations/operation.ts';
import type { ActorTimers } from '../storage/actor-timers.ts';

/** Who carries effects out. `actor` is whose step it was. */
export interface EffectRunner {
  emit(actor: number, event: EventObject): void;
  relay(actor: number, to: ActorReference, event: EventObject): void;
  relayLater(actor: number, event: EventObject, timing: DelayedDelivery): void;
  startChild(child: ActorReference): void;
  stopChild(actor: number, child: ActorReference): void;
}

/** To whom, when, and under which name for cancelling. */
export interface DelayedDelivery {
  readonly to: ActorReference;
  readonly id: string | undefined;
  readonly delayMs: number;
}

const EMIT = 0;
const RAISE = 1;
const CANCEL = 2;
const SEND = 3;
const SEND_LATER = 4;
const START = 5;
const STOP = 6;
/** Kind, and up to two values. */
const FIELDS = 3;

/** A list of effects. */
export class EffectList {
  readonly #runner: EffectRunner;
  readonly #timers: ActorTimers;
  readonly #fields: unknown[] = [];
  #end = 0;

  constructor(runner: EffectRunner, timers: ActorTimers) {
    this.#runner = runner;
    this.#timers = timers;
  }

  get isEmpty(): boolean {
    return this.#end === 0;
  }

  /** How many are queued. */
  get count(): number {
    return this.#end / FIELDS;
  }

  emit(event: EventObject): void {
    this.#push(EMIT, event, undefined);
  }

  /** A message of the actor to itself, after a delay. */
  raise(message: DelayedMessage, delayUs: number): void {
    this.#push(RAISE, message, delayUs);
  }

  cancel(id: string): void {
    this.#push(CANCEL, id, undefined);
  }

  send(event: EventObject, to: ActorReference): void {
    this.#push(SEND, event, to);
  }

  sendLater(event: EventObject, timing: DelayedDelivery): void {
    this.#push(SEND_LATER, event, timing);
  }

  start(child: ActorReference): void {
    this.#push(START, child, undefined);
  }

  stop(child: ActorReference): void {
    this.#push(STOP, child, undefined);
  }

  #push(kind: number, a: unknown, b: unknown): void {
    const fields = this.#fields;
    const end = this.#end;
    fields[end] = kind;
    fields[end + 1] = a;
    fields[end + 2] = b;
    this.#end = end + FIELDS;
  }

  /** Puts the receiver into a message whose receiver was announced by id only. */
  address(place: number, find: (id: string) => ActorReference): void {
    const fields = this.#fields;
    const at = place * FIELDS;
    if (fields[at] === SEND) {
      fields[at + 2] = find(fields[at + 2] as string);
      return;
    }
    const timing = fields[at + 2] as DelayedDelivery;
    fields[at + 2] = { ...timing, to: find(timing.to as unknown as string) };
  }

  clear(): void {
    this.#end = 0;
  }

  runStart(child: ActorReference): void {
    this.#runner.startChild(child);
  }

  /** Carries all effects out, and empties the list, whatever happens.
   * @throws what an effect throws; those after it are dropped. */
  run(actor: number): void {
    try {
      for (let at = 0; at < this.#end; at += FIELDS) this.#runOne(actor, at);
    } finally {
      this.#end = 0;
    }
  }

  #runOne(actor: number, at: number): void {
    const runner = this.#runner;
    const fields = this.#fields;
    const a = fields[at + 1];
    const b = fields[at + 2];
    switch (fields[at]) {
      case RAISE:
        this.#timers.schedule(actor, a as DelayedMessage, b as number);
        break;
      case CANCEL:
        this.#timers.cancel(actor, a as string);
        break;
      case EMIT:
        runner.emit(actor, a as EventObject);
        break;
      case SEND:
        runner.relay(actor, b as ActorReference, a as EventObject);
        break;
      case SEND_LATER:
        runner.relayLater(actor, a as EventObject, b as DelayedDelivery);
        break;
      case START:
        runner.startChild(a as ActorReference);
        break;
      default:
        runner.stopChild(actor, a as ActorReference);
    }
  }
}
