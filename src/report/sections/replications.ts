/** The metrics of a comparison: each architecture's mean over the replications with its interval,
 * every replication behind it, and the paired differences. */
import type { CompareDocument } from '../../experiment/result.ts';
import { dotChart } from '../charts/dot-chart.ts';
import { type Panel, renderPanels } from '../charts/panel.ts';
import { escapeHtml } from '../html/escape.ts';
import type { Section } from '../html/page-shell.ts';
import { type Cell, renderTable, type TableSpec } from '../html/table.ts';
import { capitalized, formatEstimate, formatNumber, unitName } from '../numbers.ts';
import type { Judgement } from '../significance.ts';
import { isMany, subjectNoun } from '../subjects.ts';
import { differencePanels } from './differences.ts';

/** Means with intervals. */
export function metricsSection(document: CompareDocument): Section {
  const metrics = metricsOf(document);
  const noun = subjectNoun(document.architectures);
  return {
    id: 'metrics',
    heading: `${capitalized(noun)}s compared`,
    body: `<p>Over ${document.replications} replications, with 95 % intervals. Each
replication has draws of its own, the same for every ${noun}. Percentiles are of all pages of all
replications together, never means of percentiles; their intervals come from the replications.</p>
${renderTable(meansTable(document))}
${renderPanels(metrics.map((one, n) => metricPanel(document, { ...one, n })))}`,
  };
}

function meansTable(document: CompareDocument): TableSpec {
  const { architectures } = document;
  const noun = subjectNoun(architectures);
  const metrics = metricsOf(document);
  const caption = `Figures by ${noun}, with 95 % intervals`;
  const cell = (one: (typeof architectures)[number], metric: string): Cell => {
    const found = one.metrics[metric];
    if (found === undefined) return '–';
    const [text = '', note = ''] = formatEstimate(found).split(/ (?=\[)/);
    return { text, note };
  };
  const named = metrics.map(({ metric, unit }) => `${metric}, ${unit}`);
  if (!isMany(architectures)) {
    return {
      caption,
      columns: ['', ...architectures.map(({ name }) => name)],
      rows: metrics.map(({ metric }, n) => [
        named[n] ?? '',
        ...architectures.map((one) => cell(one, metric)),
      ]),
    };
  }
  return {
    caption,
    columns: [capitalized(noun), ...named],
    rows: architectures.map((one) => [one.name, ...metrics.map(({ metric }) => cell(one, metric))]),
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
    subheading: 'Estimate and 95 % interval; small dots are single replications',
    unit,
    rows: architectures.map(({ name }) => name),
    series: [{ name: metric, values: found.map((one) => one ?? null) }],
    behind: found.map((one) => one?.values ?? []),
    origin: 'values',
    styleByRow: true,
    table: {
      caption: `${metric}, ${unit}: estimate with 95 % interval, and every replication`,
      columns: [capitalized(subjectNoun(architectures)), 'Estimate', 'Replications'],
      textColumns: [2],
      rows: architectures.map(({ name }, i) => [
        name,
        found[i] === undefined ? '–' : formatEstimate(found[i]),
        (found[i]?.values ?? []).map(formatNumber).join('; '),
      ]),
    },
  });
}
