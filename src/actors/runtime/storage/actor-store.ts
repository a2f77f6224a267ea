/** What is kept of every actor: eight words, 32 bytes, that lie together, context and
 * configuration, and a record apart for the few that have children, a parent, an outcome or
 * waiting messages. The place of an actor that was released is used again; its number then carries
 * a generation. */
import type { EventObject } from 'xstate';
import type { Configuration } from '../compile/configuration.ts';
import type { ActorReference, Children } from '../operations/operation.ts';
import { ActorNames } from './actor-names.ts';

/** Words of an actor, from `place << WORDS_SHIFT` on. */
export const Word = {
  /** Bits of {@link Flag}, and the status. */
  flags: 0,
  /** Number of the logic it runs. */
  logic: 1,
  generation: 2,
  /** Handle in the digest; 0 before it was asked for. */
  digest: 3,
  /** First of its pending timers, or NO_TIMER. */
  timer: 4,
  /** Two words of its name. */
  name: 5,
} as const;

/** log₂ of the words of an actor. */
export const WORDS_SHIFT = 3;

/** Of an actor that has no timers. */
export const NO_TIMER = -1;

/** Where an actor is in its life: bits of its flags. */
export const Flag = {
  /** Started and not ended. */
  running: 1,
  /** Ended; it takes no events. */
  ended: 2,
  /** Within a step: what arrives waits. */
  busy: 4,
  /** Has messages waiting. */
  mailbox: 8,
  /** Has a record apart. */
  record: 16,
  /** Spawned by another actor. */
  child: 32,
  /** To be given back when it has ended. */
  released: 256,
  /** Its initial state is not computed yet. */
  initialising: 512,
} as const;

const STATUS_SHIFT = 6;
const STATUS_MASK = 3 << STATUS_SHIFT;

/** Status of an actor's snapshot, by number. */
const STATUSES = ['active', 'done', 'error', 'stopped'] as const;

/** A status. */
export type ActorStatus = (typeof STATUSES)[number];

/** What only some actors have. */
export interface ActorRecord {
  children: Children | undefined;
  output: unknown;
  error: unknown;
  mailbox: EventObject[];
  reference: ActorReference | undefined;
  family: Family | undefined;
}

/** Where a child comes from. */
export interface Family {
  /** Number of the actor that made it. */
  readonly parent: number;
  /** Number of the actor at the top of the family. */
  readonly root: number;
  readonly id: string;
  /** What the parent's machine calls its logic, or the logic. */
  readonly src: unknown;
  readonly systemId: string | undefined;
  readonly syncSnapshot: boolean;
}

/** Places that numbers can name: numbers stay exact integers. */
export const PLACE_LIMIT = 2 ** 26;

const INITIAL_PLACES = 64;
const GROWTH = 1.5;

/** All actors of one system, by place. */
export class ActorStore {
  words = new Int32Array(INITIAL_PLACES << WORDS_SHIFT);
  readonly context: unknown[] = [];
  /** Where machines stand; undefined for transition functions, and before the initial state. */
  readonly configuration: (Configuration | undefined)[] = [];
  readonly names = new ActorNames();
  readonly records = new Map<number, ActorRecord>();
  /** Places to use again; the last first. */
  readonly free: number[] = [];
  /** Places ever taken. */
  used = 0;

  /** Takes a place for an actor that runs a logic. */
  take(logic: number, name: string): number {
    const place = this.free.pop() ?? this.used;
    if (place === this.used) {
      this.growTo(place + 1);
      this.used += 1;
      this.context.push(undefined);
      this.configuration.push(undefined);
    }
    const { words } = this;
    const at = place << WORDS_SHIFT;
    words[at + Word.flags] = Flag.initialising;
    words[at + Word.logic] = logic;
    words[at + Word.digest] = 0;
    words[at + Word.timer] = NO_TIMER;
    this.names.write(words, at + Word.name, name);
    return place;
  }

