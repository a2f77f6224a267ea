/** Models of completion, takes and churn: how well they rank and forecast, whether probabilities
 * mean what they say, and what weighs how much. Documents of before have none. */
import type { OutcomesDocument } from '../../../experiment/learn/outcomes.ts';
import { dotChart } from '../../charts/dot-chart.ts';
import { type Panel, renderPanels } from '../../charts/panel.ts';
import { xyChart } from '../../charts/xy-chart.ts';
import { escapeHtml } from '../../html/escape.ts';
import type { Section } from '../../html/page-shell.ts';
import { type Cell, renderTable, type TableSpec } from '../../html/table.ts';
import {
  formatCount,
  formatEstimate,
  formatNumber,
  formatShare,
  type IntervalEstimate,
  NO_NUMBER,
} from '../../numbers.ts';
import {
  countsText,
  missingOf,
  QUESTIONS,
  rankingEstimate,
  type ShownModel,
} from './outcome-words.ts';

/** The section; none where the document has no outcomes. */
export function outcomeSections(outcomes: OutcomesDocument | undefined): readonly Section[] {
  if (outcomes === undefined) return [];
  const shown = QUESTIONS.map((question) => ({
    ...question,
    model: outcomes.models[question.name],
  }));
  const judged = shown.filter(({ model }) => model.judgement !== null);
  const learned = shown.filter(({ model }) => model.coefficients.length > 0);
  const curves = judged.map(({ name, heading, model }) => reliabilityPanel(name, heading, model));
  const weights = learned.map(({ name, heading, model }) => weightsPanel(name, heading, model));
  const questions = shown.map(
    ({ heading, question }) => `<li>${escapeHtml(`${heading}: ${question}.`)}</li>`,
  );
  return [
    {
      id: 'outcomes',
      heading: 'Completion, takes and churn',
      body: `<ul>${questions.join('\n')}</ul>
<p>Logistic regression on features that know no future: plays are known from their ends on. Learned
from answers known before the cut, judged on questions asked after it. Intervals are taken over
viewers.${sampleText(outcomes.impressionsShare)}</p>
${renderTable(rankingTable(shown))}
${missingHtml(shown)}
${panelsHtml('Do probabilities mean what they say?', curves, calibrationTable(judged))}
${panelsHtml('What weighs how much', weights)}
${leftOutHtml(shown)}`,
    },
  ];
}

function panelsHtml(heading: string, panels: readonly Panel[], table?: TableSpec): string {
  if (panels.length === 0) return '';
  const first = table === undefined ? '' : renderTable(table);
  return `<h3 class="apart">${escapeHtml(heading)}</h3>\n${first}\n${renderPanels(panels)}`;
}

function sampleText(share: number): string {
  return share >= 1
    ? ''
    : ` Takes are of the titles shown in ${formatShare(share)} of the sessions.`;
}

interface Shown {
  readonly heading: string;
  readonly model: ShownModel;
}

function rankingTable(shown: readonly Shown[]): TableSpec {
  return {
    caption: 'How well the forecasts tell yes from no, beside the base rate of the training rows',
    columns: [
      'Question',
      'Learned from',
      'Judged on',
      'AUC',
      'Log loss',
      'Base rate’s',
      'Better by',
      'Online',
    ],
    textColumns: [1, 2],
    rows: shown.map(({ heading, model: { training, test, judgement, online } }) => [
      heading,
      countsText(training),
      countsText(test),
      judgement === null || judgement.ranking === null
        ? NO_NUMBER
        : withInterval(rankingEstimate(judgement.ranking)),
      formatNumber(judgement?.logLoss.value),
      formatNumber(judgement?.logLoss.floor),
      judgement === null
        ? NO_NUMBER
        : withInterval(estimateOf(judgement.logLoss.gain, judgement.logLoss.gainInterval), true),
      formatNumber(online?.logLoss.value),
    ]),
  };
}

function calibrationTable(shown: readonly Shown[]): TableSpec {
  return {
    caption: 'Whether probabilities mean what they say',
    columns: [
      'Question',
      'Brier’s score',
      'Reliability',
      'Resolution',
      'Uncertainty',
      'Calibration error',
      'Slope',
      'Lift of the top tenth',
    ],
    rows: shown.map(({ heading, model: { judgement } }) => {
      const { brier, reliability, calibration, topDecile } = judgement ?? {};
      return [
        heading,
        formatNumber(brier?.value),
        formatNumber(reliability?.reliability),
        formatNumber(reliability?.resolution),
        formatNumber(reliability?.uncertainty),
        formatShare(reliability?.calibrationError),
        calibration === null || calibration === undefined
          ? NO_NUMBER
          : withInterval(estimateOf(calibration.slope, calibration.interval)),
        topDecile === null || topDecile === undefined
          ? NO_NUMBER
          : `${formatNumber(topDecile.lift)} ×`,
      ];
    }),
  };
}

