/** What a result document says of what was watched. */

/** Named metrics out of the warehouse. */
export interface ViewingResult {
  readonly topTitles: readonly {
    readonly titleId: string;
    readonly name: string;
    readonly plays: number;
  }[];
  readonly topGenres: readonly { readonly genre: string; readonly plays: number }[];
  /** Share of ended plays that reached the end, 0–1. */
  readonly completionShare: number | null;
  /** Share of plays (0–1) that came so far, in per cent of the title, before their first seek;
   * empty where no play has a position. Documents of before have none. */
  readonly retention?: readonly { readonly percent: number; readonly share: number }[];
  /** The way from the home page to the first frame; documents of before have none. */
  readonly funnel?: readonly FunnelStep[];
  /** Quality of experience, a row a kind of device. */
  readonly quality?: readonly QualityRow[];
  /** Users by the UTC day of their first event × days after it; of the newest 31 days. */
  readonly cohorts?: readonly CohortCell[];
  /** Of the last 31 UTC days with an event. */
  readonly activeUsers?: readonly {
    readonly day: string;
    readonly dau: number;
    readonly wau: number;
    readonly mau: number;
  }[];
  readonly plays: number;
  readonly playsPerMinute: readonly { readonly minute: string; readonly plays: number }[];
  readonly maxConcurrentViewers: number;
}

/** Sessions that took a step after the one before it. */
export interface FunnelStep {
  readonly name: string;
  /** In the order of corrected time, and in that in which the device noted them. */
  readonly byTime: number;
  readonly bySequence: number;
  /** From the step before, by time; null for the first, and where nobody came. */
  readonly p50Seconds: number | null;
  readonly p95Seconds: number | null;
}

/** Quality of experience on one kind of device; null where there is nothing to measure. */
export interface QualityRow {
  readonly device: string;
  /** Clicks on "play"; shares of them that ended before the first frame, without and with an
   * error. */
  readonly attempts: number;
  readonly exitShare: number | null;
  readonly failureShare: number | null;
  readonly startP50Seconds: number | null;
  readonly startP95Seconds: number | null;
  /** 0–100. */
  readonly startupScore: number | null;
  readonly plays: number;
  readonly playFailureShare: number | null;
  readonly watchSeconds: number;
  /** Time stalled after the start, of playing and stalling. */
  readonly rebufferRatio: number | null;
  readonly kbps: number | null;
}

/** Of the users first seen on a day: how many there are, and how many were active so many days
 * later. */
export interface CohortCell {
  /** `YYYY-MM-DD`. */
  readonly day: string;
  readonly after: number;
  readonly size: number;
  readonly active: number;
}
