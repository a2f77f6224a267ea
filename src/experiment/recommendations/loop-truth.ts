/** What really happened in the closed loop: rows with what they are truly worth, plays, visits. Out
 * of everybody's sight while the run goes on; results are made of it. */
import type { RowValue } from '../../analytics/regret/row-value.ts';
import type { ViewerId } from '../../domain/ids.ts';
import type { ChosenRow } from '../../domain/recommending/row-policy.ts';

/** A row that a viewer was shown. */
export interface RowTruth extends ChosenRow, RowValue {
  readonly viewer: ViewerId;
  /** Counts the rows of this viewer, from 0. */
  readonly number: number;
  /** When it was in front of the viewer, µs since the start. */
  readonly atUs: number;
  /** Worth of the best row for this viewer at that time. */
  readonly bestValue: number;
  /** −1: nothing was taken; undefined: the run ended before. */
  takenSlot: number | undefined;
  /** Share of the taken title that was watched; 0 where none was, or its play was never over. */
  share: number;
}

/** A viewer's account. */
export interface ViewerTruth {
  readonly viewer: ViewerId;
  /** Visits begun. */
  visits: number;
  rows: number;
  takes: number;
  /** Plays that were over. */
  plays: number;
  completed: number;
  /** Running time of what was enjoyed, µs. */
  watchedUs: number;
  exposure: number;
  hasChurned: boolean;
}

/** A level of satisfaction from some time on. */
export interface ExposureChange {
  readonly viewer: ViewerId;
  readonly atUs: number;
  readonly exposure: number;
}

/** All of it. */
export class LoopTruth {
  readonly rows: RowTruth[] = [];
  readonly exposures: ExposureChange[] = [];
  readonly #viewers = new Map<ViewerId, ViewerTruth>();
  readonly #rowsOf = new Map<ViewerId, RowTruth[]>();

  /** In the order of arrival. */
  get viewers(): readonly ViewerTruth[] {
    return [...this.#viewers.values()];
  }

  arrived(viewer: ViewerId, exposure: number): void {
    const account = { rows: 0, takes: 0, plays: 0, completed: 0, watchedUs: 0 };
    this.#viewers.set(viewer, { viewer, visits: 1, ...account, exposure, hasChurned: false });
    this.#rowsOf.set(viewer, []);
  }

  of(viewer: ViewerId): ViewerTruth | undefined {
    return this.#viewers.get(viewer);
  }

  /** Rows that this viewer was shown so far. */
  rowCount(viewer: ViewerId): number {
    return this.#rowsOf.get(viewer)?.length ?? 0;
  }

  rowOf(viewer: ViewerId, number: number): RowTruth | undefined {
    return this.#rowsOf.get(viewer)?.[number];
  }

  /** A viewer is the more or less content. */
  contented(change: ExposureChange): void {
    this.exposures.push(change);
    const account = this.#viewers.get(change.viewer);
    if (account !== undefined) account.exposure = change.exposure;
  }

  shown(row: RowTruth): void {
    this.rows.push(row);
    this.#rowsOf.get(row.viewer)?.push(row);
    const account = this.#viewers.get(row.viewer);
    if (account !== undefined) account.rows += 1;
  }
}
