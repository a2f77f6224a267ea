/** What flows between the parts of a checkpointed job, and what such a part is. */
import type { Checkpointable, PlainValue } from '../../../domain/plain-value.ts';
import type { StreamItem } from '../../stream-item.ts';
import type { WatermarkStrategy } from '../../watermarks/watermark-generator.ts';

/** A row: it can stand in a snapshot as it is. */
export type JobRow = { readonly [column: string]: PlainValue };

/** A row, a watermark, or the news that an input holds the watermark back no more, or again. */
export type JobItem = StreamItem<JobRow> | { readonly kind: 'idle' } | { readonly kind: 'active' };

/** Takes what a part emits. Rows can leave by a side output; watermarks go to all outputs. */
export type Emit = (item: JobItem, output?: string) => void;

/** Takes items of one or several inputs and emits items, all at once: when `push` returns, nothing
 * of the item is under way. */
export interface JobOperator extends Checkpointable {
  /** @param input - Its place in the list of the part's inputs. */
  push(input: number, item: JobItem, emit: Emit): void;
  /** Process time moves on. */
  passProcessTime?(nowUs: number, emit: Emit): void;
}

/** One record of a source. */
export interface SourceRecord {
  readonly row: JobRow;
  readonly timeUs: number;
  /** When it came in: the order in which records of several sources are read. */
  readonly arrivalUs: number;
  readonly sizeBytes?: number;
}

/** A source whose records have positions 0, 1, 2, …, like one partition of a log. */
export interface JobSource {
  readonly name: string;
  /** Records from `position` on, at most so many; none where nothing is there yet. */
  read(position: number, maxRecords: number): readonly SourceRecord[];
  /** How its watermark follows from its rows. */
  readonly watermark: WatermarkStrategy<JobRow>;
  /** Silent for this long in process time, it is idle. Default: never. */
  readonly idleTimeoutUs?: number;
  /** What its items pass before they reach other parts; each has one input. */
  readonly chain?: readonly JobOperator[];
  /** Side outputs of the chain: read as `name.output`. */
  readonly outputs?: readonly string[];
}
