/** Who calls whom, how often, how many tries it took and how many of them failed. */
import type { ArchitectureResult, CallsResult, RunDocument } from '../../../experiment/result.ts';
import { renderPanels } from '../../charts/panel.ts';
import { type GraphEdge, graphChart } from '../../charts/requests/graph-chart.ts';
import type { Section } from '../../html/page-shell.ts';
import { formatCount, formatNumber, formatShare } from '../../numbers.ts';

const SECONDS_PER_MINUTE = 60;
/** Less of workers' time than this is not told. */
const HARDLY = 0.001;

/** The section; undefined where nobody calls anybody. */
export function callGraphsSection({ architectures }: RunDocument): Section | undefined {
  const shown = architectures.filter(({ calls }) => calls.some((one) => one.calls > 0));
  if (shown.length === 0) return undefined;
  const widestPerSec = Math.max(
    ...shown.flatMap((one) => edgesOf(one).map(({ callsPerSec }) => callsPerSec)),
  );
  const panels = shown.map((one, n) =>
    graphChart({
      id: `graph-${n}`,
      heading: one.name,
      subheading: 'calls a second, × tries a call, ✕ share of tries that failed',
      nodes: nodesOf(one),
      edges: edgesOf(one),
      widestPerSec,
      table: tableOf(one),
    }),
  );
  return {
    id: 'call-graph',
    heading: 'Call graph',
    body: `<p>A line is as wide as its calls are many, on the same scale everywhere; it is dashed
where tries fail, and dotted where one in twenty does. The factor behind the rate is the
amplification: tries a call, retries and hedges included. Above ×1.1 a caller adds to the load that
makes it fail.</p>
${renderPanels(panels)}`,
  };
}

/** Whoever calls or is called at least once. */
function nodesOf({ calls, utilization }: ArchitectureResult) {
  const used = calls.filter((one) => one.calls > 0);
  const names = new Set(used.flatMap(({ edge }) => endsOf(edge)));
  return [...names].map((name) => {
    const mean = utilization.find(({ service }) => service === name)?.mean;
    if (mean === undefined) return { name, note: '' };
    return { name, note: mean < HARDLY ? '< 0.1 % busy' : `${formatShare(mean)} busy` };
  });
}

function edgesOf(one: ArchitectureResult): readonly GraphEdge[] {
  const seconds = secondsOf(one);
  return one.calls.map((calls) => {
    const [from = '', to = ''] = endsOf(calls.edge);
    return {
      from,
      to,
      callsPerSec: calls.calls / seconds,
      amplification: calls.calls === 0 ? 1 : calls.attempts / calls.calls,
      errorShare: errorShareOf(calls),
    };
  });
}

function errorShareOf({ errors, timeouts, attempts }: CallsResult): number {
  return attempts === 0 ? 0 : (errors + timeouts) / attempts;
}

function endsOf(edge: string): readonly string[] {
  const at = edge.indexOf('→');
  return [edge.slice(0, at), edge.slice(at + 1)];
}

/** Of the run with its drain. */
function secondsOf({ series: { minutes } }: ArchitectureResult): number {
  const half = ((minutes[1] ?? 0) - (minutes[0] ?? 0)) / 2 || (minutes[0] ?? 1);
  return ((minutes.at(-1) ?? 1) + half) * SECONDS_PER_MINUTE;
}

function tableOf(one: ArchitectureResult) {
  const edges = edgesOf(one);
  return {
    caption: `${one.name}: calls by edge`,
    columns: ['Edge', 'Calls', 'Calls a second', 'Tries a call', 'Tries that failed'],
    rows: one.calls.map(({ edge, calls }, n) => [
      edge,
      formatCount(calls),
      formatNumber(edges[n]?.callsPerSec),
      formatNumber(edges[n]?.amplification),
      formatShare(edges[n]?.errorShare),
    ]),
  };
}
