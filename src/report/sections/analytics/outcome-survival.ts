/** How long viewers stay, absences and plays last: survival curves with their bands. Documents of
 * before have none. */
import type { OutcomesDocument } from '../../../experiment/learn/outcomes.ts';
import { type Panel, renderPanels } from '../../charts/panel.ts';
import { renderLegend, seriesStyle } from '../../charts/series-style.ts';
import { type XyPoint, type XySeries, xyChart } from '../../charts/xy-chart.ts';
import { escapeHtml } from '../../html/escape.ts';
import type { Section } from '../../html/page-shell.ts';
import { renderTable } from '../../html/table.ts';
import {
  asSentence,
  formatCount,
  formatEstimate,
  formatNumber,
  formatShare,
  NO_NUMBER,
} from '../../numbers.ts';

type Compared = OutcomesDocument['survival']['churn'];
type Curve = Compared['curves'][number];

interface Subject {
  readonly id: string;
  readonly heading: string;
  readonly subheading: string;
  readonly unit: string;
  readonly xMax?: number;
}

/** So many of a curve's points have a symbol. */
const SYMBOLS = 6;
const AT_RISK_MIN = 10;

/** The section; none where the document has no outcomes. */
export function survivalSections(outcomes: OutcomesDocument | undefined): readonly Section[] {
  if (outcomes === undefined) return [];
  const { survival, churnHorizonDays } = outcomes;
  const stay: Subject = {
    id: 'survival-churn',
    heading: 'Viewers who are still there',
    subheading: `From the first visit on; gone is who is not seen for ${churnHorizonDays} days`,
    unit: 'days',
  };
  const absent: Subject = {
    id: 'survival-return',
    heading: 'Viewers who are not back yet',
    subheading: 'From the end of the first play to the next session',
    unit: 'days',
  };
  const through: Subject = {
    id: 'survival-titles',
    heading: 'Plays that are still on',
    subheading: 'The titles with the most plays; complete plays were never left',
    unit: '% of the title',
    xMax: 100,
  };
  return [
    {
      id: 'survival',
      heading: 'How long it lasts',
      body: `<p>Kaplan and Meier’s curves: what had not ended when the data did is counted for as
long as it was seen. Thin lines are 95 % bands, at each point on its own. Where fewer
than ${AT_RISK_MIN} are left the curves are not drawn, and no median is told.</p>
${comparedHtml(stay, survival.churn)}
${comparedHtml(absent, survival.return)}
${watchThroughHtml(through, survival.watchThrough)}`,
    },
  ];
}

function comparedHtml(subject: Subject, { curves, logRank, reason }: Compared): string {
  const head = `<h3 class="apart">${escapeHtml(subject.heading)}</h3>`;
  const why = reason === null ? '' : escapeHtml(asSentence(reason));
  if (curves.length === 0) return `${head}\n<p class="note">Not drawn. ${why}</p>`;
  const test =
    logRank === null
      ? `The groups were not compared. ${why}`
      : `Log-rank test of the two groups: χ² ${formatNumber(logRank.chiSquare)}, ` +
        `p ${pText(logRank.pValue)}.`;
  return `${head}\n${curvesHtml(subject, curves)}\n<p>${test}</p>`;
}

function pText(p: number): string {
  return p < 0.0001 ? 'below 0.0001' : formatNumber(p);
}

function watchThroughHtml(subject: Subject, curves: readonly Curve[]): string {
  if (curves.length > 0) {
    return `<h3 class="apart">${escapeHtml(subject.heading)}</h3>\n${curvesHtml(subject, curves)}`;
  }
  return '<p class="note">No title with a known running time was played.</p>';
}

function curvesHtml(subject: Subject, curves: readonly Curve[]): string {
  const entries = curves.map(({ name }, look) => ({ name, style: seriesStyle(look) }));
  return `${renderLegend(entries, true)}
${renderPanels([survivalPanel(subject, curves)])}
${renderTable({
  caption: `${subject.heading}: ${subject.unit} until half are left`,
  columns: ['', 'Median', 'Counted', 'Ended', 'Seen only so far'],
  rows: curves.map(({ name, median, medianLow, medianHigh, count, ended, censored }) => [
    name,
    median === null
      ? { text: NO_NUMBER, note: 'more than half outlast the curve' }
      : formatEstimate({ value: median, low: medianLow, high: medianHigh }),
    formatCount(count),
    formatCount(ended),
    formatCount(censored),
  ]),
})}`;
}

function survivalPanel(
  { id, heading, subheading, unit, xMax }: Subject,
  curves: readonly Curve[],
): Panel {
  const longest = Math.max(...curves.map(({ steps }) => steps.length));
  const tabled = curves.find(({ steps }) => steps.length === longest) ?? curves[0];
  return xyChart({
    id,
    heading,
    subheading,
    xName: unit,
    yName: '%',
    ...(xMax === undefined ? {} : { xMax }),
    origin: { x: 'zero', y: 'zero' },
    series: curves.map((curve, look) => {
      const points = stairs(curve);
      return {
        name: curve.name,
        look,
        isJoined: true,
        symbolEvery: Math.max(1, Math.ceil(points.length / SYMBOLS)),
        points,
        bounds: boundsOf(curve),
      };
    }),
    table: {
      caption: `${heading}: ${tabled?.name ?? ''}`,
      columns: [unit, 'Left', 'From', 'To', 'At risk'],
      rows: (tabled?.steps ?? []).map(({ time, survival, low, high, atRisk }) => [
        formatNumber(time),
        formatShare(survival),
        formatShare(low),
        formatShare(high),
        formatCount(atRisk),
      ]),
    },
  });
}

/** Level until the next end, then down. */
function stairs({ steps }: Curve): readonly XyPoint[] {
  const points: XyPoint[] = [{ x: 0, y: 100 }];
  for (const { time, survival } of steps) {
    points.push({ x: time, y: points.at(-1)?.y ?? 100 }, { x: time, y: survival * 100 });
  }
  return points;
}

/** Stairs as the curve's; where nobody is left there is no band. */
function boundsOf({ steps }: Curve): NonNullable<XySeries['bounds']> {
  const bounds: { x: number; low: number; high: number }[] = [];
  for (const { time, low, high } of steps) {
    if (low === null || high === null) continue;
    const before = bounds.at(-1);
    if (before !== undefined) bounds.push({ ...before, x: time });
    bounds.push({ x: time, low: low * 100, high: high * 100 });
  }
  return bounds;
}
