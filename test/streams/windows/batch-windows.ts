/** Windows computed the slow and obvious way, from all rows at once: the oracle of the operator. It
 * shares no code with it. */
import type { WindowAssignment } from '../../../src/streams/windows/window-spec.ts';
import type { TimedRow } from './window-builder.ts';

/** Window by name (`key start end`) → sum of its rows' values, sorted by name. */
export type BatchResult = ReadonlyMap<string, number>;

/** The windows of a row by trying every start and end that could hold it. */
function windowsOf(assign: WindowAssignment, timeUs: number): (readonly [number, number])[] {
  const found: (readonly [number, number])[] = [];
  const { offsetUs = 0 } = assign as { readonly offsetUs?: number };
  const isOn = (startUs: number, stepUs: number) => (startUs - offsetUs) % stepUs === 0;
  for (let startUs = timeUs - 40; startUs <= timeUs; startUs += 1) {
    if (assign.kind === 'tumbling' && isOn(startUs, assign.sizeUs)) {
      found.push([startUs, startUs + assign.sizeUs]);
    }
    if (assign.kind === 'hopping' && isOn(startUs, assign.slideUs)) {
      found.push([startUs, startUs + assign.sizeUs]);
    }
    if (assign.kind === 'cumulate' && isOn(startUs, assign.maxSizeUs)) {
      for (let k = 1; k * assign.stepUs <= assign.maxSizeUs; k += 1) {
        found.push([startUs, startUs + k * assign.stepUs]);
      }
    }
  }
  return found.filter(([startUs, endUs]) => startUs <= timeUs && timeUs < endUs);
}

/** Watermarks before each row: the greatest time so far less the bound, less one. */
function watermarksBefore(rows: readonly TimedRow[], boundUs: number): readonly number[] {
  return rows.map(
    (_, i) => Math.max(...rows.slice(0, i).map(({ timeUs }) => timeUs), -Infinity) - boundUs - 1,
  );
}

interface Lateness {
  readonly boundUs: number;
  readonly latenessUs: number;
}

/** Aligned windows over the rows that each of them admits. */
export function batchAligned(
  assign: WindowAssignment,
  rows: readonly TimedRow[],
  { boundUs, latenessUs }: Lateness,
): { readonly windows: BatchResult; readonly late: readonly TimedRow[] } {
  const sums = new Map<string, number>();
  const watermarks = watermarksBefore(rows, boundUs);
  const late: TimedRow[] = [];
  rows.forEach((row, i) => {
    const all = windowsOf(assign, row.timeUs);
    const watermarkUs = watermarks[i] as number;
    const admitting = all.filter(([, endUs]) => endUs - 1 + latenessUs > watermarkUs);
    if (admitting.length === 0 && row.timeUs + latenessUs <= watermarkUs) late.push(row);
    for (const [startUs, endUs] of admitting) {
      const name = `${row.key} ${startUs} ${endUs}`;
      sums.set(name, (sums.get(name) ?? 0) + row.value);
    }
  });
  return { windows: new Map([...sums].sort()), late };
}

interface Stretch {
  readonly key: string;
  startUs: number;
  endUs: number;
  readonly rows: TimedRow[];
}

const gapOf = (assign: WindowAssignment, row: TimedRow): number =>
  assign.kind === 'session' && typeof assign.gapUs === 'number' ? assign.gapUs : row.gapUs;

const leastOverlapOf = (assign: WindowAssignment): number =>
  assign.kind === 'session' && assign.touch === 'split' ? 1 : 0;

/** Sessions by sorting: rows of one key, by time, as long as the next one overlaps. */
function sessionsOf(assign: WindowAssignment, rows: readonly TimedRow[]): Stretch[] {
  const sessions: Stretch[] = [];
  const sorted = [...rows].sort(
    (a, b) => (a.key < b.key ? -1 : 1) * Number(a.key !== b.key) || a.timeUs - b.timeUs,
  );
  for (const row of sorted) {
    const last = sessions.at(-1);
    const endUs = row.timeUs + gapOf(assign, row);
    if (last?.key === row.key && last.endUs - row.timeUs >= leastOverlapOf(assign)) {
      last.endUs = Math.max(last.endUs, endUs);
      last.rows.push(row);
    } else sessions.push({ key: row.key, startUs: row.timeUs, endUs, rows: [row] });
  }
  return sessions;
}

const resultOf = (sessions: readonly Stretch[]): BatchResult =>
  new Map(
    sessions
      .map(({ key, startUs, endUs, rows }) => {
        const sum = rows.reduce((total, { value }) => total + value, 0);
        return [`${key} ${startUs} ${endUs}`, sum] as const;
      })
      .sort(),
  );

/** Sessions of all rows, as if they had always been there. */
export function batchSessions(assign: WindowAssignment, rows: readonly TimedRow[]): BatchResult {
  return resultOf(sessionsOf(assign, rows));
}

/** Sessions where the watermark closes them: before each row, sessions that are over are set
 * aside; a row is late where none is open that it meets and its own would be over. */
export function closingSessions(
  assign: WindowAssignment,
  rows: readonly TimedRow[],
  { boundUs, latenessUs }: Lateness,
): { readonly windows: BatchResult; readonly late: readonly TimedRow[] } {
  const watermarks = watermarksBefore(rows, boundUs);
  const closed: Stretch[] = [];
  const late: TimedRow[] = [];
  let open: TimedRow[] = [];
  rows.forEach((row, i) => {
    const isOver = ({ endUs }: { readonly endUs: number }) =>
      endUs - 1 + latenessUs <= (watermarks[i] as number);
    const sessions = sessionsOf(assign, open);
    closed.push(...sessions.filter(isOver));
    open = sessions.filter((session) => !isOver(session)).flatMap((session) => session.rows);
    const own = sessionsOf(assign, [...open, row]).find((session) => session.rows.includes(row));
    if (own === undefined || isOver(own)) late.push(row);
    else open.push(row);
  });
  return { windows: resultOf([...closed, ...sessionsOf(assign, open)]), late };
}
