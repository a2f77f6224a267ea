/** The run digest: a rolling hash over (time, actor, event, draw count), kept per actor and per
 * slice of virtual time so that two runs can be bisected to the first difference. */
import { hashText, hashWord } from './hash.ts';

/** Collects a run's digest. Observers never feed it. */
export interface RunDigest {
  /** Adds one processed event. `actor` is stable text like `viewer/17`. Cost O(1). */
  record(timeUs: number, actor: string, event: string, drawCount: number): void;
  /** 32 hexadecimal digits over all actors (sorted by name) and all slices (ascending). */
  value(): string;
  /** Per slice `[sliceStartUs, hash]`, ascending. */
  slices(): readonly (readonly [number, string])[];
  /** Per actor `[name, hash]`, sorted by name. */
  actors(): readonly (readonly [string, string])[];
}

/** Makes an empty digest. @param options - `sliceUs`: length of a slice of virtual time. */
export function createRunDigest(options: { readonly sliceUs: number }): RunDigest {
  return new RollingDigest(options.sliceUs);
}

/** Two 32-bit lanes that roll on their own. */
interface Lanes {
  a: number;
  b: number;
}

const LANE_A = 0x243f6a88;
const LANE_B = 0x13198a2e;

class RollingDigest implements RunDigest {
  readonly #sliceUs: number;
  readonly #actors = new Map<string, Lanes>();
  readonly #eventHashes = new Map<string, number>();
  readonly #slices: [number, Lanes][] = [];
  #sliceEndUs = 0;
  #slice: Lanes = { a: LANE_A, b: LANE_B };

  constructor(sliceUs: number) {
    this.#sliceUs = sliceUs;
  }

  record(timeUs: number, actor: string, event: string, drawCount: number): void {
    if (timeUs >= this.#sliceEndUs) this.#openSlice(timeUs);
    let lanes = this.#actors.get(actor);
    if (lanes === undefined) {
      lanes = { a: hashText(actor, LANE_A), b: hashText(actor, LANE_B) };
      this.#actors.set(actor, lanes);
    }
    let eventHash = this.#eventHashes.get(event);
    if (eventHash === undefined) {
      eventHash = hashText(event, LANE_A);
      this.#eventHashes.set(event, eventHash);
    }
    const timeHigh = Math.floor(timeUs / 2 ** 32);
    lanes.a = mixed(lanes.a, timeUs | 0, timeHigh, eventHash);
    lanes.b = mixed(lanes.b, eventHash, drawCount | 0, timeUs | 0);
    this.#slice.a = hashWord(this.#slice.a, lanes.a);
    this.#slice.b = hashWord(this.#slice.b, lanes.b);
  }

  value(): string {
    const total: Lanes = { a: LANE_A, b: LANE_B };
    const byActor: Lanes = { a: LANE_B, b: LANE_A };
    for (const [, lanes] of this.#slices) fold(total, lanes);
    for (const name of this.#names()) fold(byActor, this.#actors.get(name) ?? total);
    return hex(total) + hex(byActor);
  }

  slices(): readonly (readonly [number, string])[] {
    return this.#slices.map(([startUs, lanes]) => [startUs, hex(lanes)]);
  }

  actors(): readonly (readonly [string, string])[] {
    return this.#names().map((name) => [name, hex(this.#actors.get(name) ?? this.#slice)]);
  }

  #names(): readonly string[] {
    return [...this.#actors.keys()].sort();
  }

  #openSlice(timeUs: number): void {
    const startUs = Math.floor(timeUs / this.#sliceUs) * this.#sliceUs;
    this.#sliceEndUs = startUs + this.#sliceUs;
    this.#slice = { a: LANE_A, b: LANE_B };
    this.#slices.push([startUs, this.#slice]);
  }
}

function mixed(lane: number, w0: number, w1: number, w2: number): number {
  return hashWord(hashWord(hashWord(lane, w0), w1), w2);
}

function fold(into: Lanes, lanes: Lanes): void {
  into.a = hashWord(into.a, lanes.a);
  into.b = hashWord(into.b, lanes.b);
}

function hex(lanes: Lanes): string {
  return [lanes.a, lanes.b].map((lane) => (lane >>> 0).toString(16).padStart(8, '0')).join('');
}
