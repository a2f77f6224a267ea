/** A dimension whose rows change over time: what held for a key as of an event's time, also where
 * the news of a change comes late. The model of Flink's temporal join. Spec: W97. */
import type { PlainValue } from '../../../domain/plain-value.ts';
import { refusedSnapshot } from '../../time-correction/time-correction.ts';

/** A versioned table. Values are plain data. */
export interface VersionedTable<Value extends PlainValue> {
  /** From this time on the key has this value, until the next change. Changes come in any order; of
   * two for one time the later one told holds. */
  put(key: string, validFromUs: number, value: Value): void;
  /** @returns undefined for an unknown key, and for times before its first version. */
  asOf(key: string, timeUs: number): Value | undefined;
  /** The first version of a key, for events from before it. */
  earliest(key: string): Value | undefined;
  /** Rises with every change: the version of the data. */
  readonly version: number;
  snapshot(): PlainValue;
  restore(saved: PlainValue): void;
}

interface History<Value> {
  /** Ascending. */
  readonly times: number[];
  readonly values: Value[];
}

/** Makes an empty table. Cost of a look-up: O(log versions of the key). */
export function createVersionedTable<Value extends PlainValue>(): VersionedTable<Value> {
  const histories = new Map<string, History<Value>>();
  const state = { version: 0 };
  return {
    put(key, validFromUs, value) {
      const history = histories.get(key) ?? { times: [], values: [] };
      histories.set(key, history);
      const at = countUpTo(history.times, validFromUs);
      const replaces = history.times[at - 1] === validFromUs;
      history.times.splice(replaces ? at - 1 : at, replaces ? 1 : 0, validFromUs);
      history.values.splice(replaces ? at - 1 : at, replaces ? 1 : 0, value);
      state.version += 1;
    },
    asOf(key, timeUs) {
      const history = histories.get(key);
      return history?.values[countUpTo(history.times, timeUs) - 1];
    },
    earliest: (key) => histories.get(key)?.values[0],
    get version() {
      return state.version;
    },
    snapshot: () => [
      state.version,
      [...histories].map(([key, { times, values }]) => [key, [...times], [...values]]),
    ],
    restore(saved) {
      const [version, rows] = Array.isArray(saved) ? saved : [];
      if (typeof version !== 'number' || !Array.isArray(rows)) {
        throw refusedSnapshot('versioned table', 'it is no version and rows');
      }
      histories.clear();
      for (const [key, times, values] of rows as readonly [string, number[], Value[]][]) {
        histories.set(key, { times: [...times], values: [...values] });
      }
      state.version = version;
    },
  };
}

/** How many of the ascending times are at most this. */
function countUpTo(times: readonly number[], timeUs: number): number {
  let [low, high] = [0, times.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((times[middle] ?? 0) <= timeUs) low = middle + 1;
    else high = middle;
  }
  return low;
}
