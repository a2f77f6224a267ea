/** The cells of all windows. A cell is what one window holds for one key: eight numbers in one
 * cache line, a key and an accumulator. Flat records keep ten million cells small and out of the
 * garbage collector's way; freed cells are used again, the last freed first. */
import type { Pane } from '../window-operator.ts';

/** Fields of a record: `records[cell + FIELD]`. */
export const START_US = 0;
/** Exclusive. */
export const END_US = 1;
/** When the cell's timer is due; NaN for a free cell. */
export const TIMER_US = 2;
/** When the early trigger fires next; +∞ where nothing is new. */
export const ALARM_US = 3;
/** Rows since the last pane. */
export const NEWS = 4;
/** Panes so far. */
export const PANES = 5;
/** The key's next session by start, or NO_CELL. */
export const NEXT = 6;
/** The one before, or NO_CELL. */
export const PREVIOUS = 7;

/** No cell. */
export const NO_CELL = -1;

const WORDS = 8;
const WORD_BITS = 3;
const FIRST_CAPACITY = 64;
const { NaN: FREE, POSITIVE_INFINITY } = Number;

/** All cells, each named by where its record begins. */
export class CellStore<Acc> {
  records = new Float64Array(FIRST_CAPACITY * WORDS);
  readonly #accs: Acc[] = [];
  readonly #keys: string[] = [];
  /** Panes that were not early. */
  #settledPanes = new Int32Array(FIRST_CAPACITY);
  /** Panes told and not taken back; filled in retracting mode only. */
  readonly #told: (readonly Pane<unknown>[] | undefined)[] = [];
  readonly #free: number[] = [];
  #used = 0;

  /** Cells in use. */
  get size(): number {
    return this.#used - this.#free.length;
  }

  open(key: string, startUs: number, endUs: number): number {
    const cell = this.#free.pop() ?? this.#used++ << WORD_BITS;
    if (cell === this.records.length) this.#grow();
    const { records } = this;
    records[cell + START_US] = startUs;
    records[cell + END_US] = endUs;
    records[cell + TIMER_US] = POSITIVE_INFINITY;
    records[cell + ALARM_US] = POSITIVE_INFINITY;
    records[cell + NEWS] = 0;
    records[cell + PANES] = 0;
    records[cell + NEXT] = NO_CELL;
    records[cell + PREVIOUS] = NO_CELL;
    this.#keys[cell >> WORD_BITS] = key;
    this.#settledPanes[cell >> WORD_BITS] = 0;
    return cell;
  }

  /** Forgets a cell and what it refers to. */
  free(cell: number): void {
    this.records[cell + TIMER_US] = FREE;
    this.records[cell + ALARM_US] = FREE;
    this.#keys[cell >> WORD_BITS] = '';
    this.#accs[cell >> WORD_BITS] = undefined as Acc;
    if (this.#told.length > 0) this.#told[cell >> WORD_BITS] = undefined;
    this.#free.push(cell);
  }

  isOpen(cell: number): boolean {
    return !Number.isNaN(this.records[cell + TIMER_US]);
  }

  key(cell: number): string {
    return this.#keys[cell >> WORD_BITS] as string;
  }

  acc(cell: number): Acc {
    return this.#accs[cell >> WORD_BITS] as Acc;
  }

  setAcc(cell: number, acc: Acc): void {
    this.#accs[cell >> WORD_BITS] = acc;
  }

  settledPanes(cell: number): number {
    return this.#settledPanes[cell >> WORD_BITS] as number;
  }

  setSettledPanes(cell: number, count: number): void {
    this.#settledPanes[cell >> WORD_BITS] = count;
  }

  told(cell: number): readonly Pane<unknown>[] {
    return this.#told[cell >> WORD_BITS] ?? [];
  }

  setTold(cell: number, panes: readonly Pane<unknown>[]): void {
    this.#told[cell >> WORD_BITS] = panes.length > 0 ? panes : undefined;
  }

  /** By key, start and end: the order in which cells fire that are due at once. */
  readonly compare = (a: number, b: number): number => {
    const keyA = this.key(a);
    const keyB = this.key(b);
    if (keyA !== keyB) return keyA < keyB ? -1 : 1;
    const { records } = this;
    const byStart = (records[a + START_US] as number) - (records[b + START_US] as number);
    return byStart === 0
      ? (records[a + END_US] as number) - (records[b + END_US] as number)
      : byStart;
  };

  clear(): void {
    this.#keys.length = 0;
    this.#accs.length = 0;
    this.#told.length = 0;
    this.#free.length = 0;
    this.#used = 0;
  }

  #grow(): void {
    const cells = this.records.length / WORDS;
    const capacity = cells < 1_048_576 ? cells * 2 : Math.ceil(cells * 1.5);
    const records = new Float64Array(capacity * WORDS);
    records.set(this.records);
    this.records = records;
    const settledPanes = new Int32Array(capacity);
    settledPanes.set(this.#settledPanes);
    this.#settledPanes = settledPanes;
  }
}
