/** All watchers of a page together, and what they hear of its life. Spec: B17, B20–B29. */

import { routeOf } from '../capture/page-address.ts';
import type { BrowserEnvironment } from '../environment.ts';
import type { AutocaptureOptions, BacklotFact, ResolvedOptions, ShownPage } from '../options.ts';
import { type CaptureContext, createUndoing, type Guard, type Watcher } from './capture-context.ts';
import { attributeOf } from './element-reader.ts';
import { watchClicks } from './watch-clicks.ts';
import { watchHovers } from './watch-hovers.ts';
import { watchImpressions } from './watch-impressions.ts';
import { watchPages } from './watch-pages.ts';
import { watchScroll } from './watch-scroll.ts';
import { watchSearch } from './watch-search.ts';
import { type VideoWatcher, watchVideos } from './watch-videos.ts';

/** Autocapture under way. */
export interface Autocapture {
  readonly videos: VideoWatcher;
  /** The document may end now: everything is told. */
  leaving(): void;
  /** It came back after all. */
  cameBack(): void;
  visible(isVisible: boolean): void;
  stop(): void;
}

/** What autocapture is given. */
export interface AutocaptureParts {
  readonly win: Window & typeof globalThis;
  readonly environment: BrowserEnvironment;
  readonly options: ResolvedOptions;
  readonly guard: Guard;
  capture(fact: BacklotFact, agoUs: number): void;
}

const NAMES = ['data-backlot-title', 'data-backlot-row', 'data-backlot-slot'];
/** Changes of the document are looked at together. */
const SETTLES_MS = 50;

/** How it is started. */
export type AutocaptureStart = (parts: AutocaptureParts) => Autocapture;

/** Starts it. */
export function startAutocapture(parts: AutocaptureParts): Autocapture {
  const { win, environment, options, guard } = parts;
  const { autocapture = true } = options;
  const asked: AutocaptureOptions = typeof autocapture === 'object' ? autocapture : {};
  const isOn = (name: keyof AutocaptureOptions) => autocapture !== false && asked[name] !== false;
  const undoing = createUndoing(guard);
  const watchers: Watcher[] = [];
  const tellAll = (act: (watcher: Watcher) => void) => {
    for (const watcher of watchers) guard.run(() => act(watcher));
  };
  const page = () => options.pageOf?.(new URL(win.location.href)) ?? defaultPage(win);
  const context: CaptureContext = {
    win,
    environment,
    page,
    capture(type, data, agoMs = 0) {
      const agoUs = Math.max(0, Math.round(agoMs * 1_000));
      parts.capture({ type, data: { page: page().page, ...data } }, agoUs);
    },
    listen(target, type, listener) {
      const safe = (event: Event) => guard.run(() => listener(event));
      const how = { capture: true, passive: true };
      target.addEventListener(type, safe, how);
      undoing.add(() => target.removeEventListener(type, safe, how));
    },
    later(delayMs, call) {
      const callOff = environment.later(delayMs, () => {
        forget();
        guard.run(call);
      });
      const forget = undoing.add(callOff);
      return forget;
    },
    tell: (what) => tellAll((watcher) => watcher[what]?.()),
  };
  const depth = isOn('scroll') ? watchScroll(context) : undefined;
  const videos = watchVideos(context, isOn('videos'));
  if (isOn('search')) watchers.push(watchSearch(context));
  if (isOn('hovers')) watchers.push(watchHovers(context));
  if (depth !== undefined) watchers.push(depth);
  if (isOn('pages')) watchers.push(watchPages(context, depth));
  if (isOn('clicks') || isOn('rageClicks') || isOn('deadClicks')) {
    watchers.push(watchClicks(context, asked));
  }
  if (isOn('impressions')) watchers.push(watchImpressions(context));
  watchers.push(videos);
  let isToLook = false;
  const observer = new win.MutationObserver(() => {
    if (isToLook) return;
    isToLook = true;
    context.later(SETTLES_MS, () => {
      isToLook = false;
      tellAll((watcher) => watcher.documentChanged?.());
    });
  });
  observer.observe(win.document, { childList: true, subtree: true, attributeFilter: NAMES });
  undoing.add(() => observer.disconnect());
  context.tell('pageBegan');
  // Videos end their plays before the page they play on is left.
  const leaving = () => tellAll((watcher) => watcher.leaving?.());
  return {
    videos,
    leaving() {
      videos.leaving?.();
      leaving();
    },
    cameBack: () => context.tell('pageBegan'),
    visible: (isVisible) => tellAll((watcher) => watcher.visible?.(isVisible)),
    stop() {
      tellAll((watcher) => watcher.stop?.());
      undoing.all();
    },
  };
}

function defaultPage({ document, location }: Window): ShownPage {
  const page = document.body && attributeOf(document.body, 'data-backlot-page');
  return { page: page || routeOf(location) };
}
