/** Page views and what became of them: in documents of their own, and in single pages that change
 * their address. `history` is watched while the SDK runs, and is as it was after it. Spec: B25. */
import { cleanAddress, routeOf } from '../capture/page-address.ts';
import type { CaptureContext, Watcher } from './capture-context.ts';
import { present } from './element-reader.ts';
import type { DepthWatcher } from './watch-scroll.ts';

/** Watches pages. @param depth - Who knows how far down people came. */
export function watchPages(context: CaptureContext, depth: DepthWatcher | undefined): Watcher {
  const { win, environment, capture, listen, tell } = context;
  const { history, location, document } = win;
  let referrer = cleanAddress(document.referrer);
  let route: string | undefined;
  let seenMs = 0;
  let sinceMs: number | undefined;
  const look = (isVisible: boolean) => {
    const nowMs = environment.uptimeMs();
    if (sinceMs !== undefined) seenMs += nowMs - sinceMs;
    sinceMs = isVisible ? nowMs : undefined;
  };
  const isVisible = () => document.visibilityState === 'visible';
  const begin = () => {
    route = routeOf(location);
    seenMs = 0;
    sinceMs = isVisible() ? environment.uptimeMs() : undefined;
    const pageUrl = cleanAddress(location.href);
    capture('page.view', present({ titleId: context.page().titleId, pageUrl, referrer }));
    referrer = pageUrl;
  };
  const end = () => {
    if (route === undefined) return;
    look(isVisible());
    route = undefined;
    const durationSeconds = Math.round(seenMs / 100) / 10;
    const scrollDepthPercent = depth?.maxPercent;
    capture('page.leave', present({ ...left, durationSeconds, scrollDepthPercent }));
  };
  /** What is left: by now the address may say another page. */
  let left = {};
  const moved = () => {
    if (route === undefined || routeOf(location) === route) return;
    tell('pageEnds');
    tell('pageBegan');
  };
  listen(win, 'popstate', moved);
  listen(win, 'hashchange', moved);
  const restore = [
    watchMethod(history, 'pushState', moved),
    watchMethod(history, 'replaceState', moved),
  ];
  return {
    pageBegan() {
      begin();
      const { page, titleId } = context.page();
      left = { page, titleId };
    },
    pageEnds: end,
    leaving: end,
    visible: look,
    stop() {
      for (const one of restore) one();
    },
  };
}

/** Calls after each call of a method. @returns what puts the method back as it was; where somebody
 * has put another in its place meanwhile, ours only hands on. */
function watchMethod(
  history: History,
  name: 'pushState' | 'replaceState',
  after: () => void,
): () => void {
  const own = Object.getOwnPropertyDescriptor(history, name);
  const before = history[name];
  let isWatching = true;
  const watched: History['pushState'] = function (this: History, ...args) {
    before.apply(this, args);
    if (isWatching) after();
  };
  history[name] = watched;
  return () => {
    isWatching = false;
    if (history[name] !== watched) return;
    if (own === undefined) delete (history as Partial<History>)[name];
    else Object.defineProperty(history, name, own);
  };
}
