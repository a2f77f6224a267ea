/** How the summary is laid out. */
export interface SummaryOptions {
  /** Whether ANSI colours may be used. */
  readonly color: boolean;
  /** Columns of the terminal; at most 100 are used. */
  readonly width: number;
}
