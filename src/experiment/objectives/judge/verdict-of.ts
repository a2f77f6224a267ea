/** From a finding to the verdict: whether there were data, replications and samples enough, and
 * the sentence that says why. */
import { isWorse } from '../condition-holds.ts';
import { quantityText } from '../language/units.ts';
import { termsOf } from '../metrics/terms-of.ts';
import type { Objective, ObjectiveMeasure, ObjectiveVerdict } from '../objective.ts';
import { highestShareBreaking } from './each-run-finding.ts';
import type { Finding } from './finding.ts';
import { goalOf, type ObjectiveGoal, shownUnit } from './goal-of.ts';

/** What a finding was made of. */
export interface Evidence {
  readonly subject: string;
  readonly measures: readonly {
    readonly replication: number;
    readonly measure: ObjectiveMeasure;
  }[];
  readonly samples: number;
  /** Replications of an observation. */
  readonly observationSize: 1 | 2;
  /** Replications that ended before their start did, and so have no steady part to measure. */
  readonly shortRuns: number;
  /** Whether each run must meet it, so that one can refute it. */
  readonly isOfEachRun: boolean;
  /** Whether the subject was run at all. */
  readonly isRun: boolean;
  readonly replayCommand: (replication: number) => string;
}

type Decision = Pick<ObjectiveVerdict, 'verdict' | 'moreReplications' | 'reason'>;

/** Samples that a quantile needs, over min(q, 1 − q). */
const SAMPLES_BEYOND = 10;
/** Aggregates that need no sample to have a value. */
const COUNTED: readonly string[] = ['count', 'sum', 'rate'];

/** The verdict. */
export function verdictOf(
  objective: Objective,
  finding: Finding,
  evidence: Evidence,
): ObjectiveVerdict {
  const goal = goalOf(objective);
  const worst = worstOf(objective, evidence);
  const replication = worst?.replication ?? evidence.measures[0]?.replication ?? 0;
  return {
    objective: objective.text,
    subject: evidence.subject,
    severity: objective.severity,
    value: finding.value,
    low: finding.low,
    high: finding.high,
    limit: goal.limit,
    unit: shownUnit(objective),
    margin: isCensored(finding, evidence) ? null : marginOf(goal, finding.value),
    confidence: objective.confidence,
    replications: evidence.measures.length,
    samples: evidence.samples,
    ...decided(objective, finding, evidence),
    worst,
    replayCommand: evidence.replayCommand(replication),
  };
}

function decided(objective: Objective, finding: Finding, evidence: Evidence): Decision {
  const n = evidence.measures.length;
  if (!evidence.isRun) {
    const reason = `${evidence.subject} was not run`;
    return { verdict: 'skipped', moreReplications: null, reason };
  }
  if (evidence.shortRuns > 0 && finding.decision !== 'missed') return tooShort(evidence);
  if (finding.value === null) return withoutData(objective);
  if (evidence.isOfEachRun && finding.decision === 'missed') {
    return { verdict: 'fail', moreReplications: null, reason: brokenText(objective, evidence) };
  }
  const samplesMin = samplesNeeded(objective);
  const shown = findingText(objective, finding);
  if (evidence.samples < samplesMin) {
    const wanted = Math.ceil((n * samplesMin) / Math.max(1, evidence.samples));
    const more = Math.max(1, wanted - n);
    return open(`${shown}: ${evidence.samples} samples, ${samplesMin} are needed`, more);
  }
  if (n < objective.minReplications) {
    const more = objective.minReplications - n;
    return open(`${shown}: ${counted(n, 'replication')}, ${n + more} are needed`, more);
  }
  if (finding.decision === 'open') return undecided(objective, finding, { shown, evidence });
  if (evidence.isOfEachRun) return unbroken(objective, evidence, shown);
  const isMet = finding.decision === 'met';
  return {
    verdict: isMet ? 'pass' : 'fail',
    moreReplications: null,
    reason: `${shown} is ${isMet ? '' : 'not '}${goalText(objective)}`,
  };
}

function withoutData({ onNoData }: Objective): Decision {
  const verdict = onNoData === 'skip' ? 'skipped' : onNoData;
  return { verdict, moreReplications: null, reason: 'there are no data' };
}

/** Runs that settle may be the better ones: without the others nothing is shown to be met. */
function tooShort({ shortRuns, measures }: Evidence): Decision {
  const reason =
    `${shortRuns} of ${counted(measures.length, 'replication')} ended before the start did, ` +
    'and have no steady state: no more replications but a longer clock.duration would decide';
  return open(reason, null);
}

