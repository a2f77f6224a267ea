/** From the cheapest fleets of each demand to the one that is regretted least. */
import { leastRegret, REGRET_FORMULA, regretsOf } from './demand/regret.ts';
import type { DemandRegret, FleetSetting } from './documents/plan-document.ts';

/** The cheapest fleet of a demand; null where none was found. */
export interface RegretPlan {
  readonly factor: number;
  readonly probability: number;
  readonly fleet: FleetSetting | null;
  readonly usdPerHour: number;
  readonly memoryGib: number;
}

/** Weighs them. Null where no demand has a fleet. */
export function regretOver(plans: readonly RegretPlan[]): DemandRegret | null {
  const met = plans.flatMap((plan) =>
    plan.fleet === null ? [] : [{ ...plan, fleet: plan.fleet }],
  );
  if (met.length === 0) return null;
  const regrets = regretsOf(met);
  return {
    demand: plans.map(({ factor, probability }) => ({ factor, probability })),
    formula: REGRET_FORMULA,
    rows: met.map(({ factor, fleet, usdPerHour }, i) => ({
      factor,
      fleet,
      usdPerHour,
      regret: regrets[i]?.regret ?? 0,
      spendRegret: regrets[i]?.spendRegret ?? 0,
      memoryRegret: regrets[i]?.memoryRegret ?? 0,
    })),
    least: leastRegret(regrets),
    unmet: plans.filter(({ fleet }) => fleet === null).map(({ factor }) => factor),
  };
}
