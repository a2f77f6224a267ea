/** Breakers, doors and retry budgets as strips over time: when policies turned calls away. */
import type { ArchitectureResult, RunDocument } from '../../../experiment/result.ts';
import { type Panel, renderPanels } from '../../charts/panel.ts';
import { type StripRow, stripChart } from '../../charts/requests/strip-chart.ts';
import { bandsOf } from '../../charts/time-axis.ts';
import type { Section } from '../../html/page-shell.ts';
import { formatNumber } from '../../numbers.ts';

type Values = readonly (number | null)[];

/** The section; undefined where no policy had anything to do. */
export function policyStripsSection(document: RunDocument): Section | undefined {
  const panels = document.architectures.flatMap((one, n) => panelOf(document, one, n));
  if (panels.length === 0) return undefined;
  return {
    id: 'policies',
    heading: 'Breakers, limits and retry budgets',
    body: `<p>A row is full where its policy turned everybody away. Breaker: the share of the time
that it was open, and in outline half open (with a breaker a client: of all that ever were at once).
Door: the share of arrivals that a limit, a full line or load shedding refused. Budget: the share of
the retries and hedges asked for that it refused. Breakers that open while doors refuse spare the
server; budgets that refuse keep retries from feeding on themselves.</p>
${renderPanels(panels)}`,
  };
}

function panelOf(document: RunDocument, one: ArchitectureResult, n: number): readonly Panel[] {
  const rows = [...breakerRows(one), ...doorRows(one), ...budgetRows(one)];
  if (rows.length === 0) return [];
  const openings = (one.path?.breakers ?? []).reduce((sum, { openings: own }) => sum + own, 0);
  const times = openings === 1 ? 'once' : `${formatNumber(openings)} times`;
  const opened = openings === 0 ? '' : ` · breakers opened ${times}`;
  return [
    stripChart({
      id: `policies-${n}`,
      heading: one.name,
      subheading: `share turned away, or of the time open${opened}`,
      unit: 'share turned away or open',
      format: 'share',
      axis: document,
      minutes: one.series.minutes,
      rows,
      faults: bandsOf(document.faults, one.name),
    }),
  ];
}

function breakerRows({ path }: ArchitectureResult): readonly StripRow[] {
  return (path?.breakers ?? []).map(({ edge, open, halfOpen }) => {
    // One breaker is open for a share of the time; many are some of all that are.
    const most = Math.max(1, ...open.map((value, i) => (value ?? 0) + (halfOpen[i] ?? 0)));
    const shares = (values: Values) =>
      values.map((value) => (value === null ? null : value / most));
    return {
      name: `breaker ${targetOf(edge)}`,
      full: 1,
      layers: [
        { name: 'open', look: 'full' as const, values: shares(open) },
        { name: 'half open', look: 'half' as const, values: shares(halfOpen) },
      ],
    };
  });
}

function doorRows({ path }: ArchitectureResult): readonly StripRow[] {
  return (path?.doors ?? []).map(({ name, turnedAwayShare: values }) => ({
    name: `door ${name}`,
    full: 1,
    layers: [{ name: 'turned away', look: 'busy' as const, values }],
  }));
}

function budgetRows({ path }: ArchitectureResult): readonly StripRow[] {
  return (path?.budgets ?? []).map(({ edge, asked, refused }) => ({
    name: `budget ${targetOf(edge)}`,
    full: 1,
    layers: [
      {
        name: 'refused',
        look: 'calm' as const,
        values: asked.map((all, i) => (all === null || all === 0 ? null : (refused[i] ?? 0) / all)),
      },
    ],
  }));
}

function targetOf(edge: string): string {
  return edge.slice(edge.indexOf('→') + 1);
}
