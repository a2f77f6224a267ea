/** What `learn` found, as text: models beside each other, what each is better than popularity, who
 * could not be judged. */
import type {
  LearnDocument,
  LearnedModel,
  NextTitles,
  UserMean,
} from '../../experiment/learn/learn-document.ts';
import { formatCount, formatEstimate, formatNumber, formatShare, NO_NUMBER } from '../numbers.ts';
import { learnSentences, unjudgedSentence } from '../sections/analytics/model-words.ts';
import { outcomeSentences } from '../sections/analytics/outcome-words.ts';
import type { SummaryOptions } from './summary-options.ts';
import { textTable, wrapped } from './text-table.ts';

const WIDTH_MAX = 100;
const WIDTH_MIN = 40;

/** The summary, ending with a line break. */
export function learnText(document: LearnDocument, { color, width }: SummaryOptions): string {
  const columns = Math.max(WIDTH_MIN, Math.min(WIDTH_MAX, width));
  const bold = (text: string) => (color ? `\u001b[1m${text}\u001b[0m` : text);
  const { plays, users, titles, cut, k } = document;
  const lines = [
    bold(`${document.warehouse}: models of taste, judged on the future`),
    ...wrapped(
      `${formatCount(plays.before)} plays before ${cut.atUtc} to learn from, ` +
        `${formatCount(plays.after)} after it to judge by, ${formatCount(titles)} titles; ` +
        `${formatCount(users.judged)} of ${formatCount(users.all)} users are judged`,
      columns,
    ),
    ...wrapped(unjudgedSentence(users), columns),
    '',
    bold(`Lists of ${k}, means over users with 95 % intervals`),
    ...modelTable(document, columns),
    '',
    bold('More than popularity, user by user'),
    ...differenceTable(document.models, columns),
    ...nextLines(document.next, columns, bold),
    '',
    bold('What this shows'),
    ...[...learnSentences(document), ...outcomeSentences(document.outcomes)].flatMap((sentence) =>
      wrapped(sentence, columns),
    ),
    `Digest ${document.digest.slice(0, 16)}`,
  ];
  return `${lines.map((line) => line.trimEnd()).join('\n')}\n`;
}

function modelTable({ models, k }: LearnDocument, columns: number): readonly string[] {
  const rows = models.map(({ name, figures, coverage, gini }) => [
    name,
    formatEstimate(figures.ndcg),
    formatEstimate(figures.recall),
    formatNumber(figures.map.value),
    formatShare(coverage),
    formatNumber(gini),
  ]);
  const head = ['model', `nDCG@${k}`, `recall@${k}`, `MAP@${k}`, 'coverage', 'Gini'];
  return textTable({ columns: head, rows }, columns);
}

function differenceTable(models: readonly LearnedModel[], columns: number): readonly string[] {
  const rows = models
    .filter(({ overPopularity }) => overPopularity !== null)
    .map(({ name, overPopularity, shareOfOracle }) => [
      name,
      signed(overPopularity?.ndcg ?? null),
      signed(overPopularity?.recall ?? null),
      shareOfOracle === null ? NO_NUMBER : formatShare(shareOfOracle),
    ]);
  if (rows.length === 0) return ['Popularity was not asked for, or nothing besides it.'];
  return textTable({ columns: ['model', 'nDCG', 'recall', 'of oracle'], rows }, columns);
}

function nextLines(
  next: NextTitles | null,
  columns: number,
  bold: (text: string) => string,
): readonly string[] {
  if (next === null) return [];
  const rows = next.models.map((one) => [
    one.name,
    formatEstimate(one.recall),
    formatEstimate(one.mrr),
    signed(one.recallOverUnigram),
  ]);
  const head = ['model', `recall@${next.k}`, `MRR@${next.k}`, 'recall more than unigram'];
  return [
    '',
    bold(`The next title, over ${formatCount(next.plays)} plays`),
    ...textTable({ columns: head, rows }, columns),
  ];
}

function signed(estimate: UserMean | null): string {
  return estimate === null ? NO_NUMBER : formatEstimate(estimate, true);
}