function estimateOf(
  value: number,
  interval: { readonly low: number; readonly high: number } | null,
): IntervalEstimate {
  return { value, low: interval?.low ?? null, high: interval?.high ?? null };
}

function withInterval(one: IntervalEstimate, isSigned = false): Cell {
  const [text = '', ...rest] = formatEstimate(one, isSigned).split(' [');
  return rest.length === 0 ? text : { text, note: `[${rest.join(' [')}` };
}

/** What could not be judged, in words. */
function missingHtml(shown: readonly Shown[]): string {
  const items = shown.flatMap(({ heading, model }) =>
    missingOf(model).map((text) => `<li>${escapeHtml(`${heading}: ${text}`)}</li>`),
  );
  return items.length === 0 ? '' : `<ul class="note">${items.join('\n')}</ul>`;
}

function reliabilityPanel(name: string, heading: string, { judgement }: ShownModel): Panel {
  const bins = judgement?.reliability.bins ?? [];
  const percent = (share: number) => share * 100;
  const most = percent(Math.max(...bins.map(({ forecast, share }) => Math.max(forecast, share))));
  return xyChart({
    id: `reliability-${name}`,
    heading: `${heading}: reliability`,
    subheading:
      'Bins of equally many rows with 95 % intervals; on the diagonal, forecasts are right',
    xName: 'forecast, %',
    yName: '% that came true',
    origin: { x: 'zero', y: 'zero' },
    series: [
      {
        name: 'forecasts',
        look: 0,
        isJoined: true,
        points: bins.map(({ forecast, share }) => ({ x: percent(forecast), y: percent(share) })),
        bounds: bins.map(({ forecast, low, high }) => ({
          x: percent(forecast),
          low: percent(low),
          high: percent(high),
        })),
      },
      {
        name: 'right',
        look: 2,
        isJoined: true,
        symbolEvery: 3,
        points: [
          { x: 0, y: 0 },
          { x: most, y: most },
        ],
      },
    ],
    table: {
      caption: `${heading}: bins of forecasts`,
      columns: ['Forecast', 'Came true', 'From', 'To', 'Rows'],
      rows: bins.map(({ forecast, share, low, high, rows }) => [
        formatShare(forecast),
        formatShare(share),
        formatShare(low),
        formatShare(high),
        formatCount(rows),
      ]),
    },
  });
}

function weightsPanel(name: string, heading: string, { coefficients }: ShownModel): Panel {
  const rows = [...coefficients].sort((a, b) => Math.abs(b.value) - Math.abs(a.value));
  const isOpen = ({ low, high }: IntervalEstimate) =>
    low === null || high === null || (low <= 0 && high >= 0);
  return dotChart({
    id: `weights-${name}`,
    heading: `${heading}: weights`,
    subheading: 'For one standard deviation more, 95 % intervals; hollow: not told apart from 0',
    unit: 'change of the log-odds',
    rows: rows.map(({ feature }) => feature),
    series: [{ name: 'weight', values: rows, hollow: rows.map(isOpen) }],
    origin: 'marked-zero',
    rowPx: 24,
    table: {
      caption: `${heading}: weights of standardised features`,
      columns: ['Feature', 'Weight', 'Odds ×', 'Mean', 'Standard deviation', 'What it is'],
      textColumns: [5],
      rows: rows.map((one) => [
        one.feature,
        withInterval(one, true),
        formatNumber(Math.exp(one.value)),
        formatNumber(one.mean),
        formatNumber(one.spread),
        one.words,
      ]),
    },
  });
}

function leftOutHtml(shown: readonly Shown[]): string {
  const rows = shown.flatMap(({ heading, model }) =>
    model.leftOut.map(({ name, reason }) => [heading, name, reason]),
  );
  if (rows.length === 0) return '';
  const table = renderTable({
    caption: 'Features that were left out',
    columns: ['Question', 'Feature', 'Why'],
    textColumns: [1, 2],
    rows,
  });
  const summary = `<summary>Features that were left out: ${rows.length}</summary>`;
  return `<details class="group">${summary}\n${table}</details>`;
}
