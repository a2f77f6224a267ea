/** What a three-way comparison of metrics tells: figures of truth, batch and stream, and the named
 * events that explain every difference. Spec: S132–S134. */
import type { CellValue } from './metric-cells.ts';

/** The comparison of one run. */
export interface Agreement {
  /** Whether recomputing without the named events gives the other figures, row for row, and no
   * event is without a cause. */
  readonly isExplained: boolean;
  /** Why nothing was compared; null where it was. */
  readonly skipped: string | null;
  readonly events: {
    /** On devices, in the batch, and of those the ones that came in time for the stream's plays and
     * sessions. */
    readonly captured: number;
    readonly stored: number;
    readonly inTime: number;
  };
  /** The most events first. */
  readonly causes: readonly AgreementCause[];
  /** All portable metrics, by name. */
  readonly metrics: readonly AgreementMetric[];
  /** What no named event explains, in words; empty if all is well. */
  readonly unexplained: readonly string[];
}

/** Events that one thing happened to. */
export interface AgreementCause {
  readonly cause: string;
  /** `missing` from the batch, `changed` in it, `late` for the stream, or in the batch without ever
   * having been captured (`added`). */
  readonly kind: 'missing' | 'changed' | 'late' | 'added';
  readonly events: number;
  readonly byType: Readonly<Record<string, number>>;
  /** A few ids, ascending; of changed times those that moved most. */
  readonly examples: readonly string[];
}

/** One metric. */
export interface AgreementMetric {
  readonly metric: string;
  readonly unit: string;
  readonly figures: number;
  /** How many of the figures differ between truth and batch, and between batch and stream. */
  readonly batchDiffers: number;
  readonly streamDiffers: number;
  /** Causes that change the metric when they alone are applied to the truth. */
  readonly causes: readonly string[];
  /** All of a metric of one row; else those that differ most. Absent rows are null. */
  readonly examples: readonly {
    readonly row: string;
    readonly column: string;
    readonly truth: CellValue;
    readonly batch: CellValue;
    readonly stream: CellValue;
  }[];
}
