/** What a panel tells while it goes on. Objects are whoever's who is told, and never change. */
import type { RowOutcome } from '../../domain/recommending/row-policy.ts';

/** A row that was shown, and what came of it. */
export interface PanelRow extends RowOutcome {
  /** The policy that chose it. */
  readonly policyId: string;
  /** Visits of this viewer before this one. */
  readonly visit: number;
  /** Rows of this viewer before this one. */
  readonly row: number;
}

/** A title that was begun. */
export interface PanelPlay {
  readonly viewer: number;
  readonly atUs: number;
  /** By its place in the catalogue. */
  readonly title: number;
  /** Share that was watched, 0–1. */
  readonly share: number;
  /** Running time that was watched, µs. */
  readonly watchedUs: number;
  readonly visit: number;
  /** Plays of this viewer before this one. */
  readonly play: number;
  /** Where it was found. */
  readonly from: 'row' | 'browsing';
}

/** Is told by day; within a day by viewer, and of a viewer in the order of time. A row comes before
 * its play. */
export interface PanelListener {
  row?(row: PanelRow): void;
  play?(play: PanelPlay): void;
}
