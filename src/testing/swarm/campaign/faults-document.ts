/** The document of a campaign, `backlot.faults/1`: which kinds struck, which invariants held and
 * which had nothing to check, which marks were hit, and each failure with its smallest trial.
 * Plain JSON; nothing in it tells the time of day or how fast it went. Spec: T56. */
import {
  FAULT_KIND_NAMES,
  FAULT_KINDS,
  type FaultKindName,
} from '../../../experiment/faults/catalogue/fault-kinds.ts';
import { PACKAGE_VERSION } from '../../../experiment/version.ts';
import { hashText } from '../../../kernel/hash.ts';
import type { Invariant, Modality, Violation } from '../../invariants/invariant.ts';
import { trialSize } from '../../shrink/smaller-trials.ts';
import type { CounterexampleSize } from '../../story/check-failure.ts';
import { tokenOf } from '../../story/replay-token.ts';
import type { Trial } from '../../trial/trial.ts';
import type { CampaignOutcome } from './run-campaign.ts';
import type { SeedOutcome } from './seed-outcome.ts';
import type { ShrunkTrial } from './shrink-seed.ts';

/** A campaign as a document. */
export interface FaultsDocument {
  readonly schema: 'backlot.faults/1';
  readonly version: string;
  /** Name of the scenario; null: the whole configuration was drawn. */
  readonly scenario: string | null;
  readonly seed: number;
  /** The commit that the seed was made of. */
  readonly commit: string | null;
  readonly runs: number;
  readonly runsAsked: number;
  /** `time`, `interruption`: how many runs there are hangs on the machine, or on somebody. */
  readonly stoppedBy: 'runs' | 'time' | 'interruption';
  readonly events: { readonly total: number; readonly median: number; readonly max: number };
  /** In the order of the catalogue, those that could be drawn. */
  readonly kinds: readonly KindRow[];
  readonly invariants: readonly InvariantRow[];
  readonly failures: readonly FailureRow[];
  /** Counterexamples that ran first, by file; then those that were added. */
  readonly corpus: readonly CorpusRow[];
  /** Of the digests of all runs, in the order of the seeds. */
  readonly digest: string;
  /** What repeats it. */
  readonly replay: string;
}

/** What the faults of a kind did over a campaign. */
export interface KindRow {
  readonly kind: FaultKindName;
  readonly family: string;
  /** Trials that it was drawn in, and those in which it struck. */
  readonly trials: number;
  readonly struckTrials: number;
  readonly occurrences: number;
  readonly strikes: number;
}

/** `held` or `broken`; `hit` or `missed` for marks; `vacuous`: never anything to check. */
export type InvariantVerdict = 'held' | 'broken' | 'vacuous' | 'hit' | 'missed';

/** How an invariant fared. */
export interface InvariantRow {
  readonly name: string;
  readonly modality: Modality;
  readonly claim: string;
  readonly exercised: number;
  readonly verdict: InvariantVerdict;
}

/** An invariant that was broken. */
export interface FailureRow {
  readonly invariant: string;
  /** Trials that broke it. */
  readonly trials: number;
  readonly first: Violation & { readonly seed: number };
  /** Undefined where it was not shrunk. */
  readonly smallest: SmallestFailure | null;
}

/** A failure made small. */
export interface SmallestFailure {
  readonly trial: Trial;
  readonly violation: Violation;
  readonly size: CounterexampleSize;
  /** Runs it again: `backlot faults --replay <token>`. */
  readonly token: string;
  readonly tries: number;
  readonly isMinimal: boolean;
}

/** A counterexample of the corpus. */
export interface CorpusRow {
  readonly file: string;
  /** The one that it broke when it was kept. */
  readonly invariant: string;
  readonly verdict: 'holds' | 'broken' | 'added';
  /** What it breaks now. */
  readonly violation: Violation | null;
}

/** What the document says besides the outcome. */
export interface DocumentFacts {
  readonly scenario: string | null;
  readonly seed: number;
  readonly commit: string | null;
  readonly runsAsked: number;
  readonly kinds: readonly FaultKindName[];
  readonly invariants: readonly Invariant[];
  readonly replay: string;
  readonly isInterrupted: boolean;
  readonly corpus: readonly CorpusRow[];
}

