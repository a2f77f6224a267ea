/** What `plan` says: the cheapest fleet that meets the objectives, what it costs, why cheaper ones
 * do not do, and how sure that is. Times are µs in fields that end in `Us`, money is USD. */
import type { ObjectiveVerdict } from '../../objectives/objective.ts';
import type { Estimate, PageDemand, Provenance } from '../../result.ts';

/** What came of a search. `met`: a fleet keeps to every objective at the confidence.
 * `impossible`: the largest fleet of the range does not. `inconclusive`: replications ended before
 * that was told. `budget`, `interrupted`: runs ended before; what was found is the best so far. */
export type PlanVerdict = 'met' | 'impossible' | 'inconclusive' | 'budget' | 'interrupted';

/** Whole numbers of a fleet by dotted path, in the order of the plan's coordinates. */
export type FleetSetting = Readonly<Record<string, number>>;

/** A number that the plan may choose. */
export interface PlannedNumber {
  /** Dotted path into the scenario: `services.talent.replicas`. */
  readonly path: string;
  /** The server or pipeline that it belongs to, as stations are named in results. */
  readonly station: string;
  readonly min: number;
  readonly max: number;
  readonly step: number;
  /** Where the search began. */
  readonly start: number;
  /** Null where nothing met the objectives. */
  readonly chosen: number | null;
  /** Of least regret over the demand; null without demand to weigh. */
  readonly leastRegret: number | null;
  /** What one step more costs; 0 for what is free, like the size of a batch. */
  readonly usdPerHourPerStep: number;
}

/** The objective that has the least room, and where. */
export interface BindingConstraint {
  readonly objective: string;
  /** `all zones`, or `zone 1 of region 0 lost`. */
  readonly situation: string;
  /** Room left as a share of the limit; below 0 it is missed. */
  readonly margin: number | null;
  /** In the limit's base unit. */
  readonly value: number | null;
  readonly limit: number;
  readonly unit: string;
  /** Middle of the worst window, since the start of the run. */
  readonly atUs: number | null;
  /** The station with the highest utilisation then (with the longest wait among equals). */
  readonly station: string | null;
  readonly stationUtilization: number | null;
  readonly stationWaitMs: number | null;
}

/** Why a fleet was rejected. */
export interface Excuse {
  readonly fleet: FleetSetting;
  readonly usdPerHour: number;
  /** By what: `screened` in the first look, every replication far off; `failed` at the confidence;
   * `margin`: it may meet the objectives, but not with confidence; `confirmation`: it passed the
   * search and not the replications that the search had not seen. */
  readonly rejectedBy: 'screened' | 'failed' | 'margin' | 'confirmation';
  readonly replications: number;
  /** Replications that missed the objective. */
  readonly missedReplications: number;
  readonly missed: BindingConstraint;
  /** Coordinates that differ by one step from the chosen fleet, and no other does. */
  readonly isNeighbour: boolean;
}

/** A fleet as it was simulated. */
export interface SimulatedFleet {
  readonly architecture: string;
  readonly fleet: FleetSetting;
  readonly usdPerHour: number;
  /** Of the worst situation, page-load times pooled over replications; null without pages. */
  readonly p99Ms: number | null;
  /** Share of pages that were shown, 0–1, in the worst situation. */
  readonly availability: number | null;
  readonly replications: number;
  readonly meetsObjectives: boolean;
  /** Whether no other simulated fleet is as good in all three and better in one. */
  readonly isOnFront: boolean;
}

/** What square-root staffing says of a station: `ceil(a + Q·√a)` servers. */
export interface StaffingCheck {
  readonly station: string;
  /** Erlangs at the peak, measured on the pilot run: utilisation × servers × peak ÷ mean
   * traffic. */
  readonly offeredErlangs: number;
  /** Servers (replicas × workers) that the plan chose, and that the scenario had. */
  readonly plannedServers: number | null;
  readonly scenarioServers: number;
  /** By Netflix's tiers 0 … 3. */
  readonly byTier: readonly {
    readonly tier: number;
    readonly q: number;
    readonly servers: number;
    /** P(wait) by Halfin and Whitt for that quality. */
    readonly waitProbability: number;
  }[];
  /** Share of the planned servers that must stay idle at the peak: .712 ÷ servers^.448. */
  readonly headroomShare: number | null;
  readonly idleShareAtPeak: number | null;
}

