/** The metrics of a comparison: each architecture's mean over the replications with its interval,
 * every replication behind it, and the paired differences. */
import type { CompareDocument } from '../../experiment/result.ts';
import { dotChart } from '../charts/dot-chart.ts';
import { type Panel, renderPanels } from '../charts/panel.ts';
import { escapeHtml } from '../html/escape.ts';
import type { Section } from '../html/page-shell.ts';
import { renderTable } from '../html/table.ts';
import { capitalized, formatEstimate, formatNumber, unitName } from '../numbers.ts';
import type { Judgement } from '../significance.ts';
import { differencePanels } from './differences.ts';

/** Means with intervals. */
export function metricsSection(document: CompareDocument): Section {
  const metrics = metricsOf(document);
  const { architectures } = document;
  return {
    id: 'metrics',
    heading: 'Architectures compared',
    body: `<p>Means over ${document.replications} replications with 95 % intervals. Each
replication has draws of its own, the same for every architecture.</p>
${renderTable({
  caption: 'Means by architecture, with 95 % intervals',
  columns: ['', ...architectures.map(({ name }) => name)],
  rows: metrics.map(({ metric, unit }) => [
    `${metric}, ${unit}`,
    ...architectures.map((one) => {
      const found = one.metrics[metric];
      return found === undefined ? '–' : formatEstimate(found);
    }),
  ]),
})}
${renderPanels(metrics.map((one, n) => metricPanel(document, { ...one, n })))}`,
  };
}

/** Paired differences. */
export function differencesSection(document: CompareDocument, judgement: Judgement): Section {
  return {
    id: 'differences',
    heading: 'Paired differences',
    body: `<p>${escapeHtml(capitalized(document.differencesMethod))}. ${escapeHtml(judgement.rule)}
Filled symbols: shown; hollow: may be chance.</p>
${renderPanels(differencePanels(judgement, 'compare'))}`,
  };
}

/** Every metric of a comparison with its unit, in the order in which it first occurs. */
export function metricsOf(
  document: CompareDocument,
): readonly { readonly metric: string; readonly unit: string }[] {
  const units = new Map<string, string>();
  for (const { metrics } of document.architectures) {
    for (const [metric, { unit }] of Object.entries(metrics)) units.set(metric, unitName(unit));
  }
  return [...units].map(([metric, unit]) => ({ metric, unit }));
}

function metricPanel(
  { architectures }: CompareDocument,
  { metric, unit, n }: { readonly metric: string; readonly unit: string; readonly n: number },
): Panel {
  const found = architectures.map((one) => one.metrics[metric]);
  return dotChart({
    id: `metric-${n}`,
    heading: metric,
    subheading: 'Mean and 95 % interval; small dots are single replications',
    unit,
    rows: architectures.map(({ name }) => name),
    series: [{ name: metric, values: found.map((one) => one ?? null) }],
    behind: found.map((one) => one?.values ?? []),
    origin: 'values',
    styleByRow: true,
    table: {
      caption: `${metric}, ${unit}: mean with 95 % interval, and every replication`,
      columns: ['Architecture', 'Mean', 'Replications'],
      textColumns: [2],
      rows: architectures.map(({ name }, i) => [
        name,
        found[i] === undefined ? '–' : formatEstimate(found[i]),
        (found[i]?.values ?? []).map(formatNumber).join('; '),
      ]),
    },
  });
}
