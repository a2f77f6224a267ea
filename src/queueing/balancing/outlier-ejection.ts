/** Outlier ejection: replicas that fail too often in a row, or much more than the others, get no
 * calls for a while. Source: Envoy, outlier_detection_impl (defaults: 5 in a row, sweep every 10
 * s, 30 s · times ejected up to 300 s, at most 10 % but one always; success rate below mean −
 * 1.9 · stdev with ≥ 5 hosts of ≥ 100 calls a sweep). Sweeps that are due run at the next call
 * or outcome; a release counts from its sweep's instant on. Spec: Q47–Q48. */
import type { CallOutcome } from './balancer.ts';

/** When replicas are ejected, and for how long. */
export interface EjectionConfig {
  readonly consecutiveFailures: number;
  readonly intervalUs: number;
  readonly baseEjectionUs: number;
  readonly maxEjectionUs: number;
  readonly maxEjectedPercent: number;
  /** Whether one may be ejected however few there are. */
  readonly alwaysEjectOne: boolean;
  readonly successRateMinHosts: number;
  /** Calls of the last interval. */
  readonly successRateMinRequests: number;
  readonly successRateStdevFactor: number;
}

/** Envoy's defaults. */
export const EJECTION_DEFAULTS: EjectionConfig = {
  consecutiveFailures: 5,
  intervalUs: 10_000_000,
  baseEjectionUs: 30_000_000,
  maxEjectionUs: 300_000_000,
  maxEjectedPercent: 10,
  alwaysEjectOne: true,
  successRateMinHosts: 5,
  successRateMinRequests: 100,
  successRateStdevFactor: 1.9,
};

/** What is known of one replica. */
export interface HostHealth {
  readonly consecutiveFailures: number;
  /** Calls since the last sweep. */
  readonly okCount: number;
  readonly callCount: number;
  readonly isEjected: boolean;
  /** The sweep that lets it back in. */
  readonly releaseUs: number;
  /** Factor of its next ejection time, less one; falls by one a sweep while it stays in. */
  readonly backoff: number;
  /** When it was last let back in, −1: never. */
  readonly releasedUs: number;
}

/** Health of all replicas: plain data. */
export interface EjectionState {
  readonly hosts: readonly HostHealth[];
  readonly ejectedCount: number;
  readonly nextSweepUs: number;
}

const UNKNOWN: HostHealth = {
  consecutiveFailures: 0,
  okCount: 0,
  callCount: 0,
  isEjected: false,
  releaseUs: 0,
  backoff: 0,
  releasedUs: -1,
};

/** Nobody ejected; the first sweep comes after one interval. */
export function noEjections(config: EjectionConfig): EjectionState {
  return { hosts: [], ejectedCount: 0, nextSweepUs: config.intervalUs };
}

/** Whether a replica is ejected at an instant. */
export function isEjectedAt(host: HostHealth, nowUs: number): boolean {
  return host.isEjected && nowUs < host.releaseUs;
}

/** Fits the state to a number of replicas and runs the sweeps that are due. */
export function keepHealth(
  config: EjectionConfig,
  state: EjectionState,
  now: { readonly nowUs: number; readonly replicaCount: number },
): EjectionState {
  const fitted = state.hosts.length === now.replicaCount ? state : resized(state, now.replicaCount);
  return sweepUntil(config, fitted, now.nowUs);
}

/** Learns from an outcome. */
export function observeHealth(
  config: EjectionConfig,
  before: EjectionState,
  outcome: CallOutcome,
): EjectionState {
  const count = Math.max(before.hosts.length, outcome.replica + 1);
  const state = keepHealth(config, before, { nowUs: outcome.nowUs, replicaCount: count });
  const host = state.hosts[outcome.replica] ?? UNKNOWN;
  const failures = outcome.ok ? 0 : host.consecutiveFailures + 1;
  const isTooMany = failures === config.consecutiveFailures && !host.isEjected;
  const next = {
    ...host,
    consecutiveFailures: isTooMany ? 0 : failures,
    okCount: host.okCount + (outcome.ok ? 1 : 0),
    callCount: host.callCount + 1,
  };
  const seen = { ...state, hosts: state.hosts.with(outcome.replica, next) };
  return isTooMany ? eject(config, seen, { index: outcome.replica, nowUs: outcome.nowUs }) : seen;
}

