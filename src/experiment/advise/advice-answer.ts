/** The answer in a word and a sentence. Spec: M198. */
import type {
  AdviceDocument,
  AdviceObjective,
  CombinedPlan,
  TriedAction,
} from './advice-document.ts';

/** What a search found. */
export interface Found {
  readonly objectives: readonly AdviceObjective[];
  readonly actions: readonly TriedAction[];
  readonly plan: CombinedPlan | null;
}

/** The verdict. @param stopped - Why there were no more runs; undefined where there were enough. */
export function adviceAnswer(
  found: Found,
  stopped: 'budget' | 'interrupted' | undefined,
): Pick<AdviceDocument, 'verdict' | 'reason'> {
  if (stopped !== undefined) {
    const why = stopped === 'budget' ? 'the budget of runs was used up' : 'it was interrupted';
    return { verdict: stopped, reason: `${why}: what follows is what was found so far` };
  }
  const { objectives, plan } = found;
  const needs = objectives.filter(({ isMovable }) => isMovable !== null);
  if (needs.length === 0) return { verdict: 'needs nothing', reason: withoutNeeds(plan) };
  if (plan?.verdict === 'met' || plan?.verdict === 'improved') {
    return { verdict: plan.verdict, reason: plan.reason };
  }
  const unmoved = needs.map(({ objective }) => objective).join(' and ');
  const tried = found.actions.length;
  const isMissed = needs.some(({ verdict }) => verdict.verdict === 'fail');
  if (!isMissed) {
    return {
      verdict: 'inconclusive',
      reason: `it is not told whether ${unmoved} holds: more --replications would tell`,
    };
  }
  if (tried === 0) {
    const reason = `nothing that could be changed was found to bind ${unmoved}`;
    return { verdict: 'nothing helps', reason };
  }
  const what = plan === null ? 'none was shown to help' : 'what helped was not confirmed';
  return {
    verdict: 'nothing helps',
    reason: `of ${tried} actions tried for ${unmoved}, ${what}`,
  };
}

function withoutNeeds(plan: CombinedPlan | null): string {
  const met = 'every objective holds with confidence as it is';
  return plan?.verdict === 'saving' ? `${met}; ${plan.reason}` : `${met}, and nothing need be done`;
}
