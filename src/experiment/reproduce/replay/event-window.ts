/** The last events before an instant and the first after it. It only watches. */
import type { TraceFile, TraceRecord } from '../../io/trace-file.ts';

/** The window. */
export interface EventWindow {
  readonly trace: TraceFile;
  /** Oldest first. */
  before(): readonly TraceRecord[];
  readonly after: readonly TraceRecord[];
  /** The instant is now: what comes from here on is after it. */
  turn(): void;
}

/** Makes a window. @param options - How many events are kept, on either side. */
export function createEventWindow({
  last,
  next,
}: {
  readonly last: number;
  readonly next: number;
}): EventWindow {
  /** A ring of the last ones; `count` of them have come. */
  const ring: TraceRecord[] = [];
  const after: TraceRecord[] = [];
  const state = { count: 0, hasTurned: false };
  const write = (record: TraceRecord) => {
    if (state.hasTurned) {
      if (after.length < next) after.push(record);
    } else if (last > 0) {
      ring[state.count % last] = record;
      state.count += 1;
    }
  };
  return {
    trace: { write, close: () => {} },
    before() {
      const at = last === 0 ? 0 : state.count % last;
      return state.count < last ? [...ring] : [...ring.slice(at), ...ring.slice(0, at)];
    },
    after,
    turn() {
      state.hasTurned = true;
    },
  };
}
