/** One session out of its events, in the code that streams use: the same figures as the SQL of
 * attempts, impressions, browsing and the funnel, which tests hold it to. */
import type { TrackedEvent } from '../../../domain/tracked-event.ts';
import { type ShownTitle, shownTitles } from './shown-titles.ts';

/** Figures of one session. */
export interface SessionFigures {
  /** First and last event of each subject: one, as a rule. */
  readonly visits: ReadonlyMap<string, Visit>;
  /** Whether anybody browsed, and how long it took to the first play: null where none came. */
  readonly browsing: { readonly firstPlayUs: number | null } | undefined;
  /** Shortest time from a click on "play" to the first frame, by play. */
  readonly startupUs: ReadonlyMap<string, number>;
  readonly attempts: number;
  readonly exits: number;
  readonly failures: number;
  /** Steps of the funnel taken in order: by time, and by sequence. */
  readonly stepsByTime: number;
  readonly stepsBySequence: number;
  readonly pairs: number;
  readonly inversions: number;
  readonly shown: readonly ShownTitle[];
}

/** From a subject's first event in a session to the last. */
export interface Visit {
  readonly fromUs: number;
  readonly toUs: number;
}

/** Steps of the funnel, in their order. */
const FUNNEL: readonly ((event: TrackedEvent) => boolean)[] = [
  ({ type, data }) => type === 'page.view' && data.page === 'home',
  ({ type, data }) => type === 'page.view' && data.titleId !== undefined,
  isPlayClick,
  ({ type }) => type === 'media.play',
];

/** Reduces a session. @param events - By time, sequence, id; at least one. */
export function reduceSession(events: readonly TrackedEvent[]): SessionFigures {
  const order = events.toSorted(bySequence);
  const jumps = order.slice(1).map((event, i) => event.eventTimeUs - (order[i]?.eventTimeUs ?? 0));
  return {
    visits: visitsOf(events),
    browsing: browsingOf(events),
    startupUs: startupsOf(events),
    ...attemptsOf(events),
    stepsByTime: stepsTaken(events, (event) => event.eventTimeUs),
    stepsBySequence: stepsTaken(events, (event) => event.sequence),
    pairs: jumps.length,
    inversions: jumps.filter((us) => us < 0).length,
    shown: shownTitles(events),
  };
}

/** By time, sequence, id: the order in which a session's events are read. */
export function compareEvents(a: TrackedEvent, b: TrackedEvent): number {
  if (a.eventTimeUs !== b.eventTimeUs) return a.eventTimeUs - b.eventTimeUs;
  return bySequence(a, b);
}

function bySequence(a: TrackedEvent, b: TrackedEvent): number {
  if (a.sequence !== b.sequence) return a.sequence - b.sequence;
  return a.id < b.id ? -1 : Number(a.id > b.id);
}

function isPlayClick({ type, data }: TrackedEvent): boolean {
  return type === 'ui.click' && data.target === 'play';
}

function visitsOf(events: readonly TrackedEvent[]): ReadonlyMap<string, Visit> {
  const visits = new Map<string, Visit>();
  for (const { subject, eventTimeUs } of events) {
    const fromUs = visits.get(subject)?.fromUs ?? eventTimeUs;
    visits.set(subject, { fromUs, toUs: eventTimeUs });
  }
  return visits;
}

function browsingOf(events: readonly TrackedEvent[]): SessionFigures['browsing'] {
  const first = events.find(({ type }) => type !== 'http.request' && type !== 'record.ingested');
  if (first === undefined) return undefined;
  const play = events.find(({ type }) => type === 'media.play');
  return { firstPlayUs: play === undefined ? null : play.eventTimeUs - first.eventTimeUs };
}

function startupsOf(events: readonly TrackedEvent[]): ReadonlyMap<string, number> {
  const startups = new Map<string, number>();
  let askedUs: number | undefined;
  for (const event of events) {
    if (isPlayClick(event)) askedUs = event.eventTimeUs;
    const { playbackId } = event.data;
    if (event.type !== 'media.play' || playbackId === undefined || askedUs === undefined) continue;
    const us = event.eventTimeUs - askedUs;
    startups.set(playbackId, Math.min(us, startups.get(playbackId) ?? us));
  }
  return startups;
}

/** What came of each click on "play". The error of a play that had begun is none of the next
 * attempt's. */
function attemptsOf(events: readonly TrackedEvent[]) {
  const begun = new Set<string>();
  const count = { attempts: 0, exits: 0, failures: 0 };
  let isOpen = false;
  for (const event of events) {
    const { playbackId } = event.data;
    if (isPlayClick(event)) {
      count.attempts += 1;
      count.exits += Number(isOpen);
      isOpen = true;
    } else if (event.type === 'media.play') {
      if (playbackId !== undefined) begun.add(playbackId);
      isOpen = false;
    } else if (
      event.type === 'media.error' &&
      !(playbackId !== undefined && begun.has(playbackId))
    ) {
      count.failures += Number(isOpen);
      isOpen = false;
    }
  }
  count.exits += Number(isOpen);
  return count;
}

/** Steps taken, each at or after the step before it. */
function stepsTaken(
  events: readonly TrackedEvent[],
  placeOf: (event: TrackedEvent) => number,
): number {
  let at = Number.NEGATIVE_INFINITY;
  for (const [taken, isStep] of FUNNEL.entries()) {
    const places = events
      .filter(isStep)
      .map(placeOf)
      .filter((place) => place >= at);
    if (places.length === 0) return taken;
    at = Math.min(...places);
  }
  return FUNNEL.length;
}
