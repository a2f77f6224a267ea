/** How long it took until a condition held again. Counted from the start of the fault, as a
 * recovery time objective is: users wait from then on, whether the fault lasts or not. The
 * condition is looked at in sliding windows; it holds again from the first window on after which
 * none breaks it, up to the next such fault or the end of arrivals. Spec: E107. */
import { seconds } from '../../../kernel/time.ts';
import { holds } from '../condition-holds.ts';
import type { Objective, ObjectiveMeasure } from '../objective.ts';
import type { FinishedRun } from './finished-run.ts';
import { type Observations, sliceOf } from './observations.ts';
import { faultStretches, type Stretch } from './scopes.ts';
import { expressionValue } from './term-value.ts';

/** Length of the sliding windows unless said otherwise. */
const WINDOW_US = seconds(10);
/** Steps that a window slides by, a tenth of its length each. */
const STEPS_PER_WINDOW = 10;

interface Recovered extends Stretch {
  readonly timeUs: number;
  readonly isCensored: boolean;
}

/** The longest recovery after any of the faults of that name.
 * @param measured - `observed`: of the condition's terms, sorted. */
export function measureRecovery(
  { world }: FinishedRun,
  measured: { readonly objective: Objective; readonly observed: readonly Observations[] },
): ObjectiveMeasure {
  const { objective, observed } = measured;
  const faults = faultStretches(world.scenario, objective.recovery?.fault ?? null);
  const recovered = faults.flatMap(({ fromUs }) => {
    const next = faults.find((other) => other.fromUs > fromUs)?.fromUs ?? world.durationUs;
    const found = recoveryIn({ fromUs, toUs: Math.min(next, world.durationUs) }, measured);
    return found === undefined ? [] : [found];
  });
  const longest = recovered.reduce<Recovered | undefined>(
    (worst, one) => (worst === undefined || isLonger(one, worst) ? one : worst),
    undefined,
  );
  if (longest === undefined) {
    return { objective: objective.text, value: null, samples: 0, pooled: NONE, worst: null };
  }
  const { fromUs, timeUs, isCensored } = longest;
  return {
    objective: objective.text,
    value: timeUs,
    ...(isCensored ? { isCensored } : {}),
    samples: observed.at(-1)?.length ?? 0,
    pooled: { kind: 'extreme', value: timeUs },
    worst: { fromUs, toUs: fromUs + timeUs, value: timeUs },
  };
}

const NONE = { kind: 'none' } as const;

/** One that never ended is longer than any that did. */
function isLonger(a: Recovered, b: Recovered): boolean {
  return a.isCensored === b.isCensored ? a.timeUs > b.timeUs : a.isCensored;
}

/** Undefined where no window of the stretch has a value. */
function recoveryIn(
  stretch: Stretch,
  { objective, observed }: Parameters<typeof measureRecovery>[1],
): Recovered | undefined {
  const { condition } = objective;
  const lengthUs = objective.windows?.lengthUs ?? WINDOW_US;
  const stepUs = Math.max(1, Math.round(lengthUs / STEPS_PER_WINDOW));
  let heldSinceUs: number | undefined;
  let isKnown = false;
  for (let fromUs = stretch.fromUs; fromUs + lengthUs <= stretch.toUs; fromUs += stepUs) {
    const piece = { fromUs, toUs: fromUs + lengthUs };
    const slices = observed.map((one) => sliceOf(one, piece));
    const value = expressionValue(condition.expression, { slices, lengthUs });
    // A window without values says nothing: the one before still counts.
    if (value === null) continue;
    isKnown = true;
    if (!holds(condition, value)) heldSinceUs = undefined;
    else heldSinceUs ??= fromUs;
  }
  if (!isKnown) return undefined;
  const isCensored = heldSinceUs === undefined;
  const timeUs = (heldSinceUs ?? stretch.toUs) - stretch.fromUs;
  return { ...stretch, timeUs, isCensored };
}
