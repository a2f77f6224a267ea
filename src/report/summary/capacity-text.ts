/** Summaries of `plan` and `load` on a terminal. */
import type { LoadDocument } from '../../experiment/capacity/documents/load-document.ts';
import type { PlanDocument } from '../../experiment/capacity/documents/plan-document.ts';
import { printable } from '../html/escape.ts';
import { formatShare } from '../numbers.ts';
import type { Block } from './block.ts';
import { loadBlocks, loadVerdict } from './planning/load-lines.ts';
import { planBlocks, planVerdict } from './planning/plan-lines.ts';
import type { SummaryOptions } from './summary-options.ts';
import { wrapped } from './text-table.ts';

const WIDTH_MAX = 100;
const WIDTH_MIN = 40;

/** The summary, ending with a line break. */
export function capacityText(
  document: PlanDocument | LoadDocument,
  { color, width }: SummaryOptions,
): string {
  const columns = Math.max(WIDTH_MIN, Math.min(WIDTH_MAX, width));
  const paint = (text: string, style: '1' | '2') =>
    color && text !== '' ? `\u001b[${style}m${text}\u001b[0m` : text;
  const isPlan = document.schema === 'backlot.plan/1';
  const blocks = isPlan ? planBlocks(document, columns) : loadBlocks(document, columns);
  const verdict = isPlan ? planVerdict(document) : loadVerdict(document);
  const shown = ({ heading, lines, hasHead }: Block) => {
    const [head = '', ...rest] = lines;
    return ['', paint(heading, '1'), ...(hasHead ? [paint(head, '2'), ...rest] : lines)];
  };
  const lines = [
    paint(printable(document.scenario), '1'),
    ...wrapped(document.question, columns),
    ...factsOf(document)
      .flatMap((line) => wrapped(line, columns))
      .map((line) => paint(line, '2')),
    ...blocks.flatMap(shown),
    '',
    paint('What this shows', '1'),
    ...verdict.flatMap((sentence) => wrapped(sentence, columns)),
  ];
  return `${lines.map((line) => line.trimEnd()).join('\n')}\n`;
}

function factsOf(document: PlanDocument | LoadDocument): readonly string[] {
  const left = document.objectivesLeftOut.map(
    ({ objective, reason }) => `not judged: ${objective} (${reason})`,
  );
  const facts = [
    `seed ${document.seed}`,
    `confidence ${formatShare(document.confidence)}`,
    `digest ${document.digest}`,
  ];
  return [
    facts.join(' · '),
    ...document.objectives.map((objective) => `objective: ${objective}`),
    ...left,
  ];
}