function resized(state: EjectionState, count: number): EjectionState {
  const hosts = Array.from({ length: count }, (_, i) => state.hosts[i] ?? UNKNOWN);
  return { ...state, hosts, ejectedCount: hosts.filter((host) => host.isEjected).length };
}

function eject(
  config: EjectionConfig,
  state: EjectionState,
  at: { readonly index: number; readonly nowUs: number },
): EjectionState {
  const percent = (100 * (state.ejectedCount + 1)) / state.hosts.length;
  const isFirst = config.alwaysEjectOne && state.ejectedCount === 0;
  if (percent > config.maxEjectedPercent && !isFirst) return state;
  const host = state.hosts[at.index] ?? UNKNOWN;
  const canGrow =
    host.backoff * config.baseEjectionUs < config.maxEjectionUs + config.baseEjectionUs;
  const backoff = canGrow ? host.backoff + 1 : host.backoff;
  const endUs = at.nowUs + Math.min(config.baseEjectionUs * backoff, config.maxEjectionUs);
  const sweeps = Math.max(0, Math.ceil((endUs - state.nextSweepUs) / config.intervalUs));
  const releaseUs = state.nextSweepUs + sweeps * config.intervalUs;
  return {
    ...state,
    hosts: state.hosts.with(at.index, { ...host, isEjected: true, releaseUs, backoff }),
    ejectedCount: state.ejectedCount + 1,
  };
}

function sweepUntil(config: EjectionConfig, before: EjectionState, nowUs: number): EjectionState {
  let state = before;
  while (state.nextSweepUs <= nowUs) {
    state = sweep(config, state, state.nextSweepUs);
    // From here on sweeps would change nothing: however long it was quiet, one suffices.
    if (state.hosts.every((host) => !host.isEjected && host.backoff === 0)) {
      const missed = Math.floor((nowUs - state.nextSweepUs) / config.intervalUs) + 1;
      const nextSweepUs = state.nextSweepUs + Math.max(0, missed) * config.intervalUs;
      return { ...state, nextSweepUs };
    }
  }
  return state;
}

/** Lets back in whose time is over, ejects by success rate, and forgets what is past. */
function sweep(config: EjectionConfig, before: EjectionState, nowUs: number): EjectionState {
  const released = before.hosts.map((host) =>
    host.isEjected && host.releaseUs <= nowUs
      ? { ...host, isEjected: false, consecutiveFailures: 0, releasedUs: nowUs }
      : host,
  );
  let state: EjectionState = {
    hosts: released,
    ejectedCount: released.filter((host) => host.isEjected).length,
    nextSweepUs: nowUs + config.intervalUs,
  };
  for (const index of outliers(config, released)) state = eject(config, state, { index, nowUs });
  return { ...state, hosts: state.hosts.map((host) => afterSweep(config, host, nowUs)) };
}

function outliers(config: EjectionConfig, hosts: readonly HostHealth[]): number[] {
  const rates = hosts.flatMap((host, index) => {
    const counts = !host.isEjected && host.callCount >= config.successRateMinRequests;
    return counts && host.callCount > 0
      ? [{ index, rate: (host.okCount * 100) / host.callCount }]
      : [];
  });
  if (rates.length === 0 || rates.length < config.successRateMinHosts) return [];
  const mean = rates.reduce((sum, one) => sum + one.rate, 0) / rates.length;
  const variance = rates.reduce((sum, one) => sum + (one.rate - mean) ** 2, 0) / rates.length;
  const threshold = mean - config.successRateStdevFactor * Math.sqrt(variance);
  return rates.filter((one) => one.rate < threshold).map((one) => one.index);
}

function afterSweep(config: EjectionConfig, host: HostHealth, nowUs: number): HostHealth {
  const hasStayedIn =
    !host.isEjected && host.releasedUs >= 0 && nowUs - host.releasedUs >= config.intervalUs;
  const backoff = hasStayedIn ? Math.max(0, host.backoff - 1) : host.backoff;
  const isForgotten = backoff === 0 && host.consecutiveFailures === 0 && !host.isEjected;
  return isForgotten ? UNKNOWN : { ...host, okCount: 0, callCount: 0, backoff };
}
