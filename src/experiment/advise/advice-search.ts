/** The search behind advice, phase by phase: baseline and diagnosis, screening, confirmation,
 * combination, and the plan's own confirmation. Wherever runs end, what was found stays. */
import type { RunSample } from '../campaign/run-sample.ts';
import type { SampleStore } from '../capacity/subject/sample-store.ts';
import type { Objective, ObjectiveVerdict } from '../objectives/objective.ts';
import type { PageDemand } from '../result.ts';
import { pageDemand } from '../results/page-demand.ts';
import type { Variant } from '../scenario/variants.ts';
import { askedAction, proposeActions } from './actions/propose.ts';
import type {
  AdviceAction,
  AdviceDocument,
  AdviceFinding,
  AdviceMetric,
  CombinedPlan,
  FieldChange,
  ScreenedAction,
  TriedAction,
} from './advice-document.ts';
import { bindingOf, diagnose, needsAmong } from './diagnosis/diagnose.ts';
import type { Evidence } from './diagnosis/evidence.ts';
import { adviceMetrics, type RatedMetric, roomName } from './trial/advice-metrics.ts';
import { combineActions, mergedChanges } from './trial/combine.ts';
import { effectsOf } from './trial/effects.ts';
import { judgeChange } from './trial/judgement.ts';
import { confirmedPlan } from './trial/plan.ts';
import { screenActions } from './trial/screen.ts';
import { createTrials, range, type Trials } from './trial/trials.ts';
import { rankedActions, savingsAmong, type TrialOutcome, untriedAction } from './trial/tried.ts';

/** What is searched. */
export interface SearchInput {
  readonly variant: Variant;
  readonly objectives: readonly Objective[];
  readonly store: SampleStore;
  readonly phases: AdviceDocument['replications'];
  readonly most: number;
  readonly asked: readonly Readonly<Record<string, unknown>>[];
  readonly replayCommand: string;
  readonly onNote: (line: string) => void;
}

/** What was found. */
export interface SearchFound
  extends Pick<AdviceDocument, 'objectives' | 'findings' | 'metrics' | 'actions' | 'plan'> {
  readonly demand: PageDemand;
}

/** A search. */
export interface AdviceSearch {
  /** @throws EngineError as runs do. */
  run(): Promise<SearchFound>;
}

/** New actions that a plan is looked over for, at most. */
const MORE_MAX = 3;

/** Makes a search. */
export function createSearch(input: SearchInput): AdviceSearch {
  return new Search(input);
}

class Search implements AdviceSearch {
  readonly #input: SearchInput;
  readonly #trials: Trials;
  /** By phase. */
  readonly #screening: readonly number[];
  readonly #confirming: readonly number[];
  #screened: readonly RunSample[] = [];
  #confirmed: readonly RunSample[] = [];
  #verdicts: readonly ObjectiveVerdict[] = [];
  #needs: readonly Objective[] = [];
  #findings: readonly AdviceFinding[] = [];
  #metrics: readonly RatedMetric[] = [];
  #actions: readonly AdviceAction[] = [];
  #looks: ReadonlyMap<string, ScreenedAction> = new Map();
  #tried: readonly TriedAction[] = [];
  /** Tried only on top of a plan. */
  readonly #later = new Map<string, TriedAction>();
  #plan: CombinedPlan | null = null;

  constructor(input: SearchInput) {
    this.#input = input;
    const { variant, objectives, store, replayCommand, phases } = input;
    this.#trials = createTrials({ variant, objectives, store, replayCommand });
    this.#screening = range(phases.screen.from, phases.screen.count);
    this.#confirming = range(phases.confirm.from, phases.confirm.count);
  }

