/** Pointers that rest on what can be pressed or is a title. Fingers do not hover. Spec: B22. */
import { createHoverWatch } from '../capture/dwell.ts';
import type { CaptureContext, Watcher } from './capture-context.ts';
import { CLICKABLE, describeElement, elementOf, nearest, placeOf } from './element-reader.ts';

interface Hovered {
  readonly target: string;
  readonly place: ReturnType<typeof placeOf>;
}

/** Watches hovers. */
export function watchHovers({ win, environment, capture, listen }: CaptureContext): Watcher {
  const watch = createHoverWatch<Hovered>(({ target, place }) =>
    JSON.stringify([target, place.titleId, place.row, place.slot]),
  );
  const moved = (to: Hovered | undefined) => {
    const stay = watch.moved(to, environment.uptimeMs());
    if (stay === undefined) return;
    const { thing, lengthMs } = stay;
    const durationSeconds = Math.round(lengthMs / 100) / 10;
    capture('ui.hover', { target: thing.target, ...thing.place, durationSeconds }, lengthMs);
  };
  const away = () => moved(undefined);
  listen(win.document, 'pointerover', (event) => {
    if ((event as PointerEvent).pointerType === 'touch' || !event.isTrusted) return;
    const element = elementOf(event);
    const over = element && nearest(element, `[data-backlot-title],${CLICKABLE}`);
    moved(over && { target: describeElement(over), place: placeOf(over) });
  });
  listen(win.document.documentElement, 'pointerleave', (event) => {
    if (event.target === win.document.documentElement) away();
  });
  return { pageEnds: away, leaving: away, stop: away, visible: away };
}
