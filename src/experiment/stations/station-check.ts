/** Each station of a run beside what theory knows of it: laws that always hold, the closed form
 * where its model is of that kind, an approximation elsewhere. Spec: N60–N66. */
import type { World } from '../assemble.ts';
import type { DatabaseWorkers } from '../requests/servers/database-workers.ts';
import type { Server } from '../requests/servers/server.ts';
import { approximation, besideTheory, type Compared, type TheoryBeside } from './beside-theory.ts';
import { flowLaw, type LawCheck, littlesLaw, utilizationLaw } from './laws.ts';
import { lookAt, type StationLook } from './station-look.ts';
import { stationModel } from './station-model.ts';
import { lookBetween } from './steady-wait.ts';

/** One station of one run. Rates, means and utilization are of the measured part, laws of the whole
 * run. */
export interface StationCheck {
  readonly station: string;
  /** Kendall's notation as far as the model bears it, like `M/M/c`, `G/G/c`. */
  readonly model: string;
  /** Workers of all replicas, on average. */
  readonly serverCount: number;
  readonly arrivalRatePerSec: number;
  readonly utilization: number;
  readonly meanInSystem: number;
  /** Under processor sharing: what sharing adds to the demand. */
  readonly meanWaitMs: number | null;
  readonly meanSojournMs: number | null;
  /** L = λ·W, with the boundary term of who is still there at the end. */
  readonly littlesLaw: LawCheck;
  /** ρ = λ·E[S] ÷ c. */
  readonly utilizationLaw: LawCheck;
  /** Jobs given = done + dropped + cancelled + inside. */
  readonly flow: LawCheck;
  /** Where the measured part begins and ends, µs: whole buckets of the run's series. */
  readonly measured: { readonly fromUs: number; readonly toUs: number };
  /** What theory says; null where nothing is known. */
  readonly theory: TheoryBeside | null;
  /** Why the closed form is not exact here, or there is none; null where it is. */
  readonly note: string | null;
}

/** A law that does not hold: a bug of ours, or of who extended it. */
export interface BrokenLaw extends LawCheck {
  readonly station: string;
  readonly law: 'littlesLaw' | 'utilizationLaw' | 'flow';
}

interface Counted {
  readonly fleet: Pick<Server['fleet'], 'statistics' | 'books'>;
  readonly given: number;
}

/** Checks every station of a finished world: servers in their order, then limited databases. Cost
 * O(buckets) and O(jobs inside) a station. */
export function checkStations(world: World): readonly StationCheck[] {
  const { servers, databases } = world.wired;
  return [
    ...servers.map((server, n) => checkStation(world, server, n)),
    ...databases.map((workers) => checkDatabase(world, workers)),
  ];
}

/** The laws that do not hold; empty where all is well. */
export function brokenLaws(result: {
  readonly stations: readonly StationCheck[];
}): readonly BrokenLaw[] {
  const laws = ['littlesLaw', 'utilizationLaw', 'flow'] as const;
  return result.stations.flatMap((check) =>
    laws
      .filter((law) => !check[law].holds)
      .map((law) => ({ station: check.station, law, ...check[law] })),
  );
}

function checkStation(world: World, server: Server, n: number): StationCheck {
  const { account, fleet } = server;
  const looks = world.sampler.servers[n]?.looks ?? [];
  const measured = measuredPart(world);
  const whole = lookAt(server, world.endUs);
  const part = lookBetween(looks, measured) ?? whole;
  const isShared = world.wired.settings[n]?.fleet.discipline === 'processor-sharing';
  const waitUs = isShared ? addedBySharingUs : waitedUs;
  const model = stationModel(world, n);
  const compared: Compared =
    model.queue === undefined
      ? approximation(part, model.reason)
      : besideTheory(model, { looks, measured, waitUs });
  const perJobMs = (sumUs: number) => (part.finished === 0 ? null : sumUs / part.finished / 1_000);
  return {
    station: server.name,
    model: compared.theory?.model ?? 'G/G/c',
    serverCount: part.upWorkerUs / part.atUs,
    arrivalRatePerSec: (part.arrivals / part.atUs) * 1e6,
    utilization: part.upWorkerUs === 0 ? 0 : part.busyWorkerUs / part.upWorkerUs,
    meanInSystem: part.jobUs / part.atUs,
    meanWaitMs: perJobMs(waitUs(part)),
    meanSojournMs: perJobMs(part.waitUs + part.serviceUs),
    ...lawsOf({ account, fleet, given: account.given.jobs }, world.endUs),
    measured,
    ...compared,
  };
}

/** Over the whole run; how its queries come is nobody's model. */
function checkDatabase({ endUs }: World, workers: DatabaseWorkers): StationCheck {
  const { name, fleet, account } = workers;
  const { offered, busyWorkerUs, upWorkerUs, jobUs } = fleet.statistics();
  const perJobMs = (sumUs: number) => (account.jobs === 0 ? null : sumUs / account.jobs / 1_000);
  return {
    station: name,
    model: 'G/G/c',
    serverCount: upWorkerUs / endUs,
    arrivalRatePerSec: (offered / endUs) * 1e6,
    utilization: busyWorkerUs / upWorkerUs,
    meanInSystem: jobUs / endUs,
    meanWaitMs: perJobMs(account.waitUs),
    meanSojournMs: perJobMs(account.waitUs + account.serviceUs),
    ...lawsOf({ ...workers, given: offered }, endUs),
    measured: { fromUs: 0, toUs: endUs },
    theory: null,
    note: 'queries come as servers are done and connections allow',
  };
}

function lawsOf(
  { account, fleet, given }: Pick<DatabaseWorkers, 'account'> & Counted,
  spanUs: number,
) {
  const books = {
    statistics: fleet.statistics(),
    books: fleet.books(),
    told: { jobs: account.jobs, sojournUs: account.waitUs + account.serviceUs },
    given,
    spanUs,
  };
  return {
    littlesLaw: littlesLaw(books),
    utilizationLaw: utilizationLaw(books),
    flow: flowLaw(books),
  };
}

/** From the warm-up to the last arrivals; the whole run where that is nothing. */
function measuredPart({ warmUp, endUs, durationUs }: World): StationCheck['measured'] {
  const fromUs = warmUp.found.cutUs;
  return fromUs < durationUs ? { fromUs, toUs: durationUs } : { fromUs: 0, toUs: endUs };
}

function waitedUs({ waitUs }: StationLook): number {
  return waitUs;
}

function addedBySharingUs({ serviceUs, workUs }: StationLook): number {
  return serviceUs - workUs;
}
