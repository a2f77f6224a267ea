/** The load that a warehouse remembers by time bucket: page views or plays out of `fact_event`, or,
 * where plays were written without events, out of `fact_playback_session`. Buckets in which nothing
 * happened are zeros; a bucket that was not over yet is left out. Spec: M91, M92. */
import type { Warehouse } from '../../storage/warehouse.ts';

/** Where each kind of load stands: rows, the column of their time, and when the newest row of all
 * was, which is as far as the warehouse knows. */
const SOURCES = {
  'page views': eventsOf('page.view'),
  plays: eventsOf('media.play'),
  'playback sessions': {
    rows: 'fact_playback_session',
    time: 'start_us',
    newest: 'SELECT max(start_us) FROM fact_playback_session',
  },
} as const;

/** What counts as load. */
export type LoadKind = keyof typeof SOURCES;

function eventsOf(type: string) {
  return {
    rows: `(SELECT event_time_us FROM fact_event JOIN dim_event_type USING (event_type_sk)
  WHERE name = '${type}')`,
    time: 'event_time_us',
    newest: 'SELECT max(event_time_us) FROM fact_event',
  };
}

/** Which load. */
export interface LoadQuestion {
  readonly kind: LoadKind;
  readonly bucketUs: number;
  /** µs since the Unix epoch; by default the bucket of the first such event. */
  readonly fromUs?: number;
  /** The first instant that is not looked at; by default the newest event of any kind, which is as
   * far as the warehouse knows. */
  readonly toUs?: number;
}

/** Load over time. */
export interface LoadSeries {
  /** Start of the first bucket, µs since the Unix epoch. */
  readonly fromUs: number;
  readonly bucketUs: number;
  /** Events a bucket. */
  readonly values: readonly number[];
}

/** Reads a series; undefined where the warehouse has no such event and no bounds are given. Cost: a
 * scan of `fact_event`. */
export function readLoad(
  warehouse: Pick<Warehouse, 'query'>,
  asked: LoadQuestion,
): LoadSeries | undefined {
  const { bucketUs, kind } = asked;
  const { rows, time, newest } = SOURCES[kind];
  const [bounds] = warehouse.query(
    `SELECT (SELECT min(${time}) FROM ${rows}) AS first, (${newest}) AS newest`,
  );
  const first = asked.fromUs ?? wholeOf(bounds?.['first']);
  const end = asked.toUs ?? wholeOf(bounds?.['newest']);
  if (first === undefined || end === undefined) return undefined;
  const fromUs = asked.fromUs ?? Math.floor(first / bucketUs) * bucketUs;
  const buckets = Math.max(0, Math.floor((end - fromUs) / bucketUs));
  const values = new Array<number>(buckets).fill(0);
  const toUs = fromUs + buckets * bucketUs;
  // Numbers are bound as floating point, and 1.5 is no bucket.
  const counted = warehouse.query(
    `SELECT CAST((${time} - ?) / ? AS INTEGER) AS bucket, count(*) AS n FROM ${rows}
      WHERE ${time} >= ? AND ${time} < ? GROUP BY 1 ORDER BY 1`,
    [fromUs, bucketUs, fromUs, toUs],
  );
  for (const { bucket, n } of counted) values[Number(bucket)] = Number(n);
  return { fromUs, bucketUs, values };
}

function wholeOf(value: unknown): number | undefined {
  return value === null || value === undefined ? undefined : Number(value);
}
