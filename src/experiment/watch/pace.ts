/** How far a run goes at a time: slices of some 25 ms of wall time, so that commands are heard, and
 * no further than the speed that was asked for. It decides when things are shown, never what
 * happens. Spec: L21. */

const SLICE_MS = 25;
const FIRST_SLICE_US = 10_000;
const MIN_SLICE_US = 1_000;
const MAX_SLICE_US = 600_000_000;
/** A slice that the clock stops is at least so long: a run at a clock's speed rests between. */
const REST_MS = 20;
/** A run that cannot keep up does not try to catch up with more than this. */
const BEHIND_MS = 250;
const US_PER_MS = 1_000;
/** What `reachedSpeed` is over. */
const SPEED_WINDOW_MS = 1_000;

/** The next slice: run up to a time, or wait first. */
export type Slice = { readonly untilUs: number } | { readonly waitMs: number };

/** Keeps the pace of one driver. */
export class Pace {
  /** Virtual seconds a second; null: as fast as it goes. */
  #speed: number | null;
  #sliceUs = FIRST_SLICE_US;
  #anchor: { readonly ms: number; readonly us: number } | undefined;
  #seen: { readonly ms: number; readonly us: number }[] = [];

  constructor(speed: number | null) {
    this.#speed = speed;
  }

  get speed(): number | null {
    return this.#speed;
  }

  /** From here on at this speed. */
  set speed(factor: number | null) {
    this.#speed = factor;
    this.#anchor = undefined;
  }

  /** How much virtual time a slice of wall time takes at present, µs. */
  get sliceUs(): number {
    return this.#sliceUs;
  }

  /** It stands, or has jumped: the clock is set anew when it goes on. */
  stand(): void {
    this.#anchor = undefined;
  }

  /** How far to go now. */
  next(nowMs: number, nowUs: number): Slice {
    const freeUs = nowUs + this.#sliceUs;
    if (this.#speed === null) return { untilUs: freeUs };
    this.#anchor ??= { ms: nowMs, us: nowUs };
    const { ms, us } = this.#anchor;
    const dueUs = Math.floor(us + (nowMs - ms) * this.#speed * US_PER_MS);
    const behindMs = (dueUs - nowUs) / (this.#speed * US_PER_MS);
    if (behindMs < REST_MS) return { waitMs: REST_MS - behindMs };
    if (behindMs > BEHIND_MS + REST_MS) this.#anchor = { ms: nowMs - BEHIND_MS, us: nowUs };
    return { untilUs: Math.min(freeUs, dueUs) };
  }

  /** A whole slice took so long: the next one is fitted. */
  took(ms: number): void {
    const factor = Math.min(2, Math.max(0.25, SLICE_MS / Math.max(ms, 1e-3)));
    this.#sliceUs = Math.min(
      MAX_SLICE_US,
      Math.max(MIN_SLICE_US, Math.round(this.#sliceUs * factor)),
    );
  }

  /** Virtual seconds a second over the last second or so. */
  reachedSpeed(nowMs: number, nowUs: number): number {
    const last = this.#seen.at(-1);
    if (last !== undefined && nowUs < last.us) this.#seen = [];
    this.#seen.push({ ms: nowMs, us: nowUs });
    while ((this.#seen[1]?.ms ?? nowMs) <= nowMs - SPEED_WINDOW_MS) this.#seen.shift();
    const [first] = this.#seen;
    if (first === undefined || first.ms === nowMs) return 0;
    return (nowUs - first.us) / US_PER_MS / (nowMs - first.ms);
  }
}

/** How long somebody who only steps may go on before commands are heard. */
export const STEPS_MS = SLICE_MS;
