/** Finds what is due to be forgotten without looking at everything: keys by bucket of the time at
 * which they expire. Coarse: a key may be told up to one bucket late, never early. */
import { TimerHeap } from '../windows/state/timer-heap.ts';

const BUCKETS_PER_SPAN = 16;

/** Keys and the times at which they expire. */
export class ExpiryIndex<Key> {
  readonly #widthUs: number;
  readonly #buckets = new Map<number, Key[]>();
  /** Buckets by their last time. */
  readonly #due = new TimerHeap<number>();

  /** @param spanUs - How far ahead keys usually expire. */
  constructor(spanUs: number) {
    this.#widthUs = Math.max(1, Math.ceil(spanUs / BUCKETS_PER_SPAN));
  }

  /** Cost O(log buckets). */
  add(key: Key, expiresUs: number): void {
    const bucket = Math.ceil(expiresUs / this.#widthUs);
    const keys = this.#buckets.get(bucket);
    if (keys !== undefined) {
      keys.push(key);
      return;
    }
    this.#buckets.set(bucket, [key]);
    this.#due.push(bucket * this.#widthUs, bucket);
  }

  /** Takes out keys that have expired at `nowUs`; a key comes as often as it was added. Cost O(1)
   * where there are none, else O(log buckets) a bucket. */
  drain(nowUs: number, forget: (key: Key) => void): void {
    while (this.#due.nextUs <= nowUs) {
      const bucket = this.#due.pop();
      const keys = this.#buckets.get(bucket) ?? [];
      this.#buckets.delete(bucket);
      for (const key of keys) forget(key);
    }
  }

  clear(): void {
    this.#buckets.clear();
    this.#due.clear();
  }
}
