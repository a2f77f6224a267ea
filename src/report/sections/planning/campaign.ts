/** How a comparison came about: when it stopped, what is best, what became of the baseline, which
 * variance reduction is in its numbers. */
import type { CompareDocument } from '../../../experiment/result.ts';
import { escapeHtml } from '../../html/escape.ts';
import type { Section } from '../../html/page-shell.ts';
import { renderTable } from '../../html/table.ts';
import {
  capitalized,
  formatEstimate,
  formatNumber,
  formatShare,
  inWords,
  NO_NUMBER,
  plural,
} from '../../numbers.ts';
import { subjectNoun } from '../../subjects.ts';

/** Why there are as many replications as there are. */
export function stoppingSentence({ stopping }: CompareDocument): string {
  const { decision, precision, replications, moreReplications, stopped } = stopping;
  const made = plural(replications.length, 'replication');
  const more =
    moreReplications === null || moreReplications === 0
      ? ''
      : ` About ${formatNumber(moreReplications)} more would be needed.`;
  switch (decision) {
    case 'fixed':
      return `${made}, as asked for.`;
    case 'reached':
      return `After ${made} every interval is within ±${formatShare(precision)}.`;
    case 'cap':
      return (
        `The most replications allowed, ${replications.length}, do not reach ` +
        `±${formatShare(precision)}.${more}`
      );
    case 'cannot':
      return `±${formatShare(precision)} cannot be reached: see the stopping rule below.`;
    default:
      return (
        `Stopped after ${made} (${stopped ?? 'unknown'}): ` + `partial, but valid for those.${more}`
      );
  }
}

/** The stopping rule line by line; undefined for a fixed number of replications. */
export function stoppingSection(document: CompareDocument): Section | undefined {
  const { stopping, architectures } = document;
  if (stopping.rule === 'fixed' && stopping.stopped === null) return undefined;
  return {
    id: 'stopping',
    heading: 'Precision',
    body: `<p>${escapeHtml(stoppingSentence(document))}</p>
${renderTable({
  caption: `Relative half-widths; asked for: ${formatShare(stopping.precision)}`,
  columns: [
    capitalized(subjectNoun(architectures)),
    'Metric',
    'State',
    'Half-width',
    'Confidence',
    'More replications',
    'Why',
  ],
  textColumns: [1, 2, 6],
  rows: stopping.lines.map((line) => [
    line.subject,
    line.metric,
    line.state === 'reached' ? '✓ reached' : `✗ ${line.state}`,
    line.relativeHalfWidth === null ? NO_NUMBER : `±${formatShare(line.relativeHalfWidth)}`,
    formatShare(line.confidence),
    formatNumber(line.moreReplications),
    line.reason ?? '',
  ]),
})}`,
  };
}

/** Which is best and how surely; undefined where nobody asked. */
export function selectionSection({ selection }: CompareDocument): Section | undefined {
  if (selection === null) return undefined;
  const { metric, better, selected, survivors, eliminated, text } = selection;
  const out = eliminated.map(
    ({ subject, observations }) =>
      `<li>${escapeHtml(`${subject}, out after ${plural(observations, 'observation')}`)}</li>`,
  );
  const result =
    selected === null
      ? `Undecided between ${inWords(survivors)}.`
      : `${capitalized(selected)} is selected.`;
  return {
    id: 'selection',
    heading: `The best by ${metric}`,
    body: `<p><b>${escapeHtml(result)}</b> ${escapeHtml(capitalized(better))} is better.
${escapeHtml(text)}</p>
${out.length === 0 ? '' : `<ul>${out.join('')}</ul>`}`,
  };
}

/** What became of an earlier comparison; undefined without one. */
export function baselineSection({ baseline, architectures }: CompareDocument): Section | undefined {
  if (baseline === null) return undefined;
  const signs = {
    regression: '✗ REGRESSION',
    improvement: '✓ improvement',
    'no regression shown': '✓ no regression shown',
    unknown: '? unknown',
  };
  return {
    id: 'baseline',
    heading: 'Against the baseline',
    body: `${renderTable({
      caption:
        `Now − then; then: ${baseline.digest.slice(0, 16)} by backlot ${baseline.backlot}; ` +
        `${formatShare(baseline.tolerance)} worse is tolerated`,
      columns: [
        capitalized(subjectNoun(architectures)),
        'Metric',
        'Difference',
        'Relative',
        'By',
        'Verdict',
      ],
      textColumns: [1, 4, 5],
      rows: baseline.lines.map((line) => [
        line.subject,
        line.metric,
        `${formatEstimate(line.difference, true)} ${line.unit}`,
        formatShare(line.relative),
        line.method === 'paired' ? 'paired' : 'Welch',
        signs[line.verdict],
      ]),
    })}
${unmatchedNote(baseline.unmatched)}`,
  };
}

function unmatchedNote(unmatched: readonly string[]): string {
  if (unmatched.length === 0) return '';
  return `<p class="note">Not in both: ${escapeHtml(inWords(unmatched))}.</p>`;
}

/** What variance reduction is in the numbers; undefined where none is. */
export function disclosureSection({ varianceReduction }: CompareDocument): Section | undefined {
  const { isAntithetic, controls, achieved } = varianceReduction;
  if (!isAntithetic && controls.length === 0) return undefined;
  const said = [
    ...(isAntithetic ? ['Replications come in antithetic pairs; a pair is one observation.'] : []),
    ...controls.map(({ name, mean }) => `Control: ${name}, known mean ${formatNumber(mean)}.`),
  ];
  return {
    id: 'variance-reduction',
    heading: 'Variance reduction',
    body: `<p>${escapeHtml(said.join(' '))}</p>
${renderTable({
  caption: 'Variance of the plain mean ÷ the achieved one',
  columns: ['Of', 'Metric', 'Method', 'Ratio'],
  textColumns: [1, 2],
  rows: achieved.map(({ subject, metric, method, varianceRatio }) => [
    subject,
    metric,
    method,
    varianceRatio === null ? NO_NUMBER : `${formatNumber(varianceRatio)} ×`,
  ]),
})}`,
  };
}
