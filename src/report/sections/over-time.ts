/** What happened when: page-load percentiles and utilisation over virtual time, a panel an
 * architecture on a common scale, with the scenario's faults behind the lines. */
import type { ArchitectureResult, RunDocument, Series } from '../../experiment/result.ts';
import { faultLetter, lineChart, sharedScale } from '../charts/line-chart.ts';
import { renderPanels } from '../charts/panel.ts';
import { renderLegend, seriesStyle } from '../charts/series-style.ts';
import { createTimeAxis, type TimeAxis } from '../charts/time-axis.ts';
import { escapeHtml } from '../html/escape.ts';
import type { Section } from '../html/page-shell.ts';

/** Page-load percentiles. */
export function pageLoadSection(document: RunDocument): Section {
  const select = (one: ArchitectureResult): readonly Series[] => one.series.pageLoadTimeMs;
  return {
    id: 'page-loads',
    heading: 'Page loads over time',
    body: `<p>Percentiles of the page-load time as the viewers had it, time-outs included with the
time waited. The vertical axis is the same for all architectures.</p>
${faultList(document)}
${panels(document, { id: 'page-loads', unit: 'ms', mayBeLog: true, select })}`,
  };
}

/** Requests and errors a minute. */
export function trafficSection(document: RunDocument): Section {
  const select = ({ series }: ArchitectureResult): readonly Series[] => [
    { name: 'pages', values: series.requestsPerMinute },
    { name: 'errors', values: series.errorsPerMinute },
  ];
  return {
    id: 'traffic',
    heading: 'Traffic and errors',
    body: `<p>Pages that ended in each minute, and those of them that failed or timed out.</p>
${panels(document, { id: 'traffic', unit: 'per minute', mayBeLog: false, select })}`,
  };
}

/** Utilisation by service. */
export function utilizationSection(document: RunDocument): Section {
  const select = ({ series }: ArchitectureResult): readonly Series[] =>
    series.utilization.map(({ name, values }) => ({
      name,
      values: values.map((value) => (value === null ? null : value * 100)),
    }));
  return {
    id: 'utilisation',
    heading: 'Utilisation by service',
    body: `<p>Share of busy workers. Waiting grows without bound as it nears 100 %; what runs at
70 % on average has little room for a fault.</p>
${panels(document, { id: 'utilisation', unit: '% of workers busy', mayBeLog: false, select })}`,
  };
}

interface PanelChoice {
  readonly id: string;
  readonly unit: string;
  readonly mayBeLog: boolean;
  select(one: ArchitectureResult): readonly Series[];
}

function panels(document: RunDocument, { id, unit, mayBeLog, select }: PanelChoice): string {
  const axis = createTimeAxis(document);
  const all = document.architectures.flatMap(select);
  const scale = sharedScale(all, mayBeLog);
  // A series keeps its look in every panel, also where a panel lacks its neighbours.
  const names = [...new Set(all.map(({ name }) => name))];
  const legend = names.map((name, n) => ({ name, style: seriesStyle(n) }));
  const drawn = document.architectures.map((one, n) =>
    lineChart({
      id: `${id}-${n}`,
      heading: one.name,
      subheading: headingOf(select(one), unit),
      unit,
      axis,
      minutes: one.series.minutes,
      series: select(one).map((series) => ({ ...series, look: names.indexOf(series.name) })),
      faults: document.faults,
      scale,
    }),
  );
  return `${renderLegend(legend, true)}${renderPanels(drawn)}`;
}

function headingOf(series: readonly Series[], unit: string): string {
  return `${series.map(({ name }) => name).join(', ')} · ${unit}`;
}

/** The faults behind the lines by letter, or that there are none. */
function faultList(document: RunDocument): string {
  if (document.faults.length === 0) return '<p class="note">The scenario has no faults.</p>';
  const axis = createTimeAxis(document);
  const items = document.faults.map(
    (fault, n) => `<li><b>${faultLetter(n)}</b> ${escapeHtml(describeFault(fault, axis))}</li>`,
  );
  return `<p class="note">Shaded, by letter:</p><ul class="faults">${items.join('')}</ul>`;
}

function describeFault(fault: RunDocument['faults'][number], axis: TimeAxis): string {
  const { kind, target, fromMinute, toMinute } = fault;
  const stretch = `${axis.format(fromMinute)} to ${axis.format(toMinute)} ${axis.suffix}`;
  return `${kind} on ${target}, ${stretch}`;
}
