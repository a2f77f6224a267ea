/** What lasts: viewers until they churn, absences until the return, plays until they are left. Each
 * viewer counts once in the first two, so that rows are independent. Spec: M79. */
import type { OutcomeHistory } from '../features/history.ts';
import type { Lifetimes } from '../survival/kaplan-meier.ts';
import { visitsOf } from './visits.ts';

const DAY_US = 86_400_000_000;

/** Lifetimes, and which of two groups each is of. */
export interface GroupedLifetimes extends Lifetimes {
  /** 1 where the first play was watched to its end. */
  readonly group: Uint8Array;
}

/** From the first visit to the last, in days, of viewers with a play. Whether a visit was the last
 * is only known a horizon later, so that the data end a horizon before their end: who was seen
 * after that is still there (censored), and who came after it is not counted.
 * @param horizonUs - Who is not seen for so long has left with the last visit. */
export function timeToChurn(history: OutcomeHistory, horizonUs: number): GroupedLifetimes {
  const { user, timeUs, users } = visitsOf(history);
  const untilUs = history.untilUs - horizonUs;
  const first = new Float64Array(users).fill(Number.NaN);
  const last = new Float64Array(users);
  timeUs.forEach((time, i) => {
    const who = user[i] ?? 0;
    if (Number.isNaN(first[who])) first[who] = time;
    last[who] = time;
  });
  const completed = firstPlays(history);
  const who = [...completed.keys()].filter((one) => (first[one] ?? 0) < untilUs);
  const seenUs = (one: number) => Math.min(last[one] ?? 0, untilUs) - (first[one] ?? 0);
  return {
    duration: Float64Array.from(who, (one) => seenUs(one) / DAY_US),
    hasEnded: Uint8Array.from(who, (one) => Number((last[one] ?? 0) < untilUs)),
    group: Uint8Array.from(who, (one) => completed.get(one) ?? 0),
  };
}

/** From the end of a viewer's first play to the start of the next session, in days; censored at the
 * end of the data. */
export function timeToReturn(history: OutcomeHistory): GroupedLifetimes {
  const { plays, untilUs } = history;
  const visits = visitsOf(history);
  const completed = firstPlays(history);
  const ofFirst = new Map<number, { readonly session: number; readonly endUs: number }>();
  plays.user.forEach((user, play) => {
    if (ofFirst.has(user)) return;
    ofFirst.set(user, { session: plays.session[play] ?? -1, endUs: plays.endUs[play] ?? 0 });
  });
  const back = new Map<number, number>();
  visits.timeUs.forEach((time, i) => {
    const user = visits.user[i] ?? 0;
    const first = ofFirst.get(user);
    if (first === undefined || back.has(user) || visits.session[i] === first.session) return;
    if (time > first.endUs) back.set(user, time);
  });
  const who = [...completed.keys()];
  const days = (user: number) =>
    ((back.get(user) ?? untilUs) - (ofFirst.get(user)?.endUs ?? 0)) / DAY_US;
  return {
    duration: Float64Array.from(who, days),
    hasEnded: Uint8Array.from(who, (user) => Number(back.has(user))),
    group: Uint8Array.from(who, (user) => completed.get(user) ?? 0),
  };
}

/** How far plays of a title come, in percent of its running time: left there, or, where the play
 * was complete or an error ended it, seen only so far (censored). */
export function watchThrough(history: OutcomeHistory, title: number): Lifetimes {
  const { plays, titles } = history;
  const runtime = titles[title]?.runtimeSeconds ?? Number.NaN;
  const of = Array.from(plays.title.keys()).filter(
    (play) => runtime > 0 && plays.title[play] === title && plays.isPlayed[play] === 1,
  );
  const isLeft = (play: number) => plays.isComplete[play] === 0 && plays.hasError[play] === 0;
  return {
    duration: Float64Array.from(of, (play) =>
      Math.min(100, Math.max(0, ((plays.watchedSeconds[play] ?? 0) / runtime) * 100)),
    ),
    hasEnded: Uint8Array.from(of, (play) => Number(isLeft(play))),
  };
}

/** Titles with the most plays first; at one number in the order of the titles. */
export function mostPlayed({ plays, titles }: OutcomeHistory, count: number): readonly number[] {
  const counts = new Int32Array(titles.length);
  plays.title.forEach((title, play) => {
    if (title >= 0) counts[title] = (counts[title] ?? 0) + (plays.isPlayed[play] ?? 0);
  });
  return Array.from(counts.keys())
    .filter((title) => (counts[title] ?? 0) > 0)
    .sort((a, b) => (counts[b] ?? 0) - (counts[a] ?? 0) || a - b)
    .slice(0, count);
}

/** One group of them. */
export function groupOf({ duration, hasEnded, group }: GroupedLifetimes, one: 0 | 1): Lifetimes {
  const of = Array.from(group.keys()).filter((i) => group[i] === one);
  return {
    duration: Float64Array.from(of, (i) => duration[i] ?? 0),
    hasEnded: Uint8Array.from(of, (i) => hasEnded[i] ?? 0),
  };
}

/** Whether the viewers' first known plays were complete, by viewer. */
function firstPlays({ plays }: OutcomeHistory): ReadonlyMap<number, number> {
  const completed = new Map<number, number>();
  plays.user.forEach((user, play) => {
    if (!completed.has(user)) completed.set(user, plays.isComplete[play] ?? 0);
  });
  return completed;
}
