/** What one finished run says of its objectives. Spec: E104–E108. */
import { holds, isWorse } from './condition-holds.ts';
import type { FinishedRun } from './measure/finished-run.ts';
import type { Observations } from './measure/observations.ts';
import { sliceOf, wholeOf } from './measure/observations.ts';
import { observeTerm } from './measure/observe-term.ts';
import { measureRecovery } from './measure/recovery.ts';
import { excludedStretches, type Stretch, scopeStretches } from './measure/scopes.ts';
import { expressionParts, expressionValue } from './measure/term-value.ts';
import { definitionOf } from './metrics/metric-registry.ts';
import { isOfWholeRun } from './metrics/term-dimension.ts';
import { termsOf } from './metrics/terms-of.ts';
import type { Expression, Objective, ObjectiveMeasure, Term } from './objective.ts';

/** Measures the scenario's objectives on a finished run, in their order. Cost: a pass over the
 * observations of each term, and a sort. */
export function measureObjectives(run: FinishedRun): readonly ObjectiveMeasure[] {
  return run.world.scenario.objectives.map((objective) => measureObjective(run, objective));
}

/** One objective on one run. */
export function measureObjective(run: FinishedRun, objective: Objective): ObjectiveMeasure {
  const own = ownExpression(objective, run.subject);
  if (own === undefined) return nothing(objective);
  const terms = partsOf(own);
  // What comes after the arrivals of a run that never settled is no steady state either.
  if (run.isTooShort === true && !terms.every(isOfWholeRun)) return nothing(objective);
  if (objective.recovery !== null) {
    const spanUs = { fromUs: run.warmUpUs, toUs: run.world.durationUs };
    const observed = terms.map((term) => observeTerm(run, term).within([spanUs], []));
    return measureRecovery(run, { objective, observed });
  }
  const { observed, stretches, pieces } = lookAt(run, objective, own);
  const worst = pieces.reduce<Piece | null>(
    (worstSoFar, piece) =>
      worstSoFar === null || isWorse(objective.condition, piece.value, worstSoFar.value)
        ? piece
        : worstSoFar,
    null,
  );
  if (objective.windows !== null) {
    return { ...windowedMeasure(objective, pieces, worst), ...missedOf(objective, pieces) };
  }
  const lengthUs = stretches.reduce((sum, { fromUs, toUs }) => sum + toUs - fromUs, 0);
  const evaluated = { slices: observed.map(wholeOf), lengthUs };
  // A run in which nobody asked for a page shows nothing of pages.
  const isUnasked = terms.some(
    ({ metric }, i) => metric === 'page.requests' && isNone(observed[i]),
  );
  const value = isUnasked ? null : expressionValue(own, evaluated);
  return {
    objective: objective.text,
    value,
    samples: observed.at(-1)?.length ?? 0,
    pooled: value === null ? { kind: 'none' } : expressionParts(own, evaluated),
    worst,
    ...missedOf(objective, pieces),
  };
}

/** The windows of a windowed objective, and whether each holds; none where it has no windows, or
 * where nothing was measured. */
export function judgedWindows(
  run: FinishedRun,
  objective: Objective,
): readonly (Stretch & { readonly holds: boolean })[] {
  const own = ownExpression(objective, run.subject);
  const { windows, recovery, condition } = objective;
  if (windows === null || recovery !== null || own === undefined || run.isTooShort) return [];
  return lookAt(run, objective, own).pieces.map(({ fromUs, toUs, value }) => ({
    ...{ fromUs, toUs },
    holds: holds(condition, value),
  }));
}

/** What an expression is made of, and its windows. */
function lookAt(run: FinishedRun, objective: Objective, own: Expression) {
  const { scenario, durationUs } = run.world;
  const excluded = excludedStretches(scenario, objective.scopes);
  const observed = partsOf(own).map((term) =>
    isOfWholeRun(term)
      ? observeTerm(run, term)
      : observeTerm(run, term).within(stretchesOf(run, objective, term), excluded),
  );
  const stretches = scopeStretches(scenario, objective.scopes, {
    fromUs: run.warmUpUs,
    toUs: durationUs,
  });
  const pieces = windowsOf(run, { objective, own, observed, stretches });
  return { observed, stretches, pieces };
}

function partsOf(own: Expression): readonly Term[] {
  return own.kind === 'term' ? [own] : [own.over, own.under];
}

function missedOf(
  { condition }: Objective,
  pieces: readonly Piece[],
): Pick<ObjectiveMeasure, 'missedUs'> {
  if (pieces.length === 0) return {};
  const missed = pieces.filter(({ value }) => !holds(condition, value));
  return { missedUs: missed.reduce((sum, { fromUs, toUs }) => sum + toUs - fromUs, 0) };
}

function isNone(observed: Observations | undefined): boolean {
  return observed === undefined || observed.length === 0;
}

interface Piece extends Stretch {
  readonly value: number;
}

/** What a run of this name contributes: of a ratio between two, its own side. */
function ownExpression({ condition }: Objective, subject: string): Expression | undefined {
  const { expression } = condition;
  if (expression.kind === 'term' || expression.over.subject === null) return expression;
  return [expression.over, expression.under].find((term) => term.subject === subject);
}

function nothing({ text }: Objective): ObjectiveMeasure {
  return { objective: text, value: null, samples: 0, pooled: { kind: 'none' }, worst: null };
}

/** Rates, states and windows end with the arrivals; values and counts with the drain. */
function stretchesOf(run: FinishedRun, objective: Objective, term: Term): readonly Stretch[] {
  const { scenario, durationUs, endUs } = run.world;
  const endsEarly =
    objective.windows !== null ||
    term.aggregate.kind === 'rate' ||
    definitionOf(term.metric).kind === 'levels';
  const toUs = endsEarly ? durationUs : endUs + 1;
  return scopeStretches(scenario, objective.scopes, { fromUs: run.warmUpUs, toUs });
}

/** The windows with a value: those asked for, or else, to show the worst, as long as the points of
 * a chart. */
function windowsOf(
  { world }: FinishedRun,
  measured: {
    readonly objective: Objective;
    readonly own: Expression;
    readonly observed: readonly Observations[];
    readonly stretches: readonly Stretch[];
  },
): readonly Piece[] {
  const { objective, own, observed, stretches } = measured;
  if (termsOf(objective).some(isOfWholeRun)) return [];
  const lengthUs = objective.windows?.lengthUs ?? world.bucketUs;
  const pieces: Piece[] = [];
  for (const stretch of stretches) {
    for (let fromUs = stretch.fromUs; fromUs + lengthUs <= stretch.toUs; fromUs += lengthUs) {
      const piece = { fromUs, toUs: fromUs + lengthUs };
      const slices = observed.map((one) => sliceOf(one, piece));
      const value = expressionValue(own, { slices, lengthUs });
      if (value !== null) pieces.push({ ...piece, value });
    }
  }
  return pieces;
}

function windowedMeasure(
  objective: Objective,
  pieces: readonly Piece[],
  worst: Piece | null,
): ObjectiveMeasure {
  const over = pieces.filter(({ value }) => holds(objective.condition, value)).length;
  const under = pieces.length;
  return {
    objective: objective.text,
    value: under === 0 ? null : over / under,
    samples: under,
    pooled: under === 0 ? { kind: 'none' } : { kind: 'ratio', over, under },
    worst,
  };
}
