/** Runs of the baseline and of changes of it: a point of the campaign for each set of changes, the
 * same replications and so the same draws for all. */
import type { Point } from '../../campaign/campaign.ts';
import type { RunSample } from '../../campaign/run-sample.ts';
import type { SampleStore } from '../../capacity/subject/sample-store.ts';
import { judgeObjectives } from '../../objectives/judge-objectives.ts';
import type { Objective, ObjectiveVerdict } from '../../objectives/objective.ts';
import { changedScenario } from '../../scenario/define-scenario.ts';
import type { Scenario } from '../../scenario/schema.ts';
import type { Variant } from '../../scenario/variants.ts';
import { idOf, settingsOf } from '../actions/action-draft.ts';
import type { FieldChange } from '../advice-document.ts';
import { withAdviceMetrics } from './advice-metrics.ts';

/** What is tried. */
export interface TrialsSubject {
  readonly variant: Variant;
  readonly objectives: readonly Objective[];
  readonly store: SampleStore;
  readonly replayCommand: string;
}

/** Trials of changes. */
export interface Trials {
  /** Samples of each set of changes; none of them is the baseline. With the metrics of advice.
   * @returns undefined where runs ended before. */
  samples(
    changes: readonly (readonly FieldChange[])[],
    replications: readonly number[],
  ): Promise<readonly (readonly RunSample[])[] | undefined>;
  /** The scenario with changes; undefined where it would not be valid. */
  scenarioWith(changes: readonly FieldChange[]): Scenario | undefined;
  /** The objectives over samples. */
  judge(samples: readonly RunSample[]): readonly ObjectiveVerdict[];
}

/** Opens trials. */
export function createTrials(subject: TrialsSubject): Trials {
  const { variant, objectives, store, replayCommand } = subject;
  const known = new Map<string, Scenario | undefined>();
  const scenarioWith = (changes: readonly FieldChange[]) => {
    if (changes.length === 0) return variant.scenario;
    const id = idOf(changes);
    if (known.has(id)) return known.get(id);
    const changed = changedScenario(variant.scenario, settingsOf(changes));
    const scenario = 'problems' in changed ? undefined : changed.scenario;
    known.set(id, scenario);
    return scenario;
  };
  const pointOf = (changes: readonly FieldChange[]): Point => ({
    name: changes.length === 0 ? variant.name : `${variant.name}: ${idOf(changes)}`,
    architecture: variant.architecture,
    scenario: { ...(scenarioWith(changes) ?? variant.scenario), objectives: [...objectives] },
  });
  return {
    scenarioWith,
    async samples(changes, replications) {
      const found = await store.samples(changes.map(pointOf), replications);
      return found?.map((own) => own.map((sample) => withAdviceMetrics(sample, objectives)));
    },
    judge: (samples) =>
      judgeObjectives({
        objectives,
        samples: new Map([[variant.name, samples]]),
        replayCommand: () => replayCommand,
      }),
  };
}

/** Replications from one on. */
export function range(from: number, count: number): readonly number[] {
  return Array.from({ length: count }, (_, i) => from + i);
}
