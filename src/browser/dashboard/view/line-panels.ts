/** Charts over virtual time, each with its legend and a folded table of its newest points. */
import type { EChartsType } from 'echarts/core';
import { seriesStyle } from '../../../report/charts/series-style.ts';
import { formatNumber } from '../../../report/numbers.ts';
import { openChart } from '../../charts/echarts-core.ts';
import { element, svgElement } from '../../dom/element.ts';
import { LiveTable } from '../../dom/live-table.ts';
import { type LiveLine, lineChartOption } from '../model/chart-options.ts';
import type { SeriesName } from '../model/frame-history.ts';
import { clockTimeText, type RunStretch } from '../model/moment-text.ts';
import type { Moment, View } from './view.ts';
import { VisibleDrawing } from './visible-drawing.ts';

/** A chart: what it is called, and which lines it has at a moment. */
export interface LinePanelSpec {
  readonly heading: string;
  readonly sub: string;
  /** Name of the line and where its values are. */
  lines(moment: Moment): readonly (readonly [name: string, series: SeriesName])[];
  /** Whether the source has anything for it. Default: it has. */
  isShown?(moment: Moment): boolean;
}

const ROWS_MAX = 25;

/** Makes the chart. */
export function createLinePanel(spec: LinePanelSpec): View {
  const box = element('div', { class: 'plot', 'aria-hidden': 'true' });
  const legend = element('ul', { class: 'legend' });
  const details = element('details', {}, element('summary', {}, 'Table'));
  const heading = element('h3', {}, spec.heading);
  const caption = element('figcaption', {}, heading, element('p', { class: 'sub' }, spec.sub));
  const root = element('figure', {}, caption, box, legend, details);
  let chart: EChartsType | undefined;
  let shownNames = '';
  let table: LiveTable | undefined;
  const drawing = new VisibleDrawing<Moment>(root, (moment) => {
    const { history, frame } = moment;
    const lines = spec.lines(moment).map(([name, series], look) => ({
      name,
      look,
      vertices: history.series(series).vertices(),
    }));
    const names = JSON.stringify(lines.map(({ name }) => name));
    if (names !== shownNames) {
      shownNames = names;
      legend.replaceChildren(...lines.map(legendEntry));
      table?.root.remove();
      table = new LiveTable(spec.heading, ['time', ...lines.map(({ name }) => name)]);
      details.append(table.root);
    }
    chart ??= sizedChart(box);
    const { nowUs } = frame.clock;
    const option = lineChartOption({ run: frame.clock, nowUs, faults: history.faults, lines });
    chart.setOption(option, { replaceMerge: ['series'], lazyUpdate: true });
    if (details.open) table?.show(tableRows(lines, frame.clock));
  });
  details.addEventListener('toggle', () => drawing.redraw());
  return {
    root,
    show(moment): void {
      root.hidden = spec.isShown?.(moment) === false;
      if (!root.hidden) drawing.show(moment);
    },
  };
}

/** A chart that follows its box. */
export function sizedChart(box: HTMLElement): EChartsType {
  const chart = openChart(box);
  new ResizeObserver(() => chart.resize()).observe(box);
  return chart;
}

function tableRows(lines: readonly LiveLine[], run: RunStretch) {
  const times = new Set(lines.flatMap(({ vertices }) => vertices.map(([atUs]) => atUs)));
  const newest = [...times].sort((a, b) => b - a).slice(0, ROWS_MAX);
  const values = lines.map(({ vertices }) => new Map(vertices));
  return newest.map((atUs) => ({
    key: String(atUs),
    cells: [clockTimeText(run, atUs), ...values.map((byTime) => formatNumber(byTime.get(atUs)))],
  }));
}

function legendEntry({ name, look }: LiveLine): HTMLLIElement {
  const { color, dash } = seriesStyle(look);
  const line = svgElement('path', {
    d: 'M0 7H34',
    stroke: color,
    'stroke-width': 2,
    'stroke-dasharray': dash.join(' '),
  });
  const sample = svgElement('svg', { width: 34, height: 14, 'aria-hidden': 'true' }, line);
  return element('li', {}, sample, name);
}
