/** Sessions: a row opens `[time, time + gap)`, and overlapping windows of one key merge. A key's
 * open sessions are a chain by start, mostly of one. A session's timer stays when the session
 * grows: when it comes, it is put off to where the session now ends. Spec: W14, W18, W21. */
import type { PlainValue } from '../../domain/plain-value.ts';
import { checkTime } from './grid.ts';
import { END_US, NEXT, NO_CELL, PREVIOUS, START_US, TIMER_US } from './state/cell-store.ts';
import { PaneDesk } from './state/pane-desk.ts';
import { loadWindows, saveWindows } from './state/saved-windows.ts';
import { TimerHeap } from './state/timer-heap.ts';
import type { WindowCounts, WindowOperator, WindowOperatorOptions } from './window-operator.ts';
import type { WindowSettings } from './window-settings.ts';
import type { WindowAssignment } from './window-spec.ts';

type Session = Extract<WindowAssignment, { kind: 'session' }>;

/** The operator. Cost of a row O(1) in its key's first and last session, else O(open sessions of
 * its key after it): at most lateness / gap. */
export class SessionWindows<Row, Acc, Result> implements WindowOperator<Row> {
  readonly #desk: PaneDesk<Row, Acc, Result>;
  readonly #keyOf: (row: Row) => string;
  readonly #gapUsOf: ((row: Row) => number) | undefined;
  readonly #gapUs: number;
  /** 0 where windows that only touch merge, else 1: what an overlap has at least. */
  readonly #leastOverlapUs: number;
  /** Key → cell of its first session. */
  readonly #heads = new Map<string, number>();
  /** Key → cell of its last session, for keys that have had several: rows mostly come there. */
  readonly #tails = new Map<string, number>();
  readonly #timers = new TimerHeap<number>();

  constructor(
    settings: WindowSettings,
    options: WindowOperatorOptions<Row, Acc, Result>,
    { gapUs, touch }: Session,
  ) {
    this.#desk = new PaneDesk(settings, options);
    this.#keyOf = options.keyOf;
    this.#gapUs = typeof gapUs === 'number' ? gapUs : 0;
    this.#gapUsOf = typeof gapUs === 'number' ? undefined : options.gapUsOf;
    this.#leastOverlapUs = touch === 'split' ? 1 : 0;
  }

  get openWindows(): number {
    return this.#desk.store.size;
  }

  get counts(): WindowCounts {
    return { ...this.#desk.counts };
  }

  add(row: Row, timeUs: number): void {
    checkTime(timeUs);
    const desk = this.#desk;
    desk.receive(timeUs);
    const endUs = timeUs + (this.#gapUsOf === undefined ? this.#gapUs : this.#dynamicGapUs(row));
    const key = this.#keyOf(row);
    const cell = this.#place(key, timeUs, endUs);
    if (cell === NO_CELL) {
      desk.tellLate(row, timeUs);
      return;
    }
    const isEnded = desk.fireUs(desk.store.records[cell + END_US] as number) <= desk.watermarkUs;
    desk.add(cell, row, isEnded);
  }

  bundle(addRows: () => void): void {
    this.#desk.bundle(addRows);
  }

  passProcessTime(nowUs: number): void {
    this.#desk.passProcessTime(nowUs);
  }

  /** At equal times early panes come first, then sessions that end, then those that close. */
  advanceTo(watermarkUs: number): void {
    const desk = this.#desk;
    if (!desk.moveTo(watermarkUs)) return;
    const nowUs = desk.watermarkUs;
    for (;;) {
      const timerUs = this.#timers.nextUs;
      const alarmUs = desk.nextAlarmUs;
      if (alarmUs <= nowUs && !(timerUs < alarmUs)) desk.runAlarms();
      else if (timerUs <= nowUs) this.#runTimers(timerUs);
      else return;
    }
  }

  snapshot(): PlainValue {
    const { records } = this.#desk.store;
    const cells: number[] = [];
    for (const head of this.#heads.values()) {
      for (let cell = head; cell !== NO_CELL; cell = records[cell + NEXT] as number)
        cells.push(cell);
    }
    return saveWindows(this.#desk, cells);
  }

  restore(saved: PlainValue): void {
    let lastKey: string | undefined;
    let last = NO_CELL;
    loadWindows(this.#desk, saved, {
      clear: () => {
        this.#desk.clear();
        this.#heads.clear();
        this.#tails.clear();
        this.#timers.clear();
      },
      onCell: (cell) => {
        const { store } = this.#desk;
        const key = store.key(cell);
        if (key === lastKey) {
          this.#link(last, cell);
          this.#tails.set(key, cell);
        } else this.#heads.set(key, cell);
        lastKey = key;
        last = cell;
        this.#setTimer(cell);
      },
    });
  }

  /** At least 1, whatever the row says: a row's session has to hold the row. */
  #dynamicGapUs(row: Row): number {
    const gapUs = this.#gapUsOf?.(row) ?? 0;
    return gapUs >= 1 ? Math.min(Math.floor(gapUs), Number.MAX_SAFE_INTEGER) : 1;
  }

  /** The session that a row's window merges into, grown and rid of what it bridges; a new one
   * where it meets none; NO_CELL where it would open one but is late. */
  #place(key: string, startUs: number, endUs: number): number {
    const { store } = this.#desk;
    const least = this.#leastOverlapUs;
    const head = this.#heads.get(key) ?? NO_CELL;
    const before = head === NO_CELL ? NO_CELL : this.#lastBefore(key, head, startUs);
    const cell = before === NO_CELL ? head : (store.records[before + NEXT] as number);
    if (cell === NO_CELL || endUs - (store.records[cell + START_US] as number) < least) {
      return this.#openBetween({ key, startUs, endUs, before, after: cell });
    }
    let grownEndUs = Math.max(endUs, store.records[cell + END_US] as number);
    for (
      let next = store.records[cell + NEXT] as number;
      next !== NO_CELL;
      next = store.records[cell + NEXT] as number
    ) {
      if (endUs - (store.records[next + START_US] as number) < least) break;
      grownEndUs = Math.max(grownEndUs, store.records[next + END_US] as number);
      this.#absorb(cell, next);
    }
    if (startUs < (store.records[cell + START_US] as number))
      store.records[cell + START_US] = startUs;
    if (grownEndUs > (store.records[cell + END_US] as number)) {
      store.records[cell + END_US] = grownEndUs;
      this.#setTimer(cell);
    }
    return cell;
  }

