/** The load test of one architecture: a geometric ramp of traffic, each replication's maximum by
 * bisection, the curve and its knee. */
import { meanInterval } from '../../stats/mean-interval.ts';
import type { RunSample } from '../campaign/run-sample.ts';
import { usdPerMillionRequestsAtSlo } from '../costs/run-cost.ts';
import type { Estimate } from '../result.ts';
import { pageDemand } from '../results/page-demand.ts';
import { KNEE_METHOD, kneeOf } from './demand/knee.ts';
import type {
  ArchitectureLoad,
  LoadPoint,
  LoadVerdict,
  ReplicationMaximum,
} from './documents/load-document.ts';
import { metricOf, pooledQuantileMs } from './load-figures.ts';
import { type FactorBracket, highestFactors, middleOf } from './search/highest-factor.ts';
import { createFleetTrials, type FleetTrials, type TrialsSubject } from './subject/fleet-trials.ts';
import { busiestStation } from './subject/judge-samples.ts';
import { holdsIn } from './subject/objective-room.ts';

/** What is loaded, and how. */
export interface LoadSubject
  extends Omit<TrialsSubject, 'coordinates' | 'factor' | 'replications'> {
  readonly ramp: readonly number[];
  readonly bisections: number;
  readonly replications: readonly number[];
  readonly onPoint?: ((line: string) => void) | undefined;
}

/** The fleet is the scenario's: nothing of it is varied. */
const AS_IT_IS: readonly number[] = [];
/** Points of the ramp beyond the last at which anything holds: what the knee is told by. */
const BEYOND = 3;
const US_PER_SECOND = 1_000_000;

/** Loads one architecture. Cost: up to ramp + bisections runs a replication. */
export async function loadArchitecture(subject: LoadSubject): Promise<ArchitectureLoad> {
  const { replications } = subject;
  const trials = createFleetTrials({
    ...subject,
    coordinates: [],
    factor: 1,
    replications: { first: replications.length, last: replications.length },
  });
  const curve = await curveOf(subject, trials);
  const brackets = await highestFactors({
    ...subject,
    ramp: curve.map(({ factor }) => factor),
    holds: (questions) => trials.holds(AS_IT_IS, questions),
  });
  const maxima = await maximaOf(trials, brackets ?? []);
  const verdict = verdictOf(subject, brackets);
  const isFound = verdict === 'found';
  const pagesPerSec = isFound
    ? estimateOf(maxima.flatMap((maximum) => maximum.pagesPerSec ?? []))
    : null;
  return {
    name: subject.name,
    architecture: subject.architecture,
    demand: pageDemand(subject.scenario),
    verdict,
    reason: reasonOf(verdict, subject),
    factor: isFound ? estimateOf(maxima.flatMap(({ factor }) => factor ?? [])) : null,
    pagesPerSec,
    usdPerMillionPagesAtSlo: usdPerMillionRequestsAtSlo({
      usdPerHour: meanInterval(maxima.flatMap(({ usdPerHour }) => usdPerHour ?? [])).mean,
      requestsPerSec: pagesPerSec?.value ?? 0,
      meetsObjectives: isFound,
    }),
    maxima,
    curve,
    knee: kneeIn(curve),
    binding: await trials.bindingAbove(AS_IT_IS, brackets ?? []),
  };
}

/** Ascending, until nothing holds any more and a little beyond. */
async function curveOf(subject: LoadSubject, trials: FleetTrials): Promise<readonly LoadPoint[]> {
  const curve: LoadPoint[] = [];
  let missed = 0;
  for (const factor of subject.ramp) {
    if (missed >= BEYOND) break;
    const [samples] = (await trials.samplesOf(AS_IT_IS, subject.replications, factor)) ?? [];
    if (samples === undefined) break;
    const point = pointOf(subject, factor, samples);
    subject.onPoint?.(
      `${subject.name} ×${factor.toFixed(2)}: holds in ${point.heldReplications} of ` +
        `${samples.length} replications`,
    );
    missed = point.heldReplications === 0 ? missed + 1 : 0;
    curve.push(point);
  }
  return curve;
}

