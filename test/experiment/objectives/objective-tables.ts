/** The tables of docs/OBJECTIVES.md as the registry has them. */
import { type Dimension, unitsOf } from '../../../src/experiment/objectives/language/units.ts';
import { METRIC_REGISTRY } from '../../../src/experiment/objectives/metrics/metric-registry.ts';
import { aggregatesOf } from '../../../src/experiment/objectives/metrics/term-dimension.ts';

const DIMENSIONS: readonly Dimension[] = [
  'duration',
  'share',
  'count',
  'bytes',
  'usd',
  'count-rate',
  'byte-rate',
  'number',
];

/** One row a metric. */
export function metricTable(): string {
  const rows = Object.entries(METRIC_REGISTRY).map(([name, metric]) => {
    const aggregates = aggregatesOf(metric).map((kind) => (kind === 'quantile' ? 'pNN' : kind));
    const labels = metric.labels.join(', ');
    return [
      `\`${name}\``,
      metric.kind,
      metric.dimension,
      labels,
      aggregates.join(', '),
      metric.words,
    ];
  });
  return table(['metric', 'kind', 'measures', 'labels', 'asked for', 'meaning'], rows);
}

/** One row a dimension. */
export function unitTable(): string {
  const rows = DIMENSIONS.map((dimension) => {
    const units = unitsOf(dimension).map((unit) => (unit === '' ? 'none' : `\`${unit}\``));
    return [dimension, units.join(' ')];
  });
  return table(['measures', 'units'], rows);
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = head.map((title, i) =>
    Math.max(title.length, ...rows.map((row) => (row[i] ?? '').length)),
  );
  const line = (row: readonly string[]) =>
    `| ${row.map((cell, i) => cell.padEnd(widths[i] ?? 0)).join(' | ')} |`;
  const rule = widths.map((width) => '-'.repeat(width));
  return [line(head), line(rule), ...rows.map(line)].join('\n');
}
