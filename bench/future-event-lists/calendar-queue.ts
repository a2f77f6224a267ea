/** A calendar queue: buckets of a day each, a year of days, lists in order within a day. It is
 * resized when it has twice, or half, as many events as days; the length of a day follows the gaps
 * between the next events. Source: Brown, "Calendar queues", CACM 31(10), 1988. */
import { type FutureEventList, NOT_PENDING, SlotTable } from './future-event-list.ts';

const SAMPLED = 25;
const DAYS_A_GAP = 3;
const LEAST_DAYS = 16;

/** Push and pop cost O(1) while the days fit the events, O(size) at worst. */
export class CalendarQueue implements FutureEventList {
  readonly #slots = new SlotTable();
  #days: number[][] = Array.from({ length: LEAST_DAYS }, () => []);
  #dayUs = 1_000;
  /** Where the search goes on: no event is before. */
  #nowUs = 0;

  get size(): number {
    return this.#slots.size;
  }

  get popped() {
    return this.#slots.popped;
  }

  push(
    timeUs: number,
    priority: number,
    handler: number,
    target: number,
    payload: unknown,
  ): number {
    const slot = this.#slots.take(timeUs, priority, handler, target, payload);
    this.#insert(slot);
    if (this.#slots.size > 2 * this.#days.length) this.#resize(2 * this.#days.length);
    return this.#slots.keyOf(slot);
  }

  popUntil(untilUs: number): boolean {
    if (this.#slots.size === 0) return false;
    const day = this.#firstDay();
    const slot = day.at(-1) as number;
    const timeUs = this.#slots.time[slot] as number;
    if (!(timeUs <= untilUs)) return false;
    day.pop();
    this.#nowUs = timeUs;
    this.#slots.pop(slot);
    this.#shrink();
    return true;
  }

  cancel(key: number): boolean {
    const slot = this.#slots.slotOf(key);
    if (slot === NOT_PENDING) return false;
    const day = this.#days[this.#slots.position[slot] as number] as number[];
    day.splice(day.indexOf(slot), 1);
    this.#slots.release(slot);
    this.#shrink();
    return true;
  }

  /** The day of the next event: within a year from now, or of the earliest of all. */
  #firstDay(): number[] {
    const { time } = this.#slots;
    const count = this.#days.length;
    const first = Math.floor(this.#nowUs / this.#dayUs);
    for (let i = 0; i < count; i += 1) {
      const day = this.#days[(first + i) % count] as number[];
      const slot = day.at(-1);
      if (slot !== undefined && (time[slot] as number) < (first + i + 1) * this.#dayUs) return day;
    }
    const days = this.#days.filter(({ length }) => length > 0);
    return days.reduce((best, day) =>
      this.#slots.isBefore(day.at(-1) as number, best.at(-1) as number) ? day : best,
    );
  }

  /** Days are kept in reverse order: the next event is the last. */
  #insert(slot: number): void {
    const number = Math.floor((this.#slots.time[slot] as number) / this.#dayUs);
    const place = number % this.#days.length;
    this.#slots.position[slot] = place;
    const day = this.#days[place] as number[];
    let low = 0;
    let high = day.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.#slots.isBefore(slot, day[middle] as number)) low = middle + 1;
      else high = middle;
    }
    if (low === day.length) day.push(slot);
    else day.splice(low, 0, slot);
  }

  #shrink(): void {
    const days = this.#days.length;
    if (days > LEAST_DAYS && this.#slots.size < days / 2) this.#resize(days / 2);
  }

  #resize(days: number): void {
    const all = this.#days.flat();
    const { time } = this.#slots;
    const sample = all.slice(0, SAMPLED).map((slot) => time[slot] as number);
    const spanUs = Math.max(...sample) - Math.min(...sample);
    const gapUs = (spanUs / Math.max(1, sample.length - 1)) * (sample.length / all.length);
    this.#dayUs = Math.max(1, Math.round(DAYS_A_GAP * gapUs));
    this.#days = Array.from({ length: days }, () => []);
    for (const slot of all) this.#insert(slot);
  }
}
