/** What must hold of a world while it runs: a name, how it is meant, and a watch that is set on
 * each world. A watch says how often there was anything to check: an invariant that was never
 * exercised proves nothing, and campaigns say so (vacuity). Spec: T1–T3. */
import type { World } from '../../experiment/assemble.ts';
import type { Trial } from '../trial/trial.ts';
import type { ChangeCount } from './notes/changes.ts';

/** How an invariant is meant.
 * - `always`: in every state of every run.
 * - `sometimes`: in at least one state of at least one run of a campaign: a coverage mark.
 * - `eventually`: within a time of what called for it, faults being over. */
export type Modality = 'always' | 'sometimes' | 'eventually';

/** An invariant, set on worlds one by one. */
export interface Invariant {
  /** Kebab-case, unique in a campaign. */
  readonly name: string;
  readonly modality: Modality;
  /** What it says, in one sentence. */
  readonly claim: string;
  watch(world: World, trial: Trial): InvariantWatch;
}

/** The watch of one invariant over one world. */
export interface InvariantWatch {
  /** Called after every event. @returns what is wrong now, the first time. */
  readonly afterEvent?: (() => Finding | undefined) | undefined;
  /** What `afterEvent` looks at: it is asked only when that may have changed. Left out: always.
   * Spec: T150. */
  readonly news?: ChangeCount | undefined;
  /** Called when the run is over. */
  readonly atEnd?: (() => Finding | undefined) | undefined;
  /** How often there was something to check (`sometimes`: how often it held). */
  exercised(): number;
  /** Why what it asks for was impossible in this world, where it was: told instead of a finding. */
  readonly excused?: (() => string | undefined) | undefined;
}

/** What is wrong, in a sentence and as data. */
export interface Finding {
  readonly message: string;
  readonly details?: Readonly<Record<string, unknown>>;
}

/** A finding, and when it was made. */
export interface Violation extends Finding {
  readonly invariant: string;
  readonly atUs: number;
  /** Events executed before. */
  readonly event: number;
}
