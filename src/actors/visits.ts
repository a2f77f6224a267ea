/** What viewers who are recommended something know beyond one evening: the row in front of them,
 * how content they are, and how often they have come. Plain data. */
import type { TitleId, ViewerId } from '../domain/ids.ts';

/** A title in a slot of a row. */
export interface RowSlot {
  readonly titleId: TitleId;
  readonly durationUs: number;
  /** Place in the catalogue. */
  readonly title: number;
}

/** A row of titles on a page that is shown. */
export interface ShownRow {
  /** Counts the rows that this viewer was shown, from 0: the index of draws. */
  readonly number: number;
  /** Best slot first. */
  readonly slots: readonly RowSlot[];
}

/** What somebody remembers who comes again. */
export interface VisitMemory {
  /** Counts visits, from 0. */
  readonly visit: number;
  /** Net positive exposure: what satisfaction is a sigmoid of. */
  readonly exposure: number;
  /** Whether anything was played in this visit. */
  readonly hasPlayed: boolean;
  /** Undefined where none is shown, or where the viewer is done with it. */
  readonly row: ShownRow | undefined;
  /** What the title that is being looked at was taken from; undefined where it was found. */
  readonly taken: { readonly row: number; readonly slot: number } | undefined;
}

/** What those who come again decide, as pure functions of their arguments. */
export interface VisitDecisions {
  /** Net positive exposure before the first visit: 0 for newcomers. */
  firstExposure(viewer: ViewerId): number;
  /** The slot that is taken; −1: none. */
  takenSlot(viewer: ViewerId, row: ShownRow): number;
  /** Whether somebody who has taken nothing of a row goes on looking elsewhere. */
  looksElsewhere(viewer: ViewerId, row: ShownRow): boolean;
  /** Share of a title that a viewer has of it, 0–1. */
  enjoyedShare(viewer: ViewerId, titleId: TitleId): number;
  /** Exposure after one more play. */
  afterPlay(exposure: number, share: number): number;
  /** Whether this visit was the last. */
  churns(viewer: ViewerId, memory: VisitMemory): boolean;
  returnTimeUs(viewer: ViewerId, memory: VisitMemory): number;
  /** Whether anybody still comes. */
  isOpen(): boolean;
}

/** What only those emit who come again. */
export type VisitEmission =
  /** A row is in front of the viewer. */
  | { readonly type: 'row.seen'; readonly row: ShownRow }
  /** −1: nothing was taken. */
  | { readonly type: 'row.answered'; readonly row: number; readonly takenSlot: number }
  /** A play is over. `row` and `slot` say where the title was taken from, if from a row. */
  | {
      readonly type: 'title.enjoyed';
      readonly titleId: TitleId;
      readonly share: number;
      readonly exposure: number;
      readonly row: number | undefined;
    }
  /** A visit without a play is over: as little enjoyed as could be. */
  | { readonly type: 'visit.wasted'; readonly exposure: number }
  /** Gone for now: the viewer means to come back. */
  | { readonly type: 'visit.ended'; readonly visit: number; readonly exposure: number }
  | { readonly type: 'visit.begun'; readonly visit: number };
