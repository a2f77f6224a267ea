/** Legends whose entries switch series on and off in the charts of their section. Spec: R66. */
import { type ChartSpec, drawChart } from '../../report/charts/chart-spec.ts';
import type { LinkedCharts } from './linked-charts.ts';

/** Makes buttons of the entries that name a series of their section. */
export function openLegends(legends: readonly HTMLElement[], charts: LinkedCharts): void {
  for (const legend of legends) {
    const section = legend.closest('section');
    if (section === null) continue;
    const names = namesIn(section);
    for (const entry of legend.querySelectorAll('li')) {
      const name = entry.textContent ?? '';
      if (!names.has(name)) continue;
      const button = document.createElement('button');
      button.type = 'button';
      button.setAttribute('aria-pressed', 'true');
      button.title = 'Show or hide';
      button.append(...entry.childNodes);
      button.addEventListener('click', () => {
        const isShown = button.getAttribute('aria-pressed') !== 'true';
        button.setAttribute('aria-pressed', String(isShown));
        charts.toggle(section, name, !isShown);
      });
      entry.append(button);
    }
  }
}

function namesIn(section: Element): ReadonlySet<string> {
  const blocks = [...section.querySelectorAll('script.chart')];
  return new Set(blocks.flatMap(namesOf));
}

/** A chart that cannot be read names nothing; it stays as the server drew it. */
function namesOf(block: Element): readonly string[] {
  try {
    return drawChart(JSON.parse(block.textContent ?? '') as ChartSpec, {}).names;
  } catch {
    return [];
  }
}
