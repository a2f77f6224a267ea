/** The section of advice that says what the baseline's runs show. */
import type { AdviceDocument } from '../../../experiment/advise/advice-document.ts';
import type { Section } from '../../html/page-shell.ts';
import { type Cell, renderTable } from '../../html/table.ts';
import { formatNumber, formatShare, NO_NUMBER } from '../../numbers.ts';
import { formatObjectiveEstimate, VERDICT_SIGNS } from '../../objective-values.ts';

const US_PER_MINUTE = 60e6;

/** Objectives with what binds them, and findings; undefined where nothing was found. */
export function adviceFindingsSection(document: AdviceDocument): Section | undefined {
  const { objectives, findings } = document;
  if (objectives.length === 0) return undefined;
  return {
    id: 'findings',
    heading: 'What binds',
    body: `${objectivesTable(document)}
${
  findings.length === 0
    ? '<p>Nothing is full, nothing is idle, and no policy stands out.</p>'
    : renderTable({
        caption: 'What the runs of the baseline show',
        columns: ['Where', 'Role', 'What'],
        textColumns: [1, 2],
        rows: findings.map(({ subject, role, text }) => [subject, role, text]),
      })
}`,
  };
}

function objectivesTable({ objectives }: AdviceDocument): string {
  return renderTable({
    caption: 'Objectives as it is, and the busiest station while each was worst',
    columns: ['Objective', 'Verdict', 'Found', 'Margin', 'Busiest then', 'From minute', 'Wait, ms'],
    textColumns: [1, 4],
    rows: objectives.map(({ objective, verdict, binding }): readonly Cell[] => [
      objective,
      VERDICT_SIGNS[verdict.verdict],
      formatObjectiveEstimate(verdict),
      formatShare(verdict.margin),
      binding === null
        ? NO_NUMBER
        : { text: binding.station, note: formatShare(binding.utilization) },
      formatNumber(binding === null ? null : binding.fromUs / US_PER_MINUTE),
      formatNumber(binding?.meanWaitMs),
    ]),
  });
}
