/** Sums over titles shown in slots, and the rows of the metrics that come of them. Spec: S84. */
import { type MetricRow, ratio } from '../metric.ts';
import type { ShownTitle } from './shown-titles.ts';

interface SlotCount {
  readonly row: string | null;
  readonly slot: number | null;
  impressions: number;
  clicks: number;
  plays: number;
  /** Of those of known propensity: sums of 1 / propensity, over all and over the clicked ones. */
  weights: number;
  clickedWeights: number;
}

/** Sums by row and slot. */
export class SlotSums {
  readonly #counts = new Map<string, SlotCount>();

  add({ row, slot, propensity, isClicked, isPlayed }: ShownTitle): void {
    const weight = propensity !== null && propensity > 0 ? 1 / propensity : 0;
    this.#include({
      row,
      slot,
      impressions: 1,
      clicks: Number(isClicked),
      plays: Number(isPlayed),
      weights: weight,
      clickedWeights: isClicked ? weight : 0,
    });
  }

  addAll(others: SlotSums): void {
    for (const count of others.#counts.values()) this.#include(count);
  }

  rows() {
    return { slot_rates: this.#rates(), position_bias: this.#bias() } satisfies Readonly<
      Record<string, readonly MetricRow[]>
    >;
  }

  #include(added: SlotCount): void {
    const key = JSON.stringify([added.row, added.slot]);
    const count = this.#counts.get(key);
    if (count === undefined) this.#counts.set(key, { ...added });
    else addTo(count, added);
  }

  #rates() {
    return [...this.#counts.values()].sort(byRowAndSlot).map((count) => ({
      row_id: count.row,
      slot: count.slot,
      impressions: count.impressions,
      clicks: count.clicks,
      plays: count.plays,
      ctr: count.clicks / count.impressions,
      take_rate: count.plays / count.impressions,
    }));
  }

  #bias() {
    const bySlot = new Map<number, SlotCount>();
    for (const count of this.#counts.values()) {
      if (count.slot === null) continue;
      const known = bySlot.get(count.slot);
      if (known === undefined) bySlot.set(count.slot, { ...count });
      else addTo(known, count);
    }
    const sorted = [...bySlot].sort(([a], [b]) => a - b).map(([, count]) => count);
    const [first] = sorted;
    return sorted.map((count) => {
      const ctr = count.clicks / count.impressions;
      const firstCtr = first === undefined ? 0 : first.clicks / first.impressions;
      return {
        slot: count.slot,
        impressions: count.impressions,
        ctr,
        relative_ctr: ratio(ctr, firstCtr),
        weighted_ctr: ratio(count.clickedWeights, count.weights),
      };
    });
  }
}

function addTo(count: SlotCount, added: SlotCount): void {
  count.impressions += added.impressions;
  count.clicks += added.clicks;
  count.plays += added.plays;
  count.weights += added.weights;
  count.clickedWeights += added.clickedWeights;
}

/** Names by their letters' numbers, as SQL compares them; what is not told comes first. */
function byRowAndSlot(a: SlotCount, b: SlotCount): number {
  const [rowA, rowB] = [a.row ?? '', b.row ?? ''];
  if (rowA !== rowB) return rowA < rowB ? -1 : 1;
  return (a.slot ?? -1) - (b.slot ?? -1);
}
