/** Tumbling windows: a row is in one window. Rows mostly come into the window of the row before, so
 * that one is tried first. */
import { AlignedWindows, type Bucket } from './aligned-windows.ts';
import { gridStartUs } from './grid.ts';
import type { WindowOperatorOptions } from './window-operator.ts';
import type { WindowSettings } from './window-settings.ts';
import type { WindowAssignment } from './window-spec.ts';

type Tumbling = Extract<WindowAssignment, { kind: 'tumbling' }>;

/** The operator. Cost of a row O(1). */
export class TumblingWindows<Row, Acc, Result> extends AlignedWindows<Row, Acc, Result> {
  readonly #grid: { readonly stepUs: number; readonly offsetUs: number };
  #last: Bucket | undefined;

  constructor(
    settings: WindowSettings,
    options: WindowOperatorOptions<Row, Acc, Result>,
    { sizeUs, offsetUs = 0 }: Tumbling,
  ) {
    super(settings, options);
    this.#grid = { stepUs: sizeUs, offsetUs };
  }

  override add(row: Row, timeUs: number): void {
    this.desk.receive(timeUs);
    const last = this.#last;
    const isSame = last !== undefined && timeUs >= last.startUs && timeUs < last.endUs;
    const bucket = isSame && !last.isClosed ? last : this.#find(timeUs);
    if (bucket === undefined) this.desk.tellLate(row, timeUs);
    else this.put(bucket, this.keyOf(row), row);
  }

  protected override clear(): void {
    super.clear();
    this.#last = undefined;
  }

  #find(timeUs: number): Bucket | undefined {
    const startUs = gridStartUs(timeUs, this.#grid);
    const bucket = this.bucket(startUs, startUs + this.#grid.stepUs);
    if (bucket !== undefined) this.#last = bucket;
    return bucket;
  }
}
