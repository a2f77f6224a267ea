/** What viewers do, as a dashboard shows it: counts of the whole run so far, from the events that
 * devices captured. Spec: L80–L82. */

/** What viewers do so far. */
export interface LiveAudience {
  /** Events on the way to a play, in its order: each was seen so often, in whatever session. */
  readonly funnel: {
    readonly home: number;
    readonly title: number;
    readonly playClicked: number;
    readonly playing: number;
  };
  readonly quality: LiveQuality;
  /** Whoever fills rows, by name; empty where nobody does. */
  readonly policies: readonly LivePolicy[];
}

/** Quality of experience so far. */
export interface LiveQuality {
  /** Plays that began after a click on "play", and the mean time from one to the other, s; null
   * before the first. */
  readonly starts: number;
  readonly meanStartSeconds: number | null;
  /** Errors before a first frame, and after one. */
  readonly startFailures: number;
  readonly playFailures: number;
  /** Of plays that ended: time stalled over time stalled or playing, 0–1; null before the first. */
  readonly stalledShare: number | null;
}

/** One policy so far. */
export interface LivePolicy {
  readonly policyId: string;
  /** Rows shown. */
  readonly rows: number;
  /** Titles shown in them. */
  readonly impressions: number;
  /** Of those: clicked, and played, before the viewer was shown the next row. */
  readonly clicks: number;
  readonly plays: number;
}
