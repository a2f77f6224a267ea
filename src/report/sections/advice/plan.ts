/** The section of advice with the plan: its steps, and before and after on fresh replications. */
import type { AdviceDocument, CombinedPlan } from '../../../experiment/advise/advice-document.ts';
import type { Section } from '../../html/page-shell.ts';
import { type Cell, renderTable } from '../../html/table.ts';
import { NO_NUMBER, unitName } from '../../numbers.ts';
import { formatObjectiveEstimate, VERDICT_SIGNS } from '../../objective-values.ts';
import { effectRow, estimateCell } from './actions.ts';

/** The plan; undefined where there is none. */
export function advicePlanSection({ plan, metrics }: AdviceDocument): Section | undefined {
  if (plan === null) return undefined;
  const unitOf = (name: string) => unitName(metrics.find((one) => one.name === name)?.unit ?? '');
  return {
    id: 'plan',
    heading: 'The plan',
    body: `<p>Step by step on top of one another, then all of it against the baseline on
${plan.replications} replications that no search has seen.</p>
${stepsTable(plan)}
${changesTable(plan)}
${objectivesTable(plan)}
${renderTable({
  caption: 'Effects of the plan on fresh replications',
  columns: ['Metric', 'Before', 'After', 'Difference', 'Adjusted p', 'Verdict'],
  textColumns: [5],
  rows: plan.effects.map((one) => effectRow(`${one.metric}, ${unitOf(one.metric)}`, one)),
})}`,
  };
}

function stepsTable({ steps }: CombinedPlan): string {
  return renderTable({
    caption: 'Steps, each against the plan so far',
    columns: ['Step', 'Taken', 'Deficit', 'SLO minutes', 'USD/h', 'Why'],
    textColumns: [1, 5],
    rows: steps.map((step) => [
      step.title,
      step.isTaken ? '✓ yes' : 'no',
      estimateCell(step.deficit),
      estimateCell(step.missedMinutes),
      estimateCell(step.usdPerHour),
      step.reason,
    ]),
  });
}

function changesTable({ changes }: CombinedPlan): string {
  return renderTable({
    caption: 'What changes in the scenario',
    columns: ['Field', 'From', 'To'],
    textColumns: [1, 2],
    rows: changes.map(({ path, from, to }) => [path, valueText(from), valueText(to)]),
  });
}

function valueText(value: unknown): string {
  if (value === null) return 'not there';
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}

function objectivesTable({ before, after }: CombinedPlan): string {
  return renderTable({
    caption: 'Objectives before and after, on fresh replications',
    columns: ['Objective', 'Before', '', 'After', ' '],
    textColumns: [2, 4],
    rows: after.map((one): readonly Cell[] => {
      const was = before.find(({ objective }) => objective === one.objective);
      return [
        one.objective,
        was === undefined ? NO_NUMBER : formatObjectiveEstimate(was),
        was === undefined ? '' : VERDICT_SIGNS[was.verdict],
        formatObjectiveEstimate(one),
        VERDICT_SIGNS[one.verdict],
      ];
    }),
  });
}
