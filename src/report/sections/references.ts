/** Figures that others published, beside those of this run. */
import type { RunDocument } from '../../experiment/result.ts';
import { dotChart } from '../charts/dot-chart.ts';
import { renderPanels } from '../charts/panel.ts';
import type { Section } from '../html/page-shell.ts';
import { renderTable } from '../html/table.ts';
import { formatNumber } from '../numbers.ts';
import { isMet, metricName, signedShare, TOLERANCE } from '../published.ts';

/** The section; undefined where the scenario names no published figures. */
export function referencesSection({ references }: RunDocument): Section | undefined {
  if (references.length === 0) return undefined;
  const within = `${TOLERANCE * 100} %`;
  const metrics = new Set(references.map(({ metric }) => metric));
  const rows = references.map(({ variant, metric }) =>
    metrics.size === 1 ? variant : `${variant}, ${metricName(metric)}`,
  );
  const table = {
    caption: `Predicted and published figures; ✗ marks what is off by more than ${within}`,
    columns: ['Variant', 'Figure', 'Published', 'Predicted', 'Relative error', '', 'Source'],
    textColumns: [1, 5, 6],
    rows: references.map((one) => [
      one.variant,
      metricName(one.metric),
      formatNumber(one.published),
      formatNumber(one.measured),
      signedShare(one.relativeError),
      isMet(one) ? `✓ within ${within}` : `✗ beyond ${within}`,
      one.source,
    ]),
  };
  const panel = dotChart({
    id: 'references',
    heading: 'Relative error',
    subheading: `Predicted ÷ published − 1; hollow: beyond ±${within}`,
    unit: '%',
    rows,
    series: [
      {
        name: 'relative error',
        values: references.map(({ relativeError }) =>
          Number.isFinite(relativeError)
            ? { value: relativeError * 100, low: null, high: null }
            : null,
        ),
        hollow: references.map((one) => !isMet(one)),
      },
    ],
    origin: 'marked-zero',
    table: {
      caption: 'Relative error, %',
      columns: ['Figure', 'Relative error'],
      rows: references.map((one, n) => [rows[n] ?? '', signedShare(one.relativeError)]),
    },
  });
  return {
    id: 'references',
    heading: 'Predicted and published',
    body: `<p>What others measured on real machines, and what this run predicts for them. Where the
two are further apart than ±${within}, trust the model's order and not its numbers.</p>
${renderTable(table)}
${renderPanels([panel])}`,
  };
}
