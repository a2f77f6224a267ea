/** Where the time of typical and of slow pages went, as stacked bars. */
import type { ArchitectureResult, RunDocument } from '../../../experiment/result.ts';
import type { Waterfall } from '../../../experiment/results/requests/waterfall.ts';
import { renderPanels } from '../../charts/panel.ts';
import { stackChart } from '../../charts/requests/stack-chart.ts';
import { renderLegend, seriesStyle } from '../../charts/series-style.ts';
import type { Section } from '../../html/page-shell.ts';
import { formatNumber, inWords } from '../../numbers.ts';

type Kind = keyof Waterfall['partsMs'];

/** In the order of the bars. */
const PARTS: readonly { readonly kind: Kind; readonly name: string; readonly letter: string }[] = [
  { kind: 'network', name: 'network (N)', letter: 'N' },
  { kind: 'waiting', name: 'wait (W)', letter: 'W' },
  { kind: 'service', name: 'service (S)', letter: 'S' },
  { kind: 'database', name: 'database (D)', letter: 'D' },
  { kind: 'retry', name: 'retry (R)', letter: 'R' },
  { kind: 'plan', name: 'plan (P)', letter: 'P' },
  { kind: 'client', name: 'client (C)', letter: 'C' },
];

interface Row {
  readonly name: string;
  readonly waterfall: Waterfall;
}

/** The section; undefined where no page was taken apart. */
export function waterfallSection({ architectures }: RunDocument): Section | undefined {
  const groups = [...new Set(architectures.flatMap(waterfallsOf).map((one) => one.percentile))];
  const panels = groups.map((percentile) => panelOf(percentile, architectures));
  if (panels.length === 0) return undefined;
  const shown = partsOf(architectures);
  const legend = shown.map(({ name }, n) => ({ name, style: seriesStyle(n) }));
  const sampled = [...new Set(architectures.flatMap(waterfallsOf).map((one) => one.sampled))];
  const residual = Math.max(
    0,
    ...architectures.flatMap(waterfallsOf).map((one) => Math.abs(one.residualMs)),
  );
  return {
    id: 'waterfall',
    heading: 'Where page-load time goes',
    body: `<p>The chain of ways, waits and work that the end of a page hung on, averaged over the
pages whose page-load times lie nearest to the median and to p99. Parts that grow from the median to
p99 are what slow pages suffer from: waits mean too few workers, retries mean failed tries and the
pauses after them, the network what a client's connection does.</p>
<p class="note">Measured on ${inWords(sampled.map((count) => formatNumber(count)))} pages a run,
chosen by a hash of their names. The parts add up to the page-load time; what is left over is
${residual < 1e-6 ? 'nothing' : `at most ${formatNumber(residual)} ms`}.</p>
${renderLegend(legend, false)}${renderPanels(panels)}`,
  };
}

function waterfallsOf({ path }: ArchitectureResult): readonly Waterfall[] {
  return path?.waterfalls ?? [];
}

/** Parts that some page has. */
function partsOf(architectures: readonly ArchitectureResult[]) {
  const all = architectures.flatMap(waterfallsOf);
  return PARTS.filter(({ kind }) => all.some(({ partsMs }) => partsMs[kind] > 0));
}

function panelOf(percentile: number, architectures: readonly ArchitectureResult[]) {
  const rows = architectures.flatMap((one): readonly Row[] =>
    waterfallsOf(one)
      .filter((waterfall) => waterfall.percentile === percentile)
      .map((waterfall) => ({ name: one.name, waterfall })),
  );
  const parts = partsOf(architectures);
  const heading = percentile === 50 ? 'Pages near the median' : `Pages near p${percentile}`;
  return stackChart({
    id: `waterfall-${percentile}`,
    heading,
    subheading: `mean of ${inWords(countsOf(rows))} pages · ms`,
    unit: 'ms',
    rows: rows.map(({ name }) => name),
    parts: parts.map(({ kind, name, letter }, look) => ({
      name,
      letter,
      look,
      values: rows.map(({ waterfall }) => rounded(waterfall.partsMs[kind])),
    })),
    table: {
      caption: `${heading}, ms`,
      columns: ['', ...parts.map(({ name }) => name), 'Page load', 'From', 'To', 'Pages'],
      rows: rows.map(({ name, waterfall }) => [
        name,
        ...parts.map(({ kind }) => formatNumber(waterfall.partsMs[kind])),
        ...[waterfall.meanMs, waterfall.fromMs, waterfall.toMs].map(formatNumber),
        formatNumber(waterfall.pages),
      ]),
    },
  });
}

function countsOf(rows: readonly Row[]): readonly string[] {
  return [...new Set(rows.map(({ waterfall }) => formatNumber(waterfall.pages)))];
}

/** A µs is the engine's smallest time. */
function rounded(ms: number): number {
  return Math.round(ms * 1_000) / 1_000;
}
