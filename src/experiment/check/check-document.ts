/** The document of `check`: what is wrong with a scenario, what may mislead, and what theory says
 * of every station before anything is run. */

/** A finding. Errors make a scenario unfit to run; warnings say what its results will not bear. */
export interface Finding {
  readonly severity: 'error' | 'warning';
  /** Closed list: `LINT_CODES` in `lints/finding.ts`. */
  readonly code: string;
  /** Architecture or variant; null where it is of the scenario as a whole. */
  readonly subject: string | null;
  /** Dotted path into the scenario, or a station's name. */
  readonly path: string;
  readonly found: string;
  /** The rule it breaks, and the remedy. */
  readonly rule: string;
}

/** Utilization at one moment, and what theory makes of it. Times in ms. */
export interface StationLoad {
  readonly workers: number;
  /** Offered load ÷ workers, above 1 where unstable; null where no worker is left. */
  readonly utilization: number | null;
  /** P(wait); 1 where unstable. */
  readonly waitProbability: number;
  /** Null where unstable, or where service times have no variance. */
  readonly meanWaitMs: number | null;
  readonly p99WaitMs: number | null;
}

/** One station before the run. */
export interface StationPreflight {
  readonly station: string;
  readonly kind: 'service' | 'monolith' | 'gateway' | 'database' | 'pipeline';
  readonly replicas: number;
  readonly workersPerReplica: number;
  /** Replicas that its autoscaler may come to; `replicas` without one. */
  readonly maxReplicas: number;
  readonly jobsPerPage: number;
  readonly meanServiceMs: number;
  /** Squared coefficient of variation of a job's service time; null where infinite. */
  readonly serviceScv: number | null;
  /** At the peak. */
  readonly arrivalRatePerSec: number;
  /** Erlangs at the peak. */
  readonly offeredLoad: number;
  /** Virtual time of the peak, µs. */
  readonly peakAtUs: number;
  readonly peak: StationLoad;
  /** At the peak, without the zone that most replicas are in; null where there is one zone only. */
  readonly zoneLost: StationLoad | null;
  /** Over the whole run, drain included: as the result document has it. */
  readonly meanUtilization: number;
  /** Fewest workers at which the peak is stable. */
  readonly workersNeeded: number;
  /** Virtual time over which more is offered than can be served, µs. */
  readonly overloadedUs: number;
  /** The wait that the backlog of it comes to, as a fluid: µs. */
  readonly backlogWaitUs: number;
  /** Whether a limit or shedding keeps its line short. */
  readonly shedsOverload: boolean;
  /** Database connections by Little's law at the peak, and those that there are; null without. */
  readonly connections: { readonly needed: number; readonly configured: number } | null;
}

/** One way to run the scenario. */
export interface SubjectPreflight {
  readonly name: string;
  readonly architecture: string;
  readonly pages: {
    /** Expected over the run, and of those that count (after the warm-up). */
    readonly expected: number;
    readonly measured: number;
    readonly peakPerSec: number;
    readonly peakAtUs: number;
    readonly meanPerSec: number;
  };
  readonly byPage: readonly {
    readonly page: string;
    readonly from: 'viewers' | 'load test';
    readonly expected: number;
    readonly callsPerPage: number;
    readonly entitiesPerPage: number;
    /** Mean page time if nobody waited, and the network's part of it. */
    readonly unhinderedMs: number;
    readonly networkMs: number;
    /** Most calls of one page that are under way at once. */
    readonly parallelCalls: number;
  }[];
  readonly stations: readonly StationPreflight[];
  /** The station that limits first, and the pages per second of this mix that it bears. */
  readonly bottleneck: { readonly station: string; readonly maxPagesPerSec: number } | null;
}

/** What `check` says of one scenario. */
export interface CheckDocument {
  readonly schema: 'backlot.check/1';
  readonly file: string;
  /** Null where the scenario could not be read. */
  readonly scenario: string | null;
  readonly seed: number | null;
  readonly counts: {
    readonly services: number;
    readonly subjects: number;
    readonly faults: number;
    readonly objectives: number;
  } | null;
  readonly subjects: readonly SubjectPreflight[];
  /** Errors first, then by code, subject and path. */
  readonly findings: readonly Finding[];
  readonly errors: number;
  readonly warnings: number;
}
