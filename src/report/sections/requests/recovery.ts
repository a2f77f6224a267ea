/** What a fault did, and how long it took until all was well again: curves that are aligned where
 * the fault began. */
import type { ArchitectureResult, RunDocument } from '../../../experiment/result.ts';
import { renderPanels } from '../../charts/panel.ts';
import { renderLegend, seriesStyle } from '../../charts/series-style.ts';
import { xyChart } from '../../charts/xy-chart.ts';
import type { Section } from '../../html/page-shell.ts';
import { type Cell, renderTable } from '../../html/table.ts';
import { capitalized, formatNumber } from '../../numbers.ts';
import { subjectNoun } from '../../subjects.ts';

type Fault = RunDocument['faults'][number];
type Values = readonly (number | null)[];

/** Faults that have panels; more would hide each other. */
const FAULTS_MAX = 3;
/** How much of the run stands before a fault and behind it, in lengths of the fault. */
const BEFORE = 1;
const AFTER = 3;
const SYMBOLS_A_CURVE = 6;
/** Well again: the p95 at most this much above its median before the fault, and so few fail. */
const TOLERANCE = 1.25;
const FAILED_MAX = 0.05;
const SECONDS_PER_MINUTE = 60;

/** The section; undefined without faults, or where none begins within the run. */
export function recoverySection(document: RunDocument): Section | undefined {
  const { architectures } = document;
  const faults = document.faults
    .filter(({ fromMinute, toMinute }) => fromMinute > 0 && toMinute > fromMinute)
    .slice(0, FAULTS_MAX);
  const panels = faults.flatMap((fault, n) => {
    const hit = architectures.filter(({ name }) => fault.variants?.includes(name) ?? true);
    return [
      panelOf(
        { fault, hit, architectures, id: `recovery-p95-${n}` },
        'p95 of page load, ms',
        p95Of,
      ),
      panelOf(
        { fault, hit, architectures, id: `recovery-good-${n}` },
        'pages shown, % of before',
        goodOf,
      ),
    ];
  });
  if (panels.length === 0) return undefined;
  const legend = architectures.map(({ name }, n) => ({ name, style: seriesStyle(n) }));
  return {
    id: 'recovery',
    heading: 'Recovery after faults',
    body: `<p>Time is counted from the fault's beginning; the first mark is there, the second where
it ends. What stays up behind the second mark has not recovered. Well again means: a p95 of at most
1.25 times its median of before, and at most one page in twenty failing, for two intervals in a
row.</p>
${architectures.length > 1 ? renderLegend(legend, true) : ''}${renderPanels(panels)}
${renderTable({
  caption: 'Seconds from the end of the fault until page loads were well again',
  columns: [capitalized(subjectNoun(architectures)), ...faults.map(nameOf)],
  rows: architectures.map((one) => [one.name, ...faults.map((fault) => recoveredCell(one, fault))]),
})}`,
  };
}

function nameOf({ kind, target }: Fault): string {
  return `${kind} on ${target}`;
}

interface Place {
  readonly fault: Fault;
  readonly hit: readonly ArchitectureResult[];
  readonly architectures: readonly ArchitectureResult[];
  readonly id: string;
}

function panelOf(
  { fault, hit, architectures, id }: Place,
  yName: string,
  valuesOf: (one: ArchitectureResult, fault: Fault) => Values,
) {
  const { fromMinute, toMinute } = fault;
  const length = toMinute - fromMinute;
  const isShown = (minute: number) =>
    minute >= fromMinute - BEFORE * length && minute <= toMinute + AFTER * length;
  const series = hit.map((one) => {
    const values = valuesOf(one, fault);
    const points = one.series.minutes.flatMap((minute, i) => {
      // Nobody asks in the drain: that is no failure.
      const y = (one.series.requestsPerMinute[i] ?? 0) > 0 ? (values[i] ?? null) : null;
      return isShown(minute) && y !== null ? [{ x: rounded(minute - fromMinute), y }] : [];
    });
    const symbolEvery = Math.max(1, Math.ceil(points.length / SYMBOLS_A_CURVE));
    const look = architectures.indexOf(one);
    return { name: one.name, look, points, isJoined: true, symbolEvery };
  });
  const times = [...new Set(series.flatMap(({ points }) => points.map(({ x }) => x)))];
  return xyChart({
    id,
    heading: nameOf(fault),
    subheading: yName,
    xName: 'minutes since the fault began',
    yName,
    series,
    marks: [
      { x: 0, name: 'begins' },
      { x: rounded(length), name: 'ends' },
    ],
    origin: { x: 'values', y: 'zero' },
    table: {
      caption: `${nameOf(fault)}: ${yName}`,
      columns: ['Minutes', ...series.map(({ name }) => name)],
      rows: times
        .sort((a, b) => a - b)
        .map((time) => [
          formatNumber(time),
          ...series.map(({ points }) => formatNumber(points.find(({ x }) => x === time)?.y)),
        ]),
    },
  });
}

function p95Of({ series }: ArchitectureResult): Values {
  return series.pageLoadTimeMs.find(({ name }) => name === 'p95')?.values ?? [];
}

/** Pages shown, in per cent of the median before the fault. */
function goodOf({ series }: ArchitectureResult, { fromMinute }: Fault): Values {
  const before = medianBefore(series.goodPerMinute, series.minutes, fromMinute);
  if (before === undefined || before === 0) return [];
  return series.goodPerMinute.map((good) =>
    good === null ? null : rounded((good / before) * 100),
  );
}

function medianBefore(
  values: Values,
  minutes: readonly number[],
  untilMinute: number,
): number | undefined {
  const before = values
    .filter((value, i) => value !== null && (minutes[i] ?? 0) < untilMinute)
    .map(Number)
    .sort((a, b) => a - b);
  return before[Math.floor(before.length / 2)];
}

function recoveredCell(one: ArchitectureResult, fault: Fault): Cell {
  if (fault.variants?.includes(one.name) === false) return 'not hit';
  const { minutes } = one.series;
  const values = p95Of(one);
  const before = medianBefore(values, minutes, fault.fromMinute);
  if (before === undefined) return '–';
  const { requestsPerMinute: asked, errorsPerMinute: errors } = one.series;
  const isWell = (i: number) =>
    (values[i] ?? Number.POSITIVE_INFINITY) <= before * TOLERANCE &&
    (errors[i] ?? 0) <= FAILED_MAX * (asked[i] ?? 0);
  const at = minutes.findIndex(
    (minute, i) =>
      minute >= fault.toMinute && isWell(i) && (i + 1 >= minutes.length || isWell(i + 1)),
  );
  if (at < 0) return 'not in this run';
  const half = ((minutes[1] ?? 0) - (minutes[0] ?? 0)) / 2;
  const waited = (minutes[at] ?? 0) - half - fault.toMinute;
  return waited <= half ? 'at once' : formatNumber(Math.round(waited * SECONDS_PER_MINUTE));
}

function rounded(value: number): number {
  return Math.round(value * 1_000) / 1_000;
}
