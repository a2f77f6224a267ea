/** Rows of metrics as cells with a name, so that the same figure of truth, batch and stream stands
 * beside itself. Spec: S132. */
import type { MetricRow } from '../../storage/metrics/metric.ts';

/** Rows by metric. */
export type MetricRows = Readonly<Record<string, readonly MetricRow[]>>;

/** A figure. */
export type CellValue = number | string | null;

/** One figure of three computations; undefined where one of them has no such row. */
export interface ThreeCells {
  /** Key of the row; empty where a metric has one row. */
  readonly row: string;
  readonly column: string;
  readonly truth: CellValue | undefined;
  readonly batch: CellValue | undefined;
  readonly stream: CellValue | undefined;
}

/** Leading columns that name a row, of metrics with several rows. */
const KEY_COLUMNS: Readonly<Record<string, number>> = {
  active_users: 1,
  cohort_retention: 2,
  completion_by_title: 1,
  daily_users: 1,
  day_retention: 1,
  funnel: 2,
  play_quality_by_country: 1,
  play_quality_by_device: 1,
  play_quality_by_title: 1,
  policy_rates: 2,
  position_bias: 1,
  retention_curve: 1,
  row_rates: 1,
  slot_rates: 2,
  start_quality_by_country: 1,
  start_quality_by_device: 1,
  start_quality_by_title: 1,
  title_views: 1,
  weekly_cohort_retention: 2,
};

/** Sums of fractions depend on their order in the last of their sixteen digits. */
const DIGITS = 11;

/** All figures of a metric, rows in the order of their appearance. */
export function cellsOf(
  metric: string,
  rows: Readonly<Record<'truth' | 'batch' | 'stream', readonly MetricRow[]>>,
): readonly ThreeCells[] {
  const [truth, batch, stream] = [
    byCell(metric, rows.truth),
    byCell(metric, rows.batch),
    byCell(metric, rows.stream),
  ];
  const names = new Map([...truth, ...batch, ...stream]);
  return [...names].map(([name, { row, column }]) => ({
    row,
    column,
    truth: truth.get(name)?.value,
    batch: batch.get(name)?.value,
    stream: stream.get(name)?.value,
  }));
}

/** Metrics that two computations do not give alike, row for row. */
export function differing(a: MetricRows, b: MetricRows): readonly string[] {
  const names = [...new Set([...Object.keys(a), ...Object.keys(b)])];
  return names.filter((name) => textOf(a[name]) !== textOf(b[name]));
}

/** Whether two figures are the same but for the order of sums. */
export function isSame(a: CellValue | undefined, b: CellValue | undefined): boolean {
  return rounded(a) === rounded(b);
}

interface Cell {
  readonly row: string;
  readonly column: string;
  readonly value: CellValue;
}

function byCell(metric: string, rows: readonly MetricRow[]): ReadonlyMap<string, Cell> {
  const keys = KEY_COLUMNS[metric] ?? 0;
  const cells = new Map<string, Cell>();
  for (const one of rows) {
    const columns = Object.entries(one);
    const row = columns
      .slice(0, keys)
      .map(([, value]) => String(value ?? '–'))
      .join(' · ');
    for (const [column, value] of columns.slice(keys)) {
      cells.set(JSON.stringify([row, column]), { row, column, value: value as CellValue });
    }
  }
  return cells;
}

function textOf(rows: readonly MetricRow[] = []): string {
  const plain = rows.map((row) =>
    Object.entries(row).map(([column, value]) => [column, rounded(value as CellValue)]),
  );
  return JSON.stringify(plain);
}

function rounded(value: CellValue | undefined): CellValue | undefined {
  return typeof value === 'number' ? Number(value.toPrecision(DIGITS)) : value;
}
