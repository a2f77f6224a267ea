/** The part `outcomes` of a `backlot.learn/1` document: which plays are watched to the end, which
 * shown titles are taken, who churns, and how long viewers, absences and plays last. All of it from
 * the warehouse only. */
import { type OutcomeHistory, readHistory } from '../../analytics/features/history.ts';
import {
  groupOf,
  mostPlayed,
  timeToChurn,
  timeToReturn,
  watchThrough,
} from '../../analytics/outcomes/lifetimes.ts';
import { learnOutcome, type OutcomeModel } from '../../analytics/outcomes/outcome-model.ts';
import { churnRows, completionRows, takeRows } from '../../analytics/outcomes/questions.ts';
import {
  type ComparedCurves,
  comparedCurves,
  type NamedCurve,
  namedCurve,
} from '../../analytics/survival/compared-curves.ts';
import type { Warehouse } from '../../storage/warehouse.ts';

/** What is foretold. */
export type OutcomeName = 'completion' | 'take' | 'churn';

/** The document's part. */
export interface OutcomesDocument {
  /** Completion and take are learned from what was known before this time, and judged on what was
   * asked from it on; null in an empty warehouse. µs since the epoch. */
  readonly cutUs: number | null;
  /** When churn was asked: a horizon before the end of the data; null where it was not. */
  readonly churnAskedUs: number | null;
  /** Who is not seen for so many days has churned. */
  readonly churnHorizonDays: number;
  /** Takes are learned and judged on the impressions of such a share of the sessions: 1 is all. */
  readonly impressionsShare: number;
  readonly models: Readonly<Record<OutcomeName, OutcomeModel>>;
  readonly survival: {
    /** Days from the first visit to the last. */
    readonly churn: ComparedCurves;
    /** Days from the end of the first play to the next session. */
    readonly return: ComparedCurves;
    /** Percent of the running time, of the titles with the most plays. */
    readonly watchThrough: readonly NamedCurve[];
  };
}

/** What to learn. */
export interface OutcomesOptions {
  /** The time at which four of five plays have begun, unless given. */
  readonly cutUs?: number;
  /** 7 unless given; above 0. */
  readonly churnHorizonDays?: number;
  /** λ of the quadratic penalty: 1 unless given. */
  readonly penalty?: number;
}

const DAY_US = 86_400_000_000;
const TRAINING_SHARE = 0.8;
const TITLES_SHOWN = 4;

/** Learns and judges all of it; an empty warehouse gives reasons. Cost: a few seconds for 1 M
 * plays (bench `analytics`). */
export function learnOutcomes(
  warehouse: Pick<Warehouse, 'scan'>,
  options: OutcomesOptions = {},
): OutcomesDocument {
  const { churnHorizonDays = 7 } = options;
  const history = readHistory(warehouse);
  const horizonUs = churnHorizonDays * DAY_US;
  const cutUs = options.cutUs ?? timeOfShare(history, TRAINING_SHARE);
  const churn = churnRows(history, { horizonUs, activeUs: 2 * horizonUs });
  const learn = (rows: Parameters<typeof learnOutcome>[0]) => learnOutcome(rows, options).model;
  return {
    cutUs: Number.isNaN(cutUs) ? null : cutUs,
    churnAskedUs: typeof churn === 'string' ? null : churn.askedUs,
    churnHorizonDays,
    impressionsShare: history.impressions.share,
    models: {
      completion: learn(completionRows(history, cutUs)),
      take: learn(takeRows(history, cutUs)),
      churn: typeof churn === 'string' ? unaskable(churn, options) : learn(churn),
    },
    survival: survivalOf(history, horizonUs),
  };
}

/** NaN where nothing was played. */
function timeOfShare({ plays }: OutcomeHistory, share: number): number {
  const starts = plays.startUs.slice().sort();
  return starts[Math.floor(starts.length * share)] ?? Number.NaN;
}

function unaskable(reason: string, { penalty = 1 }: OutcomesOptions): OutcomeModel {
  const none = { rows: 0, ones: 0, units: 0 };
  return {
    training: none,
    test: none,
    penalty,
    leftOut: [],
    intercept: null,
    coefficients: [],
    noIntervals: null,
    judgement: null,
    online: null,
    reason,
  };
}

function survivalOf(history: OutcomeHistory, horizonUs: number): OutcomesDocument['survival'] {
  const compare = (all: ReturnType<typeof timeToReturn>, nobody: string) =>
    comparedCurves(
      { name: 'all viewers', lifetimes: all },
      [
        { name: 'first play complete', lifetimes: groupOf(all, 1) },
        { name: 'first play left', lifetimes: groupOf(all, 0) },
      ],
      nobody,
    );
  const days = horizonUs / DAY_US;
  return {
    churn: compare(
      timeToChurn(history, horizonUs),
      `nobody played ${days} days before the end of the data, or earlier: who left is not known`,
    ),
    return: compare(timeToReturn(history), 'nobody has played anything'),
    watchThrough: mostPlayed(history, TITLES_SHOWN).flatMap((title) => {
      const lifetimes = watchThrough(history, title);
      const name = history.titles[title]?.id ?? '';
      return lifetimes.duration.length === 0 ? [] : [namedCurve({ name, lifetimes })];
    }),
  };
}
