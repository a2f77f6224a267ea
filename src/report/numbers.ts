/** Numbers as people read them: three significant digits, thousands apart, the unit beside. */

/** A value with its interval; low and high are null where the data cannot bear one. */
export interface IntervalEstimate {
  readonly value: number;
  readonly low: number | null;
  readonly high: number | null;
}

/** What stands where there is no number. */
export const NO_NUMBER = '–';

/** 12,345 · 312 · 12.3 · 1.23 · 0.0123; a dash for null and for what is no number. */
export function formatNumber(value: number | null | undefined): string {
  return isNumber(value) ? withDecimals(value, decimalsOf(value)) : NO_NUMBER;
}

/** As {@link formatNumber}, but without zeros at the end: for the labels of an axis. */
export function formatTick(value: number): string {
  const text = formatNumber(Number(value.toPrecision(6)));
  return text.includes('.') ? text.replace(/\.?0+$/, '') : text;
}

/** A whole number with thousands apart. */
export function formatCount(value: number | null | undefined): string {
  return isNumber(value) ? withDecimals(value, 0) : NO_NUMBER;
}

/** A share 0–1 in per cent: `1.23 %`. */
export function formatShare(share: number | null | undefined): string {
  return isNumber(share) ? `${formatNumber(share * 100)} %` : NO_NUMBER;
}

/** Decimal kilobytes and so on: `12.3 kB`. */
export function formatBytes(bytes: number | null | undefined): string {
  if (!isNumber(bytes)) return NO_NUMBER;
  const units = ['B', 'kB', 'MB', 'GB', 'TB'];
  let scaled = bytes;
  let step = 0;
  while (Math.abs(scaled) >= 1_000 && step < units.length - 1) {
    scaled /= 1_000;
    step += 1;
  }
  return `${formatNumber(scaled)} ${units[step]}`;
}

/** `312 [300, 325]`, all with the decimals of the largest; `312 [no interval]` without bounds.
 * @param isSigned - Whether a plus sign marks what is above zero, as for differences. */
export function formatEstimate(estimate: IntervalEstimate, isSigned = false): string {
  const { value, low, high } = estimate;
  if (!isNumber(value)) return NO_NUMBER;
  const decimals = decimalsOf(Math.max(...[value, low ?? 0, high ?? 0].map(Math.abs)));
  const format = (one: number): string =>
    `${isSigned && one >= NOISE ? '+' : ''}${withDecimals(one, decimals)}`;
  if (!isNumber(low) || !isNumber(high)) return `${format(value)} [no interval]`;
  return `${format(value)} [${format(low)}, ${format(high)}]`;
}

/** A stretch of virtual time in its largest whole unit: `2 hours`, `10 minutes`, `70 seconds`. */
export function formatHours(hours: number): string {
  if (hours >= 1) return plural(hours, 'hour');
  const seconds = Math.round(hours * 3_600);
  return seconds % 60 === 0 ? plural(seconds / 60, 'minute') : plural(seconds, 'second');
}

/** A unit as people read it: a pure share has the unit `1` in documents. */
export function unitName(unit: string): string {
  return unit === '1' ? '0–1' : unit;
}

/** A sentence with its first letter large. */
export function capitalized(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** A sentence with its first letter large and its full stop. */
export function asSentence(text: string): string {
  return capitalized(text.trim()).replace(/[^.!?]$/, '$&.');
}

/** `1 page`, `2 pages`. */
export function plural(count: number, noun: string): string {
  return `${formatNumber(count)} ${noun}${count === 1 ? '' : 's'}`;
}

/** `a, b and c`. */
export function inWords(names: readonly string[]): string {
  if (names.length < 2) return names.join('');
  return `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`;
}

function isNumber(value: number | null | undefined): value is number {
  return typeof value === 'number' && Number.isFinite(value);
}

/** What rounding leaves of a difference of nothing. */
const NOISE = 1e-12;

/** Decimals that leave three significant digits, at most six. */
function decimalsOf(value: number): number {
  const size = Math.abs(value);
  if (size < NOISE || size >= 99.95) return 0;
  if (Number.isInteger(value)) return 0;
  let decimals = 1;
  while (decimals < 6 && size * 10 ** decimals < 99.95) decimals += 1;
  return decimals;
}

function withDecimals(value: number, decimals: number): string {
  const [whole = '0', part] = Math.abs(value).toFixed(decimals).split('.');
  const grouped = whole.replace(/\B(?=(\d{3})+$)/g, ',');
  const digits = part === undefined ? grouped : `${grouped}.${part}`;
  return value < 0 && /[1-9]/.test(digits) ? `−${digits}` : digits;
}
