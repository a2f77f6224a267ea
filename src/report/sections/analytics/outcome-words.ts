/** What models of outcomes say, in sentences: whether they are better than the base rate, and what
 * could not be judged, with the reason. */
import type { OutcomeName, OutcomesDocument } from '../../../experiment/learn/outcomes.ts';
import { asSentence, formatCount, formatEstimate, formatNumber } from '../../numbers.ts';

/** A model of a document. */
export type ShownModel = OutcomesDocument['models'][OutcomeName];

/** The questions, in the order in which they are shown. */
export const QUESTIONS: readonly {
  readonly name: OutcomeName;
  readonly heading: string;
  readonly question: string;
  readonly rows: string;
}[] = [
  {
    name: 'completion',
    heading: 'Completion',
    question: 'Is a play that began watched to its end? Asked when it starts',
    rows: 'play',
  },
  {
    name: 'take',
    heading: 'Take',
    question: 'Is a title that is shown clicked or played? Asked when it is shown',
    rows: 'title shown',
  },
  {
    name: 'churn',
    heading: 'Churn',
    question:
      'Is a viewer who was there lately not seen for the horizon? Asked a horizon before the end',
    rows: 'viewer',
  },
];

/** A sentence a question; none where a document has no outcomes. */
export function outcomeSentences(outcomes: OutcomesDocument | undefined): readonly string[] {
  if (outcomes === undefined) return [];
  return QUESTIONS.map(({ name, heading, rows }) =>
    asSentence(`${heading}: ${sentenceOf(outcomes.models[name], rows)}`),
  );
}

function sentenceOf({ judgement, reason }: ShownModel, rows: string): string {
  if (judgement === null) return `not judged, since ${reason ?? 'there is nothing to judge on'}`;
  const { logLoss, ranking } = judgement;
  const ranks =
    ranking === null ? '' : `; it ranks with an AUC of ${formatEstimate(rankingEstimate(ranking))}`;
  const floor = `${formatNumber(logLoss.floor)} of the base rate`;
  const loss = `${formatNumber(logLoss.value)} nats a ${rows} against ${floor}`;
  return `${verdictOf(logLoss.gainInterval)}, ${loss}${ranks}`;
}

function verdictOf(interval: { readonly low: number; readonly high: number } | null): string {
  if (interval === null) return 'not told apart from the base rate, for want of an interval';
  if (interval.low > 0) return 'better than the base rate';
  return interval.high < 0 ? 'worse than the base rate' : 'not told apart from the base rate';
}

/** An AUC as an estimate. */
export function rankingEstimate(
  ranking: NonNullable<NonNullable<ShownModel['judgement']>['ranking']>,
) {
  const { value, interval } = ranking;
  return { value, low: interval?.low ?? null, high: interval?.high ?? null };
}

/** What is missing of a model, a sentence each. */
export function missingOf({ reason, noIntervals, judgement }: ShownModel): readonly string[] {
  return [
    ...(reason === null ? [] : [`Not judged: ${reason}`]),
    ...(noIntervals === null ? [] : [`Weights have no intervals: ${noIntervals}`]),
    ...(judgement?.withheld ?? []).map(({ figure, reason: why }) => `No ${figure}: ${why}`),
  ].map(asSentence);
}

/** How many rows, of which so many with the answer yes. */
export function countsText({ rows, ones }: ShownModel['training']): string {
  return `${formatCount(rows)}, ${formatCount(ones)} yes`;
}
