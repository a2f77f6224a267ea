/** Cumulating windows: of one start, they grow by a step up to a greatest size. A row is put into
 * the window that ends next; when that ends, what it holds is carried on into the following one.
 * Where panes come early, each window has to have its rows at once, and nothing is carried. */
import { AlignedWindows, type Bucket } from './aligned-windows.ts';
import { gridStartUs } from './grid.ts';
import type { WindowOperatorOptions } from './window-operator.ts';
import type { WindowSettings } from './window-settings.ts';
import type { WindowAssignment } from './window-spec.ts';

type Cumulating = Extract<WindowAssignment, { kind: 'cumulate' }>;

/** The operator. Cost of a row O(1), and O(maxSize / step) with early panes or for late rows. */
export class CumulatingWindows<Row, Acc, Result> extends AlignedWindows<Row, Acc, Result> {
  readonly #stepUs: number;
  readonly #isCarrying: boolean;
  readonly #grid: { readonly stepUs: number; readonly offsetUs: number };

  constructor(
    settings: WindowSettings,
    options: WindowOperatorOptions<Row, Acc, Result>,
    { stepUs, maxSizeUs, offsetUs = 0 }: Cumulating,
  ) {
    super(settings, options);
    this.#stepUs = stepUs;
    this.#isCarrying = settings.alarm === null && settings.earlyCount === Number.POSITIVE_INFINITY;
    this.#grid = { stepUs: maxSizeUs, offsetUs };
  }

  override add(row: Row, timeUs: number): void {
    const { desk } = this;
    desk.receive(timeUs);
    const startUs = gridStartUs(timeUs, this.#grid);
    const lastEndUs = startUs + this.#grid.stepUs;
    const steps = Math.floor((timeUs - startUs) / this.#stepUs) + 1;
    let lateWindows = 0;
    let taken = 0;
    const key = this.keyOf(row);
    for (let endUs = startUs + steps * this.#stepUs; endUs <= lastEndUs; endUs += this.#stepUs) {
      const bucket = this.bucket(startUs, endUs);
      if (bucket === undefined) lateWindows += 1;
      else {
        this.put(bucket, key, row);
        taken += 1;
        if (this.#isCarrying && !bucket.isEnded) break;
      }
    }
    if (taken === 0) desk.tellLate(row, timeUs);
    else desk.counts.partialLateDrops += lateWindows;
  }

  protected override beforeEnd(bucket: Bucket): void {
    const { startUs, endUs, cells } = bucket;
    if (!this.#isCarrying || endUs === startUs + this.#grid.stepUs) return;
    const next = this.coming(startUs, endUs + this.#stepUs);
    for (const [key, cell] of cells) {
      this.desk.carry(next.cells.get(key) ?? this.open(next, key), cell);
    }
  }
}
