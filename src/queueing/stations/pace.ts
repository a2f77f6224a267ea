/** How fast a replica's workers get on: a factor, a linear rise after the start, and pauses. Work
 * between two instants is the integral of the speed, in closed form, so that a slow start needs no
 * events. Whoever changes a pace first books the work done until then. Spec: Q67, Q68. */
import type { SlowStartConfig } from './fleet-config.ts';

/** Part of a µs that does not count as one: what sums of doubles leave. */
const TOLERANCE_US = 1e-4;

/** The pace of one replica. Factor and pauses are constant between two bookings. */
export class Pace {
  /** Speed of a worker once the start is over: > 0. */
  factor = 1;
  /** In a pause of its own. */
  isPaused = false;
  /** Made to stand still from outside. */
  isStalled = false;
  #riseStartUs = 0;
  #riseEndUs = Number.NEGATIVE_INFINITY;
  #initialSpeed = 1;

  /** Whether workers stand still. */
  get isStill(): boolean {
    return this.isPaused || this.isStalled;
  }

  /** Starts the rise from slow to full speed now. */
  rise(nowUs: number, { initialSpeed, periodUs }: SlowStartConfig): void {
    this.#riseStartUs = nowUs;
    this.#riseEndUs = nowUs + periodUs;
    this.#initialSpeed = initialSpeed;
  }

  /** Work in µs that a worker does between two instants; 0 in a pause. */
  workBetweenUs(fromUs: number, toUs: number): number {
    if (this.isStill) return 0;
    if (fromUs >= this.#riseEndUs) return (toUs - fromUs) * this.factor;
    return (this.#risenUs(toUs) - this.#risenUs(fromUs)) * this.factor;
  }

  /** Whole µs from now until a worker has done `workUs`, rounded up; not to be asked in a pause. */
  delayUs(workUs: number, nowUs: number): number {
    const fullUs = workUs / this.factor;
    if (nowUs >= this.#riseEndUs) return Math.max(0, Math.ceil(fullUs - TOLERANCE_US));
    const doneUs = this.#instantOf(this.#risenUs(nowUs) + fullUs);
    return Math.max(0, Math.ceil(doneUs - nowUs - TOLERANCE_US));
  }

  /** Work since the start of the rise at factor 1. */
  #risenUs(atUs: number): number {
    const periodUs = this.#riseEndUs - this.#riseStartUs;
    const sinceUs = Math.min(atUs, this.#riseEndUs) - this.#riseStartUs;
    const gained = ((1 - this.#initialSpeed) * sinceUs * sinceUs) / (2 * periodUs);
    return this.#initialSpeed * sinceUs + gained + Math.max(0, atUs - this.#riseEndUs);
  }

  /** The inverse of {@link Pace.#risenUs}. */
  #instantOf(risenUs: number): number {
    const periodUs = this.#riseEndUs - this.#riseStartUs;
    const wholeUs = ((1 + this.#initialSpeed) / 2) * periodUs;
    if (risenUs >= wholeUs) return this.#riseEndUs + (risenUs - wholeUs);
    if (risenUs <= 0) return this.#riseStartUs;
    const root = this.#initialSpeed ** 2 + (2 * (1 - this.#initialSpeed) * risenUs) / periodUs;
    return this.#riseStartUs + (2 * risenUs) / (this.#initialSpeed + Math.sqrt(root));
  }
}
