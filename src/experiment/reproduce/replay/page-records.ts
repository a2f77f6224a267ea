/** What is noted of one page load: its calls, their tries, what servers did for them. Times in µs
 * since the start of the run; null where it has not happened. */

/** Something that workers did for a try. */
export interface WorkVisit {
  /** When it joined the line, when a worker began, and when it was done; null where that has not
   * happened, or never did. */
  readonly queuedAtUs: number;
  startedAtUs: number | null;
  endedAtUs: number | null;
}

/** One try of a call. */
export interface WatchedTry {
  readonly role: 'first' | 'retry' | 'hedge';
  /** When it was made; it may have waited for a place or a connection then. */
  readonly beganAtUs: number;
  /** When it left, and how much of its way was handshakes. */
  sentAtUs: number | null;
  handshakeUs: number;
  arrivedAtUs: number | null;
  respondedAtUs: number | null;
  endedAtUs: number | null;
  /** `answered`, `failed: reset`, `timeout`, `hung up`, `withdrawn`, `refused: breaker-open`; null
   * while it is under way. */
  outcome: string | null;
  readonly visits: WorkVisit[];
  /** Made for it, where it asked a gateway. */
  readonly calls: WatchedCall[];
}

/** One call. */
export interface WatchedCall {
  /** Like `router→movie`. */
  readonly edge: string;
  /** Null for a page as a whole. */
  readonly operation: string | null;
  readonly beganAtUs: number;
  settledAtUs: number | null;
  /** `answered`, `failed`, `stale`, `default`, `abandoned`; null: under way. */
  outcome: string | null;
  readonly tries: WatchedTry[];
}

/** One page load. */
export interface WatchedPage {
  readonly request: string;
  readonly viewer: number;
  readonly pageSequence: number;
  readonly page: string;
  /** When it was wished for, when the client began to load it, and when it was there. */
  readonly askedAtUs: number;
  begunAtUs: number | null;
  shownAtUs: number | null;
  outcome: string | null;
  readonly calls: WatchedCall[];
}
