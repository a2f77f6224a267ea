/** The window operator as a part of a job: rows in, a row for each pane out, late rows aside. */
import type { PlainValue } from '../../../domain/plain-value.ts';
import type { Aggregator } from '../../aggregates/aggregate-spec.ts';
import { createWindowOperator } from '../../windows/create-window-operator.ts';
import type { LateRow, Pane } from '../../windows/window-operator.ts';
import type { WindowSpec } from '../../windows/window-spec.ts';
import type { Emit, JobOperator, JobRow } from './job-item.ts';

/** The side output of rows that came too late for all their windows. */
export const LATE_OUTPUT = 'late';

/** Options of {@link createWindowNode}. */
export interface WindowNodeOptions<Acc, Result> {
  readonly spec: WindowSpec;
  readonly keyOf: (row: JobRow) => string;
  readonly gapUsOf?: (row: JobRow) => number;
  readonly aggregator: Aggregator<JobRow, Acc, Result>;
  readonly paneRow: (pane: Pane<Result>) => JobRow;
  /** Default: the row as it came. Late rows leave by {@link LATE_OUTPUT}. */
  readonly lateRow?: (late: LateRow<JobRow>) => JobRow;
}

/** Makes the part. A pane's event time is its window's last instant. */
export function createWindowNode<Acc, Result>(
  options: WindowNodeOptions<Acc, Result>,
): JobOperator {
  const { paneRow, lateRow = ({ row }) => row, ...rest } = options;
  let emit: Emit = () => undefined;
  const windows = createWindowOperator({
    ...rest,
    onPane: (pane) => emit({ kind: 'row', row: paneRow(pane), timeUs: pane.info.endUs - 1 }),
    onLate: (late) => emit({ kind: 'row', row: lateRow(late), timeUs: late.timeUs }, LATE_OUTPUT),
  });
  return {
    push(_input, item, to) {
      emit = to;
      if (item.kind === 'row') {
        windows.add(item.row, item.timeUs);
        return;
      }
      if (item.kind === 'watermark') windows.advanceTo(item.timeUs);
      to(item);
    },
    passProcessTime(nowUs, to) {
      emit = to;
      windows.passProcessTime(nowUs);
    },
    snapshot: (): PlainValue => windows.snapshot(),
    restore: (saved) => windows.restore(saved),
  };
}
