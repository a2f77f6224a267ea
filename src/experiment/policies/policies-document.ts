/** The document of `policies`: who fills rows best, on a panel of the scenario's viewers. What is
 * true here is known in closed form, so that experiments and estimators are judged as well. It
 * holds no wall-clock time: the same scenario, settings and seed give the same document. */
import type { OffPolicyReport } from '../../analytics/off-policy/hero-slot-study.ts';
import type { AaStudy } from '../../analytics/online-experiments/a-a-study.ts';
import type { AbReport } from '../../analytics/online-experiments/ab/ab-report.ts';
import type {
  InterleavingReport,
  RowsByDesign,
} from '../../analytics/online-experiments/interleaved/credits.ts';
import type { SwitchbackReport } from '../../analytics/online-experiments/switchback/report.ts';
import type { TwinDifference } from '../../analytics/panel/twins.ts';
import type { RegretCurve } from '../../analytics/regret/regret-curve.ts';
import type { LearnDocument } from '../learn/learn-document.ts';

/** One policy. */
export interface StudiedPolicy {
  readonly name: string;
  /** Its kind and settings, as a scenario says them. */
  readonly settings: Readonly<Record<string, string | number>>;
  /** Means over viewers of their days under it. */
  readonly playsPerViewer: number;
  readonly hoursPerViewer: number;
  /** At the end, 0–1; and the share that had not left for good. */
  readonly satisfaction: number;
  readonly retainedShare: number;
  /** Of the viewers that were measured. Values are of rows, in plays watched in full. */
  readonly regret: RegretCurve;
  /** The policy's viewers − their twins under the baseline; null for the baseline itself. */
  readonly overBaseline: readonly TwinDifference[] | null;
}

/** `backlot policies`. */
export interface PoliciesDocument {
  readonly schema: 'backlot.policies/1';
  readonly backlot: string;
  readonly scenario: string;
  readonly question: string;
  readonly seed: number;
  readonly panel: {
    readonly viewers: number;
    readonly titles: number;
    /** Titles in a row. */
    readonly slots: number;
    /** Before: what models are trained from. */
    readonly historyDays: number;
    readonly historyPlays: number;
    readonly historyImpressions: number;
    /** Under each policy. */
    readonly days: number;
    /** Viewers whose rows are held against the oracle's. */
    readonly measuredViewers: number;
  };
  readonly baseline: string;
  /** The one that the experiments try: of those that know no tastes, the one of most value. */
  readonly challenger: string;
  /** In the order asked for. */
  readonly policies: readonly StudiedPolicy[];
  /** The models, judged on the history's own future; null where it does not bear that. */
  readonly models: LearnDocument | null;
  readonly modelsMissing: string | null;
  /** Baseline against challenger, half of the viewers each, as a service would do it. */
  readonly experiment: AbReport;
  /** The same question to rows of both. */
  readonly interleaving: InterleavingReport;
  /** Rows that the decision takes by either design. */
  readonly rowsByDesign: RowsByDesign;
  /** The same question by blocks of days, all viewers at once. */
  readonly switchback: SwitchbackReport;
  /** Both halves have the baseline: how often each test sees a difference. */
  readonly falsePositives: AaStudy;
  /** What estimators say of a policy from the log of another. */
  readonly offPolicy: OffPolicyReport;
  /** Of everything but this and the command. */
  readonly digest: string;
  readonly replayCommand: string;
}
