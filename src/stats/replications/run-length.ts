/** How long a station must be simulated: near saturation the number of jobs wanders so slowly that
 * a run has to be many times longer for the same relative precision. */
import { requireArgument } from '../bad-argument.ts';
import { normalQuantile } from '../normal.ts';

/** A station, or what is known of it before a run. */
export interface RunLengthStation {
  /** λ, above 0. */
  readonly arrivalRatePerSec: number;
  /** Of one worker: μ, above 0. */
  readonly serviceRatePerSec: number;
  /** Workers c; 1 unless given. */
  readonly serverCount?: number;
  /** (c_a² + c_s²) ÷ 2 of the squared coefficients of variation of gaps and service times: 1 for
   * exponential ones, which is what stands unless given; 0.5 for constant service. */
  readonly variability?: number;
}

/** How long, and how that came about. */
export interface PlannedRunLength {
  /** Simulated time after the warm-up, seconds: of one run, or of replications together. */
  readonly seconds: number;
  readonly utilization: number;
  /** Long-run mean number of jobs in the system. */
  readonly mean: number;
  /** lim t · Var(time average over t), jobs² · seconds. */
  readonly asymptoticVariance: number;
}

/** Seconds of simulated time after which the number of jobs in an M/M/c system is known to
 * ± relativeError: t = z² · σ² ÷ (relativeError · mean)². Exact for M/M/c as t grows; with another
 * variability the heavy-traffic scaling of Whitt. Null where the station is unstable (ρ ≥ 1), for
 * which no run is long enough.
 * @param precision.relativeError - Above 0. @param precision.confidence - 0.95 unless given.
 * @throws EngineError `STATS_BAD_ARGUMENT`. Cost O(states that matter).
 * Source: Whitt, "Planning queueing simulations", Management Science 35, 1989; "Asymptotic formulas
 * for Markov processes with applications to simulation", Operations Research 40, 1992.
 * Spec: N28. */
export function plannedRunLength(
  station: RunLengthStation,
  precision: { readonly relativeError: number; readonly confidence?: number },
): PlannedRunLength | null {
  const { relativeError, confidence = 0.95 } = precision;
  requireStation(station);
  const rule = 'above 0';
  requireArgument(relativeError > 0, { argument: 'relativeError', found: relativeError, rule });
  const z = normalQuantile(1 - (1 - confidence) / 2);
  const { arrivalRatePerSec, serviceRatePerSec, serverCount = 1, variability = 1 } = station;
  const utilization = arrivalRatePerSec / (serverCount * serviceRatePerSec);
  if (utilization >= 1) return null;
  const { mean, asymptoticVariance } = birthDeathVariance({
    birthRate: () => arrivalRatePerSec,
    deathRate: (n) => Math.min(n, serverCount) * serviceRatePerSec,
  });
  const scaled = asymptoticVariance * variability;
  const seconds = z ** 2 * (scaled / (relativeError * mean) ** 2);
  return { seconds, utilization, mean, asymptoticVariance: scaled };
}

/** Mean and asymptotic variance of the state of a birth–death process on 0, 1, 2, …:
 * σ² = 2 Σ_j (Σ_{i≤j} (i − mean) π_i)² ÷ (λ_j π_j). The chain is cut where the rest no longer
 * matters (probability below 1e-18 of the largest).
 * @param rates.birthRate - λ_n from state n. @param rates.deathRate - μ_n from state n ≥ 1.
 * Source: Whitt 1992, formula (9). */
export function birthDeathVariance(rates: {
  readonly birthRate: (n: number) => number;
  readonly deathRate: (n: number) => number;
}): { readonly mean: number; readonly asymptoticVariance: number } {
  // Weights relative to the largest so far, so that neither end under- nor overflows.
  let weights = [1];
  let largest = 1;
  for (let n = 1; n < 1e7; n += 1) {
    const next = (weights[n - 1] ?? 0) * (rates.birthRate(n - 1) / rates.deathRate(n));
    weights.push(next);
    largest = Math.max(largest, next);
    if (next < 1e-18 * largest) break;
    if (next < 1e200) continue;
    weights = weights.map((weight) => weight / next);
    largest = 1;
  }
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  const mean = weights.reduce((sum, weight, n) => sum + n * weight, 0) / total;
  let partial = 0;
  let variance = 0;
  for (const [n, weight] of weights.entries()) {
    const share = weight / total;
    const rate = rates.birthRate(n);
    // What a state adds is of the size of its probability: the least likely ones would only
    // divide 0 by 0.
    if (share < 1e-200 || rate === 0 || n === weights.length - 1) continue;
    partial += (n - mean) * share;
    variance += (2 * partial ** 2) / (rate * share);
  }
  return { mean, asymptoticVariance: variance };
}

function requireStation(station: RunLengthStation): void {
  const { arrivalRatePerSec, serviceRatePerSec, serverCount = 1, variability = 1 } = station;
  const positive = { arrivalRatePerSec, serviceRatePerSec, variability };
  for (const [argument, found] of Object.entries(positive)) {
    requireArgument(found > 0 && Number.isFinite(found), { argument, found, rule: 'above 0' });
  }
  const isCount = Number.isInteger(serverCount) && serverCount >= 1;
  const rule = 'a whole number above 0';
  requireArgument(isCount, { argument: 'serverCount', found: serverCount, rule });
}
