/** Objectives of which not both can be met, and objectives that stand twice. Values of one metric
 * over one scope are ordered: min ≤ p1 ≤ … ≤ p99.9 ≤ max, and min ≤ mean ≤ max. */
import { printCondition, printObjective } from '../language/print-objective.ts';
import type { Aggregate, Objective, Term } from '../objective.ts';

/** A problem of the objective at an index. */
export interface Contradiction {
  readonly index: number;
  readonly rule: string;
}

/** All contradictions; each is told of the later objective. */
export function contradictionProblems(objectives: readonly Objective[]): readonly Contradiction[] {
  return objectives.flatMap((objective, index) => {
    const earlier = objectives.slice(0, index);
    if (earlier.some(({ text }) => text === objective.text)) {
      return [{ index, rule: 'the same objective stands here twice' }];
    }
    const other = earlier.find((one) => contradict(one, objective));
    if (other === undefined) return [];
    return [{ index, rule: `cannot be met together with '${other.text}'` }];
  });
}

function contradict(a: Objective, b: Objective): boolean {
  if (subjectOf(a) !== subjectOf(b)) return false;
  // Half of the windows may do this, and the other half that.
  if (a.recovery === null && a.windows !== null && a.windows.share <= 0.5) return false;
  return excludes(a, b) || excludes(b, a);
}

/** Whether one asks for more of something than the other allows of what is never less. */
function excludes(more: Objective, less: Objective): boolean {
  const low = lowestOf(more);
  const high = highestOf(less);
  if (low === undefined || high === undefined) return false;
  if (!isNeverAbove(aggregateOf(more), aggregateOf(less))) return false;
  return (
    low.limit > high.limit || (low.limit === high.limit && !(low.isIncluded && high.isIncluded))
  );
}

function lowestOf({ condition: { comparison, limit } }: Objective) {
  if (comparison.startsWith('<')) return undefined;
  return { limit, isIncluded: comparison !== '>' };
}

function highestOf({ condition: { comparison, limit } }: Objective) {
  if (comparison.startsWith('>')) return undefined;
  return { limit, isIncluded: comparison !== '<' };
}

/** Whether `a` of any values is at most `b` of the same ones. */
function isNeverAbove(a: Aggregate | undefined, b: Aggregate | undefined): boolean {
  if (a === undefined || b === undefined) return a === b;
  if (isSame(a, b) || a.kind === 'min' || b.kind === 'max') return areOrdered(a, b);
  return a.kind === 'quantile' && b.kind === 'quantile' && a.q <= b.q;
}

function areOrdered(a: Aggregate, b: Aggregate): boolean {
  const isOfValues = ({ kind }: Aggregate) =>
    kind === 'quantile' || kind === 'mean' || kind === 'min' || kind === 'max';
  return isSame(a, b) || (isOfValues(a) && isOfValues(b));
}

function isSame(a: Aggregate, b: Aggregate): boolean {
  if (a.kind !== b.kind) return false;
  return a.kind !== 'quantile' || b.kind !== 'quantile' || a.q === b.q;
}

/** Of a single term its aggregate; ratios are compared as they stand. */
function aggregateOf({ condition: { expression } }: Objective): Aggregate | undefined {
  return expression.kind === 'term' ? expression.aggregate : undefined;
}

/** What an objective is about, without aggregate and limit. */
function subjectOf(objective: Objective): string {
  const { condition, confidence, ...rest } = objective;
  const { expression } = condition;
  const bare = (one: Term): Term => ({ ...one, aggregate: { kind: 'count' } });
  const about = expression.kind === 'term' ? bare(expression) : expression;
  const compared = {
    ...condition,
    expression: about,
    limit: 0,
    comparison: '<',
    unit: '',
  } as const;
  const { recovery, windows, scopes } = rest;
  const within = recovery === null ? null : { ...recovery, withinUs: 1 };
  const said = { condition: compared, recovery: within, scopes, confidence: 0.95 };
  return `${printCondition(compared)} ${printObjective({ ...said, windows })}`;
}
