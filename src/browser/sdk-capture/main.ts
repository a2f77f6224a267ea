/** Autocapture as a script of its own, behind the SDK's. Spec: B33. */
import { type AutocaptureStart, startAutocapture } from '../sdk/dom/autocapture.ts';

declare const backlot: { autocapture(start: AutocaptureStart): void };

backlot.autocapture(startAutocapture);