function pointOf(
  { objectives, scenario }: LoadSubject,
  factor: number,
  samples: readonly RunSample[],
): LoadPoint {
  const errors = metricOf(samples, 'error share');
  const seconds = scenario.clock.duration / US_PER_SECOND;
  const busiest = busiestStation(samples);
  return {
    factor,
    offeredPerSec: meanOf(samples.map(({ ledger }) => ledger.requests.in / seconds)),
    pagesPerSec: estimateOf(metricOf(samples, 'pages per second')),
    p50Ms: pooledQuantileMs(samples, 0.5),
    p95Ms: pooledQuantileMs(samples, 0.95),
    p99Ms: pooledQuantileMs(samples, 0.99),
    errorShare: errors.length === 0 ? null : meanOf(errors),
    heldReplications: samples.filter((sample) => holdsIn(objectives, sample.objectives)).length,
    busiestStation: busiest?.station ?? null,
    busiestUtilization: busiest?.utilization ?? null,
  };
}

async function maximaOf(
  trials: FleetTrials,
  brackets: readonly FactorBracket[],
): Promise<readonly ReplicationMaximum[]> {
  const maxima: ReplicationMaximum[] = [];
  for (const bracket of brackets) {
    const { replication, holdsAt, missedAt } = bracket;
    const isInside = holdsAt !== null && missedAt !== null;
    const factor = isInside ? middleOf(bracket) : null;
    const [samples] =
      holdsAt === null ? [] : ((await trials.samplesOf(AS_IT_IS, [replication], holdsAt)) ?? []);
    const rate = samples === undefined ? undefined : metricOf(samples, 'pages per second')[0];
    const pagesPerSec =
      rate === undefined || factor === null ? null : (rate * factor) / (holdsAt ?? factor);
    const [usdPerHour = null] = samples === undefined ? [] : metricOf(samples, 'cost per hour');
    maxima.push({ replication, holdsAt, missedAt, factor, pagesPerSec, usdPerHour });
  }
  return maxima;
}

function verdictOf(
  { store }: LoadSubject,
  brackets: readonly FactorBracket[] | undefined,
): LoadVerdict {
  if (store.stopped !== undefined) return store.stopped;
  if (brackets === undefined) return 'budget';
  const below = brackets.filter(({ holdsAt }) => holdsAt === null).length;
  const above = brackets.filter(({ missedAt }) => missedAt === null).length;
  if (below === brackets.length) return 'saturated';
  if (above === brackets.length) return 'never-saturated';
  return below + above === 0 ? 'found' : 'inconclusive';
}

function reasonOf(verdict: LoadVerdict, { ramp }: LoadSubject): string {
  const [from, to] = [ramp[0] ?? 1, ramp.at(-1) ?? 1];
  switch (verdict) {
    case 'found':
      return 'every replication has the most that it bears within the range';
    case 'saturated':
      return (
        `objectives are missed even at ${from} × the traffic: lower --from, plan a fleet or, ` +
        'where no station is busy, ask for less than networks and work take'
      );
    case 'never-saturated':
      return `objectives hold up to ${to} × the traffic: it bears at least that; raise --to`;
    case 'inconclusive':
      return 'some replications have their maximum outside of the range; widen --from and --to';
    case 'budget':
      return 'the budget of runs was used up';
    case 'interrupted':
      return 'interrupted';
  }
}

function kneeIn(curve: readonly LoadPoint[]): ArchitectureLoad['knee'] {
  const knee = kneeOf(curve.map((one) => ({ x: one.offeredPerSec, y: one.pagesPerSec.value })));
  const point = knee === undefined ? undefined : curve[knee];
  if (point === undefined) return null;
  return { factor: point.factor, pagesPerSec: point.pagesPerSec.value, method: KNEE_METHOD };
}

function estimateOf(values: readonly number[]): Estimate {
  const { mean, low, high } = meanInterval(values);
  return { value: mean, low, high };
}

function meanOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / Math.max(1, values.length);
}
