/** The A/B test of a closed loop: sample ratio, differences with what CUPED makes of them, and what
 * follows. */
import type { LoopResult } from '../../../experiment/recommendations/results/loop-result.ts';
import type { ArchitectureResult } from '../../../experiment/result.ts';
import { escapeHtml } from '../../html/escape.ts';
import { type Cell, renderTable } from '../../html/table.ts';
import { asSentence, formatEstimate, formatNumber, NO_NUMBER, unitName } from '../../numbers.ts';

type AbReport = NonNullable<LoopResult['comparison']>;
type AbMetricReport = AbReport['metrics'][number];
type AbComparison = AbMetricReport['comparisons'][number];

/** Tables of the tests, as HTML; empty where nothing was split. */
export function recommendationTests(architectures: readonly ArchitectureResult[]): string {
  return architectures
    .flatMap(({ name, recommendations }) => {
      const report = recommendations?.comparison ?? null;
      return report === null ? [] : [testHtml(name, report)];
    })
    .join('\n');
}

function testHtml(subject: string, report: AbReport): string {
  const control = report.arms[0]?.name ?? 'the control';
  const { sampleRatio, decisions, metrics, confidence } = report;
  const decided = decisions.map(({ arm, verdict, text }) =>
    asSentence(`${arm}: ${verdict} – ${text}`),
  );
  const ratio =
    sampleRatio.verdict === 'as planned'
      ? `Viewers by arm are as planned (χ², p ${formatNumber(sampleRatio.pValue)}).`
      : `Sample ratio: ${sampleRatio.verdict} (χ², p ${formatNumber(sampleRatio.pValue)}).`;
  return `<h3 class="apart">${escapeHtml(`A/B test of ${subject}`)}</h3>
<p>${escapeHtml(`${decided.join(' ')} ${ratio}`)}</p>
${renderTable({
  caption: `Differences from ${control}, with ${confidence * 100} % intervals`,
  columns: ['Metric', 'Arm', control, 'Difference', 'Adjusted (CUPED)', 'p, Holm', 'Verdict'],
  textColumns: [1, 6],
  rows: metrics.flatMap((metric) =>
    metric.comparisons.map((comparison) => comparisonRow(metric, comparison)),
  ),
})}`;
}

function comparisonRow(metric: AbMetricReport, one: AbComparison): readonly Cell[] {
  const { difference, cuped, adjustedPValue, verdict, refusal } = one;
  return [
    `${metric.name}, ${unitName(metric.unit)}`,
    one.arm,
    formatNumber(metric.means[0]),
    difference === null
      ? { text: NO_NUMBER, note: refusal?.text ?? '' }
      : formatEstimate(difference, true),
    cuped === null
      ? { text: NO_NUMBER, note: 'not adjusted' }
      : {
          text: formatEstimate(cuped, true),
          note: `variance ÷ ${formatNumber(cuped.varianceReduction)}`,
        },
    formatNumber(adjustedPValue),
    verdict,
  ];
}
