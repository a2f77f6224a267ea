/** What exports read of a campaign's document, `backlot.faults/1`. The type itself lives in
 * `testing`, which is no floor below; a test holds both to each other. */

/** A campaign of faults, as far as exports read it. */
export interface CampaignDocument {
  readonly schema: 'backlot.faults/1';
  readonly version: string;
  readonly scenario: string | null;
  readonly seed: number;
  readonly runs: number;
  readonly runsAsked: number;
  readonly stoppedBy: string;
  readonly events: { readonly total: number; readonly median: number; readonly max: number };
  readonly kinds: readonly {
    readonly kind: string;
    readonly family: string;
    readonly trials: number;
    readonly struckTrials: number;
    readonly occurrences: number;
    readonly strikes: number;
  }[];
  readonly invariants: readonly {
    readonly name: string;
    readonly modality: string;
    readonly claim: string;
    readonly exercised: number;
    readonly verdict: 'held' | 'broken' | 'vacuous' | 'hit' | 'missed';
  }[];
  readonly failures: readonly {
    readonly invariant: string;
    readonly trials: number;
    readonly first: { readonly message: string; readonly seed: number; readonly atUs: number };
    readonly smallest: null | { readonly token: string };
  }[];
  readonly corpus: readonly {
    readonly file: string;
    readonly invariant: string;
    readonly verdict: 'holds' | 'broken' | 'added';
    readonly violation: null | { readonly message: string };
  }[];
  readonly digest: string;
  readonly replay: string;
}
