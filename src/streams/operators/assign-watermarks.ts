/** Puts watermarks between the rows of a partitioned source. A row goes out before the watermark
 * that it causes. RxJS brings no clock: process time, which makes silent partitions idle, comes as
 * a stream of its own. Spec: W5, W6, W26. */
import { filter, Observable, type OperatorFunction, tap } from 'rxjs';
import type { StreamItem } from '../stream-item.ts';
import {
  createPartitionedWatermarks,
  type PartitionedWatermarksOptions,
} from '../watermarks/partitioned-watermarks.ts';

/** What makes watermarks. */
export interface AssignWatermarksOptions<Row> extends PartitionedWatermarksOptions<Row> {
  readonly timeUsOf: (row: Row) => number;
  /** From 0; default: one partition. */
  readonly partitionOf?: (row: Row) => number;
  /** Process time now, at a row; default: what `processTime$` said last. */
  readonly processTimeUs?: () => number;
  /** Process time as it moves on without rows. */
  readonly processTime$?: Observable<number>;
}

/** The operator. The end of the rows is the end of event time.
 *
 * ```ts
 * rows$.pipe(assignWatermarks({
 *   partitionCount: 3,
 *   strategy: { kind: 'bounded', boundUs: seconds(5) },
 *   partitionOf: (row) => row.partition,
 *   timeUsOf: (row) => row.at,
 * }), …)
 * ``` */
export function assignWatermarks<Row>(
  options: AssignWatermarksOptions<Row>,
): OperatorFunction<Row, StreamItem<Row>> {
  const { timeUsOf, partitionOf = () => 0, processTimeUs, processTime$ } = options;
  return (rows$) =>
    new Observable((subscriber) => {
      const watermarks = createPartitionedWatermarks(options);
      const tell = (timeUs: number | undefined) => {
        if (timeUs !== undefined) subscriber.next({ kind: 'watermark', timeUs });
      };
      const error = (cause: unknown) => subscriber.error(cause);
      let nowUs: number | undefined;
      if (processTime$ !== undefined) {
        const next = (timeUs: number) => {
          nowUs = timeUs;
          tell(watermarks.passProcessTime(timeUs));
        };
        subscriber.add(processTime$.subscribe({ next, error }));
      }
      // Lets nothing through, as stages do.
      const take = (row: Row): row is never => {
        const partition = partitionOf(row);
        const timeUs = timeUsOf(row);
        const heardUs = processTimeUs?.() ?? nowUs;
        if (heardUs !== undefined) watermarks.hear(partition, heardUs);
        subscriber.next({ kind: 'row', row, timeUs });
        tell(watermarks.observe(partition, row, timeUs));
        return false;
      };
      const end = () => tell(watermarks.end());
      return rows$.pipe(filter(take), tap({ complete: end })).subscribe(subscriber);
    });
}
