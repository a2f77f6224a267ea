/** The SDK as a module for bundlers: whole, autocapture included. */
import { type BacklotHandle, startBacklot } from './backlot.ts';
import { startAutocapture } from './dom/autocapture.ts';
import type { BacklotOptions } from './options.ts';

export type { TrackedEventData, TrackedEventType } from '../../domain/tracked-event.ts';
export type { SdkPolicy } from '../../sdk/sdk-policy.ts';
export type { BacklotHandle } from './backlot.ts';
export type { AutocaptureOptions, BacklotFact, BacklotOptions, ShownPage } from './options.ts';
export type { BacklotStats } from './stats.ts';

/** Starts the SDK of this page.
 * @throws EngineError `SDK_BAD_OPTION` or `SDK_BAD_POLICY`; then nothing was started. */
export function init(options: BacklotOptions): BacklotHandle {
  return startBacklot(options, (use) => use(startAutocapture));
}
