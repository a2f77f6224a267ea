/** Clicks in a rage: several in a moment on one spot. Told once for each fit of it, with the third
 * click; a fit ends with a click elsewhere or a pause. Numbers are those of PostHog's autocapture.
 * Spec: B21. */

/** When clicks are in a rage. */
export interface RagePolicy {
  readonly clicks: number;
  readonly withinMs: number;
  readonly withinPixels: number;
}

/** Three clicks within a second and 30 pixels. */
export const DEFAULT_RAGE_POLICY: RagePolicy = { clicks: 3, withinMs: 1_000, withinPixels: 30 };

/** Where and when somebody clicked. */
export interface ClickPoint {
  readonly x: number;
  readonly y: number;
  readonly atMs: number;
}

/** Looks for rage. @returns of each click, whether rage begins with it. */
export function createRageWatch(policy = DEFAULT_RAGE_POLICY): (click: ClickPoint) => boolean {
  let run: ClickPoint[] = [];
  let isRaging = false;
  return (click) => {
    const last = run.at(-1);
    const isNear =
      last !== undefined &&
      Math.hypot(click.x - last.x, click.y - last.y) <= policy.withinPixels &&
      click.atMs - last.atMs <= policy.withinMs;
    if (!isNear) {
      run = [click];
      isRaging = false;
      return false;
    }
    run = [...run.filter(({ atMs }) => click.atMs - atMs <= policy.withinMs), click];
    if (isRaging || run.length < policy.clicks) return false;
    isRaging = true;
    return true;
  };
}
