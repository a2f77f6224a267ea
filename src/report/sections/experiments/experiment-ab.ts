/** Sections of online experiments by viewers: the A/B with its intervals and its bound over time,
 * the check of its sample ratio, and the A/A splits that say whether its tests can be trusted. */
import type { AaStudy } from '../../../analytics/online-experiments/a-a-study.ts';
import type { AbReport } from '../../../analytics/online-experiments/ab/ab-report.ts';
import type {
  AbComparison,
  AbMetricReport,
} from '../../../analytics/online-experiments/ab/metric-report.ts';
import type { SampleRatioCheck } from '../../../analytics/online-experiments/ab/sample-ratio.ts';
import { type Panel, renderPanels } from '../../charts/panel.ts';
import { xyChart } from '../../charts/xy-chart.ts';
import { escapeHtml } from '../../html/escape.ts';
import type { Section } from '../../html/page-shell.ts';
import { type Cell, renderTable, type TableSpec } from '../../html/table.ts';
import {
  capitalized,
  formatCount,
  formatEstimate,
  formatNumber,
  formatShare,
  NO_NUMBER,
  unitName,
} from '../../numbers.ts';

/** The A/B experiment. */
export function abSection(report: AbReport): Section {
  const { arms, metrics, decisions, sampleRatio, confidence } = report;
  const panels = metrics.flatMap((metric) =>
    metric.comparisons.flatMap((one) => sequentialPanel(report, metric, one)),
  );
  const percent = formatNumber(confidence * 100);
  const words = decisions.map(
    ({ arm, verdict, text }) => `<p><strong>${escapeHtml(`${arm}: ${verdict}`)}</strong>.
${escapeHtml(capitalized(text))}.</p>`,
  );
  const noBound = `<p class="note">No bound over time: fewer viewers than it takes.</p>`;
  return {
    id: 'ab-experiment',
    heading: 'A/B experiment',
    body: `${words.join('\n')}
<p>${escapeHtml(sampleRatioWords(sampleRatio))}</p>
${renderTable(armsTable(report))}
${renderTable(metricsTable(metrics, arms[0]?.name ?? '', percent))}
${panels.length === 0 ? noBound : renderPanels(panels)}`,
  };
}

/** The A/A splits. */
export function aaSection(study: AaStudy): Section {
  const { runs, viewers, looks, lines } = study;
  const table: TableSpec = {
    caption: `False positives of ${formatCount(runs)} splits of ${formatCount(viewers)} viewers`,
    columns: ['Test', 'Level', 'False positives', 'Share', 'Expected', 'Verdict'],
    textColumns: [5],
    rows: lines.map(({ test, level, falsePositives, fewest, most, verdict }) => [
      test,
      formatShare(level),
      formatCount(falsePositives),
      formatShare(falsePositives / Math.max(1, runs)),
      `${formatCount(fewest)} to ${formatCount(most)}`,
      verdict,
    ]),
  };
  return {
    id: 'aa-splits',
    heading: 'A/A splits',
    body: `<p>Viewers were split at random and treated alike, so that every difference that a
test sees is false. Expected: what a test of exactly its level stays within in 99 of 100 studies.
Peeked at: looked at ${formatCount(looks)} times, and believed at the first sight of a
difference.</p>
${renderTable(table)}`,
  };
}

function sampleRatioWords({ verdict, pValue, alertLevel, refusal }: SampleRatioCheck): string {
  if (refusal !== null) return `Sample ratio: unknown; ${refusal.text}.`;
  const p = `p ${pText(pValue)}, alert below ${formatNumber(alertLevel)}`;
  return verdict === 'mismatch'
    ? `Sample ratio: MISMATCH (${p}). Arms lost or gained viewers, so nothing below can be trusted.`
    : `Sample ratio: as planned (${p}).`;
}

function armsTable({ arms, sampleRatio }: AbReport): TableSpec {
  return {
    caption: 'Arms',
    columns: ['Arm', 'Share', 'Viewers', 'Planned'],
    rows: arms.map(({ name, share, viewers, isControl }, i) => [
      isControl ? { text: name, note: 'control' } : name,
      formatNumber(share),
      formatCount(viewers),
      formatCount(sampleRatio.arms[i]?.expected),
    ]),
  };
}

