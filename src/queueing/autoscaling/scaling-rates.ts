/** How fast an autoscaler may go: rate policies over what was changed in their periods. Source:
 * Kubernetes, horizontal.go, calculateScaleUpLimitWithScalingRules and its counterpart; percentages
 * round in favour of the change (72 replicas, 10 % down: 8 go). Spec: Q54. */
import type { RatePolicy, ScalingRules } from './hpa-config.ts';

/** So many replicas were added, or removed, at an instant. */
export interface ScaleChange {
  readonly replicas: number;
  readonly atUs: number;
}

/** What was changed lately, each direction apart. */
export interface ScaleHistory {
  readonly added: readonly ScaleChange[];
  readonly removed: readonly ScaleChange[];
}

/** Where a rate is asked about. */
export interface RateQuestion {
  readonly history: ScaleHistory;
  readonly currentReplicas: number;
  readonly nowUs: number;
}

/** The most replicas that may be asked for now; never less than the present ones. */
export function scaleUpLimit(rules: ScalingRules, asked: RateQuestion): number {
  const { currentReplicas } = asked;
  if (rules.selectPolicy === 'disabled') return currentReplicas;
  const limits = rules.policies.map((policy) => {
    const startReplicas = replicasAtStart(policy, asked);
    return policy.kind === 'pods'
      ? startReplicas + policy.value
      : Math.ceil(startReplicas * (1 + policy.value / 100));
  });
  const chosen = rules.selectPolicy === 'min' ? Math.min(...limits) : Math.max(...limits);
  return Math.max(currentReplicas, chosen);
}

/** The fewest replicas that may be asked for now; never more than the present ones. */
export function scaleDownLimit(rules: ScalingRules, asked: RateQuestion): number {
  const { currentReplicas } = asked;
  if (rules.selectPolicy === 'disabled') return currentReplicas;
  const limits = rules.policies.map((policy) => {
    const startReplicas = replicasAtStart(policy, asked);
    return policy.kind === 'pods'
      ? startReplicas - policy.value
      : Math.trunc(startReplicas * (1 - policy.value / 100));
  });
  const chosen = rules.selectPolicy === 'min' ? Math.max(...limits) : Math.min(...limits);
  return Math.min(currentReplicas, chosen);
}

/** The history with a change. One change that no policy of its direction looks at any more makes
 * room, the last such, as upstream has it: the list stays short. */
export function withChange(
  changes: readonly ScaleChange[],
  rules: ScalingRules,
  change: ScaleChange,
): readonly ScaleChange[] {
  const longestUs = rules.policies.reduce((longest, one) => Math.max(longest, one.periodUs), 0);
  const outdated = changes.findLastIndex((one) => one.atUs < change.atUs - longestUs);
  return outdated < 0 ? [...changes, change] : changes.with(outdated, change);
}

function replicasAtStart(policy: RatePolicy, asked: RateQuestion): number {
  const sinceUs = asked.nowUs - policy.periodUs;
  const added = changedSince(asked.history.added, sinceUs);
  const removed = changedSince(asked.history.removed, sinceUs);
  return asked.currentReplicas - added + removed;
}

function changedSince(changes: readonly ScaleChange[], sinceUs: number): number {
  let replicas = 0;
  for (const change of changes) if (change.atUs > sinceUs) replicas += change.replicas;
  return replicas;
}
