/** What the effects of a change come to: its verdict, what it turns and loses, and whether it may
 * be called a help or a saving. Spec: M194. */
import type { ObjectiveVerdict } from '../../objectives/objective.ts';
import type { ActionRank, AdviceEffect, TriedAction } from '../advice-document.ts';
import { COST, DEFICIT, roomName, SLO_MINUTES } from './advice-metrics.ts';

/** A judged change. */
export interface Judgement
  extends Pick<TriedAction, 'verdict' | 'turned' | 'lost' | 'deficitPerUsd'> {
  readonly group: ActionRank;
  readonly usdPerHour: number;
  readonly deficit: number;
}

/** Judges a change against what it was changed from, on the same replications. */
export function judgeChange(
  effects: readonly AdviceEffect[],
  before: readonly ObjectiveVerdict[],
  after: readonly ObjectiveVerdict[],
): Judgement {
  const effect = (metric: string) => effects.find((one) => one.metric === metric);
  const counted = before.filter(
    ({ severity, verdict }) => severity === 'fail' && verdict !== 'skipped',
  );
  const needs = counted.filter(({ verdict }) => verdict !== 'pass');
  const afterOf = (objective: string) =>
    after.find((one) => one.objective === objective)?.verdict ?? 'inconclusive';
  const deciding = [DEFICIT, SLO_MINUTES, ...needs.map(needRoom)].flatMap((m) => effect(m) ?? []);
  const turned = needs
    .map(({ objective }) => objective)
    .filter((objective) => afterOf(objective) === 'pass');
  const lost = counted
    .filter(({ objective, verdict }) => verdict === 'pass' && afterOf(objective) !== 'pass')
    .map(({ objective }) => objective);
  const verdict = verdictOf(deciding, lost.length > 0);
  const cost = effect(COST);
  const usdPerHour = cost?.difference.value ?? 0;
  const deficit = effect(DEFICIT)?.difference.value ?? 0;
  const isSaving =
    cost?.verdict === 'better' &&
    lost.length === 0 &&
    deciding.every((one) => keepsService(one, needs));
  return {
    verdict,
    turned,
    lost,
    usdPerHour,
    deficit,
    deficitPerUsd: usdPerHour > 0 && deficit < 0 ? -deficit / usdPerHour : null,
    group: groupOf({ verdict, hasTurned: turned.length > 0, isSaving }),
  };
}

/** A saving takes nothing away from objectives that are missed already. Where all are met it is
 * enough that none is lost and nothing is shown to be worse. */
function keepsService(
  { metric, verdict }: AdviceEffect,
  needs: readonly ObjectiveVerdict[],
): boolean {
  const isLoose = needs.length === 0 || metric === SLO_MINUTES;
  return verdict === 'better' || verdict === 'no difference' || (isLoose && verdict !== 'worse');
}

/** Order of the ranking: what meets an objective by cost, what improves by what a dollar takes
 * away, what saves by dollars. */
export function compareRanked(
  a: Judgement & { readonly id: string },
  b: Judgement & { readonly id: string },
): number {
  if (a.group !== b.group) return GROUPS.indexOf(a.group) - GROUPS.indexOf(b.group);
  const byId = a.id < b.id ? -1 : 1;
  if (a.group === 'improves') {
    return worthOf(b) - worthOf(a) || a.deficit - b.deficit || byId;
  }
  return a.usdPerHour - b.usdPerHour || b.turned.length - a.turned.length || byId;
}

const GROUPS: readonly ActionRank[] = ['meets', 'improves', 'saves', 'no help'];

/** What costs nothing is worth any amount. */
function worthOf({ deficitPerUsd, usdPerHour }: Judgement): number {
  return usdPerHour <= 0 ? Number.MAX_VALUE : (deficitPerUsd ?? 0);
}

function needRoom({ objective }: ObjectiveVerdict): string {
  return roomName({ text: objective });
}

function verdictOf(deciding: readonly AdviceEffect[], hasLost: boolean): TriedAction['verdict'] {
  const isBetter = deciding.some(({ verdict }) => verdict === 'better');
  const isWorse = hasLost || deciding.some(({ verdict }) => verdict === 'worse');
  if (isBetter && isWorse) return 'mixed';
  if (isBetter) return 'better';
  if (isWorse) return 'worse';
  return deciding.every(({ verdict }) => verdict === 'no difference')
    ? 'no difference'
    : 'inconclusive';
}

function groupOf(of: {
  readonly verdict: TriedAction['verdict'];
  readonly hasTurned: boolean;
  readonly isSaving: boolean;
}): ActionRank {
  if (of.verdict === 'better') return of.hasTurned ? 'meets' : 'improves';
  return of.isSaving ? 'saves' : 'no help';
}
