/** The arms of a closed loop, side by side. */
import { choiceProbabilities } from '../../../domain/taste/choice-model.ts';
import { satisfactionOf } from '../../../domain/taste/satisfaction.ts';
import { meanInterval } from '../../../stats/mean-interval.ts';
import type { Warehouse } from '../../../storage/warehouse.ts';
import type { ClosedLoop } from '../closed-loop.ts';
import type { RowTruth, ViewerTruth } from '../loop-truth.ts';
import type { ArmEstimate, ArmResult, SlotResult } from './loop-result.ts';

const US_PER_HOUR = 3_600_000_000;

const STORED_SLOTS = `SELECT i.slot, u.attributes ->> '$.exp_arm' AS arm, count(*) AS stored,
    sum(i.clicked) AS clicked
  FROM fact_impression i JOIN fact_event e ON e.event_id = i.imp_id
    JOIN dim_user u ON u.user_id = e.subject AND u.is_current = 1
  WHERE i.row_id = 'for-you' GROUP BY i.slot, arm`;

interface StoredSlot {
  readonly slot: number;
  readonly arm: string;
  readonly stored: number;
  readonly clicked: number;
}

/** Sums the arms up. @param warehouse - Its impressions are brought up to date. */
export function armResults(loop: ClosedLoop, warehouse: Warehouse): readonly ArmResult[] {
  const { config, truth } = loop;
  warehouse.derive();
  const stored = warehouse.query(STORED_SLOTS) as unknown as readonly StoredSlot[];
  const total = config.arms.reduce((sum, { share }) => sum + share, 0);
  return config.arms.map(({ name, policy, share }, place) => {
    const viewers = truth.viewers.filter(({ viewer }) => loop.armOf(viewer) === place);
    const rows = truth.rows.filter(({ viewer }) => loop.armOf(viewer) === place);
    return {
      name,
      policy: policy.kind,
      share: share / total,
      ...armSums(viewers, loop),
      ...armValue(rows),
      bySlot: slotResults(
        rows,
        stored.filter(({ arm }) => arm === name),
        loop,
      ),
    };
  });
}

function armSums(viewers: readonly ViewerTruth[], { config }: ClosedLoop) {
  const sum = (of: (viewer: ViewerTruth) => number) =>
    viewers.reduce((total, viewer) => total + of(viewer), 0);
  const plays = sum((viewer) => viewer.plays);
  return {
    viewers: viewers.length,
    visits: sum(({ visits }) => visits),
    rows: sum(({ rows }) => rows),
    takes: sum(({ takes }) => takes),
    takeRate: ratioOf(viewers),
    plays,
    completionShare: plays === 0 ? null : sum(({ completed }) => completed) / plays,
    hoursWatched: sum(({ watchedUs }) => watchedUs) / US_PER_HOUR,
    hoursPerViewer: meanOf(viewers.map(({ watchedUs }) => watchedUs / US_PER_HOUR)),
    satisfaction: meanOf(
      viewers.map(({ exposure }) => satisfactionOf(config.satisfaction, exposure)),
    ),
    returned: viewers.filter(({ visits }) => visits > 1).length,
    churned: viewers.filter(({ hasChurned }) => hasChurned).length,
  };
}

function meanOf(values: readonly number[]): ArmEstimate | null {
  if (values.length === 0) return null;
  const { mean: value, low, high } = meanInterval(values);
  return { value, low, high };
}

/** Takes per row: a ratio over viewers, linearised around itself (the delta method). */
function ratioOf(viewers: readonly ViewerTruth[]): ArmEstimate | null {
  const rows = viewers.reduce((sum, viewer) => sum + viewer.rows, 0);
  if (rows === 0) return null;
  const ratio = viewers.reduce((sum, { takes }) => sum + takes, 0) / rows;
  const meanRows = rows / viewers.length;
  const parts = viewers.map((viewer) => ratio + (viewer.takes - ratio * viewer.rows) / meanRows);
  const { low, high } = meanInterval(parts);
  return { value: ratio, low, high };
}

function armValue(rows: readonly RowTruth[]) {
  const value = rows.reduce((sum, row) => sum + row.value, 0);
  const best = rows.reduce((sum, row) => sum + row.bestValue, 0);
  const n = rows.length;
  return {
    value: n === 0 ? null : value / n,
    bestValue: n === 0 ? null : best / n,
    regret: best - value,
    shareOfOracle: best === 0 ? null : value / best,
  };
}

function slotResults(
  rows: readonly RowTruth[],
  stored: readonly StoredSlot[],
  { config, ground }: ClosedLoop,
): readonly SlotResult[] {
  const slots = Array.from({ length: config.slots }, (_, slot) => ({
    slot,
    shown: 0,
    taken: 0,
    expected: 0,
    stored: stored.find((one) => one.slot === slot)?.stored ?? 0,
    clicked: stored.find((one) => one.slot === slot)?.clicked ?? 0,
  }));
  for (const { viewer, titles, takenSlot } of rows) {
    const probabilities = choiceProbabilities(
      config.choice,
      titles.map((title) => ground.tastes.attraction(viewer, title)),
    );
    for (const slot of slots.slice(0, titles.length)) {
      slot.shown += 1;
      slot.taken += Number(takenSlot === slot.slot);
      slot.expected += probabilities[slot.slot] ?? 0;
    }
  }
  return slots;
}
