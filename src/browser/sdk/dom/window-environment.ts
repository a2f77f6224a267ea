/** A real window as the SDK's environment. What a page may replace later is taken now. */
import type { BrowserEnvironment, TextStore } from '../environment.ts';

/** The environment of a window. */
export function windowEnvironment(win: Window & typeof globalThis): BrowserEnvironment {
  const { navigator, performance, crypto } = win;
  const fetch = win.fetch.bind(win);
  const setTimer = win.setTimeout.bind(win);
  const clearTimer = win.clearTimeout.bind(win);
  const { locks } = navigator;
  return {
    wallMs: () => Date.now(),
    uptimeMs: () => performance.now(),
    isOnline: () => navigator.onLine !== false,
    async post({ url, headers, body, keepalive, signal }) {
      const answer = await fetch(url, {
        method: 'POST',
        headers,
        body,
        keepalive,
        signal,
        credentials: 'omit',
        redirect: 'error',
        cache: 'no-store',
        referrerPolicy: 'no-referrer',
      });
      return {
        status: answer.status,
        header: (name) => answer.headers.get(name),
        text: () => answer.text(),
      };
    },
    beacon(url, text) {
      const body = new Blob([text], { type: 'text/plain' });
      return navigator.sendBeacon?.(url, body) ?? false;
    },
    gzip:
      'CompressionStream' in win
        ? (text) =>
            new Response(
              new Blob([text]).stream().pipeThrough(new CompressionStream('gzip')),
            ).blob()
        : undefined,
    // biome-ignore lint/plugin: names of people must be unguessable; nothing is simulated.
    randomBytes: (count) => crypto.getRandomValues(new Uint8Array(count)),
    // Never 0, and never 1.
    // biome-ignore lint/plugin: the pauses of real browsers are drawn anew.
    uniform: () => (Math.random() + Number.EPSILON) / (1 + 2 * Number.EPSILON),
    later(delayMs, call) {
      const timer = setTimer(call, delayMs);
      return () => clearTimer(timer);
    },
    shared: storeOf(() => win.localStorage),
    ownTab: storeOf(() => win.sessionStorage),
    exclusively(name, call) {
      if (locks === undefined) call();
      else
        void locks.request(name, { ifAvailable: true }, (lock) => lock && call()).catch(() => {});
    },
  };
}

/** A browser that forbids storage throws at the first touch. */
function storeOf(touch: () => Storage): TextStore | undefined {
  try {
    return touch();
  } catch {
    return undefined;
  }
}

/** Whether the browser says that its user wants nobody to track them. */
export function isTrackingRefused(win: Window): boolean {
  const { globalPrivacyControl, doNotTrack } = win.navigator as Navigator & {
    readonly globalPrivacyControl?: boolean;
  };
  return globalPrivacyControl === true || doNotTrack === '1';
}
