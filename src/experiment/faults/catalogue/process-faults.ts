/** Faults of the process family. Ranges of swarms: TigerBeetle's VOPR where it has the kind. */
import type { FaultKind } from './fault-kind.ts';

/** Its kinds by name. */
export const PROCESS_FAULTS = {
  'process.crash': {
    family: 'process',
    targets: 'server',
    scope: 'occurrence',
    effect:
      'One replica dies: calls in it are reset, its memory is gone; it is back when the fault ' +
      'ends.',
  },
  'process.crash-loop': {
    family: 'process',
    targets: 'server',
    scope: 'occurrence',
    effect: 'One replica dies, restarts, and dies again whenever it has been up for the intensity.',
    intensity: {
      unit: 'µs',
      default: 2_000_000,
      min: 1_000,
      max: 3_600_000_000,
      swarm: [500_000, 10_000_000],
    },
  },
  'process.kill-in-handler': {
    family: 'process',
    targets: 'server',
    scope: 'opportunity',
    effect:
      'The replica dies in the middle of a call, and restarts after the time that a restart takes.',
    swarmProbability: [0.01, 0.2],
  },
  'process.pause': {
    family: 'process',
    targets: 'server',
    scope: 'occurrence',
    effect:
      'All replicas stop for as long as the fault lasts, as a collector’s pause stops them, and ' +
      'go on where they were; one that starts meanwhile runs.',
  },
  'process.slow': {
    family: 'process',
    targets: 'server',
    scope: 'occurrence',
    effect: 'Work takes longer by the factor.',
    intensity: { unit: 'factor', default: 4, min: 1, max: 1_000, swarm: [1.5, 20] },
  },
  'process.cold-restart': {
    family: 'process',
    targets: 'server',
    scope: 'occurrence',
    effect:
      'All replicas restart at once with empty caches, and work that much slower at first, up ' +
      'to their usual pace when the fault ends.',
    intensity: { unit: 'factor', default: 5, min: 1, max: 100, swarm: [2, 10] },
  },
  'process.leak': {
    family: 'process',
    targets: 'server',
    scope: 'occurrence',
    effect:
      'Work gets slower and slower up to the factor; when the fault ends all replicas are ' +
      'killed for their memory, and restart.',
    intensity: { unit: 'factor', default: 8, min: 1, max: 1_000, swarm: [2, 20] },
  },
  'process.stuck-handler': {
    family: 'process',
    targets: 'server',
    scope: 'opportunity',
    effect: 'A call keeps its worker until the fault ends.',
    swarmProbability: [0.01, 0.2],
  },
  'process.handler-throws': {
    family: 'process',
    targets: 'server',
    scope: 'opportunity',
    effect: 'A call is worked on and ends in an error.',
    swarmProbability: [0.05, 0.6],
  },
  'process.mailbox-overflow': {
    family: 'process',
    targets: 'server',
    scope: 'occurrence',
    effect: 'No more calls than the intensity may be in a server; further ones are refused.',
    intensity: { unit: 'count', default: 2, min: 0, max: 1_000_000, swarm: [0, 6] },
  },
  'process.zombie': {
    family: 'process',
    targets: 'server',
    scope: 'occurrence',
    effect:
      'One replica looks healthy, takes calls and never answers them; when the fault ends it is ' +
      'found out, killed, and restarts.',
  },
  'process.clock-skew': {
    family: 'process',
    targets: 'server',
    scope: 'occurrence',
    effect:
      'The server’s clock is ahead: it gives calls that come with a deadline up before their ' +
      'time, and takes what its cache holds for older than it is.',
    intensity: {
      unit: 'µs',
      default: 1_000_000,
      min: 0,
      max: 3_600_000_000,
      swarm: [10_000, 5_000_000],
    },
  },
} as const satisfies Readonly<Record<string, FaultKind>>;
