/** Faults of the storage family. Ranges of swarms: TigerBeetle's VOPR where it has the kind. */
import type { FaultKind } from './fault-kind.ts';

/** Its kinds by name. */
export const STORAGE_FAULTS = {
  'storage.read-error': {
    family: 'storage',
    targets: 'store',
    scope: 'opportunity',
    effect: 'A read of the log, or of what the warehouse has committed, fails with EIO.',
    swarmProbability: [0.01, 0.3],
  },
  'storage.write-error': {
    family: 'storage',
    targets: 'store',
    scope: 'opportunity',
    effect: 'A write fails with EIO after a part of it; a commit fails and is rolled back.',
    swarmProbability: [0.01, 0.3],
  },
  'storage.full': {
    family: 'storage',
    targets: 'store',
    scope: 'occurrence',
    effect: 'Every write, every commit fails with ENOSPC.',
  },
  'storage.fsync-error': {
    family: 'storage',
    targets: 'store',
    scope: 'opportunity',
    effect: 'A sync fails with EIO and what was not synced is lost; a commit fails.',
    swarmProbability: [0.01, 0.3],
  },
  'storage.torn-write': {
    family: 'storage',
    targets: 'store',
    scope: 'opportunity',
    effect: 'The process dies in a write: nothing, a part or all of it is on the disk.',
    swarmProbability: [0.01, 0.2],
  },
  'storage.misdirected-write': {
    family: 'storage',
    targets: 'log',
    scope: 'opportunity',
    effect: 'A write that the process dies in lands further behind in the file.',
    swarmProbability: [0.01, 0.1],
  },
  'storage.bit-flip': {
    family: 'storage',
    targets: 'log',
    scope: 'opportunity',
    effect: 'A read gives one bit the other way round.',
    swarmProbability: [0.01, 0.2],
  },
  'storage.lost-writes': {
    family: 'storage',
    targets: 'log',
    scope: 'occurrence',
    effect: 'Power is lost until the end: writes and names that were not synced are gone, or torn.',
  },
  'storage.stale-read': {
    family: 'storage',
    targets: 'log',
    scope: 'opportunity',
    effect: 'A read gives what was there before the last write.',
    swarmProbability: [0.01, 0.2],
  },
  'storage.slow': {
    family: 'storage',
    targets: 'store',
    scope: 'occurrence',
    effect: 'Syncs, and so acknowledgements, or commits take longer by the intensity.',
    intensity: {
      unit: 'µs',
      default: 2_000_000,
      min: 0,
      max: 600_000_000,
      swarm: [100_000, 10_000_000],
    },
  },
  'storage.read-only': {
    family: 'storage',
    targets: 'store',
    scope: 'occurrence',
    effect: 'Every write, every commit fails with EROFS.',
  },
  'storage.permission': {
    family: 'storage',
    targets: 'store',
    scope: 'occurrence',
    effect: 'Files cannot be opened, the broker that starts again does not come up: EACCES.',
  },
} as const satisfies Readonly<Record<string, FaultKind>>;
