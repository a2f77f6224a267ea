/** Clicks that nothing came of: what looks as if it could be clicked was clicked, and for a second
 * nothing on the page changed, moved, played or went away. Source: PostHog's dead clicks. Spec:
 * B21. */

/** A click that waits for its effect. */
interface Pending<Click> {
  readonly click: Click;
  readonly atMs: number;
}

/** Follows clicks. */
export interface DeadClickWatch<Click> {
  clicked(click: Click, atMs: number): void;
  /** Something came of whatever was clicked. */
  stirred(): void;
  /** @returns the clicks that nothing came of. */
  passed(atMs: number): readonly Click[];
  readonly isWaiting: boolean;
}

/** How long an effect may take. */
export const DEAD_CLICK_MS = 1_000;

/** Begins to follow. */
export function createDeadClickWatch<Click>(afterMs = DEAD_CLICK_MS): DeadClickWatch<Click> {
  let pending: readonly Pending<Click>[] = [];
  return {
    clicked(click, atMs) {
      // A rage at a dead thing is one dead click.
      if (pending.some((one) => one.click === click)) return;
      pending = [...pending, { click, atMs }];
    },
    stirred() {
      pending = [];
    },
    passed(atMs) {
      const dead = pending.filter((one) => atMs - one.atMs >= afterMs);
      pending = pending.filter((one) => atMs - one.atMs < afterMs);
      return dead.map(({ click }) => click);
    },
    get isWaiting() {
      return pending.length > 0;
    },
  };
}
