/** The summary of a run or of a comparison. */
import type { CompareDocument, LedgerLine, RunDocument } from '../../experiment/result.ts';
import { printable } from '../html/escape.ts';
import { balance, dropReasons, isEmpty } from '../ledger-text.ts';
import {
  formatCount,
  formatEstimate,
  formatHours,
  formatNumber,
  plural,
  unitName,
} from '../numbers.ts';
import { pairName, shownName } from '../sections/differences.ts';
import { metricsOf } from '../sections/replications.ts';
import { differencesFromBest, type Judgement, judgeDifferences } from '../significance.ts';
import { hasViewers, isMany, loadInWords } from '../subjects.ts';
import { compareVerdict, headlineMetric, runVerdict } from '../verdict.ts';
import type { Block } from './block.ts';
import { comparisonBlocks } from './planning/compare-lines.ts';
import { objectiveBlocks } from './planning/planning-lines.ts';
import { runBlocks } from './run-lines.ts';
import type { SummaryOptions } from './summary-options.ts';
import { textTable, wrapped } from './text-table.ts';

const WIDTH_MAX = 100;
const WIDTH_MIN = 40;
const ANSI = { bold: '1', dim: '2', green: '32', red: '31' } as const;

type Paint = (text: string, style: keyof typeof ANSI) => string;

/** The summary, ending with a line break. */
export function comparedText(
  document: RunDocument | CompareDocument,
  { color, width }: SummaryOptions,
): string {
  const columns = Math.max(WIDTH_MIN, Math.min(WIDTH_MAX, width));
  const paint: Paint = (text, style) => (color ? `\u001b[${ANSI[style]}m${text}\u001b[0m` : text);
  const judgement = judgeDifferences(document);
  const isRun = document.schema === 'backlot.run/1';
  const blocks = isRun
    ? [...runBlocks(document, columns), ...differenceBlocks(headlineOnly(judgement), columns)]
    : [
        ...objectiveBlocks(document.verdicts, columns),
        ...compareBlocks(document, columns),
        ...comparisonBlocks(document, columns),
        ...differenceBlocks(judgement, columns),
      ];
  const verdict = isRun ? runVerdict(document, judgement) : compareVerdict(document, judgement);
  const lines = [
    ...titleLines(document, columns, paint),
    ...[...blocks, ledgerBlock(document.ledger, columns)].flatMap((one) => painted(one, paint)),
    '',
    paint('What this shows', 'bold'),
    ...verdict.flatMap((sentence) => wrapped(sentence, columns)),
  ];
  return `${lines.map((line) => line.trimEnd()).join('\n')}\n`;
}

function titleLines(
  document: RunDocument | CompareDocument,
  width: number,
  paint: Paint,
): readonly string[] {
  const { architectures } = document;
  const load = loadInWords(architectures);
  const isRun = document.schema === 'backlot.run/1';
  const viewers = isRun && hasViewers(architectures) ? [document.architectures[0]?.viewers] : [];
  const facts = [
    `seed ${document.seed}`,
    `${formatHours(document.virtualHours)} of virtual time`,
    ...(isRun ? [] : [plural(document.replications, 'replication')]),
    ...viewers.map((count) => plural(count ?? 0, 'viewer')),
    ...(load === undefined ? [] : [load]),
    `digest ${document.digest}`,
  ];
  return [
    paint(printable(document.scenario), 'bold'),
    ...wrapped(document.question, width),
    ...wrapped(facts.join(' · '), width).map((line) => paint(line, 'dim')),
  ];
}

function painted({ heading, lines, hasHead }: Block, paint: Paint): readonly string[] {
  const [head = '', ...rest] = lines;
  const shown = hasHead ? [paint(head, 'dim'), ...rest] : lines;
  return ['', paint(heading, 'bold'), ...shown.map((line) => signed(line, paint))];
}

