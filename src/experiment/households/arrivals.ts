/** When viewers arrive: a Poisson process whose rate follows the scenario's curve, drawn by
 * inversion, the same for all architectures. */
import type { Chance } from '../../kernel/chance.ts';
import { createRateCurve } from '../../kernel/distributions/rate-curve.ts';
import type { Scenario } from '../scenario/schema.ts';

/** A point of the shape of arrivals; only ratios matter. */
export interface ArrivalPoint {
  readonly atUs: number;
  readonly relativeRate: number;
}

/** Arrival times in µs since the start, ascending. Their expected number is
 * `scenario.audience.viewers`. Cost O(viewers · log points). */
export function drawArrivals(
  scenario: Scenario,
  shape: readonly ArrivalPoint[],
  chance: Chance,
): readonly number[] {
  const { duration } = scenario.clock;
  if (scenario.audience.viewers === 0) return [];
  const unscaled = createRateCurve(
    shape.map((point) => ({ atUs: point.atUs, ratePerSec: point.relativeRate })),
  );
  const scale = scenario.audience.viewers / unscaled.cumulative(duration);
  const curve = createRateCurve(
    shape.map((point) => ({ atUs: point.atUs, ratePerSec: point.relativeRate * scale })),
  );
  const draws = chance.draws('audience.arrival');
  const total = curve.cumulative(duration);
  const times: number[] = [];
  let cumulative = -Math.log(draws.uniform(0, 0));
  while (cumulative < total) {
    times.push(Math.min(duration, Math.round(curve.inverseCumulative(cumulative))));
    cumulative -= Math.log(draws.uniform(0, times.length));
  }
  return times;
}
