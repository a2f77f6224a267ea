/** Hopping windows: a row is in every window that covers it. The windows of one stretch of the
 * grid are kept together, as most rows come into the stretch of the row before. */
import { AlignedWindows, type Bucket } from './aligned-windows.ts';
import { gridStartUs } from './grid.ts';
import type { WindowOperatorOptions } from './window-operator.ts';
import type { WindowSettings } from './window-settings.ts';
import type { WindowAssignment } from './window-spec.ts';

type Hopping = Extract<WindowAssignment, { kind: 'hopping' }>;

/** The operator. Cost of a row O(size / slide). */
export class HoppingWindows<Row, Acc, Result> extends AlignedWindows<Row, Acc, Result> {
  readonly #sizeUs: number;
  readonly #grid: { readonly stepUs: number; readonly offsetUs: number };
  /** Buckets of the last stretch, by start: all windows of some time in it. */
  #stretch: Bucket[] = [];
  #stretchUs = Number.NaN;

  constructor(
    settings: WindowSettings,
    options: WindowOperatorOptions<Row, Acc, Result>,
    { sizeUs, slideUs, offsetUs = 0 }: Hopping,
  ) {
    super(settings, options);
    this.#sizeUs = sizeUs;
    this.#grid = { stepUs: slideUs, offsetUs };
  }

  override add(row: Row, timeUs: number): void {
    this.desk.receive(timeUs);
    const lastStartUs = gridStartUs(timeUs, this.#grid);
    if (lastStartUs === this.#stretchUs && this.#isSteady(timeUs)) {
      const key = this.keyOf(row);
      for (const bucket of this.#stretch) this.put(bucket, key, row);
    } else this.#assign(row, timeUs, lastStartUs);
  }

  protected override clear(): void {
    super.clear();
    this.#stretchUs = Number.NaN;
  }

  /** Whether the kept windows are those of this time too, none of them closed. Where size is no
   * multiple of slide, a window ends within the stretch, and they are not the same all along. */
  #isSteady(timeUs: number): boolean {
    const first = this.#stretch[0];
    if (first === undefined || first.isClosed) return false;
    return timeUs < first.endUs && timeUs >= first.endUs - this.#grid.stepUs;
  }

  #assign(row: Row, timeUs: number, lastStartUs: number): void {
    const { desk } = this;
    const { stepUs } = this.#grid;
    const stretch: Bucket[] = [];
    let lateWindows = 0;
    let firstUs = lastStartUs;
    while (firstUs - stepUs + this.#sizeUs > timeUs) firstUs -= stepUs;
    for (let startUs = firstUs; startUs <= lastStartUs; startUs += stepUs) {
      const endUs = startUs + this.#sizeUs;
      if (endUs <= timeUs) continue;
      const bucket = this.bucket(startUs, endUs);
      if (bucket === undefined) lateWindows += 1;
      else stretch.push(bucket);
    }
    if (stretch.length === 0) {
      if (lateWindows > 0 || desk.closeUs(timeUs + 1) <= desk.watermarkUs)
        desk.tellLate(row, timeUs);
      else desk.counts.unassigned += 1;
      return;
    }
    desk.counts.partialLateDrops += lateWindows;
    const key = this.keyOf(row);
    for (const bucket of stretch) this.put(bucket, key, row);
    if (lateWindows > 0) return;
    this.#stretch = stretch;
    this.#stretchUs = lastStartUs;
  }
}
