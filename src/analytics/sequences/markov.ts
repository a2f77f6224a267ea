/** Next title by what followed the last one: a first-order Markov chain that backs off to what is
 * played at all, the more the less often its state was seen: (n_ij + μ p_j) ÷ (n_i + μ). Source:
 * Dirichlet smoothing, MacKay and Peto 1995; Zhai and Lafferty 2001. Spec: M46. */
import { notNegative, requireSettings } from '../recommenders/settings.ts';
import type { Interactions } from '../training/interactions.ts';
import type { NextTitleModel } from './next-title-model.ts';
import { sessionsOf } from './sessions.ts';

/** How it is trained. */
export interface MarkovSettings {
  /** μ: transitions that what is played at all counts for, besides those that were seen. */
  readonly smoothing: number;
  /** Longest pause within a session, hours. */
  readonly gapHours: number;
}

/** A pause of 12 hours ends an evening. */
export const MARKOV_DEFAULTS = { smoothing: 200, gapHours: 12 } as const;

/** Counts transitions within sessions. Of an empty session, or one whose last title was never
 * followed, the next is what is played at all. Cost O(plays); O(titles + transitions) memory. */
export function trainMarkov(interactions: Interactions, settings: MarkovSettings): NextTitleModel {
  const { smoothing } = settings;
  requireSettings('Markov', [
    notNegative('smoothing', smoothing),
    notNegative('gapHours', settings.gapHours),
  ]);
  const titleCount = interactions.titles.length;
  const unigram = new Float64Array(titleCount).fill(1 / (interactions.title.length + titleCount));
  for (const title of interactions.title) {
    unigram[title] = (unigram[title] as number) + 1 / (interactions.title.length + titleCount);
  }
  const { start, next, count } = transitions(interactions, settings.gapHours);
  return {
    name: 'markov',
    weights: [unigram, start, next, count],
    scoreNext: (session, into) => {
      into.set(unigram);
      const last = session.at(-1);
      if (last === undefined) return;
      const [from, end] = [start[last] as number, start[last + 1] as number];
      let total = 0;
      for (let at = from; at < end; at += 1) total += count[at] as number;
      if (total === 0) return;
      for (let title = 0; title < titleCount; title += 1) {
        into[title] = (smoothing * (into[title] as number)) / (total + smoothing);
      }
      for (let at = from; at < end; at += 1) {
        const title = next[at] as number;
        into[title] = (into[title] as number) + (count[at] as number) / (total + smoothing);
      }
    },
  };
}

/** How often a title followed a title, as compressed sparse rows; columns ascending. */
function transitions(interactions: Interactions, gapHours: number) {
  const titleCount = interactions.titles.length;
  const { title, start: sessionStart } = sessionsOf(interactions, gapHours);
  const pairs: number[] = [];
  for (let session = 0; session + 1 < sessionStart.length; session += 1) {
    const end = sessionStart[session + 1] as number;
    for (let at = (sessionStart[session] as number) + 1; at < end; at += 1) {
      pairs.push((title[at - 1] as number) * titleCount + (title[at] as number));
    }
  }
  const sorted = Float64Array.from(pairs).sort();
  const start = new Int32Array(titleCount + 1);
  const next: number[] = [];
  const count: number[] = [];
  sorted.forEach((pair, at) => {
    if (at > 0 && pair === sorted[at - 1]) {
      count[count.length - 1] = (count.at(-1) as number) + 1;
      return;
    }
    next.push(pair % titleCount);
    count.push(1);
    const from = Math.floor(pair / titleCount);
    start[from + 1] = next.length;
  });
  // Titles that nothing followed begin and end where the one before ends.
  for (let from = 0; from < titleCount; from += 1) {
    start[from + 1] = Math.max(start[from + 1] as number, start[from] as number);
  }
  return { start, next: Int32Array.from(next), count: Float64Array.from(count) };
}
