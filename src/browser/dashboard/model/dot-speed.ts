/** How links look at a rate: wider and with more dots the more calls there are, by the logarithm,
 * so that 3 and 30,000 calls a second can stand in one drawing. Spec: L71. */

/** Distance of the dots on a link, px. */
export const DOT_GAP_PX = 26;
const DOTS_PER_SEC_MAX = 6;
const WIDTH_MIN_PX = 1.5;
const WIDTH_MAX_PX = 9;
/** Calls a second at which nothing grows any more. */
const RATE_MAX = 100_000;

/** Dots that pass a place in a second; 0 where nobody calls. */
export function dotsPerSec(callsPerSec: number): number {
  return callsPerSec <= 0 ? 0 : 0.4 + (DOTS_PER_SEC_MAX - 0.4) * scaled(callsPerSec);
}

/** Width of a link, px. */
export function linkWidthPx(callsPerSec: number): number {
  return WIDTH_MIN_PX + (WIDTH_MAX_PX - WIDTH_MIN_PX) * scaled(callsPerSec);
}

function scaled(rate: number): number {
  return Math.min(1, Math.log1p(Math.max(0, rate)) / Math.log1p(RATE_MAX));
}
