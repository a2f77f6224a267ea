/** What an off-policy estimator reads: logged decisions as columns. A decision is one choice of an
 * action, such as the title of a one-slot row, with the probability that the logging policy gave
 * it, and what the policy in question would have given it. Spec: M160. */
import { requireArgument } from '../../stats/bad-argument.ts';

/** Logged decisions; all columns of one length n. */
export interface BanditLog {
  readonly reward: ArrayLike<number>;
  /** Of the logged action under the policy that logged it: (0, 1]. */
  readonly propensity: ArrayLike<number>;
  /** Of the logged action under the target policy: 0–1. */
  readonly targetProbability: ArrayLike<number>;
  /** Who was decided for: rows of one are no independent draws. Each row is its own unless
   * given. */
  readonly cluster?: ArrayLike<number>;
  /** What a reward model sees; without it there is neither DM nor DR. */
  readonly features?: LoggedFeatures;
  /** Probability that the target gives to actions which the logger never takes, by row; unknown
   * unless given. */
  readonly unsupported?: ArrayLike<number>;
}

/** Features of decisions, row-major, n × width. */
export interface LoggedFeatures {
  readonly width: number;
  /** Of the logged action. */
  readonly logged: Float64Array;
  /** Expected under the target policy: Σ over actions of π(action) · features. A linear model needs
   * no more to foretell the target's reward. */
  readonly target: Float64Array;
}

/** @throws EngineError `STATS_BAD_ARGUMENT` naming the column, the row and what is wrong. */
export function requireBanditLog(log: BanditLog): void {
  const { reward, propensity, targetProbability, cluster, features, unsupported } = log;
  const n = reward.length;
  const columns = { propensity, targetProbability, cluster, unsupported };
  for (const [name, column] of Object.entries(columns)) {
    const found = column?.length ?? n;
    requireArgument(found === n, { argument: `rows of ${name}`, found, rule: `${n}, as rewards` });
  }
  for (let i = 0; i < n; i += 1) {
    const p = propensity[i] ?? 0;
    const rule = 'above 0 and at most 1: log what the policy drew with';
    requireArgument(p > 0 && p <= 1, { argument: `propensity of row ${i}`, found: p, rule });
    const q = targetProbability[i] ?? -1;
    const isShare = q >= 0 && q <= 1 + 1e-9;
    requireArgument(isShare, { argument: `target of row ${i}`, found: q, rule: 'from 0 to 1' });
    const found = reward[i];
    const isNumber = Number.isFinite(found);
    requireArgument(isNumber, { argument: `reward of row ${i}`, found, rule: 'finite' });
  }
  if (features === undefined) return;
  for (const [name, values] of [
    ['logged', features.logged],
    ['target', features.target],
  ] as const) {
    const rule = `${n} × ${features.width}`;
    const found = values.length;
    const isWhole = found === n * features.width;
    requireArgument(isWhole, { argument: `${name} features`, found, rule });
  }
}
