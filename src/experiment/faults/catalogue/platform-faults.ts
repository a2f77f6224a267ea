/** Faults of the platform family. Ranges of swarms: TigerBeetle's VOPR where it has the kind. */
import type { FaultKind } from './fault-kind.ts';

/** Its kinds by name. */
export const PLATFORM_FAULTS = {
  'platform.region-loss': {
    family: 'platform',
    targets: 'server',
    scope: 'occurrence',
    effect:
      'All replicas of all servers in the region of the target crash, without a target in ' +
      'region 0, where clients come in; they are back when the fault ends.',
  },
  'platform.frozen-autoscaler': {
    family: 'platform',
    targets: 'server',
    scope: 'occurrence',
    effect: 'The autoscaler decides nothing.',
  },
  'platform.slow-scale-out': {
    family: 'platform',
    targets: 'server',
    scope: 'occurrence',
    effect:
      'Replicas that start, new or again, take that much longer to be ready, but for what of it ' +
      'is left when the fault ends.',
    intensity: {
      unit: 'µs',
      default: 60_000_000,
      min: 0,
      max: 3_600_000_000,
      swarm: [5_000_000, 120_000_000],
    },
  },
  'platform.bad-deploy': {
    family: 'platform',
    targets: 'server',
    scope: 'opportunity',
    effect: 'A bad version is out: calls end in errors at once, by the probability.',
    swarmProbability: [0.1, 1],
  },
  'platform.config-push': {
    family: 'platform',
    targets: 'server',
    scope: 'occurrence',
    effect: 'All replicas of all targets restart at once, when the fault begins.',
  },
  'platform.quota': {
    family: 'platform',
    targets: 'server',
    scope: 'occurrence',
    effect: 'A server takes that many calls a second, and turns the rest away.',
    intensity: { unit: 'count', default: 5, min: 0, max: 1_000_000, swarm: [1, 20] },
  },
  'platform.cache-flush': {
    family: 'platform',
    targets: 'server',
    scope: 'occurrence',
    effect: 'Caches are emptied, and again every second while the fault lasts.',
  },
  'platform.hot-key': {
    family: 'platform',
    targets: 'server',
    scope: 'occurrence',
    effect:
      'Everybody asks for the same entities: work on entities takes longer by the factor, on ' +
      'the replica that has them.',
    intensity: { unit: 'factor', default: 5, min: 1, max: 1_000, swarm: [2, 20] },
  },
  'platform.retry-storm': {
    family: 'platform',
    targets: 'server',
    scope: 'occurrence',
    effect: 'Beside each call impatient clients make that many more of the same, on average.',
    intensity: { unit: 'count', default: 2, min: 0, max: 100, swarm: [1, 4] },
  },
} as const satisfies Readonly<Record<string, FaultKind>>;