  /** Takes as many places as a saved store had, into an empty one. What is not free has to be
   * filled in. */
  restore(generations: readonly number[], free: readonly number[]): void {
    for (const generation of generations) {
      const place = this.take(0, '');
      this.setWord(place, Word.generation, generation);
      this.setWord(place, Word.flags, 0);
    }
    for (const place of free) {
      this.set(place, Flag.ended);
      this.free.push(place);
    }
  }

  /** Gives a place back; the number of its actor is stale from now on. */
  release(place: number): void {
    const { words } = this;
    const at = place << WORDS_SHIFT;
    words[at + Word.generation] = (words[at + Word.generation] as number) + 1;
    words[at + Word.flags] = Flag.ended;
    this.context[place] = undefined;
    this.configuration[place] = undefined;
    this.records.delete(place);
    this.names.forget(words, at + Word.name);
    this.free.push(place);
  }

  /** Number by which others know the actor at a place. */
  numberOf(place: number): number {
    return this.wordOf(place, Word.generation) * PLACE_LIMIT + place;
  }

  /** Place of an actor's number; undefined when there is none, or no longer. */
  placeOf(actor: number): number | undefined {
    if (actor < this.used && this.wordOf(actor, Word.generation) === 0) return actor;
    const place = actor % PLACE_LIMIT;
    return place < this.used && this.numberOf(place) === actor ? place : undefined;
  }

  /** Whether a number was an actor's, whose storage was given back since. */
  wasUsed(actor: number): boolean {
    const place = actor % PLACE_LIMIT;
    return Number.isInteger(actor) && place < this.used && this.numberOf(place) > actor;
  }

  /** Names an actor anew. */
  name(place: number, name: string): void {
    const at = (place << WORDS_SHIFT) + Word.name;
    this.names.forget(this.words, at);
    this.names.write(this.words, at, name);
  }

  nameOf(place: number): string {
    return this.names.read(this.words, (place << WORDS_SHIFT) + Word.name);
  }

  /** @param word - one of {@link Word}. */
  wordOf(place: number, word: number): number {
    return this.words[(place << WORDS_SHIFT) + word] as number;
  }

  /** @param word - one of {@link Word}. */
  setWord(place: number, word: number, value: number): void {
    this.words[(place << WORDS_SHIFT) + word] = value;
  }

  /** The record of an actor, made when it has none. */
  record(place: number): ActorRecord {
    let record = this.records.get(place);
    if (record === undefined) {
      record = {
        children: undefined,
        output: undefined,
        error: undefined,
        mailbox: [],
        reference: undefined,
        family: undefined,
      };
      this.records.set(place, record);
      this.set(place, Flag.record);
    }
    return record;
  }

  /** Number of the actor at the top of an actor's family. */
  rootOf(place: number): number {
    return this.records.get(place)?.family?.root ?? this.numberOf(place);
  }

  has(place: number, flags: number): boolean {
    return (this.wordOf(place, Word.flags) & flags) !== 0;
  }

  set(place: number, flags: number): void {
    this.setWord(place, Word.flags, this.wordOf(place, Word.flags) | flags);
  }

  clear(place: number, flags: number): void {
    this.setWord(place, Word.flags, this.wordOf(place, Word.flags) & ~flags);
  }

  /** Whether its status is no longer `active`. */
  isOver(place: number): boolean {
    return this.has(place, STATUS_MASK);
  }

  statusOf(place: number): ActorStatus {
    const status = (this.wordOf(place, Word.flags) & STATUS_MASK) >> STATUS_SHIFT;
    return STATUSES[status] as ActorStatus;
  }

  setStatus(place: number, status: ActorStatus): void {
    this.clear(place, STATUS_MASK);
    this.set(place, STATUSES.indexOf(status) << STATUS_SHIFT);
  }

  /** Makes room for so many places. */
  growTo(places: number): void {
    if (places << WORDS_SHIFT <= this.words.length) return;
    const grown = new Int32Array(Math.ceil(places * GROWTH) << WORDS_SHIFT);
    grown.set(this.words);
    this.words = grown;
  }
}
