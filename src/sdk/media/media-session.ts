/** What an SDK makes of a player's word: facts to capture, with heartbeats while it plays and at
 * once on resume, none while it is paused; seeks in a row told as one; and the books of the play:
 * time played, paused and stalled, content seconds watched. A pure reducer: browsers and
 * simulated devices drive it alike. Source: Segment's video spec, Snowplow's media plugin. Spec:
 * A49–A52. */
import type { TrackedEventData, TrackedEventType } from '../../domain/tracked-event.ts';
import { seconds, US_PER_SECOND } from '../../kernel/time.ts';
import {
  NOTHING_WATCHED,
  type WatchedSeconds,
  watchedCount,
  withWatched,
} from './watched-seconds.ts';

/** How media are tracked. Times in µs. */
export interface MediaPolicy {
  readonly heartbeatUs: number;
  /** Seeks that follow each other sooner are one. */
  readonly seekSettleUs: number;
}

/** A heartbeat every 10 s (Segment), seeks settle in 5 s (Snowplow). */
export const DEFAULT_MEDIA_POLICY: MediaPolicy = {
  heartbeatUs: seconds(10),
  seekSettleUs: seconds(5),
};

/** One play of a title as the SDK follows it: plain data. Times on one monotonic clock. */
export interface MediaSession {
  readonly titleId: string;
  readonly playbackId: string;
  readonly status: 'playing' | 'paused' | 'buffering' | 'ended';
  /** Content position, and the time, when the player last said something. */
  readonly positionUs: number;
  readonly atUs: number;
  readonly playedUs: number;
  readonly pausedUs: number;
  readonly bufferedUs: number;
  readonly watched: WatchedSeconds;
  /** When the next heartbeat is due, if it plays by then. */
  readonly nextBeatUs: number;
  readonly seek: PendingSeek | null;
}

/** Seeks that may go on: the first one's start and the last one's end. */
interface PendingSeek {
  readonly fromUs: number;
  readonly toUs: number;
  readonly atUs: number;
}

/** What a player says; position and time of now. `seeked` says where the jump began. */
export type MediaInput = { readonly positionUs: number; readonly nowUs: number } & (
  | {
      readonly type:
        | 'paused'
        | 'resumed'
        | 'stalled'
        | 'unstalled'
        | 'passed'
        | 'completed'
        | 'stopped';
    }
  | { readonly type: 'seeked'; readonly fromUs: number }
);

/** Something to capture. `agoUs`: it happened so long ago. */
export interface MediaFact {
  readonly event: TrackedEventType;
  readonly data: TrackedEventData;
  readonly agoUs?: number;
}

/** What an input leads to. */
export interface MediaStep {
  readonly session: MediaSession;
  readonly facts: readonly MediaFact[];
}

/** A play that starts playing now. */
export function startMedia(
  play: { readonly titleId: string; readonly playbackId: string },
  at: { readonly positionUs: number; readonly nowUs: number },
  policy: MediaPolicy,
): MediaStep {
  const session: MediaSession = {
    titleId: play.titleId,
    playbackId: play.playbackId,
    status: 'playing',
    positionUs: at.positionUs,
    atUs: at.nowUs,
    playedUs: 0,
    pausedUs: 0,
    bufferedUs: 0,
    watched: NOTHING_WATCHED,
    nextBeatUs: at.nowUs + policy.heartbeatUs,
    seek: null,
  };
  return { session, facts: [{ event: 'media.play', data: dataOf(session) }] };
}

/** When the session wants to hear `passed`: for a heartbeat, or because a seek settles. */
export function mediaDueAtUs(session: MediaSession, policy: MediaPolicy): number | null {
  const beatUs = session.status === 'playing' ? session.nextBeatUs : Number.POSITIVE_INFINITY;
  const settledUs =
    session.seek === null ? Number.POSITIVE_INFINITY : session.seek.atUs + policy.seekSettleUs;
  const dueUs = Math.min(beatUs, settledUs);
  return Number.isFinite(dueUs) ? dueUs : null;
}

/** Takes a player's word in. What does not fit the status (a pause while paused) changes nothing
 * but the books. */
