/** One architecture (or variant) before the run: its pages over time, the work of each, and every
 * station under it. Spec: E250–E253. */
import type { ApiArchitecture } from '../../../gateway/architecture.ts';
import type { PageTraces } from '../../../gateway/page-trace.ts';
import { meanOf } from '../../../kernel/distributions/distribution.ts';
import { US_PER_SECOND } from '../../../kernel/time.ts';
import type { RunInputs } from '../../run-inputs.ts';
import type { Scenario } from '../../scenario/schema.ts';
import type { StationPreflight, SubjectPreflight } from '../check-document.ts';
import { BUCKETS, bucketLengthOf } from '../demand/buckets.ts';
import { networkTimes } from '../demand/network-times.ts';
import { createPageCosts } from '../demand/page-costs.ts';
import { type PageStream, pageStreams } from '../demand/page-streams.ts';
import { type PageWork, pageWork } from '../demand/page-work.ts';
import type { ViewerDemand } from '../demand/viewer-demand.ts';
import { closedThroughput } from './closed-loop.ts';
import { pipelineStation } from './pipeline-station.ts';
import { type PlannedStation, plannedStations } from './station-list.ts';
import { stationPreflight } from './station-preflight.ts';

/** What is looked at. */
export interface SubjectOptions {
  readonly name: string;
  readonly scenario: Scenario;
  readonly architecture: ApiArchitecture;
  /** Shared between subjects with the same plans: pages are worked out once. */
  readonly traces: PageTraces;
  readonly inputs: RunInputs;
  readonly viewers: ViewerDemand;
}

/** A kind of page with its rate and its work. */
interface WorkedStream {
  readonly stream: PageStream;
  readonly ratePerSec: readonly number[];
  readonly work: PageWork;
}

/** The pre-flight of one subject. Cost: some 50 ms. */
export function subjectPreflight(options: SubjectOptions): SubjectPreflight {
  const { scenario, architecture, viewers } = options;
  const bucketUs = bucketLengthOf(scenario);
  const stations = plannedStations(scenario, architecture);
  const worked = withRates(options, stations);
  const rate = summed(worked.map(({ ratePerSec }) => ratePerSec));
  const pipeline = pipelineStation(scenario, viewers.eventRatePerSec);
  const found = [
    ...stations.map((station) => preflightOf(options, station, { worked, bucketUs })),
    ...(pipeline === undefined ? [] : [pipeline]),
  ];
  const expected = pagesOver(rate, bucketUs, 0);
  const peak = rate.reduce((best, value, i) => (value > (rate[best] ?? 0) ? i : best), 0);
  return {
    name: options.name,
    architecture: architecture.name,
    pages: {
      expected,
      measured: pagesOver(rate, bucketUs, scenario.clock.warmUp),
      peakPerSec: rate[peak] ?? 0,
      peakAtUs: Math.round((peak + 0.5) * bucketUs),
      meanPerSec: (expected / scenario.clock.duration) * US_PER_SECOND,
    },
    byPage: worked.map(({ stream, ratePerSec, work }) => ({
      page: stream.page,
      from: stream.from,
      expected: pagesOver(ratePerSec, bucketUs, 0),
      callsPerPage: work.calls,
      entitiesPerPage: work.entities,
      unhinderedMs: work.criticalPathUs / 1_000,
      networkMs: work.networkUs / 1_000,
      parallelCalls: work.maxParallelCalls,
    })),
    stations: found,
    bottleneck: bottleneckOf(found, rate[peak] ?? 0),
  };
}

/** Works every kind of page out, and gives those of a closed load test their rates. */
function withRates(
  options: SubjectOptions,
  stations: readonly PlannedStation[],
): readonly WorkedStream[] {
  const { scenario, architecture, traces } = options;
  const costs = createPageCosts(scenario, architecture);
  const works = pageStreams(options).map((stream) => {
    const network = networkTimes(scenario, architecture, stream.from);
    return { stream, work: pageWork(stream.questions, { costs, traces, network }) };
  });
  const closed = works.filter(({ stream }) => stream.ratePerSec === null);
  const closedRate = closed.length === 0 ? [] : closedRates(scenario, closed, stations);
  return works.map(({ stream, work }) => ({
    stream,
    work,
    ratePerSec: stream.ratePerSec ?? closedRate.map((perSec) => perSec * stream.share),
  }));
}

