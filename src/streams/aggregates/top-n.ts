/** The first rows of each window by a total order. It is told the newest row of each key and says
 * which places changed; what it keeps of a window is a row a key, until it is forgotten. */
import type { PlainValue } from '../../domain/plain-value.ts';
import { invariant } from '../../kernel/errors.ts';

/** A place that changed. */
export interface RankChange<Row> {
  /** From 1. */
  readonly rank: number;
  readonly row: Row;
  /** What was told for this place before. */
  readonly before: Row | null;
}

/** What makes a top. */
export interface TopOptions<Row> {
  readonly limit: number;
  /** A total order: 0 for rows of one key only. */
  readonly compare: (a: Row, b: Row) => number;
}

interface WindowRows<Row> {
  readonly rows: Map<string, Row>;
  /** By place, as last told. */
  told: readonly Row[];
  /** By place, now. */
  best: Row[];
  /** A row of the best has become worse: one that is not among them may take its place. */
  isStale: boolean;
  isChanged: boolean;
}

/** Ranks rows by window. */
export class TopN<Row> {
  readonly #options: TopOptions<Row>;
  readonly #windows = new Map<string, WindowRows<Row>>();
  #changed: string[] = [];

  constructor(options: TopOptions<Row>) {
    this.#options = options;
  }

  /** Rows that are kept. */
  get size(): number {
    let size = 0;
    for (const { rows } of this.#windows.values()) size += rows.size;
    return size;
  }

  /** The newest row of a key of a window. Cost O(log limit) comparisons. */
  accept(window: string, key: string, row: Row): void {
    let known = this.#windows.get(window);
    if (known === undefined) {
      known = { rows: new Map(), told: [], best: [], isStale: false, isChanged: false };
      this.#windows.set(window, known);
    }
    const before = known.rows.get(key);
    known.rows.set(key, row);
    if (!known.isStale) this.#replace(known, before, row);
    if (known.isChanged) return;
    known.isChanged = true;
    this.#changed.push(window);
  }

  /** Tells the places that changed since the last time, by window in the order of the first change,
   * then by rank. Cost O(limit) a changed window, and O(keys · log limit) where one of its best
   * rows has become worse. */
  flush(tell: (change: RankChange<Row>) => void): void {
    const changed = this.#changed;
    this.#changed = [];
    for (const name of changed) {
      const window = this.#windows.get(name);
      if (window === undefined) continue;
      window.isChanged = false;
      const { told } = window;
      if (window.isStale) {
        window.best = [];
        window.isStale = false;
        for (const row of window.rows.values()) this.#include(window.best, row);
      }
      window.told = [...window.best];
      window.told.forEach((row, n) => {
        const before = told[n];
        if (before !== row) tell({ rank: n + 1, row, before: before ?? null });
      });
    }
  }

  forget(window: string): void {
    this.#windows.delete(window);
  }

  /** Keeps the best rows right where one of them, or one beside them, is replaced. */
  #replace(window: WindowRows<Row>, before: Row | undefined, row: Row): void {
    const { best } = window;
    if (before !== undefined) {
      const at = this.#placeOf(best, before) - 1;
      if (best[at] === before) {
        best.splice(at, 1);
        const isAnyBeside = window.rows.size > best.length + 1;
        window.isStale = isAnyBeside && this.#options.compare(row, before) > 0;
      }
    }
    this.#include(best, row);
  }

  #include(best: Row[], row: Row): void {
    const { limit, compare } = this.#options;
    if (best.length === limit && compare(row, best[limit - 1] as Row) >= 0) return;
    best.splice(this.#placeOf(best, row), 0, row);
    if (best.length > limit) best.pop();
  }

  /** Where a row would stand: after those that are not worse. */
  #placeOf(best: readonly Row[], row: Row): number {
    let low = 0;
    let high = best.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.#options.compare(row, best[middle] as Row) < 0) high = middle;
      else low = middle + 1;
    }
    return low;
  }

  /** All rows, between flushes. */
  save(): PlainValue {
    invariant(this.#changed.length === 0, 'TOP_UNFLUSHED', { windows: this.#changed });
    return [...this.#windows].map(([name, { rows, told }]) => {
      const keys = [...rows.keys()];
      const keyOf = new Map([...rows].map(([key, row]) => [row, key]));
      return [
        name,
        keys.map((key) => [key, rows.get(key) as PlainValue]),
        told.map((row) => keyOf.get(row) ?? null),
      ];
    });
  }

  load(saved: PlainValue): void {
    this.#windows.clear();
    this.#changed = [];
    for (const [name, entries, told] of saved as unknown as SavedWindow<Row>[]) {
      const rows = new Map(entries);
      const ranked = told.map((key) => rows.get(key) as Row);
      this.#windows.set(name, {
        rows,
        told: ranked,
        best: [...ranked],
        isStale: false,
        isChanged: false,
      });
    }
  }
}

type SavedWindow<Row> = readonly [string, readonly (readonly [string, Row])[], readonly string[]];