function metricsTable(
  metrics: readonly AbMetricReport[],
  control: string,
  percent: string,
): TableSpec {
  const columns = [
    'Metric',
    'Arm',
    control,
    'Difference',
    'With CUPED',
    'p (Holm)',
    'Detectable',
    'Verdict',
  ];
  return {
    caption: `Differences to ${control}, with ${percent} % intervals over viewers`,
    columns,
    textColumns: [1, 7],
    rows: metrics.flatMap((metric) =>
      metric.comparisons.map((one): readonly Cell[] => [
        { text: metric.name, note: `${unitName(metric.unit)}, ${metric.better} is better` },
        one.arm,
        formatNumber(metric.means[0]),
        differenceCell(one),
        cupedCell(one),
        pText(one.adjustedPValue),
        detectableCell(one),
        verdictCell(one),
      ]),
    ),
  };
}

function differenceCell({ difference, refusal, relative, method }: AbComparison): Cell {
  if (difference === null) return { text: NO_NUMBER, note: refusal?.text ?? '' };
  const share = relative === null ? '' : `${relative > 0 ? '+' : ''}${formatShare(relative)}, `;
  return { text: formatEstimate(difference, true), note: `${share}${method}` };
}

function cupedCell({ cuped, cupedRefusal }: AbComparison): Cell {
  if (cuped === null) return { text: NO_NUMBER, note: cupedRefusal?.text ?? '' };
  const gain = `variance ÷ ${formatNumber(cuped.varianceReduction)}`;
  return { text: formatEstimate(cuped, true), note: gain };
}

/** What so many viewers could show, and how many the difference found would take. */
function detectableCell({ detectable, viewersNeeded }: AbComparison): Cell {
  if (detectable === null) return NO_NUMBER;
  const needed = viewersNeeded === null ? '' : `found: ${formatCount(viewersNeeded)} viewers`;
  return { text: `± ${formatNumber(detectable)}`, note: needed };
}

function verdictCell({ guardrail, verdict, judgedBy }: AbComparison): Cell {
  if (guardrail === null) return { text: verdict, note: judgedBy };
  const margin = `guardrail, margin ${formatNumber(guardrail.margin)}`;
  return { text: guardrail.verdict, note: margin };
}

/** The difference over viewers, between bounds that hold at all looks, beside those that do not. */
function sequentialPanel(
  { name, confidence }: AbReport,
  metric: AbMetricReport,
  { arm, sequential }: AbComparison,
): readonly Panel[] {
  if (sequential === null || sequential.low.every((one) => one === null)) return [];
  const { viewers, difference, low, high, fixedHalfWidth, stoppedAtViewers } = sequential;
  const points = (of: (look: number) => number | null | undefined) =>
    viewers.flatMap((x, look) => {
      const y = of(look);
      return typeof y === 'number' ? [{ x, y }] : [];
    });
  const fixed = (sign: 1 | -1) => (look: number) => {
    const reach = fixedHalfWidth[look];
    const value = difference[look];
    return typeof reach === 'number' && typeof value === 'number' ? value + sign * reach : null;
  };
  const line = { isJoined: true, symbolEvery: 10 } as const;
  const percent = formatNumber(confidence * 100);
  const marks =
    stoppedAtViewers === null ? {} : { marks: [{ x: stoppedAtViewers, name: 'could stop' }] };
  return [
    xyChart({
      id: `sequential-${idOf(`${name}-${metric.name}-${arm}`)}`,
      heading: `${capitalized(metric.name)}: ${arm} over viewers`,
      subheading:
        `Difference between bounds that hold at all looks together (${percent} %); ` +
        'the narrow ones hold at one look only',
      xName: 'viewers',
      yName: `difference, ${unitName(metric.unit)}`,
      origin: { x: 'zero', y: 'values' },
      series: [
        { ...line, name: 'difference', look: 0, points: points((look) => difference[look]) },
        { ...line, name: 'always valid, low', look: 1, points: points((look) => low[look]) },
        { ...line, name: 'always valid, high', look: 1, points: points((look) => high[look]) },
        { ...line, name: 'one look, low', look: 2, points: points(fixed(-1)) },
        { ...line, name: 'one look, high', look: 2, points: points(fixed(1)) },
      ],
      ...marks,
      table: {
        caption: 'Difference and its always-valid bounds',
        columns: ['Viewers', 'Difference', 'One look, ±'],
        rows: viewers.map((count, look) => [
          formatCount(count),
          formatEstimate({
            value: difference[look] ?? Number.NaN,
            low: low[look] ?? null,
            high: high[look] ?? null,
          }),
          formatNumber(fixedHalfWidth[look]),
        ]),
      },
    }),
  ];
}

/** P-values are told apart down to one in ten thousand. */
function pText(p: number | null): string {
  return p !== null && p < 1e-4 ? 'below 0.0001' : formatNumber(p);
}

function idOf(text: string): string {
  return text.toLowerCase().replace(/[^a-z0-9]+/g, '-');
}
