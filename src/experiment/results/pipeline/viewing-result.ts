/** What a result document says of what was watched. */

/** Named metrics out of the warehouse. */
export interface ViewingResult {
  readonly topTitles: readonly {
    readonly titleId: string;
    readonly name: string;
    readonly plays: number;
  }[];
  readonly topGenres: readonly { readonly genre: string; readonly plays: number }[];
  /** Share of ended plays that reached the end, 0–1. */
  readonly completionShare: number | null;
  /** Share of plays (0–1) that came so far, in per cent of the title, before their first seek;
   * empty where no play has a position. Documents of before have none. */
  readonly retention?: readonly { readonly percent: number; readonly share: number }[];
  readonly plays: number;
  readonly playsPerMinute: readonly { readonly minute: string; readonly plays: number }[];
  readonly maxConcurrentViewers: number;
}
