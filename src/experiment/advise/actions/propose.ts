/** From findings to actions: one rule a kind of finding, each action once. Spec: M186–M189. */
import type { AdviceAction, AdviceFinding, FindingKind } from '../advice-document.ts';
import { type ActionDraft, actionOf, changesOf, idOf } from './action-draft.ts';
import { amplifiedRule, failingRule, tailRule, timedOutRule } from './call-rules.ts';
import { delaysRule, lateRule, skewRule, workersRule, workersSlackRule } from './pipeline-rules.ts';
import type { RuleContext } from './rule-context.ts';
import {
  cacheAbsentRule,
  cacheMissesRule,
  databaseRule,
  saturatedRule,
  scalerAtItsEndRule,
  scalerLagsRule,
  slackRule,
  turnedAwayRule,
} from './station-rules.ts';

type Rule = (context: RuleContext, finding: AdviceFinding) => readonly ActionDraft[];

const RULES: Readonly<Record<FindingKind, Rule>> = {
  'station-saturated': saturatedRule,
  'station-slack': slackRule,
  'database-saturated': databaseRule,
  'calls-turned-away': turnedAwayRule,
  'retries-amplify': amplifiedRule,
  'calls-time-out': timedOutRule,
  'calls-have-a-tail': tailRule,
  'pages-fail': failingRule,
  'cache-misses': cacheMissesRule,
  'cache-absent': cacheAbsentRule,
  'autoscaler-lags': scalerLagsRule,
  'autoscaler-at-its-end': scalerAtItsEndRule,
  'workers-saturated': workersRule,
  'workers-slack': workersSlackRule,
  'partitions-skewed': skewRule,
  'pipeline-delays': delaysRule,
  'events-late': lateRule,
};

/** Actions of findings, in their order: of those with slack savings, of those that no missed
 * objective hangs on nothing. Every one is a valid scenario. */
export function proposeActions(
  context: RuleContext,
  findings: readonly AdviceFinding[],
): readonly AdviceAction[] {
  const found = new Map<string, AdviceAction>();
  for (const finding of findings) {
    const isSlack = finding.role === 'slack';
    if (!isSlack && finding.objectives.length === 0) continue;
    const purpose = isSlack ? ('saving' as const) : ('help' as const);
    for (const draft of RULES[finding.kind](context, finding)) {
      const action = actionOf(context.scenario, draft, { purpose, finding });
      if (action !== undefined && !found.has(action.id)) found.set(action.id, action);
    }
  }
  return [...found.values()];
}

/** An action that somebody asks for.
 * @returns undefined where it would change nothing, or the scenario has no such field. */
export function askedAction(
  { scenario }: RuleContext,
  set: Readonly<Record<string, unknown>>,
): AdviceAction | undefined {
  const changes = changesOf(scenario, set);
  if (changes === undefined) return undefined;
  const id = idOf(changes);
  const reason = 'somebody asked what it would do';
  return { id, purpose: 'asked', title: id, changes, finding: null, reason };
}
