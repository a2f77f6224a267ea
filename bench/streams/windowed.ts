/** Windowed pipelines over RxJS operators as a user would write them: rows in the order of arrival,
 * a bounded watermark, one windowed aggregation. Each answers how many rows its panes told. */
import { from } from 'rxjs';
import { minutes, seconds } from '../../src/kernel/time.ts';
import { aggregatorOf } from '../../src/streams/aggregates/aggregator-of.ts';
import { assignWatermarks } from '../../src/streams/operators/assign-watermarks.ts';
import {
  type WindowAggregateOptions,
  windowAggregate,
} from '../../src/streams/operators/window-aggregate.ts';
import type { WindowSpec } from '../../src/streams/windows/window-spec.ts';
import { DISORDER_US, type PlaybackRow } from './playback-rows.ts';

interface CountRow {
  readonly key: string;
  readonly rows: number;
}

type CountWindows = WindowAggregateOptions<PlaybackRow, unknown, unknown, CountRow>;

/** Titles in a top. */
const HOT_ITEMS = 10;
/** Windows that a row is in. */
const HOPS_PER_WINDOW = 5;

/** Plays by title in minutes. @returns rows counted over all windows. */
export function countByTitle(rows: readonly PlaybackRow[]): number {
  const assign: WindowSpec['assign'] = { kind: 'tumbling', sizeUs: minutes(1) };
  return sumOf(
    rows,
    counting({ assign }, (row) => row.title),
  );
}

/** Sessions by viewer with a gap of half an hour. @returns rows counted over all sessions. */
export function sessionsByViewer(rows: readonly PlaybackRow[]): number {
  const assign: WindowSpec['assign'] = { kind: 'session', gapUs: minutes(30) };
  return sumOf(
    rows,
    counting({ assign }, (row) => row.viewer),
  );
}

/** NEXMark's q5: the hottest titles of each 10 s, every 2 s. @returns rows taken in, if every
 * window has a top; else 0. */
export function hotItems(rows: readonly PlaybackRow[]): number {
  const assign: WindowSpec['assign'] = {
    kind: 'hopping',
    sizeUs: seconds(10),
    slideUs: seconds(2),
  };
  const top = {
    limit: HOT_ITEMS,
    compare: (a: CountRow, b: CountRow) => b.rows - a.rows || (a.key < b.key ? -1 : 1),
  };
  const tops = resultsOf(rows, { ...counting({ assign }, (row) => row.title), top });
  const windows = windowsOver(rows);
  return tops.length > windows && tops.length <= windows * HOT_ITEMS ? rows.length : 0;
}

/** How many windows of 10 s every 2 s hold a row: rows come without gaps of that length. */
function windowsOver(rows: readonly PlaybackRow[]): number {
  let first = Number.POSITIVE_INFINITY;
  let last = 0;
  for (const { timeUs } of rows) {
    first = Math.min(first, timeUs);
    last = Math.max(last, timeUs);
  }
  return Math.floor(last / seconds(2)) - Math.floor(first / seconds(2)) + HOPS_PER_WINDOW;
}

function counting(window: WindowSpec, keyOf: (row: PlaybackRow) => string): CountWindows {
  const counter = aggregatorOf({ kind: 'count' });
  return {
    window,
    keyOf,
    aggregator: { ...counter, add: (acc) => counter.add(acc, 1) },
    toRow: ({ key, value }) => ({ key, rows: value as number }),
  };
}

function sumOf(rows: readonly PlaybackRow[], options: CountWindows): number {
  return resultsOf(rows, options).reduce((sum, result) => sum + result.rows, 0);
}

function resultsOf(rows: readonly PlaybackRow[], options: CountWindows): readonly CountRow[] {
  const results: CountRow[] = [];
  from(rows)
    .pipe(
      assignWatermarks({
        partitionCount: 1,
        strategy: { kind: 'bounded', boundUs: DISORDER_US },
        timeUsOf: (row) => row.timeUs,
      }),
      windowAggregate(options),
    )
    .subscribe((item) => {
      if (item.kind === 'row') results.push(item.row);
    });
  return results;
}