  async run(): Promise<SearchFound> {
    if (await this.#lookAtBaseline()) {
      this.#propose();
      if ((await this.#screen()) && (await this.#confirm())) await this.#combine();
    }
    return this.#found();
  }

  async #lookAtBaseline(): Promise<boolean> {
    const { objectives, variant } = this.#input;
    const all = [...this.#screening, ...this.#confirming];
    const samples = (await this.#trials.samples([[]], all))?.[0];
    if (samples === undefined) return false;
    this.#screened = samples.slice(0, this.#screening.length);
    this.#confirmed = samples.slice(this.#screening.length);
    this.#verdicts = this.#trials.judge(samples);
    this.#needs = needsAmong(objectives, this.#verdicts);
    this.#findings = diagnose(this.#evidence());
    this.#metrics = adviceMetrics(objectives, samples, variant.scenario.clock.duration / 60e6);
    for (const { text } of this.#findings) this.#input.onNote(text);
    return true;
  }

  /** Of the screening's replications alone: the others are to judge what is made of it. */
  #evidence(): Evidence {
    const { scenario, architecture } = this.#input.variant;
    return { scenario, architecture, samples: this.#screened, needs: this.#needs };
  }

  #propose(): void {
    const { variant, asked } = this.#input;
    const proposed = proposeActions(variant, this.#findings);
    const wanted = asked.flatMap((set) => askedAction(variant, set) ?? []);
    const isWanted = (id: string) => wanted.some((one) => one.id === id);
    this.#actions = [...proposed.filter(({ id }) => !isWanted(id)), ...wanted];
  }

  async #screen(): Promise<boolean> {
    const changes = this.#actions.map((action) => action.changes);
    const samples = await this.#trials.samples(changes, this.#screening);
    if (samples === undefined) return false;
    const { objectives, most } = this.#input;
    const screening = screenActions({
      actions: this.#actions,
      baseline: this.#screened,
      samples,
      needs: this.#needs,
      objectives,
      most,
    });
    this.#looks = screening.looks;
    return true;
  }

  async #confirm(): Promise<boolean> {
    const pursued = this.#actions.filter(({ id }) => this.#looks.get(id)?.isPursued === true);
    const changes = pursued.map((action) => action.changes);
    const samples = await this.#trials.samples(changes, this.#confirming);
    if (samples === undefined) return false;
    const effects = effectsOf(this.#confirmed, samples, this.#metrics);
    const before = this.#trials.judge(this.#confirmed);
    const outcomes = pursued.map((action, i): TrialOutcome => {
      const own = effects[i] ?? [];
      const judged = judgeChange(own, before, this.#trials.judge(samples[i] ?? []));
      this.#input.onNote(`${action.title}: ${judged.verdict}`);
      return { action, effects: own, judged };
    });
    this.#tried = rankedActions(this.#actions, { outcomes, looks: this.#looks });
    return true;
  }

  async #combine(): Promise<void> {
    const ranked = this.#tried.filter(({ rank }) => rank !== null);
    const savings = savingsAmong(this.#tried);
    if (ranked.length === 0 && savings.length === 0) return;
    const draft = await combineActions({
      trials: this.#trials,
      metrics: this.#metrics,
      ranked,
      savings,
      replications: this.#confirming,
      baseline: this.#confirmed,
      proposeFor: (changes, samples) => this.#moreFor(changes, samples),
      onStep: ({ title, isTaken, reason }) =>
        this.#input.onNote(`${isTaken ? '+' : '−'} ${title}: ${reason}`),
    });
    if (draft === undefined || draft.actions.length === 0) return;
    const { from, count } = this.#input.phases.plan;
    const samples = await this.#trials.samples([[], draft.changes], range(from, count));
    const [before, after] = samples ?? [];
    if (before === undefined || after === undefined) return;
    this.#plan = confirmedPlan({
      draft,
      tried: this.#tried,
      metrics: this.#metrics,
      trials: this.#trials,
      searched: this.#confirmed,
      before,
      after,
    });
  }

  /** What binds a plan so far, and the actions that a short look at them leaves. */
  async #moreFor(
    changes: readonly FieldChange[],
    samples: readonly RunSample[],
  ): Promise<readonly AdviceAction[] | undefined> {
    const { objectives, variant } = this.#input;
    const scenario = this.#trials.scenarioWith(changes) ?? variant.scenario;
    const needs = needsAmong(objectives, this.#trials.judge(samples));
    const evidence = { ...this.#evidence(), scenario, samples, needs };
    const known = new Set([...this.#actions.map(({ id }) => id), ...this.#later.keys()]);
    const actions = proposeActions({ ...variant, scenario }, diagnose(evidence)).filter(
      ({ id, purpose }) => purpose === 'help' && !known.has(id),
    );
    if (actions.length === 0) return [];
    const merged = actions.map((one) => mergedChanges(changes, one.changes));
    const found = await this.#trials.samples([changes, ...merged], this.#screening);
    const [baseline, ...tried] = found ?? [];
    if (baseline === undefined) return undefined;
    const input = { actions, baseline, samples: tried, needs, objectives, most: MORE_MAX };
    const { looks, pursued } = screenActions(input);
    for (const action of actions) {
      this.#later.set(action.id, untriedAction(action, looks.get(action.id) ?? null, true));
    }
    return pursued;
  }

  #found(): SearchFound {
    const actions =
      this.#tried.length > 0
        ? this.#tried
        : this.#actions.map((one) => untriedAction(one, this.#looks.get(one.id) ?? null, false));
    return {
      demand: pageDemand(this.#input.variant.scenario),
      objectives: this.#told(),
      findings: this.#findings,
      metrics: this.#metrics.map(({ metric: _, ...told }): AdviceMetric => told),
      actions: [...actions, ...this.#later.values()],
      plan: this.#plan,
    };
  }

  #told(): SearchFound['objectives'] {
    const isNeeded = (text: string) => this.#needs.some((one) => one.text === text);
    return this.#input.objectives.flatMap((objective) => {
      const verdict = this.#verdicts.find((one) => one.objective === objective.text);
      if (verdict === undefined) return [];
      const binding = bindingOf(this.#evidence(), objective);
      const isMovable = isNeeded(objective.text) ? this.#isMoved(objective) : null;
      return [{ objective: objective.text, verdict, binding, isMovable }];
    });
  }

  #isMoved(objective: Objective): boolean {
    const name = roomName(objective);
    const isBetter = ({ metric, verdict }: TriedAction['effects'][number]) =>
      metric === name && verdict === 'better';
    const ofPlan = this.#plan?.effects ?? [];
    return [...this.#tried.flatMap(({ effects }) => effects), ...ofPlan].some(isBetter);
  }
}
