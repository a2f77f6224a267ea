/** The document of `learn`: models trained from a warehouse on the past of one cut in time, and
 * judged on what came after it. It holds no wall-clock time: the same warehouse, settings and seed
 * give the same document. */

import type { LearnedLoad } from './load.ts';
import type { OutcomesDocument } from './outcomes.ts';

/** A mean over users with its 95 % interval; no bounds where there is one user. */
export interface UserMean {
  readonly value: number;
  readonly low: number | null;
  readonly high: number | null;
}

/** Measures of lists, at k. Their definitions are in `definitions`. */
export interface ListFigures {
  readonly ndcg: UserMean;
  readonly recall: UserMean;
  readonly precision: UserMean;
  readonly rPrecision: UserMean;
  readonly map: UserMean;
  readonly mrr: UserMean;
  /** 1 − cosine between the titles of a list, 0–1. */
  readonly diversity: UserMean;
  /** Self-information of the titles of a list, bits. */
  readonly novelty: UserMean;
  /** Hits that are far from what the user had played, 0–1. */
  readonly serendipity: UserMean;
}

/** How a recommender did. */
export interface LearnedModel {
  readonly name: string;
  readonly words: string;
  readonly settings: Readonly<Record<string, string | number>>;
  /** Of all that was learned, bit for bit; null for the oracle, which learned nothing. */
  readonly fingerprint: string | null;
  readonly figures: ListFigures;
  /** Model − popularity, user by user; null for popularity itself, and where it was not asked
   * for. */
  readonly overPopularity: ListFigures | null;
  /** nDCG over the oracle's; null without an oracle. */
  readonly shareOfOracle: number | null;
  /** Share of titles in at least one list, 0–1. */
  readonly coverage: number;
  /** Entropy of what is shown, bits. */
  readonly entropyBits: number;
  /** Gini coefficient of what is shown, 0–1. */
  readonly gini: number;
  /** Means at each k from 1 on. */
  readonly curve: { readonly ndcg: readonly number[]; readonly recall: readonly number[] };
}

/** How a model of the next title did. */
export interface LearnedNextModel {
  readonly name: string;
  readonly settings: Readonly<Record<string, string | number>>;
  readonly fingerprint: string;
  readonly recall: UserMean;
  readonly mrr: UserMean;
  /** Model − plays at all (`unigram`), user by user; null for that one. */
  readonly recallOverUnigram: UserMean | null;
  readonly mrrOverUnigram: UserMean | null;
}

/** What is played next, given what the user played before. */
export interface NextTitles {
  readonly k: number;
  /** Plays that were to be foretold. */
  readonly plays: number;
  readonly users: number;
  /** Plays without one before: there is no session to tell from. */
  readonly withoutSession: number;
  /** Plays of titles played before: lists do not have them. */
  readonly seenAgain: number;
  readonly models: readonly LearnedNextModel[];
}

/** `backlot learn`. */
export interface LearnDocument {
  readonly schema: 'backlot.learn/1';
  readonly backlot: string;
  /** The warehouse's base name. */
  readonly warehouse: string;
  readonly seed: number;
  /** Length of lists. */
  readonly k: number;
  readonly cut: {
    /** µs since the Unix epoch. */
    readonly atUs: number;
    readonly atUtc: string;
    /** Share of the plays that were begun before, 0–1. */
    readonly share: number;
  };
  /** Valid plays: all = before + after + under way at the cut. */
  readonly plays: {
    readonly all: number;
    readonly before: number;
    readonly after: number;
    readonly straddling: number;
    readonly firstUtc: string;
    readonly lastUtc: string;
  };
  readonly titles: number;
  /** Everybody who played: all = judged + those who cannot be, by why. */
  readonly users: {
    readonly all: number;
    readonly judged: number;
    /** Played after the cut only. */
    readonly withoutHistory: number;
    /** Played before the cut only. */
    readonly withoutFuture: number;
    /** Nothing new after the cut. */
    readonly onlySeenAgain: number;
    /** Only under way at the cut. */
    readonly straddlingOnly: number;
  };
  /** The measures of `figures`, each in a sentence. */
  readonly definitions: Readonly<Record<string, string>>;
  /** In the order asked for; the oracle last. */
  readonly models: readonly LearnedModel[];
  /** Null where no play follows another; `nextMissing` says so. */
  readonly next: NextTitles | null;
  readonly nextMissing: string | null;
  /** Completion, takes and churn, and how long things last. Documents of before have none. */
  readonly outcomes?: OutcomesDocument;
  /** What will be asked next; null with the reason where nothing can be told. */
  readonly load?: LearnedLoad | null;
  readonly loadMissing?: string | null;
  /** Whether another future changes a bit of what was learned; absent where it was not tried. */
  readonly leakage?: readonly { readonly model: string; readonly isSame: boolean }[];
  /** Of all fingerprints and figures: two documents of equal digests say the same. */
  readonly digest: string;
  readonly replayCommand: string;
}
