/** The run digest: a rolling hash over (time, actor, event, draw count), kept per actor and per
 * slice of virtual time so that two runs can be bisected to the first difference. Every step is a
 * bijection of the lane and of each ingredient: a record that differs in one ingredient leaves
 * another lane. A slice has two lanes, which take the ingredients in opposite roles; an actor has
 * one. Names are hashed once, when their handle is taken. */
import { hashText, hashWord } from './hash.ts';
import { snapshotRefused } from './simulation-state.ts';

/** Collects a run's digest. Observers never feed it. */
export interface RunDigest {
  /** Adds one processed event. `actor` is stable text like `viewer/17`. Cost O(1). */
  record(timeUs: number, actor: string, event: string, drawCount: number): void;
  /** A number that stands for the actor in {@link RunDigest.recordAt}: the same for the same name,
   * valid for the digest's life, and without a trace in it until something is recorded. */
  actorHandle(name: string): number;
  /** A number that stands for the event type in {@link RunDigest.recordAt}. */
  eventHandle(type: string): number;
  /** Does what `record` does with the names that the handles stand for, without looking them up.
   * Bench `kernel`, `digest_overhead_share`. */
  recordAt(timeUs: number, actorHandle: number, eventHandle: number, drawCount: number): void;
  /** 32 hexadecimal digits over all actors (sorted by name) and all slices (ascending). */
  value(): string;
  /** Per slice `[sliceStartUs, hash]`, ascending. */
  slices(): readonly (readonly [number, string])[];
  /** Per actor `[name, hash]`, sorted by name. */
  actors(): readonly (readonly [string, string])[];
  /** What was recorded, as plain data: equal for digests of equal value. Cost O(actors · log). */
  save(): DigestState;
  /** Replaces what was recorded by a saved state. Handles stay valid.
   * @throws EngineError `SNAPSHOT_REFUSED` when the state's slices have another length. */
  restore(state: DigestState): void;
}

/** What a digest has recorded; survives JSON. */
export interface DigestState {
  readonly sliceUs: number;
  /** Start of each slice in µs, ascending, and its two lanes: length 2 × slices. */
  readonly sliceStartsUs: readonly number[];
  readonly sliceLanes: readonly number[];
  /** Where the high word of time, or the slice, has to be taken up anew. */
  readonly spanEndUs: number;
  /** Names of the actors that recorded, sorted, and the lane of each. */
  readonly actors: readonly string[];
  readonly actorLanes: readonly number[];
}

/** Makes an empty digest. @param options - `sliceUs`: length of a slice of virtual time. */
export function createRunDigest(options: { readonly sliceUs: number }): RunDigest {
  return new RollingDigest(options.sliceUs);
}

const LANE_A = 0x243f6a88;
const LANE_B = 0x13198a2e;
/** Odd, so that the product is a bijection of 32-bit words; 2³² over the golden ratio. */
const LANE_FACTOR = 0x9e3779b1;
const WORD_US = 2 ** 32;
const INITIAL_LANES = 64;
/** Where the lanes of the open slice are; those of the actors follow. */
const SLICE_A = 0;
const SLICE_B = 1;
const FIRST_ACTOR = 2;

class RollingDigest implements RunDigest {
  readonly #sliceUs: number;
  /** All lanes in one table: an actor's handle is the index of its lane. */
  #lanes = new Int32Array(INITIAL_LANES);
  readonly #actorHandles = new Map<string, number>();
  /** An event's handle is the hash of its type. */
  readonly #eventHandles = new Map<string, number>();
  /** Closed slices and the open one, whose lanes are written back from the table. */
  #sliceStartsUs: number[] = [];
  #sliceLanes: number[] = [];
  /** End of the open slice, or of the 2³² µs that share a high word: whichever is first. */
  #spanEndUs = 0;

  constructor(sliceUs: number) {
    this.#sliceUs = sliceUs;
  }

  record(timeUs: number, actor: string, event: string, drawCount: number): void {
    this.recordAt(timeUs, this.actorHandle(actor), this.eventHandle(event), drawCount);
  }

