/** What a kind of fault is, as data: the catalogue is checked, drawn from and documented by it. */

/** Families of faults, in the order of the catalogue. */
export const FAULT_FAMILIES = [
  'process',
  'network',
  'storage',
  'platform',
  'pipeline',
  'client',
] as const;
/** One of {@link FAULT_FAMILIES}. */
export type FaultFamily = (typeof FAULT_FAMILIES)[number];

/** What a fault may be aimed at. Left out, it is aimed at all of them.
 * - `server`: a service, or `monolith`, `aggregation`, `federated`: whoever answers calls, gateways
 *   by their architectures.
 * - `link`: messages to and from a server of that name, or `clickstream`: batches to the collector.
 * - `store`: `log` or `warehouse`.
 * - `log`: the disk below the log; what it does to a database's pages is the database's business.
 * - `clickstream`: the pipeline; there is one.
 * - `clients`: all devices. */
export type FaultTargets = 'server' | 'link' | 'store' | 'log' | 'clickstream' | 'clients';

/** What the probability of a fault is asked for.
 * - `occurrence`: once, when it would begin: it happens or it does not.
 * - `opportunity`: each time that it could strike: a message, a call, a write, a record. */
export type ProbabilityScope = 'occurrence' | 'opportunity';

/** How strong a fault is, where it has a strength. */
export interface Intensity {
  readonly unit: 'factor' | 'µs' | 'count' | 'share';
  readonly default: number;
  readonly min: number;
  readonly max: number;
  /** What a swarm draws from, within `min` … `max`. */
  readonly swarm: readonly [least: number, most: number];
}

/** One kind of fault. */
export interface FaultKind {
  readonly family: FaultFamily;
  readonly targets: FaultTargets;
  readonly scope: ProbabilityScope;
  /** What happens, in one sentence. */
  readonly effect: string;
  readonly intensity?: Intensity;
  /** Probabilities that a swarm draws from. Default: 1 for an occurrence. */
  readonly swarmProbability?: readonly [least: number, most: number];
}
