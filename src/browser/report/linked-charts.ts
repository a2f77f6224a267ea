/** All charts of the page: opened when they come near the screen, those over time with one window
 * and one cursor, and drawn again only where they are seen. Spec: R65. */
import { type LiveChart, openLiveChart } from './live-chart.ts';
import { WHOLE_SPAN, type ZoomSpan } from './zoom-window.ts';

/** The charts of a page. */
export interface LinkedCharts {
  /** Switches a name on or off in the charts of a section. */
  toggle(section: Element, name: string, isHidden: boolean): void;
}

interface Watched {
  chart: LiveChart | undefined;
  isNear: boolean;
  /** Of the shared window and of the hidden names: what it was drawn with. */
  span: ZoomSpan;
  hidden: ReadonlySet<string>;
}

const NEAR = '300px';

/** Opens the charts of these figures as they come near. */
export function linkCharts(
  figures: readonly HTMLElement[],
  say: (sentence: string) => void,
): LinkedCharts {
  const watched = new Map<HTMLElement, Watched>();
  const hiddenBySection = new Map<Element | null, ReadonlySet<string>>();
  let timeSpan = WHOLE_SPAN;

  const listener = {
    say,
    zoomed: (source: LiveChart, span: ZoomSpan): void => {
      if (source.link === undefined) return;
      timeSpan = span;
      const own = watched.get(source.figure);
      if (own !== undefined) own.span = span;
      for (const [figure, one] of watched) update(figure, one);
    },
    pointed: (source: LiveChart, x: number | undefined): void => {
      if (source.link === undefined) return;
      for (const { chart, isNear } of watched.values()) {
        if (chart === undefined || chart === source || !isNear) continue;
        if (chart.link === source.link) chart.pointAt(x);
      }
    },
  };

  /** Draws again what is seen and out of date. */
  function update(figure: HTMLElement, one: Watched): void {
    if (!one.isNear || one.chart === undefined) return;
    const hidden = hiddenBySection.get(figure.closest('section')) ?? one.hidden;
    if (hidden !== one.hidden) {
      one.hidden = hidden;
      one.chart.setHidden(hidden);
    }
    if (one.chart.link !== undefined && one.span !== timeSpan) {
      one.span = timeSpan;
      one.chart.setSpan(timeSpan);
    }
  }

  const observer = new IntersectionObserver(
    (entries) => {
      for (const { target, isIntersecting } of entries) {
        const figure = target as HTMLElement;
        const one = watched.get(figure);
        if (one === undefined) continue;
        one.isNear = isIntersecting;
        if (isIntersecting && one.chart === undefined) one.chart = openSafely(figure, listener);
        update(figure, one);
      }
    },
    { rootMargin: NEAR },
  );
  for (const figure of figures) {
    watched.set(figure, { chart: undefined, isNear: false, span: WHOLE_SPAN, hidden: new Set() });
    observer.observe(figure);
  }
  const forPaper = (isPaper: boolean) => (): void => {
    for (const { chart } of watched.values()) chart?.showStatic(isPaper);
  };
  addEventListener('beforeprint', forPaper(true));
  addEventListener('afterprint', forPaper(false));

  return {
    toggle: (section, name, isHidden) => {
      const names = new Set(hiddenBySection.get(section) ?? []);
      if (isHidden) names.add(name);
      else names.delete(name);
      hiddenBySection.set(section, names);
      for (const [figure, one] of watched) {
        if (section.contains(figure)) update(figure, one);
      }
    },
  };
}

/** A chart that cannot be opened stays as the server drew it. */
function openSafely(
  figure: HTMLElement,
  listener: Parameters<typeof openLiveChart>[1],
): LiveChart | undefined {
  try {
    return openLiveChart(figure, listener);
  } catch (error) {
    figure.dataset['failed'] = String(error);
    return undefined;
  }
}
