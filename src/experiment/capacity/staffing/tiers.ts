/** Square-root staffing as Netflix's service-capacity-modeling does it: `ceil(a + Q·√a)` cores, Q
 * by tier, and the headroom that keeps P(wait) below 0.3. What plans are started from and checked
 * by. */
import {
  halfinWhittWaitProbability,
  squareRootStaffing,
} from '../../../queueing/theory/staffing/halfin-whitt.ts';

/** Q by tier, most critical first. Source: Netflix service-capacity-modeling,
 * `models/common.py`. */
export const TIER_QUALITY = [2.375, 1.761, 1.16, 1] as const;

/** What a tier asks of a station. */
export interface TierStaffing {
  readonly tier: number;
  readonly q: number;
  readonly servers: number;
  readonly waitProbability: number;
}

/** Servers by tier. @param offeredErlangs - ≥ 0.
 * @throws EngineError `QUEUEING_BAD_ARGUMENT`. */
export function staffingByTier(offeredErlangs: number): readonly TierStaffing[] {
  return TIER_QUALITY.map((q, tier) => ({
    tier,
    q,
    servers: squareRootStaffing(offeredErlangs, q),
    waitProbability: halfinWhittWaitProbability(q),
  }));
}

/** Servers of one tier; the nearest tier there is. */
export function serversOfTier(offeredErlangs: number, tier: number): number {
  const q = TIER_QUALITY[Math.min(TIER_QUALITY.length - 1, Math.max(0, tier))] ?? TIER_QUALITY[0];
  return squareRootStaffing(offeredErlangs, q);
}

/** Share of servers that must be idle: .712 ÷ servers^.448, at most 1. A fit to Erlang C at
 * P(wait) ≤ 0.3, off by at most 0.012 from 1 to 96 servers. Source: as above. */
export function headroomShare(servers: number): number {
  return Math.min(1, 0.712 / servers ** 0.448);
}
