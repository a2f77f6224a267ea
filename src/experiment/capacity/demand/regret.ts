/** Least regret over uncertain demand, by the formulas of Netflix's service-capacity-modeling: each
 * demand has a cheapest fleet; having another one is regretted, too little more than too much. */

/** What a fleet is weighed by. */
export interface WeighedFleet {
  readonly factor: number;
  readonly probability: number;
  readonly usdPerHour: number;
  readonly memoryGib: number;
}

/** What one fleet is regretted by, expected over the demand. */
export interface Regret {
  readonly regret: number;
  readonly spendRegret: number;
  readonly memoryRegret: number;
}

/** Costs of having too much and too little, and the power they grow with. */
interface RegretTerm {
  readonly over: number;
  readonly under: number;
  readonly exponent: number;
}

/** USD a year. Source: `CapacityRegretParameters` of service-capacity-modeling. */
const SPEND: RegretTerm = { over: 1, under: 1.25, exponent: 1.2 };
/** GiB. Same source; lacking memory is regretted, having it is paid for already. */
const MEMORY: RegretTerm = { over: 0, under: 1.5, exponent: 1.1 };
const HOURS_PER_YEAR = 8_760;

/** How regret is computed, for documents. */
export const REGRET_FORMULA =
  'Σ over demand of probability × [(1 × USD a year above the cheapest fleet, or 1.25 × USD below)' +
  '^1.2 + (1.5 × GiB of memory below)^1.1] (Netflix service-capacity-modeling; it plans no disks)';

/** Regret of each fleet, in their order. The fleet of a factor is the cheapest for it.
 * @param fleets - At least one; probabilities are normalised. Cost O(n²). */
export function regretsOf(fleets: readonly WeighedFleet[]): readonly Regret[] {
  const total = fleets.reduce((sum, { probability }) => sum + probability, 0);
  return fleets.map((had) => {
    let [spendRegret, memoryRegret] = [0, 0];
    for (const best of fleets) {
      const weight = best.probability / total;
      const usd = (had.usdPerHour - best.usdPerHour) * HOURS_PER_YEAR;
      spendRegret += weight * regretOf(SPEND, usd);
      memoryRegret += weight * regretOf(MEMORY, had.memoryGib - best.memoryGib);
    }
    return { regret: spendRegret + memoryRegret, spendRegret, memoryRegret };
  });
}

/** Index of the least; the larger demand's among equals. */
export function leastRegret(regrets: readonly Regret[]): number {
  let least = 0;
  for (const [i, { regret }] of regrets.entries()) {
    if (regret <= (regrets[least]?.regret ?? 0)) least = i;
  }
  return least;
}

function regretOf({ over, under, exponent }: RegretTerm, excess: number): number {
  const weighted = excess >= 0 ? excess * over : -excess * under;
  return weighted ** exponent;
}
