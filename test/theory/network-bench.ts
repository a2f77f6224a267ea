/** Networks of fleets for comparison with closed forms: open ones with routing by chance, closed
 * ones with users who think, and fork–join. As in `queue-bench.ts`, a replication begins empty
 * (closed: with everybody thinking), lets that wear off, measures for a while, and drains. */
import { createChance } from '../../src/kernel/chance.ts';
import { quantileOf } from '../../src/kernel/distributions/distribution.ts';
import { createSimulation } from '../../src/kernel/simulation.ts';
import { createFleet, type Fleet } from '../../src/queueing/stations/fleet.ts';
import { DEFAULT_FLEET_CONFIG } from '../../src/queueing/stations/fleet-config.ts';
import type { Job } from '../../src/queueing/stations/job.ts';
import { LONGER, type Replication } from './coverage.ts';
import { MEAN_US, SEED } from './queue-bench.ts';

const NEVER = Number.POSITIVE_INFINITY;

/** A station of exponential service. */
export interface BenchStation {
  readonly serverCount: number;
  readonly meanServiceUs: number;
}

/** How long, in µs. */
export interface Spans {
  readonly warmUpUs: number;
  readonly measuredUs: number;
}

interface Visitor extends Job {
  readonly demandUs: number;
  readonly visitor: number;
  readonly sinceUs: number;
  readonly isMeasured: boolean;
}

type NetworkQuantity = 'meanSojournUs' | 'throughput' | 'first' | 'second' | 'third';

/** Fleets on one simulation, with draws numbered from 0 in each replication. */
function createGround(
  stations: readonly BenchStation[],
  finished: (job: Visitor, station: number) => void,
) {
  const simulation = createSimulation();
  const chance = createChance({ seed: SEED, replication: 0 });
  const draws = chance.draws('network');
  const drawn = { replication: 0, count: 0 };
  const fleets = stations.map(({ serverCount }, station) =>
    createFleet<Visitor>({
      simulation,
      name: `station-${station}`,
      chance,
      config: { ...DEFAULT_FLEET_CONFIG, workersPerReplica: serverCount, maxWaiting: NEVER },
      listener: {
        finished: (job) => finished(job, station),
        dropped: () => {
          throw new Error('nobody is turned away here');
        },
      },
    }),
  );
  const uniform = () => {
    drawn.count += 1;
    return draws.uniform(drawn.replication, drawn.count);
  };
  const exponentialUs = (meanUs: number) => -meanUs * Math.log1p(-uniform());
  const offer = (station: number, job: Omit<Visitor, 'demandUs' | 'priority' | 'deadlineUs'>) => {
    const demandUs = exponentialUs(stations[station]?.meanServiceUs ?? 0);
    fleets[station]?.offer({ ...job, demandUs, priority: 0, deadlineUs: NEVER }, 0);
  };
  const begin = (replication: number) => {
    drawn.replication = replication;
    drawn.count = 0;
  };
  return { simulation, fleets, uniform, exponentialUs, offer, begin };
}

function wholeUs({ warmUpUs, measuredUs }: Spans) {
  return { warmUpUs: Math.round(warmUpUs), spanUs: Math.round(measuredUs * LONGER) };
}

/** ∫ jobs dt of each fleet now. */
function integrals(fleets: readonly Fleet<Visitor>[]): readonly number[] {
  return fleets.map((fleet) => fleet.statistics().jobUs);
}

function insideOf(fleets: readonly Fleet<Visitor>[]): number {
  return fleets.reduce((sum, fleet) => sum + fleet.statistics().inSystem, 0);
}

/** An open network: Poisson arrivals at each station, routing by probability. */
export function openBench(
  stations: readonly (BenchStation & {
    readonly arrivalRatePerSec: number;
    readonly routing: readonly number[];
  })[],
  spans: Spans,
): (n: number) => Replication<NetworkQuantity> {
  const { warmUpUs, spanUs } = wholeUs(spans);
  let startUs = 0;
  let seen = { left: 0, sojournUs: 0 };
  const ground = createGround(stations, (job, station) => {
    const u = ground.uniform();
    let below = 0;
    const next = stations[station]?.routing.findIndex((share) => {
      below += share;
      return u < below;
    });
    if (next !== undefined && next >= 0) {
      ground.offer(next, job);
    } else if (job.isMeasured) {
      seen.left += 1;
      seen.sojournUs += ground.simulation.nowUs - job.sinceUs;
    }
  });
  const { simulation, fleets } = ground;
  const arrive = simulation.registerHandler('open.arrival', (station) => {
    const sinceUs = simulation.nowUs;
    const isMeasured = sinceUs >= startUs + warmUpUs && sinceUs < startUs + warmUpUs + spanUs;
    ground.offer(station, { visitor: 0, sinceUs, isMeasured });
    expect(station);
  });
  const expect = (station: number) => {
    const rate = stations[station]?.arrivalRatePerSec ?? 0;
    if (rate === 0) return;
    const delayUs = Math.round(ground.exponentialUs(1e6 / rate));
    // Arrivals go on for a while, since who comes later may be in the way of who came before.
    if (simulation.nowUs + delayUs < startUs + 2 * warmUpUs + spanUs) {
      simulation.schedule(delayUs, arrive, station);
    }
  };
  return (n) => {
    ground.begin(n);
    startUs = simulation.nowUs;
    seen = { left: 0, sojournUs: 0 };
    for (const station of stations.keys()) expect(station);
    simulation.run(startUs + warmUpUs);
    const before = integrals(fleets);
    simulation.run(startUs + warmUpUs + spanUs);
    const after = integrals(fleets);
    simulation.run(simulation.nowUs + warmUpUs);
    while (insideOf(fleets) > 0) simulation.run(simulation.nowUs + MEAN_US);
    const inSystem = (i: number) => ({
      sum: (after[i] ?? 0) - (before[i] ?? 0),
      count: spanUs,
    });
    return {
      meanSojournUs: { sum: seen.sojournUs, count: seen.left },
      throughput: { sum: seen.left * 1e6, count: spanUs },
      first: inSystem(0),
      second: inSystem(1),
      third: inSystem(2),
    };
  };
}

