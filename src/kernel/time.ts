/** Virtual time: integer microseconds since the start of a run, exact in a double for 285 years.
 * Durations are branded so that a bare number cannot be taken for one; inside the kernel, times
 * are plain numbers whose names end in `Us`. */

declare const durationBrand: unique symbol;

/** A length of virtual time in whole microseconds. Made by {@link us}, {@link ms} and so on. */
export type DurationUs = number & { readonly [durationBrand]: 'us' };

const US_PER_MS = 1_000;
/** Microseconds in one second. */
export const US_PER_SECOND = 1_000_000;
/** Microseconds in one minute. */
export const US_PER_MINUTE = 60 * US_PER_SECOND;
/** Microseconds in one hour. */
export const US_PER_HOUR = 60 * US_PER_MINUTE;

/** `n` microseconds, rounded to a whole one. */
export function us(n: number): DurationUs {
  return Math.round(n) as DurationUs;
}

/** `n` milliseconds. */
export function ms(n: number): DurationUs {
  return us(n * US_PER_MS);
}

/** `n` seconds. */
export function seconds(n: number): DurationUs {
  return us(n * US_PER_SECOND);
}

/** `n` minutes. */
export function minutes(n: number): DurationUs {
  return us(n * US_PER_MINUTE);
}

/** `n` hours. */
export function hours(n: number): DurationUs {
  return us(n * US_PER_HOUR);
}
