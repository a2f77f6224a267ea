/** From outcomes to the ranking: what helps with its place, all else with the reason.
 * Spec: M195. */
import type {
  ActionPurpose,
  AdviceAction,
  AdviceEffect,
  ScreenedAction,
  TriedAction,
} from '../advice-document.ts';
import { COST } from './advice-metrics.ts';
import { compareRanked, type Judgement } from './judgement.ts';
import { moneyText } from './money-text.ts';

/** What came of an action on its own replications. */
export interface TrialOutcome {
  readonly action: AdviceAction;
  readonly effects: readonly AdviceEffect[];
  readonly judged: Judgement;
}

/** All actions: the ranked ones in their order, then those that were confirmed and do not help,
 * then the others as they were proposed. */
export function rankedActions(
  actions: readonly AdviceAction[],
  of: {
    readonly outcomes: readonly TrialOutcome[];
    readonly looks: ReadonlyMap<string, ScreenedAction>;
  },
): readonly TriedAction[] {
  const { outcomes, looks } = of;
  const sorted = [...outcomes].sort((a, b) =>
    compareRanked({ ...a.judged, id: a.action.id }, { ...b.judged, id: b.action.id }),
  );
  const isHelp = ({ judged }: TrialOutcome) => judged.group !== 'no help';
  const confirmed = sorted.map((outcome, i): TriedAction => {
    const { action, effects, judged } = outcome;
    const { group, verdict, turned, lost, deficitPerUsd } = judged;
    return {
      ...action,
      rank: isHelp(outcome) ? i + 1 : null,
      group,
      screen: looks.get(action.id) ?? null,
      effects,
      verdict,
      turned,
      lost,
      deficitPerUsd,
      conclusion: conclusionOf(judged, action.purpose),
    };
  });
  const others = actions
    .filter(({ id }) => !outcomes.some(({ action }) => action.id === id))
    .map((action) => untriedAction(action, looks.get(action.id) ?? null, false));
  return [...confirmed, ...others];
}

/** Confirmed savings that are not shown to do harm, the largest first. */
export function savingsAmong(tried: readonly TriedAction[]): readonly TriedAction[] {
  const usd = ({ effects }: TriedAction) =>
    effects.find(({ metric }) => metric === COST)?.difference.value ?? 0;
  return tried
    .filter((one) => one.purpose === 'saving' && usd(one) < 0 && one.verdict !== 'worse')
    .sort((a, b) => usd(a) - usd(b) || (a.id < b.id ? -1 : 1));
}

/** An action that had no replications of its own.
 * @param isLater - Whether it was only looked at on top of a plan. */
export function untriedAction(
  action: AdviceAction,
  screen: ScreenedAction | null,
  isLater: boolean,
): TriedAction {
  const where = isLater ? 'looked at on top of the plan' : 'looked at';
  const isOnPlan = isLater && screen?.isPursued === true;
  const isSame = screen?.deficit === 0 && screen.missedMinutes === 0;
  return {
    ...action,
    rank: null,
    group: 'no help',
    screen,
    effects: [],
    verdict: isSame ? 'no difference' : 'inconclusive',
    turned: [],
    lost: [],
    deficitPerUsd: null,
    conclusion:
      screen === null
        ? 'not tried: runs ended before'
        : isOnPlan
          ? 'promising once the plan was begun: a step of it, or tried as one'
          : `${where}: ${screen.reason}`,
  };
}

function conclusionOf(judged: Judgement, purpose: ActionPurpose): string {
  const { group, verdict, turned, lost, usdPerHour } = judged;
  const money = moneyText(usdPerHour);
  if (group === 'meets') return `meets ${turned.join(' and ')} ${money}`;
  if (group === 'improves') return `improves what is missed ${money}`;
  if (group === 'saves') return `saves and leaves every objective as it is, ${money}`;
  if (lost.length > 0) return `loses ${lost.join(' and ')}`;
  if (verdict === 'worse') return 'makes it worse';
  if (verdict === 'mixed') return 'makes some of it better and some of it worse';
  if (verdict === 'no difference') return 'makes no difference that counts';
  if (purpose === 'saving') return 'is not shown by itself to leave every objective as it is';
  return 'is not shown to help';
}
