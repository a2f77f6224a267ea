/** Times as files write them. */

/** Instants of our age differ by a factor of a thousand between these units since the Unix epoch:
 * below the bound a number counts seconds, and so on. The last unit is nanoseconds. */
const EPOCH_UNITS = [
  { below: 1e11, us: 1_000_000 },
  { below: 1e14, us: 1_000 },
  { below: 1e17, us: 1 },
  { below: Number.POSITIVE_INFINITY, us: 1e-3 },
] as const;
const EPOCH_NUMBER = /^\d{9,19}(?:\.\d+)?$/;

/** A time in µs since the Unix epoch: from ISO text (without a zone it is UTC), or from a number
 * since the epoch in seconds, ms, µs or ns. @returns undefined for anything else. */
export function timeOfField(value: unknown): number | undefined {
  if (typeof value === 'number') return timeOfNumber(value);
  if (typeof value !== 'string') return undefined;
  const text = value.trim();
  if (EPOCH_NUMBER.test(text)) return timeOfNumber(Number(text));
  const iso = text.replace(' ', 'T');
  const hasZone = /(?:Z|[+-]\d{2}:?\d{2})$/.test(iso);
  const timeMs = Date.parse(hasZone || !iso.includes('T') ? iso : `${iso}Z`);
  return Number.isFinite(timeMs) ? timeMs * 1_000 : undefined;
}

function timeOfNumber(value: number): number | undefined {
  const unit = EPOCH_UNITS.find(({ below }) => value < below);
  return unit === undefined || value < 0 ? undefined : Math.round(value * unit.us);
}
