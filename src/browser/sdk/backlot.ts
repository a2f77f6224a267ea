/** The SDK for browsers: consent first, nothing lost that was captured, nothing of the page broken.
 * Autocapture is handed in, at once or later, so that the script which a page waits for is small.
 * Spec: B1–B33. */
import type { TrackedEventData, TrackedEventType } from '../../domain/tracked-event.ts';
import { createSdkClient } from './client.ts';
import type { Autocapture, AutocaptureStart } from './dom/autocapture.ts';
import { createGuard } from './dom/capture-context.ts';
import { followPage } from './dom/page-life.ts';
import { isTrackingRefused, windowEnvironment } from './dom/window-environment.ts';
import { type BacklotOptions, resolveOptions } from './options.ts';
import type { BacklotStats } from './stats.ts';

/** A running SDK. No call of it throws, whatever it is given. */
export interface BacklotHandle {
  /** Captures an event of the page's own. */
  track(type: TrackedEventType, data?: TrackedEventData): void;
  /** Somebody else from here on: a pseudonym, or nothing for somebody unknown. What was captured
   * before keeps the one it had. */
  identify(subject?: string): void;
  /** The person's decision. A refusal drops what waits and removes every trace in the browser. */
  consent(granted: boolean): void;
  /** Sends what waits, now. */
  flush(): void;
  /** Follows a video whose title no attribute tells. @returns what ends it. */
  observeVideo(video: HTMLVideoElement, about: { readonly titleId: string }): () => void;
  stats(): BacklotStats & { readonly errors: number };
  /** Stops, and leaves the page as it was. What is kept is sent by the next page. */
  stop(): void;
}

/** Hands over autocapture, when it is there. */
export type AutocaptureSource = (use: (start: AutocaptureStart) => void) => void;

/** Starts the SDK of this page.
 * @throws EngineError `SDK_BAD_OPTION` or `SDK_BAD_POLICY`; then nothing was started. */
export function startBacklot(options: BacklotOptions, source: AutocaptureSource): BacklotHandle {
  const resolved = resolveOptions(options);
  const win = globalThis.window;
  const guard = createGuard();
  const environment = windowEnvironment(win);
  const isSignalled = options.privacySignals !== 'ignore' && isTrackingRefused(win);
  const client = createSdkClient(resolved, environment, isSignalled);
  let autocapture: Autocapture | undefined;
  let isStopped = false;
  let waiting: ((there: Autocapture) => void)[] = [];
  const withAutocapture = (act: (there: Autocapture) => void) => {
    if (autocapture !== undefined) {
      act(autocapture);
      return;
    }
    waiting.push(act);
    if (waiting.length > 1) return;
    source((start) => {
      if (isStopped) return;
      const capture: typeof client.capture = (fact, agoUs) => client.capture(fact, agoUs);
      const there = start({ win, environment, options: resolved, guard, capture });
      autocapture = there;
      for (const one of waiting) guard.run(() => one(there));
      waiting = [];
    });
  };
  if (options.autocapture !== false) guard.run(() => withAutocapture(() => {}));
  const unfollow = followPage(win, { client, guard }, () => autocapture);
  return {
    track: (type, data = {}) => guard.run(() => client.capture({ type, data })),
    identify: (subject) => guard.run(() => client.identify(subject)),
    consent: (granted) => guard.run(() => client.consent(granted === true)),
    flush: () => guard.run(() => client.flush()),
    observeVideo(video, { titleId }) {
      let stop: (() => void) | undefined;
      let isOver = false;
      guard.run(() =>
        withAutocapture(({ videos }) => {
          if (!isOver) stop = videos.observe(video, titleId);
        }),
      );
      return () => {
        isOver = true;
        guard.run(() => stop?.());
      };
    },
    stats: () => ({ ...client.stats(), errors: guard.errors }),
    stop() {
      unfollow();
      guard.run(() => autocapture?.stop());
      isStopped = true;
      guard.run(() => client.stop());
    },
  };
}
