/** Verdicts over replications. What must hold in every run fails by one that breaks it; everything
 * else is an estimate, and is decided where its one-sided bound at the objective's confidence lies
 * beyond the limit. Spec: E109–E116. */
import type { RunSample } from '../campaign/run-sample.ts';
import { holds, isWorse } from './condition-holds.ts';
import { eachRunFinding } from './judge/each-run-finding.ts';
import type { Finding } from './judge/finding.ts';
import { goalOf, type ObjectiveGoal } from './judge/goal-of.ts';
import { observed } from './judge/observed-parts.ts';
import { quantileFinding } from './judge/quantile-finding.ts';
import { smoothFinding } from './judge/smooth-finding.ts';
import { type Evidence, verdictOf } from './judge/verdict-of.ts';
import { isOfWholeRun, isProportion } from './metrics/term-dimension.ts';
import { termsOf } from './metrics/terms-of.ts';
import type { Objective, ObjectiveMeasure, ObjectiveVerdict, PooledParts } from './objective.ts';

/** What is judged. */
export interface JudgedSubjects {
  readonly objectives: readonly Objective[];
  /** Per subject its samples, by replication, ascending. */
  readonly samples: ReadonlyMap<string, readonly RunSample[]>;
  /** The command that runs one replication of a subject again. */
  readonly replayCommand: (subject: string, replication: number) => string;
  /** Replications of an observation: 2 where they come in antithetic pairs, whose two runs depend
   * on each other. 1 unless given. */
  readonly observationSize?: 1 | 2;
}

/** Judges every objective for every subject; ratios between architectures once.
 * Cost: O(replications²) buckets for ratios between architectures, else a pass. */
export function judgeObjectives(judged: JudgedSubjects): readonly ObjectiveVerdict[] {
  return judged.objectives.flatMap((objective) => {
    const [over, under] = termsOf(objective).map(({ subject }) => subject);
    if (over !== null && over !== undefined && under !== null && under !== undefined) {
      return [judgeBetween(judged, objective, [over, under])];
    }
    return [...judged.samples.keys()].map((subject) => judgeSubject(judged, objective, subject));
  });
}

function judgeSubject(
  judged: JudgedSubjects,
  objective: Objective,
  subject: string,
): ObjectiveVerdict {
  const measures = measuresOf(judged, objective, subject);
  const goal = goalOf(objective);
  const { observationSize = 1 } = judged;
  const finding = isOfEachRun(objective)
    ? ofEachRun(goal, measures)
    : ofAllRuns(
        objective,
        goal,
        observed(
          measures.map(({ replication, measure }) => ({ replication, parts: measure.pooled })),
          observationSize,
        ),
      );
  return verdictOf(objective, finding, {
    subject,
    measures,
    observationSize,
    shortRuns: measures.filter(({ isTooShort }) => isTooShort).length,
    samples: measures.reduce((sum, { measure }) => sum + measure.samples, 0),
    isOfEachRun: isOfEachRun(objective),
    isRun: judged.samples.has(subject),
    replayCommand: (replication) => judged.replayCommand(subject, replication),
  });
}

function judgeBetween(
  judged: JudgedSubjects,
  objective: Objective,
  [over, under]: readonly [string, string],
): ObjectiveVerdict {
  const { observationSize = 1 } = judged;
  const ofUnder = new Map(
    measuresOf(judged, objective, under).map((one) => [one.replication, one]),
  );
  const pairs = measuresOf(judged, objective, over).flatMap((one) => {
    const other = ofUnder.get(one.replication);
    if (other === undefined) return [];
    const isTooShort = one.isTooShort || other.isTooShort;
    return [{ ...one, other: other.measure, isTooShort }];
  });
  const parts = pairs.map(({ replication, measure, other }) => {
    const isNone = measure.pooled.kind === 'none' || other.pooled.kind === 'none';
    const quotient = { kind: 'quotient', over: measure.pooled, under: other.pooled } as const;
    return { replication, parts: isNone ? ({ kind: 'none' } as const) : quotient };
  });
  const finding = ofAllRuns(objective, goalOf(objective), observed(parts, observationSize));
  const samples = {
    over: pairs.reduce((sum, { measure }) => sum + measure.samples, 0),
    under: pairs.reduce((sum, { other }) => sum + other.samples, 0),
  };
  return verdictOf(objective, finding, {
    subject: `${over} / ${under}`,
    measures: pairs.map(({ replication, measure }) => ({
      replication,
      measure: { ...measure, worst: null },
    })),
    observationSize,
    shortRuns: pairs.filter(({ isTooShort }) => isTooShort).length,
    samples: Math.min(samples.over, samples.under),
    isOfEachRun: false,
    isRun: judged.samples.has(over) && judged.samples.has(under),
    replayCommand: (replication) => judged.replayCommand(over, replication),
  });
}

/** Highest and lowest values, recoveries, what must be equal, and windows that must all hold. */
function isOfEachRun({ condition, windows, recovery, ...objective }: Objective): boolean {
  if (recovery !== null || condition.comparison === '==') return true;
  if (windows !== null) return windows.share === 1;
  const kinds = termsOf({ condition, windows, recovery, ...objective });
  return kinds.some(({ aggregate }) => aggregate.kind === 'min' || aggregate.kind === 'max');
}

function ofEachRun(goal: ObjectiveGoal, measures: Evidence['measures']): Finding {
  const runs = measures.flatMap(({ measure: { value, isCensored = false } }) =>
    value === null ? [] : [{ value, isMet: !isCensored && holds(goal, value) }],
  );
  return eachRunFinding(runs, (a, b) => (isWorse(goal, b, a) ? b : a));
}

function ofAllRuns(
  objective: Objective,
  goal: ObjectiveGoal,
  parts: readonly PooledParts[],
): Finding {
  const { condition, confidence, windows } = objective;
  const [first, second] = termsOf(objective);
  const aggregate = first?.aggregate ?? { kind: 'count' };
  const { expression } = condition;
  if (windows === null && expression.kind === 'term' && aggregate.kind === 'quantile') {
    return quantileFinding(parts, { q: aggregate.q, confidence, condition: goal });
  }
  return smoothFinding(parts, {
    aggregates: second === undefined ? [aggregate] : [aggregate, second.aggregate],
    confidence,
    condition: goal,
    isProportion: windows !== null || isProportion(expression),
    isLogarithmic: first?.subject !== null,
  });
}

interface MeasuredRun {
  readonly replication: number;
  readonly measure: ObjectiveMeasure;
  /** Whether it has no steady part, which this objective is of. */
  readonly isTooShort: boolean;
}

function measuresOf(
  { samples }: JudgedSubjects,
  objective: Objective,
  subject: string,
): readonly MeasuredRun[] {
  const isOfSteadyPart = !termsOf(objective).every(isOfWholeRun);
  return (samples.get(subject) ?? []).flatMap(({ replication, objectives, ...sample }) => {
    const measure = objectives.find((one) => one.objective === objective.text);
    const isTooShort = isOfSteadyPart && sample.isTooShort === true;
    return measure === undefined ? [] : [{ replication, measure, isTooShort }];
  });
}