function open(reason: string, more: number | null): Decision {
  return { verdict: 'inconclusive', moreReplications: more, reason };
}

function undecided(
  objective: Objective,
  finding: Finding,
  of: { readonly shown: string; readonly evidence: Evidence },
): Decision {
  const { shown, evidence } = of;
  const more = finding.more === null ? null : finding.more * evidence.observationSize;
  const needs =
    more === null ? 'more replications may not decide' : `about ${more} more would decide`;
  return open(`${shown} leaves ${goalText(objective)} open: ${needs}`, more);
}

function unbroken(objective: Objective, { measures }: Evidence, shown: string): Decision {
  const known = measures.filter(({ measure }) => measure.value !== null).length;
  const percent = Math.round(100 * highestShareBreaking(known, objective.confidence));
  const reason =
    `none of ${counted(known, 'replication')} breaks ${goalText(objective)}, the worst being ` +
    `${shown}: at most ${percent}% of runs do, with ${objective.confidence * 100}% confidence`;
  return { verdict: 'pass', moreReplications: null, reason };
}

/** A recovery that never came is told before any other. */
function brokenText(objective: Objective, { measures }: Evidence): string {
  const goal = goalOf(objective);
  const [worst] = [...measures].sort((a, b) => {
    const byEnd = Number(b.measure.isCensored ?? false) - Number(a.measure.isCensored ?? false);
    if (byEnd !== 0) return byEnd;
    return isWorse(goal, a.measure.value ?? goal.limit, b.measure.value ?? goal.limit) ? -1 : 1;
  });
  const least = worst?.measure.isCensored === true ? 'at least ' : '';
  const found = shownQuantity(worst?.measure.value ?? Number.NaN, shownUnit(objective));
  return `replication ${worst?.replication} has ${least}${found}, not ${goalText(objective)}`;
}

/** `449ms [438ms, 461ms]`. */
function findingText(objective: Objective, { value, low, high }: Finding): string {
  const unit = shownUnit(objective);
  const point = shownQuantity(value ?? Number.NaN, unit);
  if (low === null && high === null) return point;
  const bound = (x: number | null) => (x === null ? '?' : shownQuantity(x, unit));
  return `${point} [${bound(low)}, ${bound(high)}]`;
}

function goalText(objective: Objective): string {
  const { comparison, limit, unit } = goalOf(objective);
  return `${comparison} ${quantityText(limit, unit)}`;
}

/** To four digits. */
function shownQuantity(value: number, unit: string): string {
  return quantityText(Number(value.toPrecision(4)), unit);
}

function samplesNeeded(objective: Objective): number {
  if (objective.windows !== null || objective.recovery !== null) return objective.minSamples;
  if (isCounted(objective)) return objective.minSamples > 1 ? objective.minSamples : 0;
  const needs = termsOf(objective).map(({ aggregate }) =>
    aggregate.kind === 'quantile'
      ? Math.ceil(Number((SAMPLES_BEYOND / Math.min(aggregate.q, 1 - aggregate.q)).toPrecision(9)))
      : 1,
  );
  return Math.max(objective.minSamples, ...needs);
}

/** Whether it is about how many there are of something: none of them is a value as well. */
function isCounted({ condition: { expression } }: Objective): boolean {
  return expression.kind === 'term' && COUNTED.includes(expression.aggregate.kind);
}

/** Whether the value is how long was waited at least for what never came: no room is left then,
 * however short the wait. */
function isCensored({ decision, value }: Finding, { measures }: Evidence): boolean {
  const isOf = ({ measure }: Evidence['measures'][number]) =>
    measure.isCensored === true && measure.value === value;
  return decision === 'missed' && measures.some(isOf);
}

function marginOf({ comparison, limit }: ObjectiveGoal, value: number | null): number | null {
  if (value === null || limit === 0 || comparison === '==') return null;
  return (comparison.startsWith('<') ? limit - value : value - limit) / limit;
}

/** Of all replications; of recoveries the longest. */
function worstOf(objective: Objective, { measures }: Evidence): ObjectiveVerdict['worst'] {
  const goal = objective.recovery === null ? objective.condition : goalOf(objective);
  return measures.reduce<ObjectiveVerdict['worst']>((worst, { replication, measure }) => {
    if (measure.worst === null) return worst;
    if (worst !== null && !isWorse(goal, measure.worst.value, worst.value)) return worst;
    return { ...measure.worst, replication };
  }, null);
}

function counted(n: number, what: string): string {
  return `${n} ${what}${n === 1 ? '' : 's'}`;
}
