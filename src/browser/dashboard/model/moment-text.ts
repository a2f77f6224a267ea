/** Moments of virtual time as people read and type them. Spec: L72. */

/** Where and when a run is. */
export interface RunStretch {
  /** The Unix time of its start, µs. */
  readonly startUs: number;
  /** µs since its start; null: nobody knows. */
  readonly endUs: number | null;
}

/** Where to go: an event of the kernel, or a moment. */
export type SeekTarget = { readonly event: number } | { readonly atUs: number };

const US_PER_MS = 1_000;
const US_PER_SEC = 1_000_000;
const US_PER_DAY = 86_400 * US_PER_SEC;
const UNITS_US: Readonly<Record<string, number>> = {
  d: US_PER_DAY,
  h: 3_600 * US_PER_SEC,
  m: 60 * US_PER_SEC,
  min: 60 * US_PER_SEC,
  s: US_PER_SEC,
  ms: US_PER_MS,
  us: 1,
  µs: 1,
};
/** 9999-12-31, ms: what a date can say. */
const DATE_MS_MAX = 253_402_214_400_000;
const WEEKDAYS = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'];

/** `Fri 2026-11-20 19:30:05.250 UTC`. */
export function momentText({ startUs }: RunStretch, atUs: number): string {
  const date = dateOf(startUs + atUs);
  const [day = '', time = ''] = date.toISOString().split('T');
  return `${WEEKDAYS[date.getUTCDay()]} ${day} ${time.replace('Z', ' UTC')}`;
}

/** `19:30:05`. */
export function clockTimeText({ startUs }: RunStretch, atUs: number): string {
  return dateOf(startUs + atUs)
    .toISOString()
    .slice(11, 19);
}

/** `1 h 02 min 03 s` since the start. */
export function durationText(timeUs: number): string {
  const seconds = Math.floor(timeUs / US_PER_SEC);
  const h = Math.floor(seconds / 3_600);
  const m = Math.floor((seconds % 3_600) / 60);
  const two = (value: number): string => String(value).padStart(2, '0');
  if (h > 0) return `${h} h ${two(m)} min ${two(seconds % 60)} s`;
  return m > 0 ? `${m} min ${two(seconds % 60)} s` : `${seconds} s`;
}

/** What a typed text means: `#12345`, `19:30`, `19:30:05.5`, `2026-11-20T19:30`, `1h 30m`, `90s`.
 * A time of day is the first one that is not before the start.
 * @returns undefined for any other text, and for moments outside the run. */
export function parseSeek(text: string, run: RunStretch): SeekTarget | undefined {
  const trimmed = text.trim().replace(/\s*UTC$/i, '');
  const event = /^#\s*(\d{1,15})$/.exec(trimmed.replaceAll(/[,_]/g, ''))?.[1];
  if (event !== undefined) return { event: Number(event) };
  const atUs = timeOfDay(trimmed, run) ?? dateAndTime(trimmed, run) ?? sinceStart(trimmed);
  if (atUs === undefined || atUs < 0 || atUs > (run.endUs ?? atUs)) return undefined;
  return { atUs };
}

/** A stretch of time like `90s`, `1h 30m`, µs; undefined for any other text. */
export function parseDuration(text: string): number | undefined {
  return sinceStart(text.trim());
}

function timeOfDay(text: string, { startUs }: RunStretch): number | undefined {
  const match = /^(\d{1,2}):(\d\d)(?::(\d\d(?:\.\d{1,6})?))?$/.exec(text);
  if (match === null) return undefined;
  const [, h = '0', m = '0', s = '0'] = match;
  if (Number(h) > 23 || Number(m) > 59 || Number(s) >= 60) return undefined;
  const ofDayUs = (Number(h) * 3_600 + Number(m) * 60) * US_PER_SEC + secondsUs(s);
  const startOfDayUs = ((startUs % US_PER_DAY) + US_PER_DAY) % US_PER_DAY;
  return (ofDayUs - startOfDayUs + US_PER_DAY) % US_PER_DAY;
}

function dateAndTime(text: string, { startUs }: RunStretch): number | undefined {
  if (!/^\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d(\.\d{1,3})?)?Z?$/.test(text)) return undefined;
  const unixMs = Date.parse(`${text.replace(' ', 'T').replace('Z', '')}Z`);
  return Number.isNaN(unixMs) ? undefined : unixMs * US_PER_MS - startUs;
}

function sinceStart(text: string): number | undefined {
  if (!/^(\d{1,9}(\.\d{1,6})?\s*(d|h|min|ms|us|µs|m|s)\s*)+$/.test(text)) return undefined;
  let totalUs = 0;
  for (const [, value, unit = ''] of text.matchAll(/([\d.]+)\s*(d|h|min|ms|us|µs|m|s)/g)) {
    totalUs += Number(value) * (UNITS_US[unit] ?? 0);
  }
  return Math.round(totalUs);
}

function secondsUs(text: string): number {
  return Math.round(Number(text) * US_PER_SEC);
}

function dateOf(unixUs: number): Date {
  const unixMs = Math.min(Math.max(Math.floor(unixUs / US_PER_MS), 0), DATE_MS_MAX);
  return new Date(Number.isFinite(unixMs) ? unixMs : 0);
}
