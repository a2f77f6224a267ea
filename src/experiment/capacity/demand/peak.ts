/** When a scenario's traffic is at its peak, and how far that is above the mean: what is lost is
 * lost then, and offered loads measured over the whole run are scaled by it. */
import type { ArrivalPoint } from '../../households/arrivals.ts';
import type { Scenario } from '../../scenario/schema.ts';

/** The peak. */
export interface Peak {
  readonly fromUs: number;
  readonly toUs: number;
  /** Highest traffic ÷ mean traffic; 0 where there is none at all. */
  readonly overMean: number;
}

const SAMPLES = 240;
/** What counts as the peak, as a share of the highest. */
const NEARLY = 0.9;

/** The peak of a scenario: its phase named `peak`, or else the stretch around the highest traffic
 * where there is at least 90 % of it. Traffic that is as high all the time has its peak in the
 * middle half. @param arrivals - The shape of viewers' arrivals. */
export function peakOf(scenario: Scenario, arrivals: readonly ArrivalPoint[]): Peak {
  const { duration } = scenario.clock;
  const times = Array.from({ length: SAMPLES }, (_, k) => ((k + 0.5) / SAMPLES) * duration);
  const rates = times.map((atUs) => trafficAt(scenario, arrivals, atUs));
  const highest = Math.max(...rates);
  const mean = rates.reduce((sum, rate) => sum + rate, 0) / SAMPLES;
  const overMean = mean === 0 ? 0 : highest / mean;
  const phase = scenario.phases.find(({ name }) => name === 'peak');
  if (phase !== undefined) return { fromUs: phase.from, toUs: phase.to, overMean };
  const isHigh = (k: number) => (rates[k] ?? 0) >= NEARLY * highest;
  let first = rates.indexOf(highest);
  let last = first;
  while (first > 0 && isHigh(first - 1)) first -= 1;
  while (last < SAMPLES - 1 && isHigh(last + 1)) last += 1;
  const isFlat = first === 0 && last === SAMPLES - 1;
  const [from, to] = isFlat ? [0.25, 0.75] : [first / SAMPLES, (last + 1) / SAMPLES];
  return {
    fromUs: Math.round(from * duration),
    toUs: Math.round(to * duration),
    overMean,
  };
}

/** Viewers and load test, each as a share of what it comes to at most. */
function trafficAt(scenario: Scenario, arrivals: readonly ArrivalPoint[], atUs: number): number {
  const { audience, traffic } = scenario;
  const viewers = audience.viewers > 0 ? share(arrivals.map(relative), atUs) : 0;
  if (traffic === undefined) return viewers;
  if (traffic.kind === 'open') {
    return (
      viewers +
      share(
        traffic.rate.map(({ at, perSecond }) => [at, perSecond]),
        atUs,
      )
    );
  }
  return (
    viewers +
    share(
      traffic.users.map(({ at, users }) => [at, users]),
      atUs,
    )
  );
}

function relative({ atUs, relativeRate }: ArrivalPoint): readonly [number, number] {
  return [atUs, relativeRate];
}

/** Linear between points, constant outside of them; ÷ the highest. */
function share(points: readonly (readonly [at: number, value: number])[], atUs: number): number {
  const highest = Math.max(...points.map(([, value]) => value));
  if (highest <= 0) return 0;
  const next = points.findIndex(([at]) => at > atUs);
  const after = points[next === -1 ? points.length - 1 : next];
  const before = next === 0 || next === -1 ? after : points[next - 1];
  if (after === undefined || before === undefined) return 0;
  const span = after[0] - before[0];
  const into = span === 0 ? 0 : (atUs - before[0]) / span;
  return (before[1] + into * (after[1] - before[1])) / highest;
}
