/** Stations that cannot keep up: at the peak, without a zone, during a fault, at their pools.
 * Spec: E255. */
import type { Finding, StationPreflight } from '../check-document.ts';
import { duration, finding, type Lint, type LintedSubject, number, percent } from './finding.ts';

/** From here on a closed load test measures the station that it fills, and nothing else. */
const SATURATED = 0.97;
/** Share of a run up to which an overload is a spike in it. */
const SPIKE = 0.05;
/** Connections in use at which waiting for one begins to matter. */
const BUSY_POOL = 0.8;

/** L-STABLE, L-ZONE, L-SATURATED, L-AUTOSCALER. */
export const stabilityLints: Lint = ({ subjects }) =>
  subjects.flatMap((subject) =>
    subject.preflight.stations.flatMap((station) => stationFindings(subject, station)),
  );

function stationFindings(subject: LintedSubject, station: StationPreflight): readonly Finding[] {
  const utilization = station.peak.utilization ?? 0;
  const { traffic } = subject.variant.scenario;
  const isClosed = traffic?.kind === 'closed' && station.overloadedUs === 0;
  if (isClosed && utilization >= SATURATED) return [saturated(subject, station)];
  if (utilization >= 1) return [overloaded(subject, station)];
  return zoneFindings(subject, station);
}

function saturated({ preflight }: LintedSubject, { station, peak }: StationPreflight): Finding {
  const rule = 'the load test fills it: page times are users ÷ its throughput, give it fewer users';
  const found = `${percent(peak.utilization ?? 1)} busy`;
  const place = { subject: preflight.name, path: station };
  return finding('warning', 'L-SATURATED', { ...place, found, rule });
}

/** An autoscaler may come to the rescue; limits and shedding turn a line into refusals; a spike is
 * over soon. Everything else cannot keep up. */
function overloaded({ variant, preflight }: LintedSubject, station: StationPreflight): Finding {
  const { offeredLoad, peak, workersNeeded, overloadedUs } = station;
  const place = {
    subject: preflight.name,
    path: station.station,
    found: `${number(offeredLoad)} workers' worth offered to ${peak.workers}`,
  };
  const needs = `it needs at least ${workersNeeded} workers`;
  const most = station.maxReplicas * station.workersPerReplica;
  if (offeredLoad < most) {
    const rule = `only its autoscaler can keep up: ${needs}, it may come to ${most}`;
    return finding('warning', 'L-AUTOSCALER', { ...place, rule });
  }
  const isSpike = overloadedUs <= SPIKE * variant.scenario.clock.duration;
  const severity = station.shedsOverload || isSpike ? 'warning' : 'error';
  const becomes = station.shedsOverload
    ? 'which it sheds'
    : `a backlog of up to ${duration(station.backlogWaitUs)}`;
  const rule =
    `for ${duration(overloadedUs)} more is asked than can be done, ${becomes}: ${needs} at the ` +
    `peak (${duration(station.peakAtUs)})`;
  return finding(severity, 'L-STABLE', { ...place, rule });
}

function zoneFindings(
  { variant, preflight }: LintedSubject,
  { station, zoneLost, offeredLoad, workersNeeded }: StationPreflight,
): readonly Finding[] {
  if (zoneLost === null || (zoneLost.utilization !== null && zoneLost.utilization < 1)) return [];
  const found = `${number(offeredLoad)} workers' worth for the ${zoneLost.workers} left`;
  const rule =
    'without one zone it cannot keep up: it needs at least ' +
    `${workersNeeded} workers in the other zones`;
  const severity = variant.scenario.planning?.survive === 'zone' ? 'error' : 'warning';
  return [finding(severity, 'L-ZONE', { subject: preflight.name, path: station, found, rule })];
}

/** L-FAULT: a fault that makes a service slow makes it too slow. */
export const faultLints: Lint = ({ subjects }) =>
  subjects.flatMap(({ variant, preflight }) =>
    variant.scenario.faults.flatMap((fault, i) => {
      if (fault.kind !== 'service.slow') return [];
      const station = preflight.stations.find((one) => one.station === fault.target);
      const utilization = station?.peak.utilization ?? 0;
      if (utilization >= 1 || utilization * fault.factor < 1) return [];
      const found = `${percent(utilization)} busy at the peak, ${fault.factor} times slower`;
      const rule =
        `while it lasts (${duration(fault.for)}) ${fault.target} cannot keep up: what is seen ` +
        'then is its backlog and the policies against it';
      const place = { subject: preflight.name, path: `faults.${i}` };
      return [finding('warning', 'L-FAULT', { ...place, found, rule })];
    }),
  );

/** L-POOL: by Little's law more database connections are in use than there are, or nearly. */
export const poolLints: Lint = ({ subjects }) =>
  subjects.flatMap(({ preflight }) =>
    preflight.stations.flatMap(({ station, connections, peak }) => {
      if (connections === null || (peak.utilization ?? 1) >= 1) return [];
      const { needed, configured } = connections;
      if (needed < BUSY_POOL * configured) return [];
      const severity = needed >= configured ? 'error' : 'warning';
      const found = `${number(needed)} connections in use on average, ${configured} there are`;
      const rule = `queries wait for connections: give at least ${Math.ceil(needed / BUSY_POOL)}`;
      return [finding(severity, 'L-POOL', { subject: preflight.name, path: station, found, rule })];
    }),
  );

/** L-PARTITIONS: workers of the pipeline that no partition is left for. */
export const partitionLints: Lint = ({ scenario }) => {
  const { workers, partitions } = scenario.clickstream;
  if (workers === undefined || workers.count <= partitions) return [];
  const found = `${workers.count} workers, ${partitions} partitions`;
  const rule = 'each partition belongs to one worker, the others are idle: give as many partitions';
  const place = { subject: null, path: 'clickstream.workers.count' };
  return [finding('warning', 'L-PARTITIONS', { ...place, found, rule })];
};
