/** What a reader's pointer, wheel and keys mean to a chart. A wheel zooms only in a chart that has
 * the focus, or with the control key, so that the page can be scrolled over charts. */
import type { ChartZoom } from '../../report/charts/drawing.ts';
import { between, moved, WHOLE_SPAN, type ZoomSpan, zoomed } from './zoom-window.ts';

/** The chart and what it does. */
export interface GestureTarget {
  readonly size: { readonly widthPx: number; readonly heightPx: number };
  readonly zoom: ChartZoom | undefined;
  spanNow(): ZoomSpan;
  /** Where the cursor is, as a share of what is shown; the middle where there is none. */
  placeNow(): number;
  onSpan(span: ZoomSpan): void;
  /** A stretch that is being dragged, in pixels of the drawing. */
  onMark(stretch: { readonly from: number; readonly to: number } | undefined): void;
  /** The pointer, in pixels of the drawing; undefined where it left. */
  onPoint(pointer: { readonly x: number; readonly y: number } | undefined): void;
  /** One stop on or back, or to the first or last (∓∞). */
  onStep(step: number): void;
}

/** Shorter drags are clicks. */
const DRAG_MIN_PX = 8;
const WHEEL_FACTOR = 1.25;
const PAN_SHARE = 0.25;

/** Listens to the plot of a chart. */
export function listenToGestures(plot: HTMLElement, target: GestureTarget): void {
  listenToPointer(plot, target);
  plot.addEventListener('keydown', (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.target !== plot) return;
    if (onKey(event, target)) event.preventDefault();
  });
  plot.addEventListener('blur', () => target.onPoint(undefined));
  if (target.zoom === undefined) return;
  const { zoom } = target;
  plot.addEventListener('dblclick', () => target.onSpan(WHOLE_SPAN));
  plot.addEventListener(
    'wheel',
    (event) => {
      if (!event.ctrlKey && document.activeElement !== plot) return;
      event.preventDefault();
      const factor = event.deltaY < 0 ? 1 / WHEEL_FACTOR : WHEEL_FACTOR;
      const place = shareAt(zoom, pointerOf(plot, target, event).x);
      target.onSpan(zoomed(target.spanNow(), factor, place));
    },
    { passive: false },
  );
}

function listenToPointer(plot: HTMLElement, target: GestureTarget): void {
  let from: number | undefined;
  const end = (): void => {
    from = undefined;
    target.onMark(undefined);
  };
  plot.addEventListener('pointermove', (event) => {
    const pointer = pointerOf(plot, target, event);
    if (from === undefined || Math.abs(pointer.x - from) < DRAG_MIN_PX) target.onPoint(pointer);
    else target.onMark({ from, to: pointer.x });
  });
  plot.addEventListener('pointerleave', () => target.onPoint(undefined));
  plot.addEventListener('pointercancel', end);
  plot.addEventListener('pointerdown', (event) => {
    const pointer = pointerOf(plot, target, event);
    target.onPoint(pointer);
    if (target.zoom === undefined || event.button !== 0) return;
    from = pointer.x;
    plot.setPointerCapture(event.pointerId);
  });
  plot.addEventListener('pointerup', (event) => {
    const start = from;
    end();
    if (start === undefined || target.zoom === undefined) return;
    const { x } = pointerOf(plot, target, event);
    if (Math.abs(x - start) < DRAG_MIN_PX) return;
    const [a, b] = [shareAt(target.zoom, start), shareAt(target.zoom, x)];
    target.onSpan(between(target.spanNow(), a, b));
  });
}

/** Whether the key means something here. */
function onKey({ key, shiftKey }: KeyboardEvent, target: GestureTarget): boolean {
  const steps: Readonly<Record<string, number>> = {
    ArrowLeft: -1,
    ArrowUp: -1,
    ArrowRight: 1,
    ArrowDown: 1,
    Home: Number.NEGATIVE_INFINITY,
    End: Number.POSITIVE_INFINITY,
  };
  const step = steps[key];
  if (step !== undefined && !(shiftKey && target.zoom !== undefined)) {
    target.onStep(step);
    return true;
  }
  if (key === 'Escape') {
    target.onPoint(undefined);
    return true;
  }
  if (target.zoom === undefined) return false;
  const span = target.spanNow();
  const spans: Readonly<Record<string, ZoomSpan>> = {
    ArrowLeft: moved(span, -PAN_SHARE),
    ArrowRight: moved(span, PAN_SHARE),
    '+': zoomed(span, 0.5, target.placeNow()),
    '=': zoomed(span, 0.5, target.placeNow()),
    '-': zoomed(span, 2, target.placeNow()),
    '0': WHOLE_SPAN,
  };
  const next = spans[key];
  if (next === undefined) return false;
  target.onSpan(next);
  return true;
}

/** In pixels of the drawing, which the page shows in any size. */
function pointerOf(
  plot: HTMLElement,
  { size }: GestureTarget,
  { clientX, clientY }: MouseEvent,
): { readonly x: number; readonly y: number } {
  const box = plot.getBoundingClientRect();
  return {
    x: ((clientX - box.left) * size.widthPx) / box.width,
    y: ((clientY - box.top) * size.heightPx) / box.height,
  };
}

function shareAt({ leftPx, rightPx }: ChartZoom, xPx: number): number {
  return Math.min(1, Math.max(0, (xPx - leftPx) / (rightPx - leftPx)));
}
