/** Times as files write them. Nothing here asks for the time zone of the machine. */

/** Instants of our age differ by a factor of a thousand between these units since the Unix epoch:
 * below the bound a number counts seconds, and so on. The last unit is nanoseconds. */
const EPOCH_UNITS = [
  { below: 1e11, us: 1_000_000 },
  { below: 1e14, us: 1_000 },
  { below: 1e17, us: 1 },
  { below: Number.POSITIVE_INFINITY, us: 1e-3 },
] as const;
const EPOCH_NUMBER = /^\d{9,19}(?:\.\d+)?$/;
/** Day, time, fraction of a second, zone. What else `Date.parse` takes, it takes as local time. */
const ISO =
  /^(\d{4}-\d\d-\d\d)(?:[T ](\d\d:\d\d(?::\d\d)?)(?:[.,](\d+))? ?(Z|[+-]\d\d(?::?\d\d)?)?)?$/i;

/** A time in µs since the Unix epoch: from ISO text (without a zone it is UTC), or from a number
 * since the epoch in seconds, ms, µs or ns. @returns undefined for anything else, and for what is
 * beyond the µs that a number counts exactly, which is the year 2255. */
export function timeOfField(value: unknown): number | undefined {
  const timeUs = anyTimeOf(value);
  return timeUs !== undefined && Number.isSafeInteger(timeUs) ? timeUs : undefined;
}

function anyTimeOf(value: unknown): number | undefined {
  if (typeof value === 'number') return timeOfNumber(value);
  if (typeof value !== 'string') return undefined;
  const text = value.trim();
  return EPOCH_NUMBER.test(text) ? timeOfNumber(Number(text)) : timeOfIso(text);
}

function timeOfNumber(value: number): number | undefined {
  const unit = EPOCH_UNITS.find(({ below }) => value < below);
  return unit === undefined || value < 0 ? undefined : Math.round(value * unit.us);
}

function timeOfIso(text: string): number | undefined {
  const match = ISO.exec(text);
  if (match === null) return undefined;
  const [, day = '', time = '00:00', fraction = '', zone = 'Z'] = match;
  const [hours = '', minutes = '00'] = zone.match(/[+-]?\d\d/g) ?? [];
  const timeMs = Date.parse(`${day}T${time}${hours === '' ? 'Z' : `${hours}:${minutes}`}`);
  return Number.isFinite(timeMs)
    ? timeMs * 1_000 + Math.round(Number(`0.${fraction || '0'}`) * 1_000_000)
    : undefined;
}
