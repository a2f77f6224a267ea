/** The global window: all rows of a key, until the stream ends. */
import { AlignedWindows } from './aligned-windows.ts';
import { checkTime } from './grid.ts';

const { MIN_SAFE_INTEGER, MAX_SAFE_INTEGER } = Number;

/** The operator. Cost of a row O(1). */
export class GlobalWindows<Row, Acc, Result> extends AlignedWindows<Row, Acc, Result> {
  override add(row: Row, timeUs: number): void {
    checkTime(timeUs);
    this.desk.receive(timeUs);
    const bucket = this.bucket(MIN_SAFE_INTEGER, MAX_SAFE_INTEGER);
    if (bucket === undefined) this.desk.tellLate(row, timeUs);
    else this.put(bucket, this.keyOf(row), row);
  }
}
