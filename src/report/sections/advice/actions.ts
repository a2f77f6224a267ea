/** Sections of advice: ranked actions with effects as dot plots, and what did not help. */
import type {
  AdviceDocument,
  AdviceEffect,
  AdviceMetric,
  TriedAction,
} from '../../../experiment/advise/advice-document.ts';
import { dotChart } from '../../charts/dot-chart.ts';
import { type Panel, renderPanels } from '../../charts/panel.ts';
import { escapeHtml } from '../../html/escape.ts';
import type { Section } from '../../html/page-shell.ts';
import { type Cell, renderTable } from '../../html/table.ts';
import { formatEstimate, formatNumber, NO_NUMBER, unitName } from '../../numbers.ts';

/** Metrics that are drawn; the tables have all. */
const DRAWN = ['objective deficit', 'SLO minutes', 'page load p95', 'cost per hour'] as const;

const P_SHOWN = 0.000_1;

/** The ranked actions, and others that were confirmed; undefined where none was. */
export function adviceActionsSection(document: AdviceDocument): Section | undefined {
  const confirmed = document.actions.filter(({ effects }) => effects.length > 0);
  if (confirmed.length === 0) return undefined;
  const panels = DRAWN.flatMap((name) => {
    const metric = document.metrics.find((one) => one.name === name);
    return metric === undefined ? [] : [effectPanel(metric, confirmed)];
  });
  return {
    id: 'actions',
    heading: 'What helps, best first',
    body: `<p>Each action was simulated on the same draws as the baseline. First what meets a missed
objective, the cheapest first; then what improves it, by what a dollar takes away; then what saves.
Filled: the interval leaves out zero together with all others; hollow: may be chance.</p>
${rankedTable(confirmed)}
${renderPanels(panels)}
${effectsTable(document, confirmed)}
<p class="note">${escapeHtml(document.method)}</p>`,
  };
}

function rankedTable(confirmed: readonly TriedAction[]): string {
  return renderTable({
    caption: 'Actions, and why',
    columns: ['Action', 'Rank', 'Verdict', 'USD/h', 'What it comes to', 'Why it was tried'],
    textColumns: [2, 4, 5],
    rows: confirmed.map((action): readonly Cell[] => [
      action.title,
      action.rank === null ? NO_NUMBER : String(action.rank),
      action.verdict,
      effectCell(action, 'cost per hour'),
      action.conclusion,
      action.reason,
    ]),
  });
}

function effectPanel({ name, unit, better }: AdviceMetric, actions: readonly TriedAction[]): Panel {
  const effects = actions.map((action) => effectOf(action, name));
  return dotChart({
    id: `advice-${name.toLowerCase().replaceAll(' ', '-')}`,
    heading: `Effect on ${name}`,
    subheading: `Difference from the baseline with its 95 % interval; ${better} is better`,
    unit: unitName(unit),
    rows: actions.map(({ title }) => title),
    series: [
      {
        name: 'effect',
        values: effects.map((effect) => effect?.difference ?? null),
        hollow: effects.map((effect) => !isShown(effect)),
      },
    ],
    origin: 'marked-zero',
    table: {
      caption: `Effect on ${name}, ${unitName(unit)}`,
      columns: ['Action', 'Before', 'After', 'Difference', 'Adjusted p', 'Verdict'],
      textColumns: [5],
      rows: actions.map((action, i) => effectRow(action.title, effects[i])),
    },
  });
}

/** A row of an effect's numbers. */
export function effectRow(title: string, effect: AdviceEffect | undefined): readonly Cell[] {
  if (effect === undefined) return [title, NO_NUMBER, NO_NUMBER, NO_NUMBER, NO_NUMBER, 'no data'];
  const { before, after, difference, adjustedPValue, verdict } = effect;
  return [
    title,
    formatNumber(before),
    formatNumber(after),
    formatEstimate(difference, true),
    pValueText(adjustedPValue),
    verdict,
  ];
}

/** Beyond four decimals it says no more than that it is small. */
function pValueText(p: number | null): string {
  return p !== null && p < P_SHOWN ? `< ${P_SHOWN}` : formatNumber(p);
}

/** All metrics of all confirmed actions. */
function effectsTable({ metrics }: AdviceDocument, actions: readonly TriedAction[]): string {
  return renderTable({
    caption: 'All effects: difference from the baseline, 95 % interval',
    columns: ['Metric', ...actions.map(({ title }) => title)],
    rows: metrics.map(({ name, unit }): readonly Cell[] => [
      `${name}, ${unitName(unit)}`,
      ...actions.map((action) => effectCell(action, name)),
    ]),
  });
}

function effectCell(action: TriedAction, metric: string): Cell {
  return estimateCell(effectOf(action, metric)?.difference ?? null);
}

/** A difference with its interval below it. */
export function estimateCell(estimate: AdviceEffect['difference'] | null): Cell {
  if (estimate === null) return NO_NUMBER;
  const [text = '', note = ''] = formatEstimate(estimate, true).split(/ (?=\[)/);
  return { text, note };
}

function effectOf({ effects }: TriedAction, metric: string): AdviceEffect | undefined {
  return effects.find((one) => one.metric === metric);
}

function isShown(effect: AdviceEffect | undefined): boolean {
  return effect?.verdict === 'better' || effect?.verdict === 'worse';
}

/** What was tried and is not ranked; undefined where all is. */
export function noHelpSection({ actions }: AdviceDocument): Section | undefined {
  const others = actions.filter(({ rank }) => rank === null);
  if (others.length === 0) return undefined;
  return {
    id: 'no-help',
    heading: 'Tried, and no help',
    body: `<p>Looked at on a few replications, and most of them not gone on with.</p>
${renderTable({
  caption: 'Actions that are not ranked',
  columns: ['Action', 'Deficit at first look', 'SLO minutes', 'USD/h', 'Why not', 'Why tried'],
  textColumns: [4, 5],
  rows: others.map(({ title, screen, conclusion, reason }) => [
    title,
    formatNumber(screen?.deficit),
    formatNumber(screen?.missedMinutes),
    formatNumber(screen?.usdPerHour),
    conclusion,
    reason,
  ]),
})}`,
  };
}
