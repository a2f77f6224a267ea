/** The script of the report: makes a page interactive that is complete without it. Each part starts
 * on its own, so that one that fails leaves the others and the page as they were. */
import { KEYS_ID } from './chart-parts.ts';
import { openLegends } from './legends.ts';
import { linkCharts } from './linked-charts.ts';
import { openTables } from './table-pages.ts';

const KEYS =
  'Charts: a drag along the axis zooms, so does the wheel with Ctrl or in a chart that has the ' +
  'focus. Keys: arrows move the cursor, + and − zoom, Shift with arrows moves the stretch, ' +
  '0 shows it whole. Names in a legend switch series on and off.';

function start(): void {
  const status = document.createElement('p');
  status.className = 'sr';
  status.setAttribute('role', 'status');
  status.setAttribute('aria-live', 'polite');
  const keys = document.createElement('p');
  keys.id = KEYS_ID;
  keys.className = 'note';
  keys.textContent = KEYS;
  document.querySelector('header')?.append(keys);
  document.querySelector('main')?.append(status);
  const say = (sentence: string): void => {
    status.textContent = sentence;
  };
  const charts = linkCharts([...document.querySelectorAll('figure')], say);
  attempt(() => openLegends([...document.querySelectorAll<HTMLElement>('ul.legend')], charts));
  attempt(() => openTables([...document.querySelectorAll<HTMLElement>('.scroll')], say));
  document.documentElement.dataset['script'] = 'ready';
}

function attempt(part: () => void): void {
  try {
    part();
  } catch (error) {
    document.documentElement.dataset['failed'] = String(error);
  }
}

attempt(start);
