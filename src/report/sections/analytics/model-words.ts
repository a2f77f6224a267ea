/** What models of taste showed, in sentences: never more than the intervals bear. */
import type { LearnDocument, LearnedModel } from '../../../experiment/learn/learn-document.ts';
import { capitalized, formatCount, formatEstimate, formatShare, inWords } from '../../numbers.ts';

/** Who could not be judged, and why. */
export function unjudgedSentence(users: LearnDocument['users']): string {
  const reasons: readonly (readonly [number, string])[] = [
    [users.withoutHistory, 'played only after the cut: there is nothing to learn from'],
    [users.withoutFuture, 'played only before it: there is nothing to be right about'],
    [users.onlySeenAgain, 'played nothing new after it'],
    [users.straddlingOnly, 'had their only play under way at it'],
  ];
  const told = reasons.filter(([count]) => count > 0);
  if (told.length === 0) return 'Everybody who played could be judged.';
  const parts = told.map(([count, why]) => `${formatCount(count)} ${why}`);
  return `Not judged: ${parts.join('; ')}.`;
}

/** The sentences of the verdict. */
export function learnSentences(document: LearnDocument): readonly string[] {
  const { models, k } = document;
  return [
    ...bestSentence(models, k),
    ...comparedSentences(models, k),
    ...oracleSentence(models),
    ...nextSentence(document),
    ...leakageSentence(document),
  ];
}

function bestSentence(models: readonly LearnedModel[], k: number): readonly string[] {
  const learned = models.filter(({ fingerprint }) => fingerprint !== null);
  const [best] = [...learned].sort((a, b) => b.figures.ndcg.value - a.figures.ndcg.value);
  if (best === undefined) return [];
  const { ndcg } = best.figures;
  return [`Highest nDCG@${k}: ${best.name}, ${formatEstimate(ndcg)}.`];
}

function comparedSentences(models: readonly LearnedModel[], k: number): readonly string[] {
  const compared = models.filter(
    ({ overPopularity, fingerprint }) => overPopularity !== null && fingerprint !== null,
  );
  if (compared.length === 0) return [];
  const named = (holds: (low: number | null, high: number | null) => boolean) =>
    compared
      .filter(({ overPopularity }) =>
        holds(overPopularity?.ndcg.low ?? null, overPopularity?.ndcg.high ?? null),
      )
      .map(({ name }) => name);
  const better = named((low) => low !== null && low > 0);
  const worse = named((_, high) => high !== null && high < 0);
  const open = compared
    .map(({ name }) => name)
    .filter((one) => ![...better, ...worse].includes(one));
  return [
    ...(better.length === 0
      ? [`No model is shown to beat popularity on nDCG@${k}.`]
      : [`${capitalized(inWords(better))} ${be(better)} popularity on nDCG@${k}, user by user.`]),
    ...(worse.length === 0 ? [] : [`Below popularity: ${inWords(worse)}.`]),
    ...(open.length === 0 ? [] : [`Not told apart from popularity: ${inWords(open)}.`]),
  ];
}

function be(names: readonly string[]): string {
  return names.length === 1 ? 'beats' : 'beat';
}

function oracleSentence(models: readonly LearnedModel[]): readonly string[] {
  const oracle = models.find(({ fingerprint }) => fingerprint === null);
  if (oracle === undefined) return [];
  const shares = models
    .filter(({ fingerprint, shareOfOracle }) => fingerprint !== null && shareOfOracle !== null)
    .map(({ name, shareOfOracle }) => `${name} ${formatShare(shareOfOracle)}`);
  return [
    `Of what true tastes reach (nDCG ${formatEstimate(oracle.figures.ndcg)}): ${inWords(shares)}.`,
  ];
}

function nextSentence({ next, nextMissing }: LearnDocument): readonly string[] {
  if (next === null) return nextMissing === null ? [] : [`The next title: ${nextMissing}.`];
  const better = next.models.filter(({ recallOverUnigram: over }) => (over?.low ?? 0) > 0);
  if (better.length === 0) return ['What was played last is not shown to tell what comes next.'];
  const names = inWords(better.map(({ name }) => name));
  return [`What was played last helps to tell what comes next: by ${names}.`];
}

function leakageSentence({ leakage }: LearnDocument): readonly string[] {
  if (leakage === undefined) return [];
  const leaks = leakage.filter(({ isSame }) => !isSame).map(({ model }) => model);
  return leaks.length === 0
    ? ['With another future after the cut, every model and score is the same to the bit.']
    : [`THE FUTURE LEAKS into ${inWords(leaks)}: another future changes what was learned.`];
}
