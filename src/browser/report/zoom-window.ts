/** The part of a horizontal axis that is shown, in shares of the whole: zooming about a place,
 * moving, and what a dragged stretch means. Pure. */

/** From and to as shares of the whole axis, 0 ≤ from < to ≤ 1. */
export interface ZoomSpan {
  readonly from: number;
  readonly to: number;
}

/** Everything. */
export const WHOLE_SPAN: ZoomSpan = { from: 0, to: 1 };

/** The narrowest stretch: finer than the data would show nothing. */
const SHARE_MIN = 0.02;

/** Makes the stretch `factor` times as long, the place (share of what is shown) staying where it
 * is; at most everything, at least a fiftieth. */
export function zoomed({ from, to }: ZoomSpan, factor: number, place: number): ZoomSpan {
  const length = Math.min(1, Math.max(SHARE_MIN, (to - from) * factor));
  const at = from + (to - from) * clamp(place);
  return within(at - length * clamp(place), length);
}

/** Moves it by a share of its own length. */
export function moved({ from, to }: ZoomSpan, share: number): ZoomSpan {
  const length = to - from;
  return within(from + length * share, length);
}

/** The stretch between two places of what is shown, in either order. */
export function between({ from, to }: ZoomSpan, a: number, b: number): ZoomSpan {
  const [first, last] = [clamp(Math.min(a, b)), clamp(Math.max(a, b))];
  const length = Math.max(SHARE_MIN, (to - from) * (last - first));
  return within(from + (to - from) * first, length);
}

/** Whether nothing is cut off. */
export function isWhole({ from, to }: ZoomSpan): boolean {
  return from <= 0 && to >= 1;
}

function within(from: number, length: number): ZoomSpan {
  const start = Math.min(1 - length, Math.max(0, from));
  return { from: start, to: start + length };
}

function clamp(share: number): number {
  return Math.min(1, Math.max(0, share));
}
