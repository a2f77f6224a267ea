/** One session out of its events, in the code that streams use: the same figures as the SQL of
 * attempts, impressions, browsing and the funnel, which tests hold it to. */
import type { EnrichedEvent } from '../../../domain/pipeline-ports.ts';
import type { TrackedEvent } from '../../../domain/tracked-event.ts';
import { type Attempt, attemptsOf, isPlayClick, type Start, startsOf } from './attempts.ts';
import { type ShownTitle, shownTitles } from './shown-titles.ts';

/** What is kept of an event until its session is closed. */
export interface SessionEvent extends Pick<EnrichedEvent, 'event' | 'deviceKind' | 'country'> {
  readonly id: string;
}

/** Figures of one session. */
export interface SessionFigures {
  /** First and last event of each subject: one, as a rule. */
  readonly visits: ReadonlyMap<string, Visit>;
  /** Whether anybody browsed, and how long it took to the first play: null where none came. */
  readonly browsing: { readonly firstPlayUs: number | null } | undefined;
  /** Shortest time from a click on "play" to the first frame, by play. */
  readonly startupUs: ReadonlyMap<string, number>;
  /** Every `media.play` of a play that a click on "play" came before, and every such click. */
  readonly starts: readonly Start[];
  readonly attempts: readonly Attempt[];
  /** When each step of the funnel was taken, in order; and how many were, by sequence. */
  readonly stepsUs: readonly number[];
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

/** Reduces a session. @param kept - By time, sequence, id; at least one. */
export function reduceSession(kept: readonly SessionEvent[]): SessionFigures {
  const events = kept.map(({ event }) => event);
  const starts = startsOf(kept);
  const order = events.toSorted(bySequence);
  const jumps = order.slice(1).map((event, i) => event.eventTimeUs - (order[i]?.eventTimeUs ?? 0));
  return {
    visits: visitsOf(events),
    browsing: browsingOf(events),
    starts,
    attempts: attemptsOf(kept),
    startupUs: shortestOf(starts),
    stepsUs: stepsTaken(events, (event) => event.eventTimeUs),
    stepsBySequence: stepsTaken(events, (event) => event.sequence).length,
    pairs: jumps.length,
    inversions: jumps.filter((us) => us < 0).length,
    shown: shownTitles(events),
  };
}

/** By time, sequence, id: the order in which a session's events are read. */
export function compareEvents({ event: a }: SessionEvent, { event: b }: SessionEvent): number {
  if (a.eventTimeUs !== b.eventTimeUs) return a.eventTimeUs - b.eventTimeUs;
  return bySequence(a, b);
}

function bySequence(a: TrackedEvent, b: TrackedEvent): number {
  if (a.sequence !== b.sequence) return a.sequence - b.sequence;
  return a.id < b.id ? -1 : Number(a.id > b.id);
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

function shortestOf(starts: readonly Start[]): ReadonlyMap<string, number> {
  const startups = new Map<string, number>();
  for (const { playId, us } of starts) {
    startups.set(playId, Math.min(us, startups.get(playId) ?? us));
  }
  return startups;
}

/** Where steps were taken, each at or after the step before it. */
function stepsTaken(
  events: readonly TrackedEvent[],
  placeOf: (event: TrackedEvent) => number,
): readonly number[] {
  const taken: number[] = [];
  for (const isStep of FUNNEL) {
    const at = taken.at(-1) ?? Number.NEGATIVE_INFINITY;
    const places = events
      .filter(isStep)
      .map(placeOf)
      .filter((place) => place >= at);
    if (places.length === 0) break;
    taken.push(Math.min(...places));
  }
  return taken;
}
