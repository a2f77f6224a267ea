/** Next title by sessions like this one: V-SkNN. Of the latest past sessions that share a title
 * with this one, the nearest vote for what else was in them; titles of this session count the more
 * the later they were. Source: Ludewig and Jannach 2018, "Evaluation of session-based
 * recommendation algorithms" (vector multiplication session-based kNN, linear decay). Spec: M47. */
import { playCounts } from '../recommenders/everybody.ts';
import { atLeastOne, notNegative, requireSettings } from '../recommenders/settings.ts';
import type { Interactions } from '../training/interactions.ts';
import type { NextTitleModel } from './next-title-model.ts';
import { sessionsOf } from './sessions.ts';

/** How it is trained. */
export interface SessionNeighbourSettings {
  /** Nearest sessions that vote. */
  readonly neighbours: number;
  /** Latest sessions that are looked at. */
  readonly sample: number;
  /** Longest pause within a session, hours. */
  readonly gapHours: number;
  /** Titles of this session that are looked at: the last so many. */
  readonly sessionLength: number;
}

/** Neighbours and sample are those of the paper's experiments; a session is what was played within
 * three days of pauses, since an evening is seldom more than two titles. */
export const SESSION_NEIGHBOUR_DEFAULTS = {
  neighbours: 100,
  sample: 1_000,
  gapHours: 72,
  sessionLength: 10,
} as const;

/** What is left for titles that no neighbour votes for. */
const BACK_OFF = 1e-9;

/** Notes which sessions a title is in. Cost O(plays); a score costs O(sample · length of
 * sessions). */
export function trainSessionNeighbours(
  interactions: Interactions,
  settings: SessionNeighbourSettings,
): NextTitleModel {
  requireSettings('session-neighbours', [
    atLeastOne('neighbours', settings.neighbours),
    atLeastOne('sample', settings.sample),
    notNegative('gapHours', settings.gapHours),
    atLeastOne('sessionLength', settings.sessionLength),
  ]);
  const index = indexOf(interactions, settings.gapHours);
  const counts = playCounts(interactions);
  const near = new Float64Array(index.sessionCount);
  return {
    name: 'session-neighbours',
    weights: [index.title, index.start, counts],
    scoreNext: (session, into) => {
      for (let title = 0; title < into.length; title += 1) {
        into[title] = BACK_OFF * (counts[title] as number);
      }
      const recent = session.slice(-settings.sessionLength);
      const voters = nearestSessions(recent, { index, near, settings });
      for (const voter of voters) vote(voter, { index, near, recent, into });
      for (const voter of voters) near[voter] = 0;
    },
  };
}

interface SessionIndex {
  readonly sessionCount: number;
  /** Titles of sessions, session by session, in the order of time; sessions by their end. */
  readonly title: Int32Array;
  readonly start: Int32Array;
  /** Sessions of each title, ascending: the latest last. */
  readonly ofTitle: readonly Int32Array[];
}

/** Sessions in the order of their last plays (ties by user), so that the latest have the highest
 * numbers. */
function indexOf(interactions: Interactions, gapHours: number): SessionIndex {
  const sessions = sessionsOf(interactions, gapHours);
  const sessionCount = sessions.user.length;
  const lastRow = Int32Array.from(
    { length: sessionCount },
    (_, n) => sessions.row[(sessions.start[n + 1] as number) - 1] as number,
  );
  const order = Int32Array.from({ length: sessionCount }, (_, n) => n);
  // Rows are in total order, and no two sessions end with the same one.
  order.sort((a, b) => (lastRow[a] as number) - (lastRow[b] as number));
  const title = new Int32Array(sessions.title.length);
  const start = new Int32Array(sessionCount + 1);
  const ofTitle = interactions.titles.map((): number[] => []);
  order.forEach((from, session) => {
    const own = sessions.title.subarray(sessions.start[from], sessions.start[from + 1]);
    title.set(own, start[session]);
    start[session + 1] = (start[session] as number) + own.length;
    for (const one of new Set(own)) ofTitle[one]?.push(session);
  });
  return { sessionCount, title, start, ofTitle: ofTitle.map((list) => Int32Array.from(list)) };
}

/** Leaves in `near` how near each is, and 0 for all others. Nearest first; ties to the later
 * one. */
function nearestSessions(
  recent: Int32Array,
  options: {
    readonly index: SessionIndex;
    readonly near: Float64Array;
    readonly settings: SessionNeighbourSettings;
  },
): readonly number[] {
  const { index, near, settings } = options;
  const candidates: number[] = [];
  recent.forEach((title, at) => {
    if (recent.indexOf(title, at + 1) >= 0) return;
    const weight = (at + 1) / recent.length;
    const sessions = (index.ofTitle[title] as Int32Array).slice(-settings.sample);
    for (const session of sessions) {
      if (near[session] === 0) candidates.push(session);
      near[session] = (near[session] as number) + weight;
    }
  });
  const sampled = candidates.sort((a, b) => b - a);
  for (const session of sampled.slice(settings.sample)) near[session] = 0;
  const nearest = sampled
    .slice(0, settings.sample)
    .sort((a, b) => (near[b] as number) - (near[a] as number) || b - a);
  for (const session of nearest.slice(settings.neighbours)) near[session] = 0;
  return nearest.slice(0, settings.neighbours);
}

/** Adds nearness × weight of the latest title in common (1 for the last title, 0.9 for the one
 * before, …) for each other title of the session. */
function vote(
  voter: number,
  options: {
    readonly index: SessionIndex;
    readonly near: Float64Array;
    readonly recent: Int32Array;
    readonly into: Float64Array;
  },
): void {
  const { index, near, recent, into } = options;
  const own = index.title.subarray(index.start[voter], index.start[voter + 1]);
  let age = 0;
  while (age < recent.length && !own.includes(recent[recent.length - 1 - age] as number)) age += 1;
  const weight = (near[voter] as number) * Math.max(0, 1 - 0.1 * age);
  for (const title of new Set(own)) {
    into[title] = (into[title] as number) + weight;
  }
}
