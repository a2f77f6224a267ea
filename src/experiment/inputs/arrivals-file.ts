/** Arrivals from files: counts per period (`period,count` or `timestamp,value`), or one instant a
 * row (`TIMESTAMP`, counted per minute). A file gives the *shape* of arrivals; the scenario says
 * how many viewers there are. */
import { basename } from 'node:path';
import { parse } from 'csv-parse/sync';
import { US_PER_MINUTE } from '../../kernel/time.ts';
import { timeOfField } from './field-time.ts';
import { readWhole, unreadable } from './input-file.ts';

/** What was counted when. */
export interface ArrivalCounts {
  /** The file's base name. */
  readonly source: string;
  /** Ascending by time: µs since the Unix epoch (times without a zone are read as UTC). */
  readonly points: readonly ArrivalCount[];
  /** The least distance between two points. */
  readonly periodUs: number;
}

/** The count of the period that begins at `timeUs`. */
export interface ArrivalCount {
  readonly timeUs: number;
  readonly count: number;
}

/** A point of the shape over a run; the mean is 1. */
export interface RelativeRate {
  readonly atUs: number;
  readonly relative: number;
}

const TIME_COLUMNS = ['period', 'timestamp', 'time'];
const COUNT_COLUMNS = ['count', 'value', 'requests'];
const US_PER_DAY = 1_440 * US_PER_MINUTE;
/** Points of the shape are at least this far apart: noise below it is the Poisson process's. */
const MIN_STEP_US = 5 * US_PER_MINUTE;

/** Reads a file of arrivals.
 * @throws EngineError `INPUT_UNREADABLE`; for a bad row it names the line. */
export async function readArrivalsFile(path: string): Promise<ArrivalCounts> {
  const rows = parseRows(path, await readWhole(path));
  const header = (rows[0]?.cells ?? []).map((cell) => cell.trim().toLowerCase());
  const timeColumn = header.findIndex((name) => TIME_COLUMNS.includes(name));
  const countColumn = header.findIndex((name) => COUNT_COLUMNS.includes(name));
  if (timeColumn === -1) {
    throw unreadable(path, `it has no column ${TIME_COLUMNS.join(' or ')}; name the columns`);
  }
  const counted = rows.slice(1).map(({ cells, line }) => ({
    timeUs: timeOf(path, cells[timeColumn] ?? '', line),
    count: countColumn === -1 ? 1 : countOf(path, cells[countColumn] ?? '', line),
  }));
  const points = countColumn === -1 ? perMinute(counted) : [...counted].sort(byTime);
  if (points.length < 2) throw unreadable(path, 'it has fewer than two periods; give more');
  if (points.every((point) => point.count === 0)) {
    throw unreadable(path, 'all its counts are 0; name a file with arrivals');
  }
  return { source: basename(path), points, periodUs: leastDistance(points) };
}

/** The shape of a run: the file's busiest day, from the scenario's time of day on. Beyond the
 * file's end it begins again. Means over five minutes or the file's period, whichever is longer. */
export function relativeRateCurve(
  counts: ArrivalCounts,
  options: { readonly startMinuteOfDay: number; readonly durationUs: number },
): readonly RelativeRate[] {
  const stepUs = Math.max(counts.periodUs, MIN_STEP_US);
  const firstUs = counts.points[0]?.timeUs ?? 0;
  const spanUs = spanOf(counts);
  const startUs = busiestDay(counts) + options.startMinuteOfDay * US_PER_MINUTE;
  const rates = ratesByStep(counts, stepUs);
  const stepCount = Math.ceil(options.durationUs / stepUs) + 1;
  const values = Array.from({ length: stepCount }, (_, i) => {
    const into = (((startUs + i * stepUs - firstUs) % spanUs) + spanUs) % spanUs;
    return rates[Math.floor(into / stepUs)] ?? 0;
  });
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  return values.map((value, i) => ({
    atUs: Math.round(i * stepUs),
    relative: mean === 0 ? 1 : value / mean,
  }));
}

/** Midnight (UTC) of the day with most arrivals; the earlier of two. */
function busiestDay(counts: ArrivalCounts): number {
  const days = new Map<number, number>();
  for (const { timeUs, count } of counts.points) {
    const day = Math.floor(timeUs / US_PER_DAY) * US_PER_DAY;
    days.set(day, (days.get(day) ?? 0) + count);
  }
  let best = 0;
  let most = -1;
  for (const [day, count] of days) {
    if (count <= most) continue;
    best = day;
    most = count;
  }
  return best;
}

/** Arrivals per step since the first point. The last step may reach beyond the file's end: what it
 * has is scaled up to a whole one. */
function ratesByStep(counts: ArrivalCounts, stepUs: number): readonly number[] {
  const firstUs = counts.points[0]?.timeUs ?? 0;
  const sums: number[] = [];
  for (const { timeUs, count } of counts.points) {
    const step = Math.floor((timeUs - firstUs) / stepUs);
    while (sums.length <= step) sums.push(0);
    sums[step] = (sums[step] ?? 0) + count;
  }
  const last = sums.length - 1;
  const coveredUs = spanOf(counts) - last * stepUs;
  if (coveredUs < stepUs) sums[last] = ((sums[last] ?? 0) * stepUs) / coveredUs;
  return sums;
}

/** From the first period's beginning to the last one's end. */
function spanOf({ points, periodUs }: ArrivalCounts): number {
  return (points.at(-1)?.timeUs ?? 0) + periodUs - (points[0]?.timeUs ?? 0);
}

/** A row and the line of the file that it ends on. */
interface NumberedRow {
  readonly cells: readonly string[];
  readonly line: number;
}

/** What the parser gives with `info`. */
interface ParsedRow {
  readonly record: readonly string[];
  readonly info: { readonly lines: number };
}

function parseRows(path: string, text: string): readonly NumberedRow[] {
  try {
    const rows: unknown = parse(text, { bom: true, skip_empty_lines: true, info: true });
    return (rows as ParsedRow[]).map(({ record, info }) => ({ cells: record, line: info.lines }));
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw unreadable(path, `it is not valid CSV (${reason}); mend it`, cause);
  }
}

function timeOf(path: string, text: string, line: number): number {
  const timeUs = timeOfField(text);
  if (timeUs !== undefined) return timeUs;
  throw unreadable(path, `line ${line}: "${text}" is no time; write YYYY-MM-DD HH:MM:SS`);
}

function countOf(path: string, text: string, line: number): number {
  const count = Number(text);
  if (text.trim() !== '' && Number.isFinite(count) && count >= 0) return count;
  throw unreadable(path, `line ${line}: "${text}" is no count; write a number from 0 on`);
}

function perMinute(instants: readonly ArrivalCount[]): readonly ArrivalCount[] {
  const counts = new Map<number, number>();
  for (const { timeUs } of instants) {
    const minute = Math.floor(timeUs / US_PER_MINUTE) * US_PER_MINUTE;
    counts.set(minute, (counts.get(minute) ?? 0) + 1);
  }
  return [...counts].map(([timeUs, count]) => ({ timeUs, count })).sort(byTime);
}

function byTime(a: ArrivalCount, b: ArrivalCount): number {
  return a.timeUs - b.timeUs;
}

function leastDistance(points: readonly ArrivalCount[]): number {
  let least = Number.POSITIVE_INFINITY;
  points.slice(1).forEach((point, i) => {
    const distance = point.timeUs - (points[i]?.timeUs ?? 0);
    if (distance > 0) least = Math.min(least, distance);
  });
  return Number.isFinite(least) ? least : US_PER_MINUTE;
}
