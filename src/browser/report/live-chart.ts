/** One chart of the page made interactive: the drawing of the server stays until a reader does
 * something, and comes back where anything fails. Spec: R63, R65. */
import { type ChartSpec, drawChart } from '../../report/charts/chart-spec.ts';
import type { ChartDrawing } from '../../report/charts/drawing.ts';
import { type ChartCanvas, openCanvas } from '../charts/chart-canvas.ts';
import { listenToGestures } from './chart-gestures.ts';
import { type ChartParts, chartParts, stopSentence } from './chart-parts.ts';
import { nearestStop, nextStop, type StopPlace } from './nearest-stop.ts';
import { isWhole, WHOLE_SPAN, type ZoomSpan, zoomed } from './zoom-window.ts';

/** A chart, its reader and the charts that it is linked to. */
export interface LiveChart {
  readonly figure: HTMLElement;
  /** Charts over the same time have the same link. */
  readonly link: 'time' | undefined;
  setSpan(span: ZoomSpan): void;
  setHidden(names: ReadonlySet<string>): void;
  /** Shows the line of a cursor that is in another chart. */
  pointAt(x: number | undefined): void;
  /** The drawing of the server again, for paper; and the live one. */
  showStatic(isStatic: boolean): void;
}

/** What a chart tells the others. */
export interface ChartListener {
  zoomed(chart: LiveChart, span: ZoomSpan): void;
  pointed(chart: LiveChart, x: number | undefined): void;
  say(sentence: string): void;
}

/** Makes the chart of a figure interactive; undefined where it has none or it cannot be. */
export function openLiveChart(figure: HTMLElement, listener: ChartListener): LiveChart | undefined {
  const data = figure.querySelector('script.chart')?.textContent;
  const drawn = figure.querySelector<SVGSVGElement>('svg.chart');
  if (data === undefined || data === null || drawn === null) return undefined;
  const spec = JSON.parse(data) as ChartSpec;
  return new ChartOfFigure(figure, { spec, drawn, listener });
}

class ChartOfFigure implements LiveChart {
  readonly figure: HTMLElement;
  readonly link: 'time' | undefined;
  readonly #spec: ChartSpec;
  readonly #static: SVGSVGElement;
  readonly #listener: ChartListener;
  readonly #parts: ChartParts;
  #drawing: ChartDrawing;
  #canvas: ChartCanvas | undefined;
  #span = WHOLE_SPAN;
  #hidden: ReadonlySet<string> = new Set();
  /** Values at the ends of the whole axis. */
  #ends: readonly [number, number] = [0, 1];
  #places: readonly StopPlace[] | undefined;
  #stop: number | undefined;
  #hasFailed = false;