function signed(line: string, paint: Paint): string {
  return line
    .replace('✓ balances', (text) => paint(text, 'green'))
    .replace(/✗ residual .*/, (text) => paint(text, 'red'));
}

function compareBlocks(document: CompareDocument, width: number): readonly Block[] {
  const { architectures } = document;
  // Whoever is precise enough gets no more replications.
  const upTo = document.stopping.rule === 'precision' ? 'up to ' : '';
  const heading = `Figures over ${upTo}${plural(document.replications, 'replication')}`;
  if (isMany(architectures)) return [{ heading, hasHead: true, lines: manyMeans(document, width) }];
  const table = {
    columns: ['', ...architectures.map(({ name }) => name)],
    rows: metricsOf(document).flatMap(({ metric, unit }) => {
      const found = architectures.map(({ metrics }) => metrics[metric]);
      const texts = found.map((one) => (one === undefined ? '– ' : formatEstimate(one)));
      const parts = texts.map((text) => text.split(/ (?=\[)/));
      return [
        [`${metric}, ${unit}`, ...parts.map(([value = '']) => value)],
        ['  95 % interval', ...parts.map(([, bounds = '']) => bounds)],
      ];
    }),
  };
  return [{ heading, hasHead: true, lines: textTable(table, width) }];
}

/** A row for each of many, without the intervals: the report has them. */
function manyMeans(document: CompareDocument, width: number): readonly string[] {
  const metrics = metricsOf(document);
  const table = {
    columns: ['', ...metrics.map(({ metric, unit }) => `${metric}, ${unit}`)],
    rows: document.architectures.map((one) => [
      one.name,
      ...metrics.map(({ metric }) => formatNumber(one.metrics[metric]?.value)),
    ]),
  };
  return textTable(table, width);
}

function headlineOnly({ differences, rule }: Judgement): Judgement {
  const metric = headlineMetric(differences);
  return { differences: differences.filter((one) => one.metric === metric), rule };
}

/** A block for each metric, and the rule under the last. */
function differenceBlocks({ differences, rule }: Judgement, width: number): readonly Block[] {
  const metrics = [...new Set(differences.map(({ metric }) => metric))];
  return metrics.map((metric, n) => {
    const own = differences.filter((one) => one.metric === metric);
    const { pairs, best } = differencesFromBest(own);
    const table = {
      columns: ['', 'difference', 'shown'],
      rows: pairs.map((one) => [
        best === undefined ? pairName(one) : one.b,
        formatEstimate(one.difference, true),
        shownName(one),
      ]),
    };
    const from = best === undefined ? [] : wrapped(`Each minus ${best}, the lowest.`, width);
    const isLast = n === metrics.length - 1;
    return {
      heading: printable(`Paired differences in ${metric}, ${unitName(own[0]?.unit ?? '')}`),
      hasHead: true,
      lines: [...textTable(table, width), ...from, ...(isLast ? wrapped(rule, width) : [])],
    };
  });
}

function ledgerBlock(ledger: RunDocument['ledger'], width: number): Block {
  const terms = (name: string, line: LedgerLine): string[] => [
    name,
    ...[line.in, line.out, line.inFlight, line.dropped, line.residual].map(formatCount),
    balance(line),
  ];
  const table = {
    columns: ['', 'in', '= out', '+ in flight', '+ dropped', '+ residual', ''],
    rows: [
      terms('requests', ledger.requests),
      ...(isEmpty(ledger.events) ? [] : [terms('tracked events', ledger.events)]),
    ],
  };
  const reasons = (name: string, line: LedgerLine): readonly string[] =>
    line.dropped === 0 ? [] : wrapped(`${name} dropped: ${dropReasons(line)}`, width);
  return {
    heading: 'Ledger',
    hasHead: true,
    lines: [
      ...textTable(table, width),
      ...reasons('requests', ledger.requests),
      ...reasons('tracked events', ledger.events),
    ],
  };
}
