/** Clicks, clicks in a rage, and clicks that nothing comes of. Spec: B20, B21. */
import { createDeadClickWatch, DEAD_CLICK_MS } from '../capture/dead-clicks.ts';
import { createRageWatch, DEFAULT_RAGE_POLICY } from '../capture/rage-clicks.ts';
import type { AutocaptureOptions } from '../options.ts';
import type { CaptureContext, Watcher } from './capture-context.ts';
import {
  CLICKABLE,
  describeElement,
  elementOf,
  isWithin,
  nearest,
  placeOf,
} from './element-reader.ts';

/** Signs that something came of a click. Those of media do not bubble, but can be caught. */
const STIRRING = ['scroll', 'input', 'change', 'toggle', 'play', 'pause', 'submit', 'keydown'];

/** Watches clicks. */
export function watchClicks(context: CaptureContext, options: AutocaptureOptions): Watcher {
  const { win, environment, capture, listen } = context;
  const { document } = win;
  const isRage = createRageWatch();
  const dead = createDeadClickWatch<Element>();
  let last: Element | undefined;
  const observer = new win.MutationObserver((records) => {
    const isReal = ({ target }: MutationRecord) =>
      !(target instanceof Element && isWithin(target, '[data-backlot-ignore]'));
    if (records.some(isReal)) stirred();
  });
  const stirred = () => {
    dead.stirred();
    observer.disconnect();
  };
  const followUp = (element: Element) => {
    dead.clicked(element, environment.uptimeMs());
    const all = { childList: true, attributes: true, characterData: true, subtree: true };
    observer.observe(document, all);
    context.later(DEAD_CLICK_MS, () => {
      for (const one of dead.passed(environment.uptimeMs())) {
        capture('ui.dead_click', dataOf(one), DEAD_CLICK_MS);
      }
      if (!dead.isWaiting) observer.disconnect();
    });
  };
  listen(document, 'click', (event) => {
    const element = event.isTrusted ? elementOf(event) : undefined;
    if (element === undefined) return;
    // A click on a label clicks what it labels, too.
    const label = last && nearest(last, 'label');
    last = element;
    if (label instanceof HTMLLabelElement && label !== element && label.control === element) return;
    const data = dataOf(element);
    if (options.clicks !== false) capture('ui.click', data);
    const { clientX: x, clientY: y } = event as MouseEvent;
    if (options.rageClicks !== false && isRage({ x, y, atMs: environment.uptimeMs() })) {
      capture('ui.rage_click', { ...data, clickCount: DEFAULT_RAGE_POLICY.clicks });
    }
    if (options.deadClicks !== false && promises(element, win)) followUp(element);
  });
  if (options.deadClicks !== false) {
    for (const type of STIRRING) listen(document, type, stirred);
    listen(win, 'blur', stirred);
    listen(document, 'selectionchange', () => {
      if (document.getSelection()?.isCollapsed === false) stirred();
    });
  }
  return { pageEnds: stirred, leaving: stirred, stop: stirred };
}

function dataOf(element: Element) {
  return { target: describeElement(element), ...placeOf(element) };
}

/** Whether something in this document should come of a click. */
function promises(element: Element, win: Window): boolean {
  const link = nearest(element, 'a[href]');
  if (link instanceof HTMLAnchorElement) {
    return /^https?:$/.test(link.protocol) && !link.download && link.target !== '_blank';
  }
  if (isWithin(element, 'input,select,textarea,label,video,audio')) return false;
  return isWithin(element, CLICKABLE) || win.getComputedStyle(element).cursor === 'pointer';
}
