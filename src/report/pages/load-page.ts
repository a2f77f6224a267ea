/** The page of a load test: how much traffic each architecture bears, and what gives way first. */
import type {
  ArchitectureLoad,
  LoadDocument,
  LoadPoint,
} from '../../experiment/capacity/documents/load-document.ts';
import { dotChart } from '../charts/dot-chart.ts';
import { type Panel, renderPanels } from '../charts/panel.ts';
import { renderLegend, seriesStyle } from '../charts/series-style.ts';
import { xyChart } from '../charts/xy-chart.ts';
import type { Page, Section } from '../html/page-shell.ts';
import { renderGroups, renderTable } from '../html/table.ts';
import {
  asSentence,
  capitalized,
  formatEstimate,
  formatNumber,
  formatShare,
  inWords,
  NO_NUMBER,
} from '../numbers.ts';
import { againSection } from '../sections/reproduce.ts';
import { subjectNoun } from '../subjects.ts';
import { footerOf, provenanceFacts } from './page-facts.ts';
import { bindingInWords } from './plan-words.ts';

/** The page. */
export function loadPage(document: LoadDocument): Page {
  const { loads } = document;
  return {
    title: `${document.scenario}: traffic up to the knee`,
    lead: document.question,
    facts: [
      ['Objectives', inWords(document.objectives)],
      ['Replications', String(document.replications)],
      ['Range', `${formatNumber(document.range.from)} to ${formatNumber(document.range.to)} times`],
      ...provenanceFacts(document),
    ],
    verdict: loads.map(loadSentence).map(asSentence),
    sections: [maximaSection(loads), curvesSection(loads), againSection(document)],
    footer: footerOf(document),
  };
}

function loadSentence({ name, verdict, reason, factor, pagesPerSec, binding }: ArchitectureLoad) {
  if (verdict !== 'found' || factor === null) return `${capitalized(name)}: ${reason}`;
  const pages = pagesPerSec === null ? '' : `, ${formatEstimate(pagesPerSec)} pages a second`;
  const binds = binding === null ? '' : ` First to give way: ${bindingInWords(binding)}.`;
  return `${capitalized(name)} bears ${formatEstimate(factor)} times the traffic${pages}.${binds}`;
}

function maximaSection(loads: readonly ArchitectureLoad[]): Section {
  const noun = capitalized(subjectNoun(loads));
  const table = {
    caption: 'Most traffic at which the objectives hold',
    columns: [
      noun,
      'Verdict',
      'Factor',
      'Pages per second',
      'USD per million pages',
      'Knee',
      'Why',
    ],
    textColumns: [1, 6],
    rows: loads.map(({ name, verdict, factor, pagesPerSec, knee, reason, binding, ...load }) => [
      name,
      verdict,
      factor === null ? NO_NUMBER : formatEstimate(factor),
      pagesPerSec === null ? NO_NUMBER : formatEstimate(pagesPerSec),
      formatNumber(load.usdPerMillionPagesAtSlo),
      knee === null
        ? NO_NUMBER
        : { text: `${formatNumber(knee.factor)} ×`, note: `by ${knee.method}` },
      binding === null ? reason : `${reason} ${bindingInWords(binding)}`,
    ]),
  };
  const panel = dotChart({
    id: 'maxima',
    heading: 'Most traffic at which the objectives hold',
    subheading: 'Mean over replications with its interval; small dots are single replications',
    unit: 'times the traffic of the scenario',
    rows: loads.map(({ name }) => name),
    series: [{ name: 'factor', values: loads.map(({ factor }) => factor) }],
    behind: loads.map(({ maxima }) =>
      maxima.flatMap(({ factor }) => (factor === null ? [] : [factor])),
    ),
    origin: 'zero',
    styleByRow: true,
    table,
  });
  return {
    id: 'maxima',
    heading: 'How much it bears',
    body: `${renderTable(table)}
${loads.some(({ factor }) => factor !== null) ? renderPanels([panel]) : ''}`,
  };
}

interface Curve {
  readonly id: string;
  readonly heading: string;
  readonly unit: string;
  of(point: LoadPoint): number | null;
}

const CURVES: readonly Curve[] = [
  {
    id: 'throughput',
    heading: 'Pages shown',
    unit: 'per second',
    of: ({ pagesPerSec }) => pagesPerSec.value,
  },
  { id: 'p99', heading: 'Page load p99', unit: 'ms', of: ({ p99Ms }) => p99Ms },
  {
    id: 'errors',
    heading: 'Failed or timed out',
    unit: '%',
    of: ({ errorShare }) => (errorShare === null ? null : errorShare * 100),
  },
];

function curvesSection(loads: readonly ArchitectureLoad[]): Section {
  const entries = loads.map(({ name }, look) => ({ name, style: seriesStyle(look) }));
  const groups = loads.map((load) => ({ name: load.name, html: curveTable(load) }));
  return {
    id: 'curves',
    heading: 'On the way there',
    body: `${renderLegend(entries, true)}
${renderPanels([...CURVES.map((curve) => curvePanel(loads, curve))])}
${renderGroups(groups, subjectNoun(loads))}`,
  };
}

function curvePanel(loads: readonly ArchitectureLoad[], { id, heading, unit, of }: Curve): Panel {
  return xyChart({
    id: `curve-${id}`,
    heading,
    subheading: 'Over the traffic asked for; hollow: objectives hold in no replication',
    xName: 'pages asked for per second',
    yName: unit,
    origin: { x: 'zero', y: 'zero' },
    series: loads.map(({ name, curve }, look) => ({
      name,
      look,
      isJoined: true,
      points: curve.flatMap((point) => {
        const y = of(point);
        const isHollow = point.heldReplications === 0;
        return y === null ? [] : [{ x: point.offeredPerSec, y, isHollow }];
      }),
    })),
    table: {
      caption: `${heading}, ${unit}`,
      columns: ['Pages asked for per second', ...loads.map(({ name }) => name)],
      rows: loads.flatMap(({ curve }, n) =>
        curve.map((point) => [
          formatNumber(point.offeredPerSec),
          ...loads.map((_, column) => (column === n ? formatNumber(of(point)) : '')),
        ]),
      ),
    },
  });
}

function curveTable({ name, curve }: ArchitectureLoad): string {
  return renderTable({
    caption: `${name}: along the ramp`,
    columns: [
      'Factor',
      'Asked per second',
      'Shown per second',
      'p50, ms',
      'p95, ms',
      'p99, ms',
      'Failed',
      'Held in',
      'Busiest',
    ],
    textColumns: [8],
    rows: curve.map((point) => [
      formatNumber(point.factor),
      formatNumber(point.offeredPerSec),
      formatEstimate(point.pagesPerSec),
      formatNumber(point.p50Ms),
      formatNumber(point.p95Ms),
      formatNumber(point.p99Ms),
      formatShare(point.errorShare),
      formatNumber(point.heldReplications),
      point.busiestStation === null
        ? NO_NUMBER
        : `${point.busiestStation}, ${formatShare(point.busiestUtilization)}`,
    ]),
  });
}
