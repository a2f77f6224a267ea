/** The first, short look at all actions: a few replications, point estimates, no verdicts. It says
 * which ones the rest of the replications is spent on. Spec: M193. */
import type { RunSample } from '../../campaign/run-sample.ts';
import type { Objective } from '../../objectives/objective.ts';
import type { AdviceAction, ScreenedAction } from '../advice-document.ts';
import { COST, DEFICIT, roomName, SLO_MINUTES } from './advice-metrics.ts';

/** What a screening found. */
export interface Screening {
  /** By action's id. */
  readonly looks: ReadonlyMap<string, ScreenedAction>;
  /** Those to go on with, in the order of the actions. */
  readonly pursued: readonly AdviceAction[];
}

/** What is screened. */
export interface ScreenInput {
  readonly actions: readonly AdviceAction[];
  readonly baseline: readonly RunSample[];
  /** Of each action, on the baseline's replications. */
  readonly samples: readonly (readonly RunSample[])[];
  readonly needs: readonly Objective[];
  readonly objectives: readonly Objective[];
  /** Most actions that are pursued; those that were asked for come on top. */
  readonly most: number;
}

/** Of what is pursued, as much as a third may be savings where there are helpers as well. */
const SAVING_SHARE = 1 / 3;
/** Smaller ones are rounding. */
const NOTHING = 1e-9;

interface Look {
  readonly action: AdviceAction;
  readonly samples: readonly RunSample[];
  readonly deficit: number | null;
  readonly missedMinutes: number | null;
  readonly usdPerHour: number | null;
}

/** Screens. An action that helps is pursued where it takes deficit or minutes away, the objectives
 * in turn: of those that would meet one the cheapest first, then what helps it most. A saving is
 * where it costs less and no objective gets a mean below its limit. */
export function screenActions(input: ScreenInput): Screening {
  const looks = input.actions.map((action, i) => lookAt(action, input, input.samples[i] ?? []));
  const asked = looks.filter(({ action }) => action.purpose === 'asked');
  const savings = looks
    .filter((look) => isSaving(look, input))
    .sort((a, b) => (a.usdPerHour ?? 0) - (b.usdPerHour ?? 0));
  const helpers = inTurn(looks.filter(isHelping), input);
  const reserved = Math.min(savings.length, Math.ceil(input.most * SAVING_SHARE));
  const helping = helpers.slice(0, input.most - reserved);
  const saving = savings.slice(0, input.most - helping.length);
  const chosen = new Set([...asked, ...helping, ...saving].map(({ action }) => action.id));
  const told = looks.map((look): readonly [string, ScreenedAction] => [
    look.action.id,
    screenedOf(look, {
      isPursued: chosen.has(look.action.id),
      isPromising: isHelping(look) || isSaving(look, input),
    }),
  ]);
  return {
    looks: new Map(told),
    pursued: input.actions.filter(({ id }) => chosen.has(id)),
  };
}

function lookAt(
  action: AdviceAction,
  { baseline }: ScreenInput,
  samples: readonly RunSample[],
): Look {
  const change = (metric: string) => meanChange(baseline, samples, metric);
  return {
    action,
    samples,
    deficit: change(DEFICIT),
    missedMinutes: change(SLO_MINUTES),
    usdPerHour: change(COST),
  };
}

function isHelping({ action, deficit, missedMinutes }: Look): boolean {
  if (action.purpose !== 'help') return false;
  return (deficit ?? 0) < -NOTHING || (missedMinutes ?? 0) < -NOTHING;
}

function isSaving({ action, usdPerHour, samples }: Look, { baseline, objectives }: ScreenInput) {
  if (action.purpose !== 'saving' || (usdPerHour ?? 0) >= 0) return false;
  return objectives.every((objective) => {
    if (objective.severity !== 'fail') return true;
    const before = meanRoom(baseline, objective);
    const after = meanRoom(samples, objective);
    if (before === null || after === null) return before === after;
    return before < 0 || after >= 0;
  });
}

/** Objectives take turns, so that the actions of one do not crowd out those of another. */
function inTurn(looks: readonly Look[], { needs, baseline }: ScreenInput): readonly Look[] {
  const queues = needs.map((objective) => {
    const gain = (look: Look) =>
      (meanRoom(look.samples, objective) ?? 0) - (meanRoom(baseline, objective) ?? 0);
    const meets = (look: Look) => (meanRoom(look.samples, objective) ?? -1) >= 0;
    return looks
      .filter((look) => gain(look) > NOTHING)
      .sort((a, b) => {
        if (meets(a) !== meets(b)) return meets(a) ? -1 : 1;
        const byCost = meets(a) ? (a.usdPerHour ?? 0) - (b.usdPerHour ?? 0) : 0;
        return byCost || gain(b) - gain(a) || (a.action.id < b.action.id ? -1 : 1);
      });
  });
  const longest = Math.max(0, ...queues.map((queue) => queue.length));
  const order = Array.from({ length: longest }, (_, i) =>
    queues.flatMap((queue) => queue[i] ?? []),
  );
  return [...new Set([...order.flat(), ...looks])];
}

function screenedOf(
  { samples, deficit, missedMinutes, usdPerHour }: Look,
  { isPursued, isPromising }: { readonly isPursued: boolean; readonly isPromising: boolean },
): ScreenedAction {
  const isSame = deficit === 0 && missedMinutes === 0;
  const reason = isPursued
    ? 'promising: confirmed on replications of its own'
    : isPromising
      ? 'others promised more'
      : isSame
        ? 'it changed nothing that an objective is about'
        : 'it took nothing away from what is missed';
  return { replications: samples.length, deficit, missedMinutes, usdPerHour, isPursued, reason };
}

function meanRoom(samples: readonly RunSample[], objective: Objective): number | null {
  const rooms = samples.flatMap(({ metrics }) => metrics[roomName(objective)] ?? []);
  return rooms.length === 0 ? null : rooms.reduce((sum, room) => sum + room, 0) / rooms.length;
}

function meanChange(
  before: readonly RunSample[],
  after: readonly RunSample[],
  metric: string,
): number | null {
  const changes = after.map(({ metrics }, i) => {
    const [was, is] = [before[i]?.metrics[metric], metrics[metric]];
    return typeof was === 'number' && typeof is === 'number' ? is - was : null;
  });
  const known = changes.filter((one) => one !== null);
  if (known.length === 0) return null;
  return known.reduce((sum, one) => sum + one, 0) / known.length;
}