  actorHandle(name: string): number {
    const known = this.#actorHandles.get(name);
    if (known !== undefined) return known;
    const handle = FIRST_ACTOR + this.#actorHandles.size;
    this.#actorHandles.set(name, handle);
    if (handle === this.#lanes.length) {
      const grown = new Int32Array(2 * handle);
      grown.set(this.#lanes);
      this.#lanes = grown;
    }
    this.#lanes[handle] = freshLane(name);
    return handle;
  }

  eventHandle(type: string): number {
    let handle = this.#eventHandles.get(type);
    if (handle === undefined) {
      handle = hashText(type, LANE_A);
      this.#eventHandles.set(type, handle);
    }
    return handle;
  }

  /** Written out without a function for the step: it must stay small enough to be inlined where it
   * is called (bench `kernel`, `digest_overhead_share`). */
  recordAt(timeUs: number, actorHandle: number, eventHandle: number, drawCount: number): void {
    if (timeUs >= this.#spanEndUs) this.#openSpan(timeUs);
    const lanes = this.#lanes;
    const low = timeUs | 0;
    const drawn = Math.imul(eventHandle ^ drawCount, LANE_FACTOR);
    const timed = Math.imul(eventHandle ^ low, LANE_FACTOR);
    let lane = ((drawn << 15) | (drawn >>> 17)) + low;
    lane = Math.imul((lanes[actorHandle] as number) ^ lane, LANE_FACTOR);
    lane = (lane << 15) | (lane >>> 17);
    lanes[actorHandle] = lane;
    const a = Math.imul((lanes[SLICE_A] as number) ^ lane, LANE_FACTOR);
    lanes[SLICE_A] = (a << 15) | (a >>> 17);
    const b = Math.imul((lanes[SLICE_B] as number) ^ lane ^ (timed + drawCount), LANE_FACTOR);
    lanes[SLICE_B] = (b << 15) | (b >>> 17);
  }

  value(): string {
    this.#writeBack();
    let [a, b] = [LANE_A, LANE_B];
    for (let i = 0; i < this.#sliceLanes.length; i += 2) {
      a = hashWord(a, this.#sliceLanes[i] ?? 0);
      b = hashWord(b, this.#sliceLanes[i + 1] ?? 0);
    }
    let [c, d] = [LANE_B, LANE_A];
    for (const name of this.#names()) {
      const lane = this.#laneOf(name);
      c = hashWord(c, lane);
      d = hashWord(hashWord(d, hashText(name, LANE_B)), lane);
    }
    return hex(a, b, c, d);
  }

  slices(): readonly (readonly [number, string])[] {
    this.#writeBack();
    const lanes = this.#sliceLanes;
    return this.#sliceStartsUs.map((startUs, slice) => [
      startUs,
      hex(lanes[2 * slice] ?? 0, lanes[2 * slice + 1] ?? 0),
    ]);
  }

  actors(): readonly (readonly [string, string])[] {
    return this.#names().map((name) => [name, hex(this.#laneOf(name))]);
  }

  save(): DigestState {
    this.#writeBack();
    const actors = this.#names();
    return {
      sliceUs: this.#sliceUs,
      sliceStartsUs: [...this.#sliceStartsUs],
      sliceLanes: [...this.#sliceLanes],
      spanEndUs: this.#spanEndUs,
      actors,
      actorLanes: actors.map((name) => this.#laneOf(name)),
    };
  }

  restore(state: DigestState): void {
    if (state.sliceUs !== this.#sliceUs) {
      throw snapshotRefused([
        `its slices are ${state.sliceUs} µs long, those here ${this.#sliceUs} µs; ` +
          'restore into a digest that was made with the same sliceUs',
      ]);
    }
    for (const [name, handle] of this.#actorHandles) this.#lanes[handle] = freshLane(name);
    state.actors.forEach((name, i) => {
      const handle = this.actorHandle(name);
      this.#lanes[handle] = state.actorLanes[i] ?? 0;
    });
    this.#sliceStartsUs = [...state.sliceStartsUs];
    this.#sliceLanes = [...state.sliceLanes];
    this.#lanes.set(state.sliceLanes.slice(-2), SLICE_A);
    this.#spanEndUs = state.spanEndUs;
  }

  /** Actors whose lane has moved: those that recorded, sorted. */
  #names(): readonly string[] {
    const names: string[] = [];
    for (const [name, handle] of this.#actorHandles) {
      if (this.#lanes[handle] !== freshLane(name)) names.push(name);
    }
    return names.sort();
  }

  #laneOf(actor: string): number {
    return this.#lanes[this.#actorHandles.get(actor) ?? 0] ?? 0;
  }

  /** Opens the slice of `timeUs` unless it is open, and takes up the high word of time, which
   * `recordAt` leaves out. */
  #openSpan(timeUs: number): void {
    const lanes = this.#lanes;
    const startUs = Math.floor(timeUs / this.#sliceUs) * this.#sliceUs;
    if (startUs !== this.#sliceStartsUs.at(-1)) {
      this.#writeBack();
      this.#sliceStartsUs.push(startUs);
      this.#sliceLanes.push(LANE_A, LANE_B);
      lanes.set([LANE_A, LANE_B], SLICE_A);
    }
    const high = Math.floor(timeUs / WORD_US);
    lanes[SLICE_A] = hashWord(lanes[SLICE_A] ?? 0, high);
    lanes[SLICE_B] = hashWord(lanes[SLICE_B] ?? 0, high);
    this.#spanEndUs = Math.min(startUs + this.#sliceUs, (high + 1) * WORD_US);
  }

  #writeBack(): void {
    if (this.#sliceStartsUs.length === 0) return;
    this.#sliceLanes.splice(-2, 2, this.#lanes[SLICE_A] ?? 0, this.#lanes[SLICE_B] ?? 0);
  }
}

/** The lane of an actor that has recorded nothing. */
function freshLane(name: string): number {
  return hashText(name, LANE_A);
}

function hex(...lanes: readonly number[]): string {
  return lanes.map((lane) => (lane >>> 0).toString(16).padStart(8, '0')).join('');
}
