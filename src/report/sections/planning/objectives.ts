/** The objectives of a scenario and whether they are met. */
import { readObjective } from '../../../experiment/objectives/language/parse-objective.ts';
import type { ObjectiveVerdict } from '../../../experiment/objectives/objective.ts';
import { escapeHtml } from '../../html/escape.ts';
import type { Section } from '../../html/page-shell.ts';
import { renderTable } from '../../html/table.ts';
import { formatShare, NO_NUMBER, plural } from '../../numbers.ts';
import {
  formatObjectiveEstimate,
  formatObjectiveValue,
  reasonSentences,
  VERDICT_SIGNS,
} from '../../objective-values.ts';

const US_PER_MINUTE = 60e6;

/** The section; undefined where the scenario has no objectives.
 * @param windows - Panels of the worst windows, where there are any. */
export function objectivesSection(
  verdicts: readonly ObjectiveVerdict[],
  windows = '',
): Section | undefined {
  if (verdicts.length === 0) return undefined;
  return {
    id: 'objectives',
    heading: 'Objectives',
    body: `<p>An objective is met, or missed, where its interval lies on one side of the limit at
the stated confidence. The margin is the room that is left, as a share of the limit.</p>
${renderTable({
  caption: 'Objectives and verdicts',
  columns: ['Objective', 'Of', 'Verdict', 'Found', 'Margin', 'Worst'],
  textColumns: [1, 2],
  rows: verdicts.map((one) => [
    one.severity === 'warn' ? { text: one.objective, note: 'a warning only' } : one.objective,
    one.subject,
    { text: VERDICT_SIGNS[one.verdict], note: basis(one) },
    formatObjectiveEstimate(one),
    formatShare(one.margin),
    worstCell(one),
  ]),
})}
${reasons(verdicts)}
${windows}`,
  };
}

function basis({ replications, samples }: ObjectiveVerdict): string {
  return `${plural(replications, 'replication')}, ${plural(samples, 'value')}`;
}

/** Why, and how the worst replication is run again: open where something is missed. */
function reasons(verdicts: readonly ObjectiveVerdict[]): string {
  const isOpen = verdicts.some(({ verdict }) => verdict === 'fail') ? ' open' : '';
  const items = verdicts.map(
    (one) =>
      `<li>${escapeHtml(`${one.subject}, ${one.objective}: ${reasonSentences(one)}`)} ` +
      `Worst again: <code>${escapeHtml(one.replayCommand)}</code></li>`,
  );
  return `<details${isOpen}><summary>Why, and how to run the worst again</summary>
<ul>${items.join('\n')}</ul></details>`;
}

function worstCell({ worst, unit, objective }: ObjectiveVerdict) {
  if (worst === null) return NO_NUMBER;
  // Of windows a share is judged, and the worst window has a value of the condition.
  const read = readObjective(objective, {}).objective;
  const isShare = read !== undefined && read.windows !== null && read.recovery === null;
  const worstUnit = isShare ? read.condition.unit : unit;
  const at = `minutes ${minutes(worst.fromUs)} to ${minutes(worst.toUs)}`;
  return {
    text: formatObjectiveValue(worst.value, worstUnit),
    note: `${at} of replication ${worst.replication}`,
  };
}

function minutes(us: number): string {
  return String(Math.round((us / US_PER_MINUTE) * 10) / 10);
}