export function stepMedia(
  session: MediaSession,
  input: MediaInput,
  policy: MediaPolicy,
): MediaStep {
  if (session.status === 'ended') return { session, facts: [] };
  const { nowUs } = input;
  if (input.type === 'seeked') return seeked(session, input, policy);
  const facts: MediaFact[] = [];
  let next = accounted(session, input);
  const { seek } = next;
  if (seek !== null && (input.type !== 'passed' || nowUs - seek.atUs >= policy.seekSettleUs)) {
    facts.push(seekFact(next, seek, nowUs));
    next = { ...next, seek: null };
  }
  const tell = (event: TrackedEventType, status = next.status) => {
    if (event === 'media.ping') next = { ...next, nextBeatUs: nowUs + policy.heartbeatUs };
    next = { ...next, status };
    facts.push({ event, data: dataOf(next) });
  };
  switch (input.type) {
    case 'passed':
      if (next.status === 'playing' && nowUs >= next.nextBeatUs) tell('media.ping');
      break;
    case 'paused':
      if (next.status !== 'paused') tell('media.pause', 'paused');
      break;
    case 'resumed':
      if (next.status !== 'paused') break;
      tell('media.resume', 'playing');
      tell('media.ping');
      break;
    case 'stalled':
      if (next.status === 'playing') tell('media.buffer_start', 'buffering');
      break;
    case 'unstalled':
      if (next.status !== 'buffering') break;
      tell('media.buffer_end', 'playing');
      next = { ...next, nextBeatUs: nowUs + policy.heartbeatUs };
      break;
    default:
      next = { ...next, status: 'ended' };
      facts.push({ event: 'media.end', data: endData(next, input.type === 'completed') });
  }
  return { session: next, facts };
}

/** The jump itself is not watched; the next heartbeat counts from here. */
function seeked(
  session: MediaSession,
  input: Extract<MediaInput, { type: 'seeked' }>,
  policy: MediaPolicy,
): MediaStep {
  const { nowUs, positionUs, fromUs } = input;
  const before = accounted(session, { positionUs: fromUs, nowUs });
  const isOld = before.seek !== null && nowUs - before.seek.atUs >= policy.seekSettleUs;
  const facts = isOld && before.seek !== null ? [seekFact(before, before.seek, nowUs)] : [];
  const firstUs = before.seek === null || isOld ? fromUs : before.seek.fromUs;
  return {
    session: {
      ...before,
      positionUs,
      nextBeatUs: nowUs + policy.heartbeatUs,
      seek: { fromUs: firstUs, toUs: positionUs, atUs: nowUs },
    },
    facts,
  };
}

/** The session with the time since the last word booked. */
function accounted(
  session: MediaSession,
  { positionUs, nowUs }: { readonly positionUs: number; readonly nowUs: number },
): MediaSession {
  const passedUs = nowUs - session.atUs;
  switch (session.status) {
    case 'playing':
      return {
        ...session,
        positionUs,
        atUs: nowUs,
        playedUs: session.playedUs + passedUs,
        watched: withWatched(session.watched, {
          fromSeconds: session.positionUs / US_PER_SECOND,
          toSeconds: positionUs / US_PER_SECOND,
        }),
      };
    case 'paused':
      return { ...session, positionUs, atUs: nowUs, pausedUs: session.pausedUs + passedUs };
    default:
      return { ...session, positionUs, atUs: nowUs, bufferedUs: session.bufferedUs + passedUs };
  }
}

function seekFact(session: MediaSession, seek: PendingSeek, nowUs: number): MediaFact {
  const data = {
    titleId: session.titleId,
    playbackId: session.playbackId,
    positionSeconds: wholeSeconds(seek.toUs),
    seekFromSeconds: wholeSeconds(seek.fromUs),
  };
  const agoUs = nowUs - seek.atUs;
  return agoUs === 0 ? { event: 'media.seek', data } : { event: 'media.seek', data, agoUs };
}

function dataOf({ titleId, playbackId, positionUs }: MediaSession): TrackedEventData {
  return { titleId, playbackId, positionSeconds: wholeSeconds(positionUs) };
}

function endData(session: MediaSession, completed: boolean): TrackedEventData {
  return {
    ...dataOf(session),
    completed,
    watchedSeconds: watchedCount(session.watched),
    playedSeconds: wholeSeconds(session.playedUs),
    pausedSeconds: wholeSeconds(session.pausedUs),
    bufferedSeconds: wholeSeconds(session.bufferedUs),
  };
}

function wholeSeconds(us: number): number {
  return Math.floor(us / US_PER_SECOND);
}
