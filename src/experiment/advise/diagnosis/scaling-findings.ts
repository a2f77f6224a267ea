/** Caches that miss or are missing, and autoscalers that come too late or are at their end.
 * Spec: M184. */
import type { AdviceFinding } from '../advice-document.ts';
import { stationPlace } from '../station-place.ts';
import {
  type Evidence,
  type MeanServer,
  meanServers,
  needsOf,
  percentText,
  suspectServers,
} from './evidence.ts';

const HITS_ENOUGH = 0.9;

/** All findings of caches and autoscalers; none where pages need nothing. */
export function scalingFindings(evidence: Evidence): readonly AdviceFinding[] {
  const needs = needsOf(evidence, 'pages');
  if (needs.length === 0) return [];
  const suspects = suspectServers(evidence);
  const servers = meanServers(evidence).filter(({ name }) => suspects.has(name));
  return servers.flatMap((server) => [
    ...cacheFindings(evidence, server, needs),
    ...scalerFindings(evidence, server, needs),
  ]);
}

function cacheFindings(
  { scenario, architecture }: Evidence,
  server: MeanServer,
  needs: readonly string[],
): readonly AdviceFinding[] {
  const { name, cacheHitShare, peakUtilization } = server;
  const place = stationPlace(scenario, architecture, name);
  if (place?.kind !== 'service') return [];
  const common = { subject: name, role: 'contributing', objectives: needs } as const;
  const busy = `while it is ${percentText(peakUtilization)} busy`;
  if (cacheHitShare === null) {
    return [
      {
        id: `cache-absent:${name}`,
        kind: 'cache-absent',
        ...common,
        text: `${name} works on every entity anew, ${busy}`,
        numbers: { peakUtilization },
      },
    ];
  }
  if (cacheHitShare >= HITS_ENOUGH) return [];
  return [
    {
      id: `cache-misses:${name}`,
      kind: 'cache-misses',
      ...common,
      text: `the cache of ${name} has ${percentText(cacheHitShare)} of what is asked, ${busy}`,
      numbers: { cacheHitShare, peakUtilization },
    },
  ];
}

function scalerFindings(
  { scenario, architecture }: Evidence,
  server: MeanServer,
  needs: readonly string[],
): readonly AdviceFinding[] {
  const { name, peakUtilization, replicas, peakReplicas } = server;
  const hpa = stationPlace(scenario, architecture, name)?.station.autoscaler?.hpa;
  if (hpa === undefined) return [];
  const isAtItsEnd = replicas.max >= hpa.maxReplicas;
  const kind = isAtItsEnd ? 'autoscaler-at-its-end' : 'autoscaler-lags';
  const what = isAtItsEnd
    ? `the autoscaler of ${name} has all of its ${hpa.maxReplicas} replicas`
    : `the autoscaler of ${name} had ${peakReplicas.toFixed(1)} of ${hpa.maxReplicas} replicas`;
  return [
    {
      id: `${kind}:${name}`,
      kind,
      subject: name,
      role: 'contributing',
      objectives: needs,
      text: `${what} at ${percentText(peakUtilization)} busy`,
      numbers: {
        peakUtilization,
        peakReplicas,
        mostReplicas: replicas.max,
        maxReplicas: hpa.maxReplicas,
      },
    },
  ];
}
