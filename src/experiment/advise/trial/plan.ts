/** The plan against the baseline on replications that no search has seen. Spec: M197. */
import type { RunSample } from '../../campaign/run-sample.ts';
import type { ObjectiveVerdict } from '../../objectives/objective.ts';
import type { AdviceEffect, CombinedPlan, TriedAction } from '../advice-document.ts';
import { COST, DEFICIT, type RatedMetric } from './advice-metrics.ts';
import type { DraftPlan } from './combine.ts';
import { effectsOf } from './effects.ts';
import { judgeChange } from './judgement.ts';
import { moneyText } from './money-text.ts';
import type { Trials } from './trials.ts';

/** A draft with its fresh samples. */
export interface PlanSamples {
  readonly draft: DraftPlan;
  readonly tried: readonly TriedAction[];
  readonly metrics: readonly RatedMetric[];
  readonly trials: Pick<Trials, 'judge'>;
  /** The baseline's on the search's replications. */
  readonly searched: readonly RunSample[];
  /** Fresh ones of baseline and plan. */
  readonly before: readonly RunSample[];
  readonly after: readonly RunSample[];
}

/** The plan as it turned out. */
export function confirmedPlan(input: PlanSamples): CombinedPlan {
  const { draft, metrics, trials } = input;
  const [effects = []] = effectsOf(input.before, [input.after], metrics);
  const before = trials.judge(input.before);
  const after = trials.judge(input.after);
  return {
    actions: draft.actions,
    changes: draft.changes,
    steps: draft.steps,
    effects,
    before,
    after,
    interaction: interactionOf(input),
    replications: input.after.length,
    ...answerOf(effects, before, after),
  };
}

function answerOf(
  effects: readonly AdviceEffect[],
  before: readonly ObjectiveVerdict[],
  after: readonly ObjectiveVerdict[],
): Pick<CombinedPlan, 'verdict' | 'reason'> {
  const counted = after.filter(
    ({ severity, verdict }) => severity === 'fail' && verdict !== 'skipped',
  );
  const open = counted.filter(({ verdict }) => verdict !== 'pass');
  const judged = judgeChange(effects, before, after);
  const usd = effects.find(({ metric }) => metric === COST)?.difference.value ?? 0;
  const money = moneyText(usd);
  const wasMet = before.every(
    ({ severity, verdict }) => severity !== 'fail' || verdict === 'pass' || verdict === 'skipped',
  );
  if (open.length === 0 && wasMet) {
    return usd < 0
      ? { verdict: 'saving', reason: `the plan saves, and every objective stays, ${money}` }
      : { verdict: 'not confirmed', reason: 'on fresh replications the baseline needs nothing' };
  }
  if (open.length === 0) {
    return { verdict: 'met', reason: `with the plan every objective holds, ${money}` };
  }
  const still = open.map(({ objective }) => objective).join(' and ');
  if (judged.verdict === 'better') {
    const reason = `the plan improves what is missed ${money}, and does not meet ${still}`;
    return { verdict: 'improved', reason };
  }
  const reason = `on fresh replications the plan is ${judged.verdict}, and does not meet ${still}`;
  return { verdict: 'not confirmed', reason };
}

/** Of the deficit, which can be taken away only once: two actions against the same thing do less
 * together than one by one. */
function interactionOf({ draft, tried, searched }: PlanSamples): CombinedPlan['interaction'] {
  if (draft.actions.length < 2) return null;
  const singles = draft.actions.map((id) =>
    tried.find((one) => one.id === id)?.effects.find(({ metric }) => metric === DEFICIT),
  );
  if (singles.some((one) => one === undefined)) return null;
  const mean = (samples: readonly RunSample[]) =>
    samples.reduce((sum, { metrics }) => sum + (metrics[DEFICIT] ?? 0), 0) /
    Math.max(1, samples.length);
  return {
    metric: DEFICIT,
    sumOfSingles: singles.reduce((sum, one) => sum + (one?.difference.value ?? 0), 0),
    together: mean(draft.samples) - mean(searched),
  };
}
