/** The portable metrics of a stream: events in any order, watermarks, figures at any moment. A play
 * or session is open until event time has passed its last event by the gap; then it is reduced and
 * its events are forgotten. What comes for it later is named as late, and is all that a stream's
 * figures may differ by from the batch's. State: the events of open plays and sessions, an id and
 * a few numbers a closed one, a set of subjects a day. Spec: S78. */
import type { EnrichedEvent } from '../../domain/pipeline-ports.ts';
import type { MetricRow } from './metric.ts';
import { OpenGroups } from './stream/open-groups.ts';
import {
  comparePlayEvents,
  type PlayEvent,
  type PlayedTitle,
  playEventOf,
  reducePlay,
} from './stream/play-reducer.ts';
import { PlaySums } from './stream/play-sums.ts';
import { compareEvents, reduceSession, type SessionEvent } from './stream/session-reducer.ts';
import { SessionSums } from './stream/session-sums.ts';
import { UserDays } from './stream/user-days.ts';

/** Options of {@link createViewingStream}. */
export interface ViewingStreamOptions {
  /** Event time without news after which a play or session is closed. Default 30 minutes. */
  readonly gapUs?: number;
  readonly titleOf: (titleId: string) => PlayedTitle | undefined;
}

/** Rows of metrics, by their names: those of the SQL. */
export interface ViewingFigures {
  /** Of plays: may differ by late events of plays. */
  readonly plays: ReturnType<PlaySums['rows']>;
  /** Of sessions: may differ by late events of sessions. */
  readonly sessions: ReturnType<SessionSums['rows']>;
  /** Of users: no event is too late. */
  readonly users: ReturnType<UserDays['rows']>;
}

/** The incremental computation. */
export interface ViewingStream {
  add(fact: EnrichedEvent): void;
  /** Event time has come so far: closes plays and sessions. */
  advanceTo(watermarkUs: number): void;
  /** Over all so far; what is open counts as it stands. */
  figures(): ViewingFigures;
  /** Ids of events that came after their play, or their session, was closed. */
  readonly late: { readonly plays: readonly string[]; readonly sessions: readonly string[] };
  readonly openPlays: number;
  readonly openSessions: number;
}

const GAP_US = 1_800_000_000;

/** Makes an empty one. */
export function createViewingStream(options: ViewingStreamOptions): ViewingStream {
  const { gapUs = GAP_US, titleOf } = options;
  const playSums = new PlaySums();
  const sessionSums = new SessionSums();
  const users = new UserDays();
  const plays = new OpenGroups<PlayEvent>({
    gapUs,
    compare: comparePlayEvents,
    timeOf: ({ timeUs }) => timeUs,
    close: (events) => playSums.add(reducePlay(events, titleOf)),
  });
  const sessions = new OpenGroups<SessionEvent>({
    gapUs,
    compare: compareEvents,
    timeOf: ({ event }) => event.eventTimeUs,
    close: (events) => sessionSums.add(reduceSession(events)),
  });
  return {
    add(fact) {
      const { event, deviceKind, country } = fact;
      users.add(event.subject, event.eventTimeUs);
      sessions.add(event.sessionId, { id: event.id, event, deviceKind, country });
      const { playbackId } = event.data;
      const playEvent = playEventOf(fact);
      if (playEvent !== undefined && playbackId !== undefined) plays.add(playbackId, playEvent);
    },
    advanceTo(watermarkUs) {
      plays.advanceTo(watermarkUs);
      sessions.advanceTo(watermarkUs);
    },
    figures() {
      const ofPlays = playSums.copy();
      for (const events of plays.open()) ofPlays.add(reducePlay(events, titleOf));
      const ofSessions = sessionSums.copy();
      for (const events of sessions.open()) ofSessions.add(reduceSession(events));
      return { plays: ofPlays.rows(), sessions: ofSessions.rows(), users: users.rows() };
    },
    late: { plays: plays.late, sessions: sessions.late },
    get openPlays() {
      return plays.openCount;
    },
    get openSessions() {
      return sessions.openCount;
    },
  };
}

/** Names of the metrics that a stream computes, by what their late events are of. */
export function streamedMetrics(): Readonly<Record<keyof ViewingFigures, readonly string[]>> {
  const { plays, sessions, users } = createViewingStream({ titleOf: () => undefined }).figures();
  return {
    plays: Object.keys(plays satisfies Rows),
    sessions: Object.keys(sessions satisfies Rows),
    users: Object.keys(users satisfies Rows),
  };
}

type Rows = Readonly<Record<string, readonly MetricRow[]>>;