/** One fleet's regret, summed over what demand may come to. */
export interface RegretRow {
  /** The demand that it is the cheapest for. */
  readonly factor: number;
  readonly fleet: FleetSetting;
  readonly usdPerHour: number;
  /** Expected regret, by the formula in {@link DemandRegret}. */
  readonly regret: number;
  readonly spendRegret: number;
  readonly memoryRegret: number;
}

/** Planning for uncertain demand. */
export interface DemandRegret {
  readonly demand: readonly { readonly factor: number; readonly probability: number }[];
  readonly formula: string;
  readonly rows: readonly RegretRow[];
  /** Index into `rows` of the least total. */
  readonly least: number;
  /** Factors that no fleet was found for: none, or the verdict says so. */
  readonly unmet: readonly number[];
}

/** How much more traffic the chosen fleet bears until an objective is missed. */
export interface Headroom {
  /** Factor of the planned traffic; the mean over replications. */
  readonly factor: Estimate;
  readonly pagesPerSec: Estimate | null;
  readonly replications: number;
  /** Highest factor that was tried: where it still holds there, `isAtLeast`. */
  readonly factorMax: number;
  readonly isAtLeast: boolean;
  readonly toleranceShare: number;
  readonly binding: BindingConstraint | null;
}

/** The plan of one architecture, or variant. */
export interface ArchitecturePlan {
  readonly name: string;
  readonly architecture: string;
  readonly demand: PageDemand;
  readonly verdict: PlanVerdict;
  /** In words, one sentence. */
  readonly reason: string;
  readonly numbers: readonly PlannedNumber[];
  /** Paths that change nothing of this architecture, left as they are. */
  readonly inactive: readonly string[];
  /** The cheapest fleet found that meets the objectives; null where none does. */
  readonly fleet: FleetSetting | null;
  readonly usdPerHour: number | null;
  /** The fleet that came nearest, where none meets them. */
  readonly bestFound: FleetSetting | null;
  readonly bestFoundUsdPerHour: number | null;
  /** Of the fleet by square-root staffing at the planned tier; null where a station has none. */
  readonly squareRootUsdPerHour: number | null;
  /** Of the chosen fleet (or the best found) in its worst situation, on replications that the
   * search had not seen. */
  readonly verdicts: readonly ObjectiveVerdict[];
  readonly confirmedReplications: number;
  readonly binding: BindingConstraint | null;
  /** Of rejected fleets, dearest neighbours first; at most 20. */
  readonly excuses: readonly Excuse[];
  /** Whether every fleet that is one step cheaper was simulated and rejected. */
  readonly isMinimumVerified: boolean;
  readonly regret: DemandRegret | null;
  readonly headroom: Headroom | null;
  readonly staffing: readonly StaffingCheck[];
  readonly counts: {
    /** Fleets simulated, and those told by a worse or better one without a run. */
    readonly fleets: number;
    readonly inferred: number;
    readonly rejected: Readonly<Record<Excuse['rejectedBy'], number>>;
  };
}

/** `backlot plan`. */
export interface PlanDocument extends Provenance {
  readonly schema: 'backlot.plan/1';
  readonly digest: string;
  readonly confidence: number;
  readonly survive: 'nothing' | 'zone';
  /** What each fleet is put through: `all zones`, `zone 0 of region 0 lost`, … */
  readonly situations: readonly string[];
  /** From when to when a zone is lost; null where it need not be survived. */
  readonly peak: { readonly fromUs: number; readonly toUs: number } | null;
  readonly objectives: readonly string[];
  /** Objectives that a plan cannot judge, with the reason. */
  readonly objectivesLeftOut: readonly { readonly objective: string; readonly reason: string }[];
  /** The worst over architectures is not it: `met` where one meets the objectives. */
  readonly verdict: PlanVerdict;
  readonly reason: string;
  /** Name of the cheapest plan that meets the objectives. */
  readonly recommended: string | null;
  readonly plans: readonly ArchitecturePlan[];
  /** All fleets simulated at the scenario's traffic, cheapest first. */
  readonly simulated: readonly SimulatedFleet[];
  readonly runs: { readonly made: number; readonly found: number; readonly max: number | null };
  readonly method: string;
}
