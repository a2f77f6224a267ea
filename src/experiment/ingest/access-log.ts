/** Lines of web servers' access logs: Apache's common and combined formats.
 * Source: Apache HTTP Server documentation, mod_log_config. */

/** One request as a log has it. */
export interface AccessLogEntry {
  readonly host: string;
  /** µs since the Unix epoch. */
  readonly timeUs: number;
  readonly method: string;
  readonly path: string;
  readonly status: number;
  /** Undefined where the log has `-`. */
  readonly responseBytes: number | undefined;
  /** Empty in the common format. */
  readonly userAgent: string;
}

/** Quoted fields may hold escaped quotes. */
const QUOTED = '"((?:[^"\\\\]|\\\\.)*)"';
/** Behind the user agent a server may log more of its own; before the time, names with spaces. */
const LINE = new RegExp(
  `^(\\S+) \\S+ .*?\\[([^\\][]+)\\] ${QUOTED} (\\d{3}) (\\d+|-)` +
    `(?: ${QUOTED} ${QUOTED}(?: .*)?)?\\s*$`,
);
/** What begins like a line of a log: a host, two names, a time; or, cut short: a host, a dash. */
const NAMES_AT_START = /^\s*([^\s[]+) (?:[^\s[]+ (?:.*?(?=\[\d\d\/)|[^[]*(?=\[))|-(?: [^[]*)?$)/;
const TIME = /^(\d{2})\/([A-Z][a-z]{2})\/(\d{4}):(\d{2}):(\d{2}):(\d{2}) ([+-])(\d{2})(\d{2})$/;
const REQUEST = /^(\S+) (.*?)(?: HTTP\/[\d.]+)?$/;
/** Servers cut requests and headers at 8 KiB each; what is longer is no line of theirs. */
const LINE_LENGTH_MAX = 32_768;
const MONTHS = 'JanFebMarAprMayJunJulAugSepOctNovDec';

/** Reads a line. @returns what is wrong with it, in words, where it is none. */
export function parseAccessLogLine(line: string): AccessLogEntry | string {
  const match = line.length > LINE_LENGTH_MAX ? null : LINE.exec(line);
  if (match === null) return 'not a line of the common or combined log format';
  const [, host = '', time = '', request = '', status = '', bytes = '', , userAgent = ''] = match;
  const timeUs = parseTime(time);
  if (timeUs === undefined) return 'not a time of the common log format';
  const [, method = '', path = request] = REQUEST.exec(request) ?? [];
  return {
    host,
    timeUs,
    method,
    path,
    status: Number(status),
    responseBytes: bytes === '-' ? undefined : Number(bytes),
    userAgent,
  };
}

/** The line with its host replaced and its user left out: what may be kept of one that cannot be
 * parsed. Cost O(length). */
export function withoutHost(line: string, pseudonym: (host: string) => string): string {
  return line.replace(NAMES_AT_START, (_, host: string) => `${pseudonym(host)} - - `);
}

function parseTime(text: string): number | undefined {
  const match = TIME.exec(text);
  if (match === null) return undefined;
  const [, day, monthName = '', year, hour, minute, second, sign, zoneHours, zoneMinutes] = match;
  const month = MONTHS.indexOf(monthName) / 3;
  if (!Number.isInteger(month) || month < 0) return undefined;
  const dayMs = Date.UTC(Number(year), month, Number(day));
  // A day that does not exist would roll over into the next month.
  if (new Date(dayMs).getUTCDate() !== Number(day)) return undefined;
  if (Number(hour) > 23 || Number(minute) > 59 || Number(second) > 60) return undefined;
  const localMs = dayMs + ((Number(hour) * 60 + Number(minute)) * 60 + Number(second)) * 1_000;
  const offsetMinutes = (sign === '-' ? -1 : 1) * (Number(zoneHours) * 60 + Number(zoneMinutes));
  return (localMs - offsetMinutes * 60_000) * 1_000;
}