  constructor(
    figure: HTMLElement,
    given: {
      readonly spec: ChartSpec;
      readonly drawn: SVGSVGElement;
      readonly listener: ChartListener;
    },
  ) {
    this.figure = figure;
    this.#spec = given.spec;
    this.#static = given.drawn;
    this.#listener = given.listener;
    this.#drawing = drawChart(given.spec, {});
    this.link = this.#drawing.zoom?.link;
    this.#parts = chartParts(this.#drawing, {
      detailsId: given.drawn.getAttribute('aria-details') ?? '',
      onTool: (name) => {
        if (name === 'whole') this.#zoom(WHOLE_SPAN);
        else this.#zoom(zoomed(this.#span, name === 'in' ? 0.5 : 2, 0.5));
      },
    });
    this.#putInPlace();
  }

  setSpan(span: ZoomSpan): void {
    this.#span = span;
    this.#draw();
  }

  setHidden(names: ReadonlySet<string>): void {
    this.#hidden = names;
    this.#draw();
  }

  pointAt(x: number | undefined): void {
    if (this.#canvas === undefined && x === undefined) return;
    this.#attempt(() => {
      const stop = { at: { x: x ?? 0, y: null }, title: '', lines: [] };
      const place = x === undefined ? undefined : this.#open().placeOf(stop);
      const isSeen = place !== undefined && this.#isReachable(place);
      this.#parts.point(isSeen ? place : undefined, undefined);
    });
  }

  showStatic(isStatic: boolean): void {
    if (this.#canvas === undefined) return;
    const [shown, next] = isStatic
      ? [this.#canvas.svg, this.#static]
      : [this.#static, this.#canvas.svg];
    if (shown.isConnected) shown.replaceWith(next);
  }

  #putInPlace(): void {
    const { plot, tools } = this.#parts;
    this.#static.before(plot);
    plot.prepend(this.#static);
    this.#static.setAttribute('aria-hidden', 'true');
    if (tools !== undefined) plot.after(tools);
    listenToGestures(plot, {
      size: this.#drawing,
      zoom: this.#drawing.zoom,
      spanNow: () => this.#span,
      onSpan: (span) => this.#zoom(span),
      onMark: (stretch) => this.#parts.mark(stretch),
      onPoint: (pointer) => this.#attempt(() => this.#pointNear(pointer)),
      onStep: (step) => this.#attempt(() => this.#step(step)),
      placeNow: () => this.#shareOfCursor(),
    });
  }

  #zoom(span: ZoomSpan): void {
    this.#point(undefined);
    this.setSpan(span);
    this.#listener.zoomed(this, span);
  }

  #pointNear(pointer: { readonly x: number; readonly y: number } | undefined): void {
    const isReachable = (place: StopPlace) => this.#isReachable(place);
    this.#point(
      pointer === undefined ? undefined : nearestStop(this.#placesNow(), pointer, isReachable),
    );
  }

  #step(step: number): void {
    const places = this.#placesNow();
    const go = { from: this.#stop, step };
    this.#point(nextStop(places, go, (place) => this.#isReachable(place)));
    const stop = this.#stop === undefined ? undefined : this.#drawing.stops[this.#stop];
    if (stop !== undefined) this.#listener.say(stopSentence(stop));
  }

  #point(n: number | undefined): void {
    this.#stop = n;
    const stop = n === undefined ? undefined : this.#drawing.stops[n];
    this.#parts.point(n === undefined ? undefined : this.#placesNow()[n], stop);
    const at = stop?.at;
    this.#listener.pointed(this, at !== undefined && 'x' in at ? at.x : undefined);
  }

  #placesNow(): readonly StopPlace[] {
    const canvas = this.#open();
    this.#places ??= this.#drawing.stops.map((stop) => canvas.placeOf(stop));
    return this.#places;
  }

  #isReachable({ x }: StopPlace): boolean {
    const { zoom } = this.#drawing;
    if (!Number.isFinite(x)) return false;
    return zoom === undefined || (x >= zoom.leftPx - 1 && x <= zoom.rightPx + 1);
  }

  #shareOfCursor(): number {
    const { zoom } = this.#drawing;
    const place = this.#stop === undefined ? undefined : this.#places?.[this.#stop];
    if (zoom === undefined || place === undefined) return 0.5;
    return (place.x - zoom.leftPx) / (zoom.rightPx - zoom.leftPx);
  }

  #open(): ChartCanvas {
    if (this.#canvas === undefined) this.#draw();
    if (this.#canvas === undefined) throw new Error('the chart cannot be drawn');
    return this.#canvas;
  }

  /** The axis as a whole first: it tells where its ends are. */
  #draw(): void {
    this.#attempt(() => {
      const whole = drawChart(this.#spec, { hidden: this.#hidden });
      const canvas = this.#canvas ?? openCanvas(whole);
      canvas.show(whole);
      this.#drawing = whole;
      const { zoom } = whole;
      if (zoom !== undefined) {
        this.#ends = [canvas.valueAt(zoom.leftPx), canvas.valueAt(zoom.rightPx)];
      }
      if (zoom !== undefined && !isWhole(this.#span)) {
        const window = [this.#valueOf(this.#span.from), this.#valueOf(this.#span.to)] as const;
        this.#drawing = drawChart(this.#spec, { hidden: this.#hidden, window });
        canvas.show(this.#drawing);
      }
      this.#places = undefined;
      this.#canvas = canvas;
      this.showStatic(false);
    });
  }

  #valueOf(share: number): number {
    const [first, last] = this.#ends;
    if (this.#drawing.zoom?.scale === 'log') return first * (last / first) ** share;
    return first + share * (last - first);
  }

  /** Whatever fails, the drawing of the server stays and the chart is as it was without script. */
  #attempt(act: () => void): void {
    if (this.#hasFailed) return;
    try {
      act();
    } catch (error) {
      this.#hasFailed = true;
      const { plot, tools } = this.#parts;
      tools?.remove();
      this.#static.removeAttribute('aria-hidden');
      if (plot.isConnected) plot.replaceWith(this.#static);
      this.figure.dataset['failed'] = String(error);
    }
  }
}
