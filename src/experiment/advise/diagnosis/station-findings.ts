/** Stations that are full when it matters, that turn calls away, and that have more than they need.
 * Spec: M182. */
import type { AdviceFinding } from '../advice-document.ts';
import {
  type Evidence,
  type MeanServer,
  meanOf,
  meanServers,
  minuteText,
  needsOf,
  percentText,
  suspectServers,
  waitText,
} from './evidence.ts';

/** Below this a half of the machines would do. */
const SLACK = 0.5;
const TURNED_AWAY_MIN = 0.001;
/** Databases are known by their mean alone, which a peak is above. */
const DATABASE_SATURATED = 0.7;

/** All findings of servers and databases. */
export function stationFindings(evidence: Evidence): readonly AdviceFinding[] {
  const needs = needsOf(evidence, 'pages');
  const suspects = suspectServers(evidence);
  const servers = meanServers(evidence);
  return [
    ...servers.flatMap((server) => saturated(server, { needs, suspects })),
    ...servers.flatMap((server) => turnedAway(server, needs)),
    ...databaseFindings(evidence, needs),
    ...servers.flatMap(slack),
  ];
}

function saturated(
  server: MeanServer,
  known: {
    readonly needs: readonly string[];
    readonly suspects: ReadonlyMap<string, readonly string[]>;
  },
): readonly AdviceFinding[] {
  const { name, peakUtilization, utilization, meanWaitMs, peakAtUs, peakReplicas } = server;
  const bound = known.suspects.get(name);
  if (bound === undefined) return [];
  const when = `${percentText(peakUtilization)} busy at ${minuteText(peakAtUs)}`;
  const wait = `calls wait ${waitText(meanWaitMs)} there on average`;
  return [
    {
      id: `station-saturated:${name}`,
      kind: 'station-saturated',
      subject: name,
      role: bound.length > 0 ? 'binding' : 'contributing',
      objectives: bound.length > 0 ? bound : known.needs,
      text: `${name} is ${when}, and ${wait}`,
      numbers: { peakUtilization, utilization, meanWaitMs, peakAtUs, peakReplicas },
    },
  ];
}

function turnedAway(
  { name, turnedAwayShare, offered }: MeanServer,
  needs: readonly string[],
): readonly AdviceFinding[] {
  if (turnedAwayShare < TURNED_AWAY_MIN) return [];
  return [
    {
      id: `calls-turned-away:${name}`,
      kind: 'calls-turned-away',
      subject: name,
      role: 'contributing',
      objectives: needs,
      text: `${name} turns ${(turnedAwayShare * 100).toFixed(1)} % of its calls away`,
      numbers: { turnedAwayShare, offered },
    },
  ];
}

function databaseFindings(evidence: Evidence, needs: readonly string[]): readonly AdviceFinding[] {
  const stations = evidence.samples[0]?.stations ?? [];
  return stations.flatMap(({ station }): readonly AdviceFinding[] => {
    if (!station.endsWith(' database')) return [];
    const own = evidence.samples.flatMap((sample) =>
      sample.stations.filter((one) => one.station === station),
    );
    const utilization = meanOf(own.map((one) => one.utilization));
    const meanWaitMs = meanOf(own.map((one) => one.meanWaitMs ?? 0));
    if (utilization < DATABASE_SATURATED) return [];
    return [
      {
        id: `database-saturated:${station}`,
        kind: 'database-saturated',
        subject: station,
        role: 'contributing',
        objectives: needs,
        text:
          `${station} is ${percentText(utilization)} busy over the whole run, and queries wait ` +
          waitText(meanWaitMs),
        numbers: { utilization, meanWaitMs },
      },
    ];
  });
}

function slack(server: MeanServer): readonly AdviceFinding[] {
  const { name, peakUtilization, utilization, meanWaitMs, peakReplicas, replicas } = server;
  if (peakUtilization > SLACK || replicas.min < 2) return [];
  return [
    {
      id: `station-slack:${name}`,
      kind: 'station-slack',
      subject: name,
      role: 'slack',
      objectives: [],
      text: `${name} is at most ${percentText(peakUtilization)} busy`,
      numbers: { peakUtilization, utilization, meanWaitMs, peakReplicas },
    },
  ];
}
