/** Units of limits: what may be written behind a number, by what a number measures. Limits are kept
 * in the base unit: µs, a share from 0 to 1, a count, bytes, USD, and those per second. */

/** What a number measures. `number` is a ratio of two alike. */
export type Dimension =
  | 'duration'
  | 'share'
  | 'count'
  | 'bytes'
  | 'usd'
  | 'count-rate'
  | 'byte-rate'
  | 'number';

/** Base units in a written one. The empty unit is a bare number. */
const DURATIONS: Readonly<Record<string, number>> = {
  us: 1,
  ms: 1e3,
  s: 1e6,
  m: 60e6,
  h: 3_600e6,
};
const BYTES: Readonly<Record<string, number>> = {
  B: 1,
  kB: 1e3,
  MB: 1e6,
  GB: 1e9,
  KiB: 1_024,
  MiB: 1_024 ** 2,
  GiB: 1_024 ** 3,
};
const PER: Readonly<Record<string, number>> = { '/s': 1, '/m': 1 / 60, '/h': 1 / 3_600 };

const UNITS: Readonly<Record<Dimension, Readonly<Record<string, number>>>> = {
  duration: DURATIONS,
  share: { '%': 0.01 },
  count: { '': 1 },
  bytes: BYTES,
  usd: { USD: 1 },
  'count-rate': PER,
  'byte-rate': Object.fromEntries(
    Object.entries(BYTES).flatMap(([unit, bytes]) =>
      Object.entries(PER).map(([per, rate]) => [unit + per, bytes * rate]),
    ),
  ),
  number: { '': 1, '%': 0.01 },
};

/** Units that a dimension is written in. */
export function unitsOf(dimension: Dimension): readonly string[] {
  return Object.keys(UNITS[dimension]);
}

/** A written number in the base unit, to 12 significant digits; undefined for a unit that the
 * dimension does not have. */
export function toBase(value: number, unit: string, dimension: Dimension): number | undefined {
  const factor = factorOf(UNITS[dimension], unit);
  return factor === undefined ? undefined : twelveDigits(twelveDigits(value) * factor);
}

/** A base value as it is written in a unit of any dimension, to 12 significant digits. */
export function fromBase(base: number, unit: string): number {
  const factors = Object.values(UNITS).map((units) => factorOf(units, unit));
  return twelveDigits(base / (factors.find((factor) => factor !== undefined) ?? 1));
}

/** A duration in the largest unit that leaves a whole number: `90s`, `1m`. */
export function durationText(us: number): string {
  if (us === 0) return '0s';
  const unit = wholeUnit(us, DURATIONS);
  return `${us / (DURATIONS[unit] ?? 1)}${unit}`;
}

/** The unit in which a base value reads best: the largest that leaves a whole number, a per cent,
 * or the dimension's first. */
export function readableUnit(base: number, dimension: Dimension): string {
  if (dimension === 'duration') return wholeUnit(base, DURATIONS);
  if (dimension === 'byte-rate') return 'B/s';
  return unitsOf(dimension)[0] ?? '';
}

/** A base value with its unit, for people: `450ms`, `0.1%`. */
export function quantityText(base: number, unit: string): string {
  return `${fromBase(base, unit)}${unit}`;
}

function factorOf(units: Readonly<Record<string, number>>, unit: string): number | undefined {
  return Object.hasOwn(units, unit) ? units[unit] : undefined;
}

function wholeUnit(us: number, units: Readonly<Record<string, number>>): string {
  const fitting = Object.entries(units).filter(([, factor]) => us % factor === 0);
  return us === 0 ? 'us' : (fitting.at(-1)?.[0] ?? 'us');
}

/** Decimal fractions survive a way there and back. */
function twelveDigits(value: number): number {
  return Number(value.toPrecision(12));
}
