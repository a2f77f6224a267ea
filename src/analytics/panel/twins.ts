/** Counterfactual twins: the same viewers live the same days twice, on the same draws, once under
 * each policy. What differs between a viewer and the twin, the policy did. No service can see that;
 * here it is the truth that experiments are held against. Spec: M21. */
import type { RowPolicy } from '../../domain/recommending/row-policy.ts';
import { satisfactionOf } from '../../domain/taste/satisfaction.ts';
import { EngineError } from '../../kernel/errors.ts';
import { welchDifference } from '../../stats/comparison/welch-difference.ts';
import { momentsOf } from '../../stats/moments.ts';
import { type PairedDifference, pairedDifference } from '../../stats/paired-difference.ts';
import type { Panel } from './panel.ts';

/** What is compared, by viewer. */
export const TWIN_METRICS = ['plays', 'hours', 'rowReward', 'satisfaction', 'retained'] as const;
/** One of {@link TWIN_METRICS}: plays begun, hours watched, Σ of rows' rewards, satisfaction at the
 * end (0–1), and whether the viewer had not left for good (0 or 1). */
export type TwinMetric = (typeof TWIN_METRICS)[number];

/** One metric of both lives. */
export interface TwinDifference {
  readonly metric: TwinMetric;
  /** Means over viewers. */
  readonly base: number;
  readonly other: number;
  /** Other − base, by viewer, with its interval and how much pairing reduces the variance. */
  readonly paired: PairedDifference;
  /** Half the width of both intervals: of the twins, and of two groups of as many viewers each that
   * have nothing in common. Null below two viewers. */
  readonly pairedHalfWidth: number | null;
  readonly unpairedHalfWidth: number | null;
}

const US_PER_HOUR = 3_600_000_000;

/** Lets two forks of a panel go on under a policy each; the panel itself stays where it is.
 * @param options - Policies that learn share what they learn among viewers, so that differences of
 * viewers are not independent, and the interval is of this audience, not of others.
 * @throws EngineError `ANALYTICS_BAD_ARGUMENT` for a panel without viewers. */
export function compareTwins(options: {
  readonly panel: Panel;
  readonly days: number;
  readonly base: RowPolicy;
  readonly other: RowPolicy;
  readonly confidence?: number;
}): readonly TwinDifference[] {
  const { panel, days, confidence = 0.95 } = options;
  if (panel.viewers.length === 0) throw nobody();
  const base = livesOf(panel.fork(), days, options.base);
  const other = livesOf(panel.fork(), days, options.other);
  return TWIN_METRICS.map((metric) => {
    const [a, b] = [other[metric], base[metric]];
    const paired = pairedDifference(a, b, confidence);
    const apart = welchDifference(a, b, confidence);
    return {
      metric,
      base: momentsOf(b).mean,
      other: momentsOf(a).mean,
      paired,
      pairedHalfWidth: halfWidth(paired),
      unpairedHalfWidth: apart.halfWidth,
    };
  });
}

function livesOf(
  panel: Panel,
  days: number,
  policy: RowPolicy,
): Readonly<Record<TwinMetric, number[]>> {
  const { viewers, states, config } = panel;
  const places = new Map(Array.from(viewers, (viewer, at): [number, number] => [viewer, at]));
  const empty = () => new Array<number>(viewers.length).fill(0);
  const lives = { plays: empty(), hours: empty(), rowReward: empty() };
  const add = (column: number[], viewer: number, amount: number) => {
    const at = places.get(viewer) ?? 0;
    column[at] = (column[at] ?? 0) + amount;
  };
  panel.advance({
    days,
    policyOf: () => policy,
    listener: {
      play({ viewer, watchedUs }) {
        add(lives.plays, viewer, 1);
        add(lives.hours, viewer, watchedUs / US_PER_HOUR);
      },
      row: ({ viewer, reward }) => add(lives.rowReward, viewer, reward),
    },
  });
  return {
    ...lives,
    satisfaction: Array.from(states.exposure, (one) => satisfactionOf(config.satisfaction, one)),
    retained: Array.from(states.nextVisitUs, (nextUs) => Number(Number.isFinite(nextUs))),
  };
}

function nobody(): EngineError<'ANALYTICS_BAD_ARGUMENT'> {
  return new EngineError(
    'ANALYTICS_BAD_ARGUMENT',
    'twins: the panel has 0 viewers, so that there is nobody to compare; give it at least one',
    { argument: 'viewers', found: 0 },
  );
}

function halfWidth({ low, high }: { low: number | null; high: number | null }): number | null {
  return low === null || high === null ? null : (high - low) / 2;
}
