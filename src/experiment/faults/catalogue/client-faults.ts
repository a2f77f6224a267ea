/** Faults of the client family. Ranges of swarms: TigerBeetle's VOPR where it has the kind. */
import type { FaultKind } from './fault-kind.ts';

/** Its kinds by name. */
export const CLIENT_FAULTS = {
  'client.offline': {
    family: 'client',
    targets: 'clients',
    scope: 'occurrence',
    effect: 'Devices are offline; their backlog comes when they are back.',
  },
  'client.clock-off': {
    family: 'client',
    targets: 'clients',
    scope: 'opportunity',
    effect: 'A device’s clock is off by the intensity, to either side.',
    intensity: {
      unit: 'µs',
      default: 94_672_800_000_000,
      min: 0,
      max: 1_000_000_000_000_000,
      swarm: [60_000_000, 94_672_800_000_000],
    },
    swarmProbability: [0.1, 0.6],
  },
  'client.clock-jump': {
    family: 'client',
    targets: 'clients',
    scope: 'opportunity',
    effect: 'A device’s clock jumps by the intensity, to either side, and stays.',
    intensity: {
      unit: 'µs',
      default: 3_600_000_000,
      min: 0,
      max: 1_000_000_000_000_000,
      swarm: [1_000_000, 7_200_000_000],
    },
    swarmProbability: [0.1, 0.8],
  },
  'client.killed': {
    family: 'client',
    targets: 'clients',
    scope: 'opportunity',
    effect: 'The app is killed while a batch is under way.',
    swarmProbability: [0.05, 0.5],
  },
  'client.bot-flood': {
    family: 'client',
    targets: 'clients',
    scope: 'occurrence',
    effect: 'A bot sends that many events a second to the collector.',
    intensity: { unit: 'count', default: 20, min: 0, max: 100_000, swarm: [2, 50] },
  },
  'client.malformed': {
    family: 'client',
    targets: 'clients',
    scope: 'opportunity',
    effect: 'An event leaves the device malformed.',
    swarmProbability: [0.02, 0.5],
  },
} as const satisfies Readonly<Record<string, FaultKind>>;
