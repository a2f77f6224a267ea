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
const LINE = new RegExp(
  `^(\\S+) \\S+ .*?\\[([^\\]]+)\\] ${QUOTED} (\\d{3}) (\\d+|-)(?: ${QUOTED} ${QUOTED})?\\s*$`,
);
const TIME = /^(\d{2})\/([A-Z][a-z]{2})\/(\d{4}):(\d{2}):(\d{2}):(\d{2}) ([+-])(\d{2})(\d{2})$/;
const REQUEST = /^(\S+) (.*?)(?: HTTP\/[\d.]+)?$/;
const MONTHS = 'JanFebMarAprMayJunJulAugSepOctNovDec';

/** Reads a line. @returns what is wrong with it, in words, where it is none. */
export function parseAccessLogLine(line: string): AccessLogEntry | string {
  const match = LINE.exec(line);
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

function parseTime(text: string): number | undefined {
  const match = TIME.exec(text);
  if (match === null) return undefined;
  const [, day, monthName = '', year, hour, minute, second, sign, zoneHours, zoneMinutes] = match;
  const month = MONTHS.indexOf(monthName) / 3;
  if (!Number.isInteger(month) || month < 0) return undefined;
  const offsetMinutes = (sign === '-' ? -1 : 1) * (Number(zoneHours) * 60 + Number(zoneMinutes));
  const utcMs = Date.UTC(
    Number(year),
    month,
    Number(day),
    Number(hour),
    Number(minute) - offsetMinutes,
    Number(second),
  );
  return utcMs * 1_000;
}