/** Pages per second of all users of a closed load test, bucket by bucket. */
function closedRates(
  scenario: Scenario,
  closed: readonly { readonly stream: PageStream; readonly work: PageWork }[],
  stations: readonly PlannedStation[],
): readonly number[] {
  const { traffic, clock } = scenario;
  if (traffic?.kind !== 'closed') return [];
  const average = (of: (work: PageWork) => number) =>
    closed.reduce((sum, { stream, work }) => sum + stream.share * of(work), 0);
  const throughput = closedThroughput({
    thinkUs: meanOf(traffic.thinkTime),
    unhinderedUs: average((work) => work.criticalPathUs),
    stations: stations
      .map(({ name, maxReplicas, workersPerReplica }) => ({
        workers: maxReplicas * workersPerReplica,
        workUs: average((work) => work.stations.get(name)?.workUs ?? 0),
      }))
      .filter(({ workUs }) => workUs > 0),
  });
  const bucketUs = bucketLengthOf(scenario);
  return Array.from({ length: BUCKETS }, (_, i) => {
    const atUs = (i + 0.5) * bucketUs;
    return atUs >= clock.duration ? 0 : throughput(usersAt(traffic.users, atUs));
  });
}

/** Linear between the points, nobody before the first. */
function usersAt(
  points: readonly { readonly at: number; readonly users: number }[],
  atUs: number,
): number {
  const next = points.findIndex(({ at }) => at > atUs);
  if (next === 0) return 0;
  const before = next === -1 ? points.at(-1) : points[next - 1];
  const after = next === -1 ? before : points[next];
  if (before === undefined || after === undefined) return 0;
  const span = after.at - before.at;
  const into = span === 0 ? 0 : (atUs - before.at) / span;
  return before.users + into * (after.users - before.users);
}

function preflightOf(
  { scenario }: SubjectOptions,
  station: PlannedStation,
  { worked, bucketUs }: { readonly worked: readonly WorkedStream[]; readonly bucketUs: number },
): StationPreflight {
  const at = (of: 'jobs' | 'workUs' | 'squaresUs2') =>
    summed(
      worked.map(({ ratePerSec, work }) => {
        const perPage = work.stations.get(station.name)?.[of] ?? 0;
        return ratePerSec.map((rate) => rate * perPage);
      }),
    );
  const jobsPerSec = at('jobs');
  const pages = total(summed(worked.map(({ ratePerSec }) => ratePerSec)));
  return stationPreflight(station, {
    bucketUs,
    jobsPerSec,
    load: at('workUs').map((us) => us / US_PER_SECOND),
    squares: at('squaresUs2'),
    jobsPerPage: pages === 0 ? 0 : total(jobsPerSec) / pages,
    holdUs: station.pool === undefined ? 0 : meanOf(scenario.network.database.roundTripTime),
  });
}

/** Pages of this mix per second at which the first station is fully busy. */
function bottleneckOf(
  stations: readonly StationPreflight[],
  peakPerSec: number,
): SubjectPreflight['bottleneck'] {
  const busiest = stations
    .filter(({ kind }) => kind !== 'pipeline')
    .reduce<StationPreflight | undefined>(
      (best, one) => (share(one) > share(best) ? one : best),
      undefined,
    );
  if (busiest === undefined || share(busiest) === 0) return null;
  return { station: busiest.station, maxPagesPerSec: peakPerSec / share(busiest) };
}

function share(station: StationPreflight | undefined): number {
  return station?.peak.utilization ?? 0;
}

function pagesOver(rate: readonly number[], bucketUs: number, fromUs: number): number {
  const first = Math.ceil(fromUs / bucketUs);
  return (total(rate.slice(first)) * bucketUs) / US_PER_SECOND;
}

function summed(rows: readonly (readonly number[])[]): readonly number[] {
  const [first, ...others] = rows;
  if (first === undefined) return [];
  return first.map((value, i) => others.reduce((sum, row) => sum + (row[i] ?? 0), value));
}

function total(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0);
}