const DIGEST_SEEDS = [0x9e3779b9, 0x85ebca6b, 0xc2b2ae35, 0x27d4eb2f];

/** Makes the document. Cost O(runs · (kinds + invariants)). */
export function faultsDocument(
  { outcomes, isWhole, shrunk }: CampaignOutcome,
  facts: DocumentFacts,
): FaultsDocument {
  const { scenario, seed, commit, runsAsked, replay } = facts;
  const events = outcomes.map((one) => one.events).sort((a, b) => a - b);
  const digests = outcomes.map(({ digest }) => digest).join();
  const stoppedBy = () => {
    if (isWhole) return 'runs';
    return facts.isInterrupted ? 'interruption' : 'time';
  };
  return {
    schema: 'backlot.faults/1',
    version: PACKAGE_VERSION,
    scenario,
    seed,
    commit,
    runs: outcomes.length,
    runsAsked,
    stoppedBy: stoppedBy(),
    events: {
      total: events.reduce((sum, one) => sum + one, 0),
      median: events[events.length >> 1] ?? 0,
      max: events.at(-1) ?? 0,
    },
    kinds: FAULT_KIND_NAMES.filter((kind) => facts.kinds.includes(kind)).map((kind) =>
      kindRow(kind, outcomes),
    ),
    invariants: facts.invariants.map((invariant) => invariantRow(invariant, outcomes)),
    failures: failureRows(outcomes, shrunk),
    corpus: facts.corpus,
    digest: DIGEST_SEEDS.map((salt) => hex(hashText(digests, salt))).join(''),
    replay,
  };
}

function kindRow(kind: FaultKindName, outcomes: readonly SeedOutcome[]): KindRow {
  const found = outcomes.flatMap(({ kinds }) => kinds.filter((one) => one.kind === kind));
  return {
    kind,
    family: FAULT_KINDS[kind].family,
    trials: found.length,
    struckTrials: found.filter(({ strikes }) => strikes > 0).length,
    occurrences: found.reduce((sum, { occurrences }) => sum + occurrences, 0),
    strikes: found.reduce((sum, { strikes }) => sum + strikes, 0),
  };
}

function invariantRow(invariant: Invariant, outcomes: readonly SeedOutcome[]): InvariantRow {
  const { name, modality, claim } = invariant;
  const exercised = outcomes.reduce((sum, one) => sum + (one.exercised[name] ?? 0), 0);
  const isBroken = outcomes.some(({ violations }) => violations.some(isOf(name)));
  const verdict = (): InvariantVerdict => {
    if (isBroken) return 'broken';
    if (modality === 'sometimes') return exercised > 0 ? 'hit' : 'missed';
    return exercised > 0 ? 'held' : 'vacuous';
  };
  return { name, modality, claim, exercised, verdict: verdict() };
}

function failureRows(
  outcomes: readonly SeedOutcome[],
  shrunk: ReadonlyMap<string, ShrunkTrial>,
): readonly FailureRow[] {
  const broken = outcomes.flatMap(({ seed, violations }) =>
    violations.map((violation) => ({ seed, ...violation })),
  );
  const names = [...new Set(broken.map(({ invariant }) => invariant))];
  return names.map((invariant): FailureRow => {
    const all = broken.filter(isOf(invariant));
    const small = shrunk.get(invariant);
    return {
      invariant,
      trials: all.length,
      first: all[0] as FailureRow['first'],
      smallest: small === undefined ? null : smallest(invariant, small),
    };
  });
}

function smallest(invariant: string, small: ShrunkTrial): SmallestFailure {
  const { scenario } = small.trial;
  const input = JSON.parse(JSON.stringify(small.trial));
  const token = tokenOf({ kind: 'trial', name: scenario.name, property: invariant, input });
  return { ...small, size: trialSize(small.trial), token };
}

function isOf(name: string): (violation: { readonly invariant: string }) => boolean {
  return ({ invariant }) => invariant === name;
}

function hex(word: number): string {
  return (word >>> 0).toString(16).padStart(8, '0');
}
