/** Load shedding at a station: who is turned away at the door, and who is dropped when a worker
 * gets to them, as pure decisions. Spec: Q57–Q58. */
import { type CodelConfig, type CodelState, codelStep, NEW_CODEL } from './codel.ts';
import { CRITICALITIES, type Criticality } from './criticality.ts';

/** What a request finds at the door. */
export interface ArrivalSight {
  readonly criticality: Criticality;
  /** Busy workers over workers, averaged as the caller likes. */
  readonly utilization: number;
  /** Requests in the waiting line. */
  readonly waiting: number;
  /** A uniform in (0, 1). */
  readonly u: number;
}

/** Turned away above a threshold of its class; null: never. */
export interface ThresholdShedding {
  readonly kind: 'thresholds';
  readonly signal: 'utilization' | 'waiting';
  readonly shedAbove: Readonly<Record<Criticality, number | null>>;
}

/** Class after class from the least important on: between `startAt` and `fullAt` utilisation, a
 * share `x^exponent` of all priorities is turned away, x being how far between. Source: Netflix,
 * "Keeping Netflix Reliable Using Prioritized Load Shedding", 2020 (a cubic curve). */
export interface ProgressiveShedding {
  readonly kind: 'progressive';
  readonly startAt: number;
  readonly fullAt: number;
  readonly exponent: number;
}

/** Dropped by how long it has waited, whatever its class. */
export interface CodelShedding extends CodelConfig {
  readonly kind: 'codel';
}

/** How a station sheds load. */
export type SheddingConfig =
  | { readonly kind: 'none' }
  | ThresholdShedding
  | ProgressiveShedding
  | CodelShedding;

/** State of a shedder: plain data, null where nothing is remembered. */
export type ShedderState = CodelState | null;

/** Decides who is not served. */
export interface Shedder {
  readonly initial: ShedderState;
  /** Whether a request may come in. */
  admits(arrival: ArrivalSight): boolean;
  /** A request that was let in gets to a worker after `waitedUs`. */
  onStart(
    state: ShedderState,
    leaving: { readonly waitedUs: number; readonly nowUs: number },
  ): { readonly state: ShedderState; readonly isShed: boolean };
}

/** Published where there is something published; thresholds are above the 60 % at which autoscalers
 * usually aim, so that shedding does not hide the load from them. */
export const SHEDDING_DEFAULTS = {
  thresholds: {
    kind: 'thresholds',
    signal: 'utilization',
    shedAbove: { 'critical-plus': null, critical: 0.95, 'sheddable-plus': 0.85, sheddable: 0.75 },
  },
  progressive: { kind: 'progressive', startAt: 0.7, fullAt: 1, exponent: 3 },
  codel: { kind: 'codel', targetUs: 5_000, intervalUs: 100_000 },
} as const satisfies Record<string, SheddingConfig>;

/** Makes a shedder. */
export function createShedder(config: SheddingConfig): Shedder {
  switch (config.kind) {
    case 'none':
      return atTheDoor(() => true);
    case 'thresholds':
      return atTheDoor((arrival) => isBelow(config, arrival));
    case 'progressive':
      return atTheDoor((arrival) => priorityOf(arrival) < admittedShare(config, arrival));
    case 'codel':
      return {
        initial: NEW_CODEL,
        admits: () => true,
        onStart: (state, leaving) => codelStep(config, state ?? NEW_CODEL, leaving),
      };
  }
}

const SERVED = { state: null, isShed: false } as const;

function atTheDoor(admits: Shedder['admits']): Shedder {
  return { initial: null, admits, onStart: () => SERVED };
}

function isBelow(config: ThresholdShedding, arrival: ArrivalSight): boolean {
  const threshold = config.shedAbove[arrival.criticality];
  return threshold === null || arrival[config.signal] <= threshold;
}

/** In (0, 1), the least important last; requests of a class are spread evenly over its part. */
function priorityOf(arrival: ArrivalSight): number {
  return (CRITICALITIES.indexOf(arrival.criticality) + arrival.u) / CRITICALITIES.length;
}

function admittedShare(config: ProgressiveShedding, arrival: ArrivalSight): number {
  const { startAt, fullAt, exponent } = config;
  const far = (arrival.utilization - startAt) / (fullAt - startAt);
  return 1 - Math.min(1, Math.max(0, far)) ** exponent;
}
