/** What `advise` found, as text: objectives and what binds them, ranked actions with their effects,
 * what did not help, and the plan. */
import type {
  AdviceDocument,
  AdviceEffect,
  TriedAction,
} from '../../../experiment/advise/advice-document.ts';
import { printable } from '../../html/escape.ts';
import { asSentence, formatEstimate, formatShare, plural } from '../../numbers.ts';
import { formatObjectiveEstimate, VERDICT_SIGNS } from '../../objective-values.ts';
import type { SummaryOptions } from '../summary-options.ts';
import { textTable, wrapped } from '../text-table.ts';

const WIDTH_MAX = 100;
const WIDTH_MIN = 40;
/** Actions listed that do not help; the document has all. */
const LISTED = 12;

/** The summary, ending with a line break. */
export function adviceText(document: AdviceDocument, { color, width }: SummaryOptions): string {
  const columns = Math.max(WIDTH_MIN, Math.min(WIDTH_MAX, width));
  const bold = (text: string) => (color ? `\u001b[1m${text}\u001b[0m` : text);
  const blocks: readonly (readonly [heading: string, lines: readonly string[]])[] = [
    ['Objectives, and what binds them', objectiveLines(document, columns)],
    ['What the runs show', findingLines(document, columns)],
    ['What helps, best first', rankedLines(document, columns)],
    ['Tried, and no help', otherLines(document, columns)],
    ['The plan', planLines(document, columns)],
  ];
  const lines = [
    bold(printable(document.scenario)),
    ...wrapped(document.question, columns),
    ...wrapped(factsOf(document), columns),
    ...blocks.flatMap(([heading, body]) => (body.length === 0 ? [] : ['', bold(heading), ...body])),
    '',
    bold('What should be done'),
    ...wrapped(asSentence(document.reason), columns),
  ];
  return `${lines.map((line) => line.trimEnd()).join('\n')}\n`;
}

function factsOf({ subject, seed, digest, runs, replications }: AdviceDocument): string {
  const { screen, confirm } = replications;
  return (
    `${subject.name} · seed ${seed} · ${plural(runs.made + runs.found, 'run')}: ` +
    `${screen.count} replications to look at each action, ${confirm.count} more to confirm it · ` +
    `digest ${digest}`
  );
}

function objectiveLines({ objectives }: AdviceDocument, width: number): readonly string[] {
  if (objectives.length === 0) return [];
  const table = {
    columns: ['', 'verdict', 'found', 'margin', 'busiest then'],
    rows: objectives.map(({ objective, verdict, binding }) => [
      objective,
      VERDICT_SIGNS[verdict.verdict],
      formatObjectiveEstimate(verdict),
      formatShare(verdict.margin),
      binding === null ? '–' : `${binding.station} ${formatShare(binding.utilization)}`,
    ]),
  };
  const unmoved = objectives
    .filter(({ isMovable }) => isMovable === false)
    .flatMap(({ objective }) => wrapped(`No action moved ${objective}.`, width));
  return [...textTable(table, width), ...unmoved];
}

function findingLines({ findings }: AdviceDocument, width: number): readonly string[] {
  return findings.flatMap(({ role, text }) => wrapped(`${role}: ${text}`, width));
}

function rankedLines(document: AdviceDocument, width: number): readonly string[] {
  const ranked = document.actions.filter(({ rank }) => rank !== null);
  if (ranked.length === 0) return [];
  const table = {
    columns: ['', 'deficit', 'SLO minutes', 'USD/h'],
    rows: ranked.map((action) => [
      `${action.rank}. ${action.title}`,
      effectText(action, 'objective deficit'),
      effectText(action, 'SLO minutes'),
      effectText(action, 'cost per hour'),
    ]),
  };
  const why = ranked.flatMap(({ rank, conclusion, reason }) =>
    wrapped(`${rank}. ${conclusion}. Why: ${reason}.`, width),
  );
  return [...textTable(table, width), ...why];
}

function effectText({ effects }: Pick<TriedAction, 'effects'>, metric: string): string {
  const found = effects.find((one: AdviceEffect) => one.metric === metric);
  return found === undefined ? '–' : formatEstimate(found.difference, true);
}

function otherLines({ actions }: AdviceDocument, width: number): readonly string[] {
  const others = actions.filter(({ rank }) => rank === null);
  const more = others.length - LISTED;
  return [
    ...others
      .slice(0, LISTED)
      .flatMap(({ title, conclusion }) => wrapped(`${title}: ${conclusion}`, width)),
    ...(more > 0 ? [`… and ${plural(more, 'more action')} (in the document)`] : []),
  ];
}

function planLines({ plan }: AdviceDocument, width: number): readonly string[] {
  if (plan === null) return [];
  const steps = plan.steps.map(({ title, isTaken, reason }) => {
    return `${isTaken ? '+' : '−'} ${title}: ${reason}`;
  });
  const table = {
    columns: ['', 'before', 'was', 'after', 'is'],
    rows: plan.after.map((after) => {
      const before = plan.before.find(({ objective }) => objective === after.objective);
      return [
        after.objective,
        before === undefined ? '–' : formatObjectiveEstimate(before),
        before === undefined ? '' : VERDICT_SIGNS[before.verdict],
        formatObjectiveEstimate(after),
        VERDICT_SIGNS[after.verdict],
      ];
    }),
  };
  return [
    ...steps.flatMap((step) => wrapped(step, width)),
    '',
    ...textTable(table, width),
    ...wrapped(`Cost: ${effectText(plan, 'cost per hour')} USD/h.`, width),
  ];
}
