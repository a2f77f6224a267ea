/** What reports and exports read of a campaign's document, `backlot.faults/1`. Its whole type lives
 * in `testing`, which is no floor below theirs; a test holds the two to each other. */

/** A campaign. */
export interface FaultsReport {
  readonly schema: 'backlot.faults/1';
  readonly version: string;
  /** Null: the whole configuration was drawn. */
  readonly scenario: string | null;
  readonly seed: number;
  readonly commit: string | null;
  readonly runs: number;
  readonly runsAsked: number;
  readonly stoppedBy: 'runs' | 'time' | 'interruption';
  readonly events: { readonly total: number; readonly median: number; readonly max: number };
  readonly kinds: readonly KindReport[];
  readonly invariants: readonly InvariantReport[];
  readonly failures: readonly FailureReport[];
  readonly corpus: readonly CorpusReport[];
  readonly digest: string;
  readonly replay: string;
}

/** What the faults of a kind did. */
export interface KindReport {
  readonly kind: string;
  readonly family: string;
  readonly trials: number;
  readonly struckTrials: number;
  readonly occurrences: number;
  readonly strikes: number;
}

/** How an invariant or a mark fared. */
export interface InvariantReport {
  readonly name: string;
  readonly modality: string;
  readonly claim: string;
  readonly exercised: number;
  readonly verdict: 'held' | 'broken' | 'vacuous' | 'hit' | 'missed';
}

/** What broke, when, and in which event. */
export interface ViolationReport {
  readonly invariant: string;
  readonly message: string;
  readonly atUs: number;
  readonly event: number;
}

/** An invariant that broke. */
export interface FailureReport {
  readonly invariant: string;
  readonly trials: number;
  readonly first: ViolationReport & { readonly seed: number };
  /** Null where it was not shrunk. */
  readonly smallest: {
    readonly trial: {
      readonly architecture: string;
      readonly scenario: { readonly faults?: readonly unknown[] | undefined };
    };
    readonly violation: ViolationReport;
    readonly size: { readonly commands: number; readonly faults: number };
    readonly token: string;
    readonly tries: number;
    readonly isMinimal: boolean;
  } | null;
}

/** A counterexample that was kept. */
export interface CorpusReport {
  readonly file: string;
  readonly invariant: string;
  readonly verdict: 'holds' | 'broken' | 'added';
  readonly violation: ViolationReport | null;
}
