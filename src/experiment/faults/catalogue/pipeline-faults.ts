/** Faults of the pipeline family. Ranges of swarms: TigerBeetle's VOPR where it has the kind. */
import type { FaultKind } from './fault-kind.ts';

/** Its kinds by name. */
export const PIPELINE_FAULTS = {
  'pipeline.late': {
    family: 'pipeline',
    targets: 'clickstream',
    scope: 'opportunity',
    effect:
      'A batch that the collector accepted, and spooled, reaches the log later by the intensity.',
    intensity: {
      unit: 'µs',
      default: 120_000_000,
      min: 0,
      max: 86_400_000_000,
      swarm: [1_000_000, 300_000_000],
    },
    swarmProbability: [0.05, 0.5],
  },
  'pipeline.out-of-order': {
    family: 'pipeline',
    targets: 'clickstream',
    scope: 'opportunity',
    effect: 'A record is written behind the one that follows it in its batch.',
    swarmProbability: [0.05, 0.5],
  },
  'pipeline.duplicate': {
    family: 'pipeline',
    targets: 'clickstream',
    scope: 'opportunity',
    effect: 'A record is in the log twice.',
    swarmProbability: [0.05, 0.5],
  },
  'pipeline.watermark-stall': {
    family: 'pipeline',
    targets: 'clickstream',
    scope: 'occurrence',
    effect: 'One partition is not read.',
  },
  'pipeline.rebalance': {
    family: 'pipeline',
    targets: 'clickstream',
    scope: 'occurrence',
    effect:
      'A worker leaves, and is back at the end: each time all read again from the last commit.',
  },
  'pipeline.crash': {
    family: 'pipeline',
    targets: 'clickstream',
    scope: 'occurrence',
    effect: 'The pipeline dies, and starts from its last commit when the fault ends.',
  },
  'pipeline.poison-record': {
    family: 'pipeline',
    targets: 'clickstream',
    scope: 'opportunity',
    effect: 'A record that no stage can read is in the log as well.',
    swarmProbability: [0.05, 0.5],
  },
  'pipeline.schema-change': {
    family: 'pipeline',
    targets: 'clickstream',
    scope: 'opportunity',
    effect:
      'Events have the fields of another version: older, unknown, one too many, or one renamed.',
    swarmProbability: [0.05, 0.5],
  },
  'pipeline.partition-skew': {
    family: 'pipeline',
    targets: 'clickstream',
    scope: 'occurrence',
    effect: 'All records go to one partition.',
  },
} as const satisfies Readonly<Record<string, FaultKind>>;
