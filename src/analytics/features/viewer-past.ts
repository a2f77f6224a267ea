/** What is known of viewers and titles at some point of time, as sums over the plays that had ended
 * by then. Plays are told in the order of their ends. */
import type { OutcomeHistory } from './history.ts';

const DAY_US = 86_400_000_000;
/** After so long a play counts half in what is "lately". */
const HALF_LIFE_US = 7 * DAY_US;
/** What is left of the mean share after one more play. */
const SHARE_MEMORY = 0.8;

/** Sums of a viewer or a title that fade. */
export interface Fading {
  readonly value: Float64Array;
  readonly atUs: Float64Array;
}

/** The state: an element a viewer, a title, or (rows of viewers) a genre. */
export interface Past {
  readonly plays: Int32Array;
  readonly played: Int32Array;
  readonly completed: Int32Array;
  readonly failed: Int32Array;
  readonly visits: Int32Array;
  readonly firstUs: Float64Array;
  readonly lastUs: Float64Array;
  readonly watchedSeconds: Float64Array;
  readonly playSeconds: Float64Array;
  readonly bufferSeconds: Float64Array;
  /** Exponentially weighted mean share of the title that was watched; NaN before the first. */
  readonly shareLately: Float64Array;
  readonly playsLately: Fading;
  readonly lastDevice: Int32Array;
  /** Plays by viewer and genre: [viewer][genre]. */
  readonly genrePlays: Float32Array;
  readonly genresSeen: Int32Array;
  readonly titlePlayed: Int32Array;
  readonly titleCompleted: Int32Array;
  readonly titleLately: Fading;
  /** viewer · titles + title. */
  readonly seen: Set<number>;
  readonly total: { played: number; completed: number };
  /** Adds a play, by its place in the history. */
  admit(play: number): void;
}

/** What a fading sum is worth now. */
export function fadedTo({ value, atUs }: Fading, at: number, nowUs: number): number {
  const before = value[at] ?? 0;
  return before === 0 ? 0 : before * 2 ** (((atUs[at] ?? 0) - nowUs) / HALF_LIFE_US);
}

/** Nobody has done anything yet. */
export function createPast(history: OutcomeHistory): Past {
  const users = history.users.length;
  const titles = history.titles.length;
  const genres = history.genres.length;
  const lastSession = new Int32Array(users).fill(-1);
  const past: Past = {
    plays: new Int32Array(users),
    played: new Int32Array(users),
    completed: new Int32Array(users),
    failed: new Int32Array(users),
    visits: new Int32Array(users),
    firstUs: new Float64Array(users).fill(Number.NaN),
    lastUs: new Float64Array(users).fill(Number.NaN),
    watchedSeconds: new Float64Array(users),
    playSeconds: new Float64Array(users),
    bufferSeconds: new Float64Array(users),
    shareLately: new Float64Array(users).fill(Number.NaN),
    playsLately: { value: new Float64Array(users), atUs: new Float64Array(users) },
    lastDevice: new Int32Array(users).fill(-1),
    genrePlays: new Float32Array(users * genres),
    genresSeen: new Int32Array(users),
    titlePlayed: new Int32Array(titles),
    titleCompleted: new Int32Array(titles),
    titleLately: { value: new Float64Array(titles), atUs: new Float64Array(titles) },
    seen: new Set(),
    total: { played: 0, completed: 0 },
    admit(play) {
      const user = history.plays.user[play] ?? 0;
      admitToViewer(past, history, { play, user });
      const session = history.plays.session[play] ?? 0;
      if (lastSession[user] !== session) increase(past.visits, user, 1);
      lastSession[user] = session;
      admitToTitle(past, history, { play, user });
    },
  };
  return past;
}

interface Admitted {
  readonly play: number;
  readonly user: number;
}

function admitToViewer(past: Past, { plays, titles }: OutcomeHistory, { play, user }: Admitted) {
  const isPlayed = plays.isPlayed[play] ?? 0;
  const startUs = plays.startUs[play] ?? 0;
  const endUs = plays.endUs[play] ?? 0;
  increase(past.plays, user, 1);
  increase(past.played, user, isPlayed);
  increase(past.completed, user, plays.isComplete[play] ?? 0);
  increase(past.failed, user, isPlayed === 0 ? (plays.hasError[play] ?? 0) : 0);
  const first = past.firstUs[user] ?? Number.NaN;
  past.firstUs[user] = Number.isNaN(first) ? startUs : Math.min(first, startUs);
  past.lastUs[user] = endUs;
  increase(past.watchedSeconds, user, plays.watchedSeconds[play] ?? 0);
  increase(past.playSeconds, user, plays.playSeconds[play] ?? 0);
  increase(past.bufferSeconds, user, plays.bufferSeconds[play] ?? 0);
  addFading(past.playsLately, user, endUs);
  const device = plays.device[play] ?? -1;
  if (device >= 0) past.lastDevice[user] = device;
  const runtime = titles[plays.title[play] ?? -1]?.runtimeSeconds ?? Number.NaN;
  if (isPlayed === 0 || !(runtime > 0)) return;
  const share = Math.min(1, (plays.watchedSeconds[play] ?? 0) / runtime);
  const before = past.shareLately[user] ?? Number.NaN;
  past.shareLately[user] = Number.isNaN(before)
    ? share
    : SHARE_MEMORY * before + (1 - SHARE_MEMORY) * share;
}

function admitToTitle(past: Past, history: OutcomeHistory, { play, user }: Admitted): void {
  const { plays, titles, genres } = history;
  const title = plays.title[play] ?? -1;
  if (title < 0) return;
  past.seen.add(user * titles.length + title);
  const isPlayed = plays.isPlayed[play] ?? 0;
  const isComplete = plays.isComplete[play] ?? 0;
  increase(past.titlePlayed, title, isPlayed);
  increase(past.titleCompleted, title, isComplete);
  past.total.played += isPlayed;
  past.total.completed += isComplete;
  addFading(past.titleLately, title, plays.endUs[play] ?? 0);
  for (const genre of titles[title]?.genres ?? []) {
    const at = user * genres.length + genre;
    if (past.genrePlays[at] === 0) increase(past.genresSeen, user, 1);
    past.genrePlays[at] = (past.genrePlays[at] ?? 0) + 1;
  }
}

function increase(of: Float64Array | Int32Array, at: number, by: number): void {
  of[at] = (of[at] ?? 0) + by;
}

function addFading(fading: Fading, at: number, nowUs: number): void {
  fading.value[at] = fadedTo(fading, at, nowUs) + 1;
  fading.atUs[at] = nowUs;
}
