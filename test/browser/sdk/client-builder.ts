/** Makes clients in fake tabs. */
import { createSdkClient, type SdkClient } from '../../../src/browser/sdk/client.ts';
import { type BacklotOptions, resolveOptions } from '../../../src/browser/sdk/options.ts';
import type { FakeTab } from './fake-browser.ts';

/** Where the collector is. */
export const URL_OF_COLLECTOR = 'https://collect.example/v1/batch';

/** A client, without asking for consent unless told to. */
export function clientIn(
  tab: FakeTab,
  options: Partial<BacklotOptions> = {},
  isSignalled = false,
): SdkClient {
  const all = { url: URL_OF_COLLECTOR, writeKey: 'wk-demo', consent: 'not-needed' as const };
  return createSdkClient(resolveOptions({ ...all, ...options }), tab, isSignalled);
}

/** Captures clicks on targets. */
export function click(client: SdkClient, ...targets: readonly string[]): void {
  for (const target of targets) client.capture({ type: 'ui.click', data: { target } });
}
