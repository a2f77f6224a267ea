/** Open Jackson networks: M/M/c stations, jobs come from outside by Poisson streams and go from
 * station to station by chance. Each station then is as an M/M/c of its own. Spec: Q110. */
import { badArgument, checkArguments } from '../../bad-argument.ts';
import type { QueueTheory } from '../queue-theory.ts';
import { mmc } from '../stations/m-m-c.ts';

/** One station and who goes there. */
export interface NetworkStation {
  readonly serverCount: number;
  readonly meanServiceUs: number;
  /** From outside. */
  readonly arrivalRatePerSec: number;
  /** Probability of each station next, by index; the rest leaves the network. */
  readonly routing: readonly number[];
}

/** An open network in steady state. */
export interface OpenNetwork {
  readonly stations: readonly QueueTheory[];
  readonly isStable: boolean;
  /** From outside, all stations. */
  readonly arrivalRatePerSec: number;
  /** Through the whole network, and jobs in it. */
  readonly meanSojournUs: number;
  readonly meanInSystem: number;
  /** Visits of a job to each station, on average. */
  readonly visits: readonly number[];
}

/** Solves the traffic equations λ = γ + λP, then station by station. Cost O(n³ + Σ c).
 * @throws EngineError `QUEUEING_BAD_ARGUMENT` for shares that are none, and for a network that a
 * job cannot leave. Source: J. R. Jackson, Operations Research 5, 1957. */
export function openNetwork(stations: readonly NetworkStation[]): OpenNetwork {
  checkRouting(stations);
  const rates = trafficRates(stations);
  const arrivalRatePerSec = stations.reduce((sum, one) => sum + one.arrivalRatePerSec, 0);
  const queues = stations.map(({ serverCount, meanServiceUs }, i) =>
    mmc({ serverCount, meanServiceUs, arrivalRatePerSec: rates[i] as number }),
  );
  const visits = rates.map((rate) => (arrivalRatePerSec === 0 ? 0 : rate / arrivalRatePerSec));
  const sojourns = queues.map(({ meanSojournUs }, i) => {
    const share = visits[i] as number;
    return share === 0 ? 0 : share * meanSojournUs;
  });
  return {
    stations: queues,
    isStable: queues.every(({ isStable }) => isStable),
    arrivalRatePerSec,
    meanSojournUs: sojourns.reduce((sum, one) => sum + one, 0),
    meanInSystem: queues.reduce((sum, { meanInSystem }) => sum + meanInSystem, 0),
    visits,
  };
}

/** Stations one after the other: everybody goes through all of them. */
export function tandem(
  arrivalRatePerSec: number,
  stations: readonly Pick<NetworkStation, 'serverCount' | 'meanServiceUs'>[],
): OpenNetwork {
  return openNetwork(
    stations.map((station, i) => ({
      ...station,
      arrivalRatePerSec: i === 0 ? arrivalRatePerSec : 0,
      routing: stations.map((_, next) => (next === i + 1 ? 1 : 0)),
    })),
  );
}

function checkRouting(stations: readonly NetworkStation[]): void {
  const n = stations.length;
  checkArguments([['stations', n, n > 0, 'give one station or more']]);
  for (const [i, { routing, arrivalRatePerSec: rate }] of stations.entries()) {
    const place = `stations[${i}]`;
    const sum = routing.reduce((total, share) => total + share, 0);
    const worst = routing.find((share) => !(share >= 0 && share <= 1));
    const isRate = rate >= 0 && Number.isFinite(rate);
    checkArguments([
      [`${place}.routing.length`, routing.length, routing.length === n, `give ${n} shares`],
      [`${place}.routing`, worst ?? 0, worst === undefined, 'give shares between 0 and 1'],
      [`sum of ${place}.routing`, sum, sum <= 1 + 1e-9, 'give shares that sum to 1 at most'],
      [`${place}.arrivalRatePerSec`, rate, isRate, 'give a finite rate ≥ 0'],
    ]);
  }
}

/** Gaussian elimination with pivots on (I − Pᵀ)λ = γ. */
function trafficRates(stations: readonly NetworkStation[]): number[] {
  const n = stations.length;
  const rows = stations.map(({ arrivalRatePerSec }, i) => [
    ...stations.map((from, j) => (i === j ? 1 : 0) - (from.routing[i] as number)),
    arrivalRatePerSec,
  ]);
  for (let column = 0; column < n; column += 1) {
    const pivot = largestRow(rows, column);
    [rows[column], rows[pivot]] = [rows[pivot] as number[], rows[column] as number[]];
    const pivotRow = rows[column] as number[];
    const scale = pivotRow[column] as number;
    if (Math.abs(scale) < 1e-12) {
      throw badArgument('routing', scale, 'let jobs leave the network from every station at last');
    }
    for (const [i, row] of rows.entries()) {
      if (i !== column) subtractMultiple(row, pivotRow, (row[column] as number) / scale);
    }
  }
  return rows.map((row, i) => Math.max(0, (row[n] as number) / (row[i] as number)));
}

function largestRow(rows: readonly (readonly number[])[], column: number): number {
  let best = column;
  for (let i = column; i < rows.length; i += 1) {
    const size = Math.abs(rows[i]?.[column] ?? 0);
    if (size > Math.abs(rows[best]?.[column] ?? 0)) best = i;
  }
  return best;
}

function subtractMultiple(row: number[], other: readonly number[], factor: number): void {
  if (factor === 0) return;
  for (let k = 0; k < row.length; k += 1) row[k] = (row[k] as number) - factor * (other[k] ?? 0);
}
