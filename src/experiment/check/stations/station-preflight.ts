/** One station before the run: what is offered over time against its workers, and theory's waits at
 * the peak. All replicas count as one line: balancers that know the load come near to it. Spec:
 * E253. */
import { allenCunneen } from '../../../queueing/theory/stations/g-g-c.ts';
import { processorSharing } from '../../../queueing/theory/stations/processor-sharing.ts';
import type { StationLoad, StationPreflight } from '../check-document.ts';
import type { PlannedStation } from './station-list.ts';

/** What is offered to a station, bucket by bucket. */
export interface OfferedOverTime {
  readonly bucketUs: number;
  readonly jobsPerSec: readonly number[];
  /** Erlangs. */
  readonly load: readonly number[];
  /** Σ λ·E[S²] at each bucket, µs² a second. */
  readonly squares: readonly number[];
  readonly jobsPerPage: number;
  /** Time on the network that a database connection is held for besides, µs. */
  readonly holdUs: number;
}

/** The pre-flight of one station. */
export function stationPreflight(
  station: PlannedStation,
  offered: OfferedOverTime,
): StationPreflight {
  const { bucketUs, jobsPerSec, load } = offered;
  const peak = indexOfMax(load);
  const arrivalRatePerSec = jobsPerSec[peak] ?? 0;
  const offeredLoad = load[peak] ?? 0;
  const workers = station.replicas * station.workersPerReplica;
  const meanServiceUs = arrivalRatePerSec === 0 ? 0 : (offeredLoad / arrivalRatePerSec) * 1e6;
  const serviceScv = scvOf({ arrivalRatePerSec, meanServiceUs, squares: offered.squares[peak] });
  const demand = { arrivalRatePerSec, meanServiceUs, serviceScv, isShared: station.isShared };
  const atPeak = stationLoad(demand, workers);
  const lost = Math.ceil(station.replicas / station.zones) * station.workersPerReplica;
  const holdUs = meanServiceUs + offered.holdUs + (atPeak.meanWaitMs ?? 0) * 1_000;
  return {
    station: station.name,
    kind: station.kind,
    replicas: station.replicas,
    workersPerReplica: station.workersPerReplica,
    maxReplicas: station.maxReplicas,
    jobsPerPage: offered.jobsPerPage,
    meanServiceMs: meanServiceUs / 1_000,
    serviceScv: Number.isFinite(serviceScv) ? serviceScv : null,
    arrivalRatePerSec,
    offeredLoad,
    peakAtUs: Math.round((peak + 0.5) * bucketUs),
    peak: atPeak,
    zoneLost: station.zones > 1 ? stationLoad(demand, workers - lost) : null,
    meanUtilization: sum(load) / Math.max(1, load.length) / workers,
    workersNeeded: Math.floor(offeredLoad) + 1,
    overloadedUs: Math.round(load.filter((one) => one > FULL * workers).length * bucketUs),
    backlogWaitUs: Math.round(backlogWaitUs(load, workers, bucketUs)),
    shedsOverload: station.shedsOverload,
    connections:
      station.pool === undefined
        ? null
        : {
            needed: (arrivalRatePerSec * holdUs) / 1e6,
            configured: station.pool.connections,
          },
  };
}

/** A closed load test fills a station to the last digit, and no further. */
const FULL = 1 + 1e-9;

/** What is asked beyond the workers piles up, and is worked off when there is less. */
function backlogWaitUs(load: readonly number[], workers: number, bucketUs: number): number {
  let [backlogUs, most] = [0, 0];
  for (const one of load) {
    const excess = Math.abs(one - workers) <= (FULL - 1) * workers ? 0 : one - workers;
    backlogUs = Math.max(0, backlogUs + excess * bucketUs);
    most = Math.max(most, backlogUs);
  }
  return workers === 0 ? 0 : most / workers;
}

interface PeakDemand {
  readonly arrivalRatePerSec: number;
  readonly meanServiceUs: number;
  readonly serviceScv: number;
  readonly isShared: boolean;
}

/** Theory's word on this demand at so many workers. */
function stationLoad(demand: PeakDemand, workers: number): StationLoad {
  const { arrivalRatePerSec, meanServiceUs, serviceScv, isShared } = demand;
  if (meanServiceUs === 0) {
    return { workers, utilization: 0, waitProbability: 0, meanWaitMs: 0, p99WaitMs: 0 };
  }
  const offered = (arrivalRatePerSec * meanServiceUs) / 1e6;
  if (workers <= 0) {
    return { workers: 0, utilization: null, waitProbability: 1, meanWaitMs: null, p99WaitMs: null };
  }
  const served = { arrivalRatePerSec, meanServiceUs, serverCount: workers };
  const scv = Number.isFinite(serviceScv) ? serviceScv : 0;
  const theory = isShared
    ? processorSharing(served)
    : allenCunneen({ ...served, arrivalScv: 1, serviceScv: scv });
  const isKnown = theory.isStable && (isShared || Number.isFinite(serviceScv));
  const quantileUs = theory.waitQuantileUs?.(0.99) ?? Number.NaN;
  return {
    workers,
    utilization: offered / workers,
    waitProbability: theory.waitProbability,
    meanWaitMs: isKnown ? theory.meanWaitUs / 1_000 : null,
    p99WaitMs: isKnown && Number.isFinite(quantileUs) ? quantileUs / 1_000 : null,
  };
}

function scvOf(found: {
  readonly arrivalRatePerSec: number;
  readonly meanServiceUs: number;
  readonly squares: number | undefined;
}): number {
  const { arrivalRatePerSec, meanServiceUs, squares = 0 } = found;
  if (meanServiceUs === 0 || arrivalRatePerSec === 0) return 0;
  return Math.max(0, squares / arrivalRatePerSec / meanServiceUs ** 2 - 1);
}

function indexOfMax(values: readonly number[]): number {
  return values.reduce((best, value, i) => (value > (values[best] ?? 0) ? i : best), 0);
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
