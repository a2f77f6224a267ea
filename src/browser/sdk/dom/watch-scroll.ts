/** How far down the page somebody scrolls. Spec: B23. */
import { createScrollWatch } from '../capture/scroll-depth.ts';
import type { CaptureContext, Watcher } from './capture-context.ts';

/** A watch that can say how far it came. */
export interface DepthWatcher extends Watcher {
  readonly maxPercent: number | undefined;
}

/** So often at most is looked: a page tells of its scrolling with each frame. */
const LOOK_MS = 100;

/** Watches scrolling. */
export function watchScroll({ win, capture, listen, later }: CaptureContext): DepthWatcher {
  let watch = createScrollWatch();
  let callOff: (() => void) | undefined;
  const look = () => {
    callOff = undefined;
    const { scrollHeight: height } = win.document.documentElement;
    const steps = watch.scrolled({ top: win.scrollY, height, windowHeight: win.innerHeight });
    for (const step of steps) capture('ui.scroll', { scrollDepthPercent: step });
  };
  const lookNow = () => {
    if (callOff === undefined) return;
    callOff();
    look();
  };
  listen(win.document, 'scroll', (event) => {
    if (event.target === win.document) callOff ??= later(LOOK_MS, look);
  });
  return {
    pageEnds: lookNow,
    pageBegan() {
      watch = createScrollWatch();
    },
    leaving: lookNow,
    get maxPercent() {
      return watch.maxPercent;
    },
  };
}
