/** What a study of policies says, in sentences. */
import type {
  PoliciesDocument,
  StudiedPolicy,
} from '../../../experiment/policies/policies-document.ts';
import { formatNumber, formatShare, inWords } from '../../numbers.ts';

/** Growth below which regret is called sublinear: a straight line has 1. */
const SUBLINEAR = 0.95;

/** What was found: who is best, what experiments said, whom estimators can be trusted with. */
export function policySentences(document: PoliciesDocument): readonly string[] {
  return [
    ...ranking(document),
    ...regretSentence(document),
    experimentSentence(document),
    ...estimatorSentence(document),
  ];
}

function ranking({ policies, baseline }: PoliciesDocument): readonly string[] {
  const told = policies.filter(({ overBaseline }) => overBaseline !== null);
  const byVerdict = (wanted: 'more' | 'less') =>
    told.filter((policy) => verdictOf(policy) === wanted).map(({ name }) => name);
  const more = byVerdict('more');
  const less = byVerdict('less');
  return [
    ...(more.length === 0
      ? []
      : [`Viewers watch more hours under ${inWords(more)} than under ${baseline}.`]),
    ...(less.length === 0 ? [] : [`They watch fewer under ${inWords(less)}.`]),
    ...(more.length + less.length > 0
      ? []
      : [`No policy is told apart from ${baseline} by the hours watched.`]),
  ];
}

/** Whether viewers watch more hours than their twins, as far as the interval tells. */
export function verdictOf({ overBaseline }: StudiedPolicy): 'more' | 'less' | 'not told apart' {
  const hours = overBaseline?.find(({ metric }) => metric === 'hours')?.paired;
  if (hours?.low === undefined || hours.low === null || hours.high === null) {
    return 'not told apart';
  }
  if (hours.low > 0) return 'more';
  return hours.high < 0 ? 'less' : 'not told apart';
}

function regretSentence({ policies }: PoliciesDocument): readonly string[] {
  const slow = policies.filter(({ regret: { growth } }) => growth !== null && growth < SUBLINEAR);
  if (slow.length === 0) return [];
  const names = slow.map(({ name, regret }) => `${name} (t^${formatNumber(regret.growth)})`);
  return [`The regret of ${inWords(names)} grows more slowly than time.`];
}

function experimentSentence({
  experiment,
  challenger,
  baseline,
  policies,
}: PoliciesDocument): string {
  const hours = experiment.metrics[0]?.comparisons[0];
  const verdict = hours?.verdict ?? 'inconclusive';
  const twin = policies.find(({ name }) => name === challenger);
  const truth = twin === undefined ? 'not told apart' : verdictOf(twin);
  return (
    `An A/B test of ${challenger} against ${baseline} calls the hours watched "${verdict}"; ` +
    `the twins say: ${truth}.`
  );
}

function estimatorSentence({ offPolicy }: PoliciesDocument): readonly string[] {
  const lines = offPolicy.cases[0]?.study.lines ?? [];
  const doublyRobust = lines.find(({ estimator }) => estimator === 'DR');
  if (doublyRobust?.coverage === undefined || doublyRobust.coverage === null) return [];
  return [
    `From the log of another policy, the doubly robust interval holds the true value in ` +
      `${formatShare(doublyRobust.coverage.value)} of runs.`,
  ];
}
