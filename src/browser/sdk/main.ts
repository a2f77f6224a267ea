/** The SDK as a script of a page: `backlot` on the window. Autocapture is a script of its own: it
 * is taken from beside this one once it is needed, unless the page has it already. Spec: B33. */
import { type AutocaptureSource, startBacklot } from './backlot.ts';
import type { AutocaptureStart } from './dom/autocapture.ts';
import type { BacklotOptions } from './options.ts';

const { currentScript } = document;
const own = currentScript instanceof HTMLScriptElement ? currentScript.src : '';
let known: AutocaptureStart | undefined;
let waiting: ((start: AutocaptureStart) => void)[] = [];

const source: AutocaptureSource = (use) => {
  if (known !== undefined) {
    use(known);
    return;
  }
  waiting.push(use);
  if (waiting.length > 1 || own === '') return;
  const script = document.createElement('script');
  script.src = new URL('sdk-capture.js', own).href;
  document.head.append(script);
};

Object.assign(globalThis, {
  backlot: {
    init: (options: BacklotOptions) => startBacklot(options, source),
    autocapture(start: AutocaptureStart) {
      known = start;
      const there = waiting;
      waiting = [];
      for (const use of there) use(start);
    },
  },
});
