/** Sums over titles shown in slots, and the rows of the metrics that come of them. Spec: S84. */
import { type MetricRow, ratio } from '../metric.ts';
import type { ShownTitle } from './shown-titles.ts';

interface SlotCount {
  readonly policy: string | null;
  readonly row: string | null;
  readonly slot: number | null;
  impressions: number;
  clicks: number;
  plays: number;
  /** Of those of known propensity: sums of 1 / propensity, over all and over the clicked ones. */
  weights: number;
  clickedWeights: number;
  /** Of those where it was logged: how many, and the sum. */
  logged: number;
  propensities: number;
}

/** Sums by row and slot. */
export class SlotSums {
  readonly #counts = new Map<string, SlotCount>();

  add({ policy, row, slot, propensity, isClicked, isPlayed }: ShownTitle): void {
    const weight = propensity !== null && propensity > 0 ? 1 / propensity : 0;
    this.#include({
      policy,
      row,
      slot,
      impressions: 1,
      clicks: Number(isClicked),
      plays: Number(isPlayed),
      weights: weight,
      clickedWeights: isClicked ? weight : 0,
      logged: Number(propensity !== null),
      propensities: propensity ?? 0,
    });
  }

  addAll(others: SlotSums): void {
    for (const count of others.#counts.values()) this.#include(count);
  }

  rows() {
    return {
      slot_rates: this.#rates(),
      row_rates: this.#rowRates(),
      policy_rates: this.#policyRates(),
      position_bias: this.#bias(),
    } satisfies Readonly<Record<string, readonly MetricRow[]>>;
  }

  #include(added: SlotCount): void {
    const key = JSON.stringify([added.policy, added.row, added.slot]);
    const count = this.#counts.get(key);
    if (count === undefined) this.#counts.set(key, { ...added });
    else addTo(count, added);
  }

  #rates() {
    return this.#grouped(({ row, slot }) => [row, slot]).map((count) => ({
      row_id: count.row,
      slot: count.slot,
      ...ratesOf(count),
    }));
  }

  #rowRates() {
    return this.#grouped(({ row }) => (row === null ? undefined : [row])).map((count) => ({
      row_id: count.row,
      ...ratesOf(count),
    }));
  }

  #policyRates() {
    return this.#grouped(({ policy, row }) => (policy === null ? undefined : [policy, row])).map(
      (count) => ({
        policy_id: count.policy,
        row_id: count.row,
        ...ratesOf(count),
        mean_propensity: ratio(count.propensities, count.logged),
      }),
    );
  }

  /** Sums by a key, in its order; what has none is left out. */
  #grouped(
    keyOf: (count: SlotCount) => readonly (string | number | null)[] | undefined,
  ): readonly SlotCount[] {
    const groups = new Map<string, { key: readonly (string | number | null)[]; sum: SlotCount }>();
    for (const count of this.#counts.values()) {
      const key = keyOf(count);
      if (key === undefined) continue;
      const known = groups.get(JSON.stringify(key));
      if (known === undefined) groups.set(JSON.stringify(key), { key, sum: { ...count } });
      else addTo(known.sum, count);
    }
    return [...groups.values()].sort((a, b) => byParts(a.key, b.key)).map(({ sum }) => sum);
  }

  #bias() {
    const sorted = this.#grouped(({ slot }) => (slot === null ? undefined : [slot]));
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
  count.logged += added.logged;
  count.propensities += added.propensities;
}

function ratesOf(count: SlotCount) {
  return {
    impressions: count.impressions,
    clicks: count.clicks,
    plays: count.plays,
    ctr: count.clicks / count.impressions,
    take_rate: count.plays / count.impressions,
  };
}

/** Names by their letters' numbers, as SQL compares them; what is not told comes first. */
function byParts(
  a: readonly (string | number | null)[],
  b: readonly (string | number | null)[],
): number {
  for (const [i, own] of a.entries()) {
    const [x, y] = [own ?? '', b[i] ?? ''];
    if (x !== y) return x === '' || (y !== '' && x < y) ? -1 : 1;
  }
  return 0;
}
