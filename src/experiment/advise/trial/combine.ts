/** Actions together: the best one, then the next on top of it, each simulated as it would be, until
 * every objective is met or nothing helps; then savings as far as the objectives allow. What
 * actions do together is measured, never added up. Spec: M196. */
import type { RunSample } from '../../campaign/run-sample.ts';
import type { ObjectiveVerdict } from '../../objectives/objective.ts';
import type {
  AdviceAction,
  AdviceEffect,
  FieldChange,
  PlanStep,
  TriedAction,
} from '../advice-document.ts';
import { COST, DEFICIT, type RatedMetric, SLO_MINUTES } from './advice-metrics.ts';
import { effectsOf } from './effects.ts';
import { type Judgement, judgeChange } from './judgement.ts';
import type { Trials } from './trials.ts';

/** What is combined. */
export interface CombineInput {
  readonly trials: Trials;
  readonly metrics: readonly RatedMetric[];
  /** Ranked, those that help. */
  readonly ranked: readonly TriedAction[];
  /** Savings, the largest first: by itself none need have been shown to keep what is missed. */
  readonly savings: readonly AdviceAction[];
  /** The search's replications, and the baseline's samples on them. */
  readonly replications: readonly number[];
  readonly baseline: readonly RunSample[];
  /** New actions for a plan so far, from what binds it now; those tried before are left out. */
  readonly proposeFor: (
    changes: readonly FieldChange[],
    samples: readonly RunSample[],
  ) => Promise<readonly AdviceAction[] | undefined>;
  readonly onStep: (step: PlanStep) => void;
}

/** A plan before it is confirmed. */
export interface DraftPlan {
  readonly actions: readonly string[];
  readonly changes: readonly FieldChange[];
  readonly samples: readonly RunSample[];
  readonly steps: readonly PlanStep[];
}

/** Rounds of looking at the plan so far for more to do. */
const ROUNDS_MAX = 2;

/** Combines. @returns undefined where runs ended before. */
export async function combineActions(input: CombineInput): Promise<DraftPlan | undefined> {
  const combination = new Combination(input);
  const helpers = input.ranked.filter(({ group }) => group === 'meets' || group === 'improves');
  if ((await combination.add(helpers, 'help')) === 'stopped') return undefined;
  for (let round = 0; round < ROUNDS_MAX && !combination.isMet && combination.hasAny; round += 1) {
    const more = await combination.propose();
    if (more === undefined) return undefined;
    const before = combination.size;
    if ((await combination.add(more, 'help')) === 'stopped') return undefined;
    if (combination.size === before) break;
  }
  if ((await combination.add(input.savings, 'saving')) === 'stopped') return undefined;
  return combination.draft();
}

class Combination {
  readonly #input: CombineInput;
  readonly #taken: AdviceAction[] = [];
  readonly #steps: PlanStep[] = [];
  #changes: readonly FieldChange[] = [];
  #samples: readonly RunSample[];
  #verdicts: readonly ObjectiveVerdict[];

  constructor(input: CombineInput) {
    this.#input = input;
    this.#samples = input.baseline;
    this.#verdicts = input.trials.judge(input.baseline);
  }

  get isMet(): boolean {
    return this.#verdicts.every(
      ({ severity, verdict }) => severity !== 'fail' || verdict === 'pass' || verdict === 'skipped',
    );
  }

  get hasAny(): boolean {
    return this.#taken.length > 0;
  }

  get size(): number {
    return this.#taken.length;
  }

  draft(): DraftPlan {
    return {
      actions: this.#taken.map(({ id }) => id),
      changes: this.#changes,
      samples: this.#samples,
      steps: this.#steps,
    };
  }

  propose(): Promise<readonly AdviceAction[] | undefined> {
    return this.#input.proposeFor(this.#changes, this.#samples);
  }

  async add(actions: readonly AdviceAction[], purpose: 'help' | 'saving') {
    for (const action of actions) {
      if (purpose === 'help' && this.isMet) return 'done';
      if (purpose === 'saving' && this.#setsSame(action)) continue;
      if ((await this.#try(action, purpose)) === 'stopped') return 'stopped';
    }
    return 'done';
  }

  /** Whether a step before has set a field of it. */
  #setsSame({ changes }: AdviceAction): boolean {
    return changes.some(({ path }) => this.#changes.some((one) => one.path === path));
  }

  async #try(action: AdviceAction, purpose: 'help' | 'saving'): Promise<'done' | 'stopped'> {
    const { trials, metrics, replications, onStep } = this.#input;
    const changes = mergedChanges(this.#changes, action.changes);
    if (trials.scenarioWith(changes) === undefined) return 'done';
    const found = await trials.samples([changes], replications);
    const samples = found?.[0];
    if (samples === undefined) return 'stopped';
    const [effects = []] = effectsOf(this.#samples, [samples], metrics);
    const verdicts = trials.judge(samples);
    const judged = judgeChange(effects, this.#verdicts, verdicts);
    const isTaken = purpose === 'help' ? judged.verdict === 'better' : judged.group === 'saves';
    const step = stepOf(action, { effects, judged, isTaken, isFirst: !this.hasAny });
    this.#steps.push(step);
    onStep(step);
    if (!isTaken) return 'done';
    this.#taken.push(action);
    this.#changes = changes;
    this.#samples = samples;
    this.#verdicts = verdicts;
    return 'done';
  }
}

/** The later of two changes of a field counts, from what the baseline has. */
export function mergedChanges(
  before: readonly FieldChange[],
  after: readonly FieldChange[],
): readonly FieldChange[] {
  const merged = new Map(before.map((one) => [one.path, one]));
  for (const change of after) {
    const from = merged.get(change.path)?.from ?? change.from;
    merged.set(change.path, { ...change, from });
  }
  return [...merged.values()];
}

function stepOf(
  { id, title }: AdviceAction,
  of: {
    readonly effects: readonly AdviceEffect[];
    readonly judged: Judgement;
    readonly isTaken: boolean;
    readonly isFirst: boolean;
  },
): PlanStep {
  const { effects, judged, isTaken, isFirst } = of;
  const difference = (metric: string) =>
    effects.find((one) => one.metric === metric)?.difference ?? null;
  return {
    action: id,
    title,
    isTaken,
    deficit: difference(DEFICIT),
    missedMinutes: difference(SLO_MINUTES),
    usdPerHour: difference(COST),
    reason: reasonOf(judged, isTaken, isFirst),
  };
}

function reasonOf(judged: Judgement, isTaken: boolean, isFirst: boolean): string {
  const on = isFirst ? 'on the baseline' : 'on top of the steps before';
  if (isTaken && judged.group === 'saves') return `it saves ${on}, and every objective stays`;
  if (isTaken) {
    const meets = judged.turned.length === 0 ? '' : `, and meets ${judged.turned.join(' and ')}`;
    return `it helps ${on}${meets}`;
  }
  if (judged.lost.length > 0) return `${on} it loses ${judged.lost.join(' and ')}`;
  return `${on} it is ${judged.verdict === 'inconclusive' ? 'not shown to help' : judged.verdict}`;
}
