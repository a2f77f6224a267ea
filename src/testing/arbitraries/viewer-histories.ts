/** What viewers do, as tracked events: households of viewers with sessions of pages, searches and
 * plays, with heartbeats, pauses and ends, as the built-in SDK tells them. They shrink to one
 * viewer who opens one page. Spec: T97. */

import fc from 'fast-check';
import type { TrackedEvent, TrackedEventType } from '../../domain/tracked-event.ts';
import { US_PER_SECOND } from '../../kernel/time.ts';
import type { StreamedEvent } from '../pipelines/stream-trial.ts';

/** What is drawn. */
export interface ViewerHistoryOptions {
  /** Viewers of the household. Default 3. */
  readonly maxViewers?: number;
  /** Sessions of each. Default 2. */
  readonly maxSessions?: number;
  /** Pages and plays of a session. Default 4. */
  readonly maxVisits?: number;
  /** Between heartbeats of a play, µs. Default 10 s. */
  readonly heartbeatUs?: number;
  /** Titles that are watched; default `tt1` … `tt3`. */
  readonly titles?: readonly string[];
}

const TITLES = ['tt1', 'tt2', 'tt3'];
const SESSION_GAP_US = 45 * 60 * US_PER_SECOND;

/** Histories of a household, all viewers together, in the order of event time. Ids are unique, and
 * a session's events are numbered from 0. To be given to `disordered`. */
export function viewerHistories(
  options: ViewerHistoryOptions = {},
): fc.Arbitrary<readonly StreamedEvent<TrackedEvent>[]> {
  const { maxViewers = 3, maxSessions = 2, maxVisits = 4, titles = TITLES } = options;
  const visits = fc.array(visit(titles), { minLength: 1, maxLength: maxVisits, size: 'max' });
  const sessions = fc.array(
    fc.record({ afterUs: fc.nat(120).map((n) => n * US_PER_SECOND), visits }),
    { minLength: 1, maxLength: maxSessions, size: 'max' },
  );
  return fc
    .array(sessions, { minLength: 1, maxLength: maxViewers, size: 'max' })
    .map((viewers) =>
      viewers
        .flatMap((all, viewer) => historyOf(`v${viewer + 1}`, all, options))
        .sort((a, b) => a.timeUs - b.timeUs),
    );
}

/** One thing that a viewer does. */
interface Visit {
  readonly kind: 'page' | 'search' | 'play';
  readonly title: string;
  /** Before it, µs. */
  readonly thinkUs: number;
  /** Of a play: watched, and paused in the middle of it (0: not at all), µs. */
  readonly watchedUs: number;
  readonly pausedUs: number;
  readonly isWatchedToEnd: boolean;
}

function visit(titles: readonly string[]): fc.Arbitrary<Visit> {
  return fc.record({
    kind: fc.constantFrom('page', 'search', 'play'),
    title: fc.constantFrom(...titles),
    thinkUs: fc.nat(30).map((n) => n * US_PER_SECOND),
    watchedUs: fc.nat(60).map((n) => n * US_PER_SECOND),
    pausedUs: fc.oneof(
      fc.constant(0),
      fc.nat(20).map((n) => n * US_PER_SECOND),
    ),
    isWatchedToEnd: fc.boolean(),
  });
}

interface Session {
  readonly afterUs: number;
  readonly visits: readonly Visit[];
}

function historyOf(
  subject: string,
  sessions: readonly Session[],
  { heartbeatUs = 10 * US_PER_SECOND }: ViewerHistoryOptions,
): StreamedEvent<TrackedEvent>[] {
  const history: StreamedEvent<TrackedEvent>[] = [];
  let nowUs = 0;
  for (const [n, { afterUs, visits }] of sessions.entries()) {
    nowUs += n === 0 ? afterUs : SESSION_GAP_US + afterUs;
    const sessionId = `${subject}-s${n + 1}`;
    const teller = new Teller({ subject, sessionId, history, nowUs });
    teller.tell('page.view', { page: 'home' });
    for (const one of visits) teller.visit(one, heartbeatUs);
    nowUs = teller.nowUs;
  }
  return history;
}

/** Writes one session down. */
class Teller {
  readonly #of: { readonly subject: string; readonly sessionId: string };
  readonly #history: StreamedEvent<TrackedEvent>[];
  #sequence = 0;
  #plays = 0;
  nowUs: number;

  constructor(of: {
    readonly subject: string;
    readonly sessionId: string;
    readonly history: StreamedEvent<TrackedEvent>[];
    readonly nowUs: number;
  }) {
    this.#of = of;
    this.#history = of.history;
    this.nowUs = of.nowUs;
  }

  tell(type: TrackedEventType, data: TrackedEvent['data']): void {
    const { subject, sessionId } = this.#of;
    const sequence = this.#sequence;
    this.#sequence += 1;
    const row: TrackedEvent = {
      id: `${sessionId}-${sequence}`,
      type,
      subject,
      sessionId,
      sequence,
      eventTimeUs: this.nowUs,
      data,
    };
    this.#history.push({ timeUs: this.nowUs, row });
  }

  visit(one: Visit, heartbeatUs: number): void {
    this.nowUs += one.thinkUs;
    if (one.kind === 'search') this.tell('ui.search', { page: 'search', query: one.title });
    else this.tell('page.view', { page: 'title', titleId: one.title });
    if (one.kind === 'play') this.#play(one, heartbeatUs);
  }

  #play({ title, watchedUs, pausedUs, isWatchedToEnd }: Visit, heartbeatUs: number): void {
    this.#plays += 1;
    const playbackId = `${this.#of.sessionId}-p${this.#plays}`;
    let playedUs = 0;
    const of = () => ({
      titleId: title,
      playbackId,
      positionSeconds: Math.floor(playedUs / US_PER_SECOND),
    });
    const playOn = (untilUs: number) => {
      while (playedUs < untilUs) {
        const stepUs = Math.min(heartbeatUs, untilUs - playedUs);
        this.nowUs += stepUs;
        playedUs += stepUs;
        if (stepUs === heartbeatUs) this.tell('media.ping', of());
      }
    };
    this.tell('media.play', of());
    playOn(pausedUs > 0 ? Math.floor(watchedUs / 2) : watchedUs);
    if (pausedUs > 0) {
      this.tell('media.pause', of());
      this.nowUs += pausedUs;
      this.tell('media.resume', of());
      playOn(watchedUs);
    }
    const playedSeconds = Math.floor(watchedUs / US_PER_SECOND);
    const pausedSeconds = Math.floor(pausedUs / US_PER_SECOND);
    this.tell('media.end', { ...of(), completed: isWatchedToEnd, playedSeconds, pausedSeconds });
  }
}

/** Puts the time of delivery into a tracked event, for `stamp`. */
export function stampTrackedEvent(
  event: TrackedEvent,
  { timeUs }: { readonly timeUs: number },
): TrackedEvent {
  return event.eventTimeUs === timeUs ? event : { ...event, eventTimeUs: timeUs };
}
