/** Windows that are the same for all keys: one bucket of cells a window, and a timer a bucket. The
 * kinds differ in which buckets a row goes to. No two aligned windows of one specification end at
 * the same time, so that a bucket is named by its end. Spec: W12, W13, W21. */
import type { PlainValue } from '../../domain/plain-value.ts';
import { END_US, START_US } from './state/cell-store.ts';
import { PaneDesk } from './state/pane-desk.ts';
import { loadWindows, saveWindows } from './state/saved-windows.ts';
import { TimerHeap } from './state/timer-heap.ts';
import type { WindowCounts, WindowOperator, WindowOperatorOptions } from './window-operator.ts';
import type { WindowSettings } from './window-settings.ts';

/** One window of all keys. */
export interface Bucket {
  readonly startUs: number;
  /** Exclusive. */
  readonly endUs: number;
  /** Key → cell. */
  readonly cells: Map<string, number>;
  /** Whether the watermark has reached its end. */
  isEnded: boolean;
  /** Whether it has been forgotten. */
  isClosed: boolean;
}

/** The part that the kinds share. */
export abstract class AlignedWindows<Row, Acc, Result> implements WindowOperator<Row> {
  protected readonly desk: PaneDesk<Row, Acc, Result>;
  protected readonly keyOf: (row: Row) => string;
  readonly #buckets = new Map<number, Bucket>();
  readonly #toEnd = new TimerHeap<Bucket>();
  readonly #toClose = new TimerHeap<Bucket>();

  constructor(settings: WindowSettings, options: WindowOperatorOptions<Row, Acc, Result>) {
    this.desk = new PaneDesk(settings, options);
    this.keyOf = options.keyOf;
  }

  abstract add(row: Row, timeUs: number): void;

  get openWindows(): number {
    return this.desk.store.size;
  }

  get counts(): WindowCounts {
    return { ...this.desk.counts };
  }

  bundle(addRows: () => void): void {
    this.desk.bundle(addRows);
  }

  passProcessTime(nowUs: number): void {
    this.desk.passProcessTime(nowUs);
  }

  /** At equal times early panes come first, then windows that end, then those that close. */
  advanceTo(watermarkUs: number): void {
    const { desk } = this;
    if (!desk.moveTo(watermarkUs)) return;
    const nowUs = desk.watermarkUs;
    for (;;) {
      const endUs = this.#toEnd.nextUs;
      const closeUs = this.#toClose.nextUs;
      const alarmUs = desk.nextAlarmUs;
      if (alarmUs <= nowUs && !(endUs < alarmUs) && !(closeUs < alarmUs)) desk.runAlarms();
      else if (endUs <= nowUs && !(closeUs < endUs)) this.#end(this.#toEnd.pop());
      else if (closeUs <= nowUs) this.#close(this.#toClose.pop());
      else return;
    }
  }

  snapshot(): PlainValue {
    const cells: number[] = [];
    for (const bucket of this.#buckets.values()) {
      for (const cell of bucket.cells.values()) cells.push(cell);
    }
    return saveWindows(this.desk, cells);
  }

  restore(saved: PlainValue): void {
    loadWindows(this.desk, saved, {
      clear: () => this.clear(),
      onCell: (cell) => {
        const { store } = this.desk;
        const startUs = store.records[cell + START_US] as number;
        const bucket = this.bucket(startUs, store.records[cell + END_US] as number);
        bucket?.cells.set(store.key(cell), cell);
      },
    });
  }

  /** The bucket of a window, made where it is new; undefined where the window is late. */
  protected bucket(startUs: number, endUs: number): Bucket | undefined {
    const known = this.#buckets.get(endUs);
    if (known !== undefined) return known;
    const { desk } = this;
    const closeUs = desk.closeUs(endUs);
    if (closeUs <= desk.watermarkUs) return undefined;
    if (desk.fireUs(endUs) > desk.watermarkUs) return this.coming(startUs, endUs);
    const bucket = { startUs, endUs, cells: new Map(), isEnded: true, isClosed: false };
    this.#buckets.set(endUs, bucket);
    this.#toClose.push(closeUs, bucket);
    return bucket;
  }

  /** The bucket of a window that has not ended, though the watermark may be on its way past it. */
  protected coming(startUs: number, endUs: number): Bucket {
    const known = this.#buckets.get(endUs);
    if (known !== undefined) return known;
    const bucket = { startUs, endUs, cells: new Map(), isEnded: false, isClosed: false };
    this.#buckets.set(endUs, bucket);
    this.#toEnd.push(this.desk.fireUs(endUs), bucket);
    return bucket;
  }

  /** Takes a row into its cell of a bucket. */
  protected put(bucket: Bucket, key: string, row: Row): void {
    const cell = bucket.cells.get(key) ?? this.open(bucket, key);
    this.desk.add(cell, row, bucket.isEnded);
  }

  /** A new cell of a bucket. */
  protected open(bucket: Bucket, key: string): number {
    const cell = this.desk.open(key, bucket.startUs, bucket.endUs);
    bucket.cells.set(key, cell);
    return cell;
  }

  /** The bucket's window ends now; its cells have not fired yet. */
  protected beforeEnd(_bucket: Bucket): void {}

  protected clear(): void {
    this.desk.clear();
    this.#buckets.clear();
    this.#toEnd.clear();
    this.#toClose.clear();
  }

  #end(bucket: Bucket): void {
    const { desk } = this;
    this.beforeEnd(bucket);
    bucket.isEnded = true;
    for (const key of [...bucket.cells.keys()].sort()) desk.end(bucket.cells.get(key) as number);
    const closeUs = desk.closeUs(bucket.endUs);
    if (closeUs <= desk.watermarkUs) this.#forget(bucket);
    else this.#toClose.push(closeUs, bucket);
  }

  #close(bucket: Bucket): void {
    const { desk } = this;
    for (const key of [...bucket.cells.keys()].sort()) desk.close(bucket.cells.get(key) as number);
    this.#forget(bucket);
  }

  #forget(bucket: Bucket): void {
    bucket.isClosed = true;
    bucket.cells.clear();
    this.#buckets.delete(bucket.endUs);
  }
}
