/** Titles that were in sight: half of the element for a second, once for each page. Spec: B24. */
import { createSightWatch, type SightWatch } from '../capture/dwell.ts';
import type { CaptureContext, Watcher } from './capture-context.ts';
import { isWithin, placeOf } from './element-reader.ts';

const SHOWN = '[data-backlot-title][data-backlot-row],[data-backlot-title][data-backlot-slot]';
const SHARE = 0.5;
const MIN_MS = 1_000;

/** Watches what is shown. */
export function watchImpressions(context: CaptureContext): Watcher {
  const { win, environment, capture, later } = context;
  const { document } = win;
  let sights = freshWatch();
  let callOff: (() => void) | undefined;
  let known = new Set<Element>();
  const arm = () => {
    callOff?.();
    const dueMs = sights.dueAtMs();
    callOff =
      dueMs === undefined ? undefined : later(Math.max(0, dueMs - environment.uptimeMs()), look);
  };
  const look = () => {
    for (const element of sights.passed(environment.uptimeMs())) {
      capture('ui.impression', placeOf(element));
    }
    arm();
  };
  const observer = new win.IntersectionObserver(
    (entries) => {
      const atMs = environment.uptimeMs();
      const isVisible = document.visibilityState === 'visible';
      for (const { target, intersectionRatio } of entries) {
        sights.changed(target, isVisible && intersectionRatio >= SHARE, atMs);
      }
      arm();
    },
    { threshold: SHARE },
  );
  const follow = () => {
    const now = new Set(
      [...document.querySelectorAll(SHOWN)].filter(
        (one) => !isWithin(one, '[data-backlot-ignore]'),
      ),
    );
    for (const element of known) if (!now.has(element)) observer.unobserve(element);
    for (const element of now) if (!known.has(element)) observer.observe(element);
    known = now;
  };
  /** Has the observer tell anew what is in sight. */
  const again = () => {
    observer.disconnect();
    known = new Set();
    follow();
  };
  return {
    documentChanged: follow,
    pageBegan() {
      sights = freshWatch();
      again();
    },
    visible(isVisible) {
      look();
      sights.blinded();
      arm();
      if (isVisible) again();
    },
    stop: () => observer.disconnect(),
  };
}

function freshWatch(): SightWatch<Element> {
  return createSightWatch<Element>((element) => {
    const { titleId, row, slot } = placeOf(element);
    return JSON.stringify([titleId, row, slot]);
  }, MIN_MS);
}
