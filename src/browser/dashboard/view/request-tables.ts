/** Servers and calls in tables, and the breakers' strips over time. */
import type { EChartsType } from 'echarts/core';
import type { LiveServer } from '../../../domain/live/live-frame.ts';
import { formatCount, formatNumber, formatShare } from '../../../report/numbers.ts';
import { element } from '../../dom/element.ts';
import { LiveTable } from '../../dom/live-table.ts';
import { breakerChartOption } from '../model/chart-options.ts';
import { sizedChart } from './line-panels.ts';
import { type Moment, panel, type View } from './view.ts';
import { VisibleDrawing } from './visible-drawing.ts';

const STRIP_PX = 26;
const STRIPS_MAX = 24;

/** Who is busy, who waits, how many there are. */
export function createServerTable(): View {
  const columns = ['server', 'waiting', 'busy', 'workers', 'ready', 'wanted', 'limit'];
  const table = new LiveTable(
    'Servers now: workers in all, replicas ready and wanted, concurrency limit',
    columns,
  );
  const root = panel('Servers', table.root);
  return {
    root,
    show({ frame: { servers } }: Moment): void {
      root.hidden = servers.length === 0;
      const most = Math.max(1, ...servers.map(({ waiting }) => waiting));
      table.show(servers.map((server) => ({ key: server.name, cells: serverCells(server, most) })));
    },
  };
}

function serverCells(server: LiveServer, mostWaiting: number) {
  const { name, waiting, busyWorkers, workers, concurrencyLimit } = server;
  const busy = workers === 0 ? 0 : busyWorkers / workers;
  const share = workers === 0 ? '–' : formatShare(Math.round(busy * 1_000) / 1_000);
  return [
    name,
    { text: formatCount(waiting), meter: waiting / mostWaiting },
    { text: share, meter: busy },
    formatCount(workers),
    formatCount(server.readyReplicas),
    formatCount(server.desiredReplicas),
    concurrencyLimit === null ? 'none' : formatNumber(concurrencyLimit),
  ];
}

/** Who calls whom, how often, and what comes of it. */
export function createCallTable(): View {
  const columns = ['call', 'calls/s', 'errors', 'calls', 'tries', 'failed', 'breaker'];
  const table = new LiveTable(
    'Rate and share of errors of now; calls, tries and failed tries so far',
    columns,
  );
  const root = panel('Calls', table.root);
  return {
    root,
    show({ frame: { edges }, history: { rates } }: Moment): void {
      root.hidden = edges.length === 0;
      table.show(
        edges.map((edge) => {
          const rate = rates.edges.get(edge.name);
          return {
            key: edge.name,
            cells: [
              edge.name,
              formatNumber(rate?.callsPerSec),
              formatShare(rate?.errorShare),
              formatCount(edge.calls),
              formatCount(edge.attempts),
              formatCount(edge.errors),
              edge.breaker ?? 'none',
            ],
          };
        }),
      );
    },
  };
}

/** Breakers over time: the higher and redder, the more open. */
export function createBreakerStrips(): View {
  const plot = element('div', { class: 'plot', 'aria-hidden': 'true' });
  const caption = element(
    'figcaption',
    {},
    element('h3', {}, 'Circuit breakers'),
    element('p', { class: 'sub' }, 'low: closed · half: half-open · full: open; see Calls for now'),
  );
  const root = element('figure', {}, caption, plot);
  let chart: EChartsType | undefined;
  const drawing = new VisibleDrawing<Parameters<typeof breakerChartOption>[0]>(root, (shown) => {
    chart ??= sizedChart(plot);
    chart.setOption(breakerChartOption(shown), { replaceMerge: ['series'], lazyUpdate: true });
  });
  return {
    root,
    show({ frame: { clock }, history }: Moment): void {
      const strips = [...history.breakers]
        .slice(0, STRIPS_MAX)
        .map(([name, { stretches }]) => ({ name, stretches }));
      root.hidden = strips.length === 0;
      if (root.hidden) return;
      plot.style.height = `${strips.length * STRIP_PX + 34}px`;
      drawing.show({ run: clock, nowUs: clock.nowUs, faults: history.faults, strips });
    },
  };
}