/** A closed network: users think (exponentially), then visit all stations one after the other. */
export function closedBench(
  users: number,
  stations: readonly BenchStation[],
  options: Spans & { readonly thinkUs: number },
): (n: number) => Replication<NetworkQuantity> {
  const { thinkUs } = options;
  const { warmUpUs, spanUs } = wholeUs(options);
  let endUs = 0;
  let rounds = 0;
  const ground = createGround(stations, (job, station) => {
    if (station + 1 < stations.length) ground.offer(station + 1, job);
    else {
      rounds += 1;
      think(job.visitor);
    }
  });
  const { simulation, fleets } = ground;
  const wake = simulation.registerHandler('closed.thought', (visitor) => {
    const sinceUs = simulation.nowUs;
    if (sinceUs < endUs) ground.offer(0, { visitor, sinceUs, isMeasured: true });
  });
  const think = (visitor: number) => {
    simulation.schedule(Math.round(ground.exponentialUs(thinkUs)), wake, visitor);
  };
  return (n) => {
    ground.begin(n);
    endUs = simulation.nowUs + warmUpUs + spanUs;
    for (let visitor = 0; visitor < users; visitor += 1) think(visitor);
    simulation.run(simulation.nowUs + warmUpUs);
    const before = integrals(fleets);
    rounds = 0;
    simulation.run(endUs);
    const after = integrals(fleets);
    const throughput = { sum: rounds * 1e6, count: spanUs };
    // Who thinks now wakes up to nothing.
    simulation.run(simulation.nowUs + 40 * thinkUs);
    while (insideOf(fleets) > 0) simulation.run(simulation.nowUs + 40 * thinkUs);
    const inSystem = (i: number) => ({ sum: (after[i] ?? 0) - (before[i] ?? 0), count: spanUs });
    return {
      meanSojournUs: { sum: 0, count: 1 },
      throughput,
      first: inSystem(0),
      second: inSystem(1),
      third: inSystem(2),
    };
  };
}

/** Fork–join: each arrival has a task at every station, and is done with the last of them. */
export function forkJoinBench(
  arrivalRatePerSec: number,
  branches: number,
  spans: Spans,
): (n: number) => Replication<'meanSojournUs'> {
  const { warmUpUs, spanUs } = wholeUs(spans);
  const gapOf = quantileOf({ kind: 'exponential', mean: 1e6 / arrivalRatePerSec });
  const stations = Array.from({ length: branches }, () => ({
    serverCount: 1,
    meanServiceUs: MEAN_US,
  }));
  let startUs = 0;
  let arrivals = 0;
  let seen = { done: 0, sojournUs: 0 };
  const open = new Map<number, number>();
  const ground = createGround(stations, (job) => {
    const left = (open.get(job.visitor) ?? branches) - 1;
    open.set(job.visitor, left);
    if (left > 0) return;
    open.delete(job.visitor);
    if (!job.isMeasured) return;
    seen.done += 1;
    seen.sojournUs += ground.simulation.nowUs - job.sinceUs;
  });
  const { simulation, fleets } = ground;
  const arrive = simulation.registerHandler('fork.arrival', () => {
    const sinceUs = simulation.nowUs;
    const isMeasured = sinceUs >= startUs + warmUpUs;
    arrivals += 1;
    const visitor = arrivals;
    for (const station of stations.keys()) ground.offer(station, { visitor, sinceUs, isMeasured });
    next();
  });
  const next = () => {
    const delayUs = Math.round(gapOf(ground.uniform()));
    if (simulation.nowUs + delayUs < startUs + warmUpUs + spanUs) {
      simulation.schedule(delayUs, arrive, 0);
    }
  };
  return (n) => {
    ground.begin(n);
    startUs = simulation.nowUs;
    seen = { done: 0, sojournUs: 0 };
    next();
    simulation.run(startUs + warmUpUs + spanUs);
    while (insideOf(fleets) > 0) simulation.run(simulation.nowUs + 10 * MEAN_US);
    return { meanSojournUs: { sum: seen.sojournUs, count: seen.done } };
  };
}
