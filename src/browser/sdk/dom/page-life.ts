/** What a page lives through, as the SDK and autocapture hear of it. What autocapture still has to
 * tell comes before the SDK sends for the last time. Spec: B5, B14, B15. */
import type { SdkClient } from '../client.ts';
import type { Autocapture } from './autocapture.ts';
import type { Guard } from './capture-context.ts';

/** Follows a page. @param autocapture - Undefined while it is not there. @returns what ends it. */
export function followPage(
  win: Window,
  { client, guard }: { readonly client: SdkClient; readonly guard: Guard },
  autocapture: () => Autocapture | undefined,
): () => void {
  const { document } = win;
  const looked = () => {
    const isVisible = document.visibilityState === 'visible';
    autocapture()?.visible(isVisible);
    if (isVisible) client.shown();
    else client.hidden(false);
  };
  const left = () => {
    autocapture()?.leaving();
    client.hidden(true);
  };
  const back = (event: Event) => {
    if (!(event as PageTransitionEvent).persisted) return;
    client.shown();
    autocapture()?.cameBack();
  };
  const listeners: readonly (readonly [EventTarget, string, (event: Event) => void])[] = [
    [win, 'online', () => client.network(true)],
    [win, 'offline', () => client.network(false)],
    [win, 'storage', (event) => client.sharedChanged((event as StorageEvent).key)],
    [document, 'visibilitychange', looked],
    [document, 'freeze', () => client.hidden(false)],
    [document, 'resume', looked],
    [win, 'pagehide', left],
    [win, 'pageshow', back],
  ];
  const removals = listeners.map(([target, type, listener]) => {
    const guarded = (event: Event) => guard.run(() => listener(event));
    target.addEventListener(type, guarded, true);
    return () => target.removeEventListener(type, guarded, true);
  });
  return () => {
    for (const remove of removals) remove();
  };
}