  /** The last session of a key that ends before a start. Ends ascend as starts do, so it is looked
   * for from the last one. */
  #lastBefore(key: string, head: number, startUs: number): number {
    const { records } = this.#desk.store;
    const least = this.#leastOverlapUs;
    if ((records[head + END_US] as number) - startUs >= least) return NO_CELL;
    let cell = records[head + NEXT] === NO_CELL ? head : (this.#tails.get(key) as number);
    // The head, which ends before the start, ends the search.
    while ((records[cell + END_US] as number) - startUs >= least) {
      cell = records[cell + PREVIOUS] as number;
    }
    return cell;
  }

  #openBetween(place: {
    readonly key: string;
    readonly startUs: number;
    readonly endUs: number;
    readonly before: number;
    readonly after: number;
  }): number {
    const desk = this.#desk;
    const { key, startUs, endUs, before, after } = place;
    if (desk.closeUs(endUs) <= desk.watermarkUs) return NO_CELL;
    const cell = desk.open(key, startUs, endUs);
    if (before === NO_CELL) this.#heads.set(key, cell);
    this.#link(before, cell);
    this.#link(cell, after);
    if (before !== NO_CELL && after === NO_CELL) this.#tails.set(key, cell);
    else if (before === NO_CELL && after !== NO_CELL && !this.#tails.has(key)) {
      this.#tails.set(key, after);
    }
    this.#setTimer(cell);
    return cell;
  }

  /** Merges a session with the next one of its key: contents, triggers, panes to be taken back. */
  #absorb(cell: number, next: number): void {
    const { store } = this.#desk;
    const after = store.records[next + NEXT] as number;
    this.#link(cell, after);
    if (after === NO_CELL) this.#tails.set(store.key(cell), cell);
    this.#desk.merge(cell, next);
  }

  #link(before: number, after: number): void {
    const { records } = this.#desk.store;
    if (before !== NO_CELL) records[before + NEXT] = after;
    if (after !== NO_CELL) records[after + PREVIOUS] = before;
  }

  /** Sees to it that a timer comes when the session ends or, if it has, closes. One that comes
   * earlier does, as it will be put off. */
  #setTimer(cell: number): void {
    const desk = this.#desk;
    const endUs = desk.store.records[cell + END_US] as number;
    const fireUs = desk.fireUs(endUs);
    const dueUs = fireUs > desk.watermarkUs ? fireUs : desk.closeUs(endUs);
    if (dueUs < (desk.store.records[cell + TIMER_US] as number)) this.#putTimer(cell, dueUs);
  }

  #putTimer(cell: number, dueUs: number): void {
    this.#desk.store.records[cell + TIMER_US] = dueUs;
    this.#timers.push(dueUs, cell);
  }

  /** All timers of one time. */
  #runTimers(atUs: number): void {
    const desk = this.#desk;
    const { store } = desk;
    const ending: number[] = [];
    const closing: number[] = [];
    while (this.#timers.nextUs === atUs) {
      const cell = this.#timers.pop();
      if (store.records[cell + TIMER_US] !== atUs) continue;
      store.records[cell + TIMER_US] = Number.POSITIVE_INFINITY;
      const endUs = store.records[cell + END_US] as number;
      const fireUs = desk.fireUs(endUs);
      const closeUs = desk.closeUs(endUs);
      if (fireUs === atUs) ending.push(cell);
      else if (fireUs > atUs) this.#putTimer(cell, fireUs);
      else if (closeUs === atUs) closing.push(cell);
      else this.#putTimer(cell, closeUs);
    }
    if (ending.length > 1) ending.sort(store.compare);
    for (const cell of ending) this.#end(cell);
    if (closing.length > 1) closing.sort(store.compare);
    for (const cell of closing) {
      this.#unlink(cell);
      desk.close(cell);
    }
  }

  #end(cell: number): void {
    const desk = this.#desk;
    const closeUs = desk.closeUs(desk.store.records[cell + END_US] as number);
    if (closeUs <= desk.watermarkUs) this.#unlink(cell);
    else this.#putTimer(cell, closeUs);
    desk.end(cell);
  }

  #unlink(cell: number): void {
    const { store } = this.#desk;
    const before = store.records[cell + PREVIOUS] as number;
    const after = store.records[cell + NEXT] as number;
    this.#link(before, after);
    const key = store.key(cell);
    if (before === NO_CELL) {
      if (after === NO_CELL) this.#heads.delete(key);
      else this.#heads.set(key, after);
    }
    // Of one session the head is enough.
    if (after === NO_CELL && before !== NO_CELL) this.#tails.set(key, before);
    else if (before === NO_CELL && after === NO_CELL) this.#tails.delete(key);
  }
}
