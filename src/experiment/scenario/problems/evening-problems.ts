/** Evenings repeat an open load test, and forecasts learn from evenings. Spec: M99. */
import type { ScenarioProblem } from '../../../kernel/errors.ts';
import type { Scenario } from '../schema.ts';
import { shown } from './problem-words.ts';

/** A forecast says nothing of fewer buckets. */
const LEAST_BUCKETS = 4;

/** Everything wrong with a scenario's evenings, and with the forecasts made of them. */
export function eveningProblems(scenario: Scenario): readonly ScenarioProblem[] {
  const { evenings, traffic, audience } = scenario;
  const problems: ScenarioProblem[] = [];
  const viewers = audience.viewers + audience.guests.length;
  if (evenings !== undefined && (traffic?.kind !== 'open' || viewers > 0)) {
    const found = traffic?.kind === 'open' ? `${viewers} viewers` : shown(traffic?.kind);
    const rule = 'what repeats itself is the rate of an open load test: give `traffic`, no viewers';
    problems.push({ path: 'evenings', found, rule });
  }
  for (const [path, station] of stationsOf(scenario)) {
    const forecast = station?.autoscaler?.forecast;
    if (forecast === undefined) continue;
    if (evenings === undefined) {
      const rule = 'a forecast learns from evenings before: describe them in `evenings`';
      problems.push({ path: `${path}.autoscaler.forecast`, found: 'no evenings', rule });
    }
    const season = forecast.season ?? scenario.clock.duration;
    if (season < LEAST_BUCKETS * forecast.bucket) {
      const rule = `a season of ${LEAST_BUCKETS} buckets or more: it is ${season} µs`;
      const found = shown(forecast.bucket);
      problems.push({ path: `${path}.autoscaler.forecast.bucket`, found, rule });
    }
  }
  return problems;
}

type Station = Scenario['architectures']['monolith'];

function stationsOf({
  services,
  architectures,
}: Scenario): readonly (readonly [string, Station])[] {
  const { monolith, aggregation, federated } = architectures;
  return [
    ...Object.entries(services).map(([name, one]) => [`services.${name}`, one] as const),
    ['architectures.monolith', monolith],
    ['architectures.aggregation', aggregation],
    ['architectures.federated', federated],
  ];
}
