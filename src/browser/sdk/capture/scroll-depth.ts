/** How far down a page somebody has scrolled: the share of the way that can be scrolled, told when
 * it first reaches a quarter, a half, three quarters and the end. Spec: B23. */

const STEPS = [25, 50, 75, 100] as const;
/** Fractions of a pixel, which zoomed pages have, keep nobody from the end. */
const SLACK_PIXELS = 2;

/** Where a page stands. Lengths in pixels. */
export interface ScrollPlace {
  readonly top: number;
  readonly height: number;
  readonly windowHeight: number;
}

/** Follows one page. */
export interface ScrollWatch {
  /** @returns the steps that were reached, ascending. */
  scrolled(place: ScrollPlace): readonly number[];
  /** In whole percent; undefined where nobody scrolled. */
  readonly maxPercent: number | undefined;
}

/** Begins a page. */
export function createScrollWatch(): ScrollWatch {
  let max: number | undefined;
  return {
    scrolled({ top, height, windowHeight }) {
      const way = height - windowHeight;
      if (way <= SLACK_PIXELS) return [];
      const share = top >= way - SLACK_PIXELS ? 1 : Math.max(0, top) / way;
      const before = max ?? 0;
      max = Math.max(before, Math.floor(share * 100));
      const reached = max;
      return STEPS.filter((step) => before < step && step <= reached);
    },
    get maxPercent() {
      return max;
    },
  };
}
