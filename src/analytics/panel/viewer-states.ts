/** What a panel remembers of its viewers, as columns: 8-byte numbers and a bit a title. */

/** State of all viewers, by their place in the panel. */
export interface ViewerStates {
  /** Start of the next visit; +∞ of who left for good. */
  readonly nextVisitUs: Float64Array;
  /** Net positive exposure: see `satisfactionOf`. */
  readonly exposure: Float64Array;
  readonly visits: Int32Array;
  readonly rows: Int32Array;
  readonly plays: Int32Array;
  /** A bit a title that was begun: {@link isSeen}. */
  readonly seen: Uint32Array;
  readonly seenWords: number;
}

/** Newcomers who have seen nothing; their first visit is yet to be set. */
export function createViewerStates(viewers: number, titles: number): ViewerStates {
  const seenWords = Math.ceil(titles / 32);
  return {
    nextVisitUs: new Float64Array(viewers),
    exposure: new Float64Array(viewers),
    visits: new Int32Array(viewers),
    rows: new Int32Array(viewers),
    plays: new Int32Array(viewers),
    seen: new Uint32Array(viewers * seenWords),
    seenWords,
  };
}

/** The same once more, on its own. */
export function copyViewerStates(states: ViewerStates): ViewerStates {
  return {
    nextVisitUs: states.nextVisitUs.slice(),
    exposure: states.exposure.slice(),
    visits: states.visits.slice(),
    rows: states.rows.slice(),
    plays: states.plays.slice(),
    seen: states.seen.slice(),
    seenWords: states.seenWords,
  };
}

/** Whether the viewer at this place has begun the title before. */
export function isSeen({ seen, seenWords }: ViewerStates, at: number, title: number): boolean {
  return (((seen[at * seenWords + (title >>> 5)] ?? 0) >>> (title & 31)) & 1) === 1;
}

/** Notes that the viewer has begun it. */
export function markSeen({ seen, seenWords }: ViewerStates, at: number, title: number): void {
  const word = at * seenWords + (title >>> 5);
  seen[word] = (seen[word] ?? 0) | (1 << (title & 31));
}
