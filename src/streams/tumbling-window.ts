/** Event-time tumbling windows with allowed lateness. A window fires once the watermark reaches its
 * last instant, fires again for every event that is late but allowed, and is forgotten when the
 * watermark passes its end plus the lateness; what comes after goes aside. Times are in any one
 * unit. Source: Flink's WindowOperator, by behaviour. Spec: W7, W8. */

/** What a window has gathered for one key. */
export interface WindowFiring {
  readonly key: string;
  readonly value: number;
  readonly start: number;
  /** Exclusive. */
  readonly end: number;
  readonly timing: 'ON_TIME' | 'LATE';
  /** Firings of this key and window before this one. */
  readonly paneIndex: number;
}

/** Options of a window operator. */
export interface TumblingOptions {
  readonly size: number;
  readonly offset?: number;
  readonly allowedLateness: number;
  /** `accumulating`: a pane has all so far; `discarding`: what came since the last pane. */
  readonly mode?: 'accumulating' | 'discarding';
  readonly onFire: (firing: WindowFiring) => void;
}

/** Sums values by key and window. */
export interface TumblingWindows {
  /** Takes an element in. @returns false if it is too late for its window. */
  add(element: { readonly key: string; readonly value: number; readonly time: number }): boolean;
  /** Moves event time on: fires and forgets windows, in the order of time, then key. */
  advanceTo(watermark: number): void;
  /** Keys that windows still hold: 0 after the last watermark. */
  readonly openCount: number;
}

interface KeyState {
  value: number;
  panes: number;
}

interface OpenWindow {
  readonly start: number;
  readonly end: number;
  readonly keys: Map<string, KeyState>;
  hasFired: boolean;
}

/** Makes an operator. Cost of an element O(1); of a firing O(keys · log keys). */
export function createTumblingWindows(options: TumblingOptions): TumblingWindows {
  return new Tumbling(options);
}

class Tumbling implements TumblingWindows {
  readonly #options: TumblingOptions;
  readonly #windows = new Map<number, OpenWindow>();
  #watermark = Number.NEGATIVE_INFINITY;
  /** The least watermark at which something fires or is forgotten. */
  #nextTimer = Number.POSITIVE_INFINITY;

  constructor(options: TumblingOptions) {
    this.#options = options;
  }

  get openCount(): number {
    let count = 0;
    for (const window of this.#windows.values()) count += window.keys.size;
    return count;
  }

  add(element: { readonly key: string; readonly value: number; readonly time: number }): boolean {
    const { size, offset = 0 } = this.#options;
    const start = element.time - floorMod(element.time - offset, size);
    const end = start + size;
    if (this.#cleanupTime(end) <= this.#watermark) return false;
    const window = this.#open(start, end);
    const state = window.keys.get(element.key) ?? { value: 0, panes: 0 };
    state.value += element.value;
    window.keys.set(element.key, state);
    if (end - 1 <= this.#watermark) {
      window.hasFired = true;
      this.#fire(window, element.key, 'LATE');
    }
    return true;
  }

  advanceTo(watermark: number): void {
    if (!(watermark > this.#watermark)) return;
    this.#watermark = watermark;
    if (watermark < this.#nextTimer) return;
    const due = [...this.#windows.values()].sort((a, b) => a.start - b.start);
    for (const window of due) {
      if (!window.hasFired && window.end - 1 <= watermark) this.#fireAll(window);
      if (this.#cleanupTime(window.end) <= watermark) this.#windows.delete(window.start);
    }
    this.#nextTimer = Number.POSITIVE_INFINITY;
    for (const window of this.#windows.values()) this.#noteTimer(window);
  }

  #open(start: number, end: number): OpenWindow {
    const known = this.#windows.get(start);
    if (known !== undefined) return known;
    const window = { start, end, keys: new Map<string, KeyState>(), hasFired: false };
    this.#windows.set(start, window);
    this.#noteTimer(window);
    return window;
  }

  #noteTimer(window: OpenWindow): void {
    const timer = window.hasFired ? this.#cleanupTime(window.end) : window.end - 1;
    this.#nextTimer = Math.min(this.#nextTimer, timer);
  }

  #fireAll(window: OpenWindow): void {
    window.hasFired = true;
    for (const key of [...window.keys.keys()].sort()) this.#fire(window, key, 'ON_TIME');
  }

  #fire(window: OpenWindow, key: string, timing: 'ON_TIME' | 'LATE'): void {
    const state = window.keys.get(key);
    if (state === undefined) return;
    const { value, panes } = state;
    state.panes += 1;
    if (this.#options.mode === 'discarding') state.value = 0;
    const { start, end } = window;
    this.#options.onFire({ key, value, start, end, timing, paneIndex: panes });
  }

  /** The instant after which a window takes nothing in any more; saturates. */
  #cleanupTime(end: number): number {
    return Math.min(Number.MAX_SAFE_INTEGER, end - 1 + this.#options.allowedLateness);
  }
}

function floorMod(a: number, b: number): number {
  return ((a % b) + b) % b;
}
