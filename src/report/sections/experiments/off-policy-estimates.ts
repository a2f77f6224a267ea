/** The section of off-policy estimation: estimators against the true value, with their canaries. */
import type {
  OffPolicyCase,
  OffPolicyReport,
} from '../../../analytics/off-policy/hero-slot-study.ts';
import type { EstimatorLine } from '../../../analytics/off-policy/off-policy-study.ts';
import type { SlateStudy } from '../../../analytics/off-policy/slates/slate-study.ts';
import { dotChart } from '../../charts/dot-chart.ts';
import { type Panel, renderPanels } from '../../charts/panel.ts';
import { renderLegend, seriesStyle } from '../../charts/series-style.ts';
import { escapeHtml } from '../../html/escape.ts';
import type { Section } from '../../html/page-shell.ts';
import { renderTable, type TableSpec } from '../../html/table.ts';
import {
  capitalized,
  formatCount,
  formatNumber,
  formatShare,
  type IntervalEstimate,
  NO_NUMBER,
} from '../../numbers.ts';

/** The section. */
export function offPolicySection(report: OffPolicyReport): Section {
  const { cases, viewers, titles } = report;
  const [usual] = cases;
  if (usual === undefined) {
    return {
      id: 'off-policy',
      heading: 'Off-policy estimates',
      body: '<p>Nothing was studied.</p>',
    };
  }
  const { logger, target, rows, runs, trueValue, loggerValue } = usual.study;
  const legend = cases.map(({ name }, n) => ({ name, style: seriesStyle(n) }));
  return {
    id: 'off-policy',
    heading: 'Off-policy estimates',
    body: `<p>Policy ${escapeHtml(logger)} chose the title at the top of home for
${formatCount(viewers)} viewers among ${formatCount(titles)} titles, and ${escapeHtml(target)} was
estimated from its log: ${formatCount(runs)} times from ${formatCount(rows)} rows. In truth
${escapeHtml(target)} is worth ${formatNumber(trueValue)} of a title a row, and
${escapeHtml(logger)} ${formatNumber(loggerValue)}.</p>
${renderTable(estimatorTable(usual))}
${renderLegend(legend, false)}
${renderPanels([biasPanel(cases), coveragePanel(cases)])}
${cases.map(warningsHtml).join('\n')}
${slatesHtml(report.slates)}`,
  };
}

function estimatorTable({ study }: OffPolicyCase): TableSpec {
  return {
    caption: `Estimators against the true value, ${formatCount(study.runs)} runs`,
    columns: ['Estimator', 'Bias', 'RMSE', 'Standard error', 'Spread', 'Coverage'],
    rows: study.lines.map((line) => [
      line.estimator,
      { text: formatNumber(line.bias), note: `± ${formatNumber(line.biasStandardError)}` },
      formatNumber(line.rmse),
      formatNumber(line.meanStandardError),
      formatNumber(line.standardDeviation),
      coverageCell(line),
    ]),
  };
}

function coverageCell({ coverage }: EstimatorLine) {
  if (coverage === null) return NO_NUMBER;
  const { value, low, high, trials } = coverage;
  const range = `${formatShare(low)} to ${formatShare(high)} of ${formatCount(trials)}`;
  return { text: formatShare(value), note: range };
}

function biasPanel(cases: readonly OffPolicyCase[]): Panel {
  const rows = (cases[0]?.study.lines ?? []).map(({ estimator }) => estimator);
  const values = cases.map(({ study }) =>
    study.lines.map(({ bias, biasStandardError }): IntervalEstimate | null => {
      if (bias === null) return null;
      const reach = biasStandardError === null ? null : 1.96 * biasStandardError;
      return {
        value: bias,
        low: reach === null ? null : bias - reach,
        high: reach === null ? null : bias + reach,
      };
    }),
  );
  return dotChart({
    id: 'off-policy-bias',
    heading: 'Bias of estimators',
    subheading: 'Mean estimate less true value; whiskers: 95 % intervals over runs',
    unit: 'of a title a row',
    rows,
    series: cases.map(({ name }, n) => ({ name, values: values[n] ?? [] })),
    origin: 'marked-zero',
    table: {
      caption: 'Bias by case',
      columns: ['Estimator', ...cases.map(({ name }) => name)],
      rows: rows.map((row, i) => [row, ...values.map((of) => formatNumber(of[i]?.value))]),
    },
  });
}

function coveragePanel(cases: readonly OffPolicyCase[]): Panel {
  const rows = (cases[0]?.study.lines ?? []).map(({ estimator }) => estimator);
  const percent = (share: number | null | undefined): number | null =>
    typeof share === 'number' ? share * 100 : null;
  const values = cases.map(({ study }) =>
    study.lines.map(({ coverage }): IntervalEstimate | null =>
      coverage === null
        ? null
        : {
            value: coverage.value * 100,
            low: percent(coverage.low),
            high: percent(coverage.high),
          },
    ),
  );
  return dotChart({
    id: 'off-policy-coverage',
    heading: 'Coverage of 95 % intervals',
    subheading: 'Runs whose interval held the true value; 95 is right',
    unit: '% of runs',
    rows,
    series: cases.map(({ name }, n) => ({ name, values: values[n] ?? [] })),
    origin: 'zero',
    table: {
      caption: 'Coverage by case, %',
      columns: ['Estimator', ...cases.map(({ name }) => name)],
      rows: rows.map((row, i) => [row, ...values.map((of) => formatNumber(of[i]?.value))]),
    },
  });
}

/** Whole rows: exact figures, nothing drawn. */
function slatesHtml(slates: readonly SlateStudy[]): string {
  const [first] = slates;
  if (first === undefined) return '';
  const { slots, candidates, rows } = first;
  return `<p>Whole rows of ${formatCount(slots)} out of ${formatCount(candidates)} titles, all of
which were gone through, so that figures are exact. RIPS takes viewers to stop at what they take,
IIPS takes a slot to stand for itself; in a multinomial logit all slots compete, and neither is
so.</p>
${renderTable({
  caption: `Whole rows: bias as share of the true value, and RMSE of ${formatCount(rows)} rows`,
  columns: ['Estimator', ...slates.flatMap(({ choice }) => [`Bias, ${choice}`, `RMSE, ${choice}`])],
  rows: first.lines.map(({ estimator }, i) => [
    estimator,
    ...slates.flatMap(({ lines, trueValue }) => [
      formatShare(round((lines[i]?.bias ?? Number.NaN) / trueValue)),
      formatNumber(lines[i]?.rmse),
    ]),
  ]),
})}`;
}

/** Without what is left of rounding where the bias is 0. */
function round(share: number): number {
  return Math.abs(share) < 1e-9 ? 0 : share;
}

/** What the diagnostics of weights said, which needs no truth. */
function warningsHtml({ name, text, study }: OffPolicyCase): string {
  const { runs, effectiveShare, meanWeight, warnings } = study;
  const share = `effective rows ${formatShare(effectiveShare)}`;
  const figures = `${share}, mean weight ${formatNumber(meanWeight)}`;
  const told = warnings.map((one) => `${one.text} (in ${one.runs} of ${runs} runs)`).join('; ');
  const end = told === '' ? 'no warning' : `warned: ${told}`;
  return `<p class="note">${escapeHtml(`${capitalized(name)} (${text}): ${figures}; ${end}.`)}</p>`;
}
