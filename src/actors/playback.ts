/** What plays on a device: content position as plain data, advanced by elapsed time, and beside it
 * what the SDK's media session makes of it. */
import type { TitleId, ViewerId } from '../domain/ids.ts';
import {
  type MediaFact,
  type MediaInput,
  type MediaPolicy,
  type MediaSession,
  startMedia,
  stepMedia,
} from '../sdk/media/media-session.ts';
import type { PlayerCommand } from './viewer.ts';

/** One play of a title. */
export interface Playback {
  readonly titleId: TitleId;
  readonly playbackId: string;
  readonly playCount: number;
  readonly durationUs: number;
  /** Content position at `sinceUs`. */
  readonly positionUs: number;
  readonly sinceUs: number;
  /** Null until it starts to play. */
  readonly media: MediaSession | null;
}

/** What happens to a play. `started` it, or what the media session is told. */
export type PlaybackTurn = 'started' | Exclude<MediaInput['type'], 'seeked'>;

/** A play after a turn, and what the SDK is to capture. */
export interface PlaybackStep {
  readonly playback: Playback;
  readonly facts: readonly MediaFact[];
}

/** A play that begins now. */
export function beginPlayback(viewer: ViewerId, play: PlayerCommand, nowUs: number): Playback {
  return {
    titleId: play.titleId,
    playbackId: `p${viewer}-${play.playCount}`,
    playCount: play.playCount,
    durationUs: play.durationUs,
    positionUs: 0,
    sinceUs: nowUs,
    media: null,
  };
}

/** Time until the player wants to say something: the next heartbeat, or the end of the title. */
export function untilWordUs(playback: Playback | undefined, heartbeatUs: number): number {
  if (playback === undefined) return heartbeatUs;
  const { durationUs, positionUs, sinceUs, media } = playback;
  const untilBeatUs = media === null ? heartbeatUs : media.nextBeatUs - sinceUs;
  return Math.min(untilBeatUs, durationUs - positionUs);
}

/** Whether the title has played to its end by now. */
export function isAtTheEnd(playback: Playback | undefined, nowUs: number): boolean {
  if (playback === undefined) return true;
  return playback.durationUs - playback.positionUs <= nowUs - playback.sinceUs;
}

/** Takes a turn now: the position moves on if it was playing, and the media session hears of it. */
export function turnPlayback(
  playback: Playback,
  turn: PlaybackTurn,
  at: { readonly nowUs: number; readonly policy: MediaPolicy },
): PlaybackStep {
  const { nowUs, policy } = at;
  const positionUs = positionAtUs(playback, nowUs);
  const here = { positionUs, nowUs };
  if (turn !== 'started' && playback.media === null) return { playback, facts: [] };
  const { session, facts } =
    turn === 'started' || playback.media === null
      ? startMedia(playback, here, policy)
      : stepMedia(playback.media, { ...here, type: turn }, policy);
  return { playback: { ...playback, positionUs, sinceUs: nowUs, media: session }, facts };
}

/** Jumps to a share 0–1 of the title. */
export function seekPlayback(
  playback: Playback,
  share: number,
  at: { readonly nowUs: number; readonly policy: MediaPolicy },
): PlaybackStep {
  const { nowUs, policy } = at;
  const fromUs = positionAtUs(playback, nowUs);
  const positionUs = Math.floor(share * playback.durationUs);
  const moved = { ...playback, positionUs, sinceUs: nowUs };
  if (playback.media === null) return { playback: moved, facts: [] };
  const input = { type: 'seeked' as const, positionUs, nowUs, fromUs };
  const { session, facts } = stepMedia(playback.media, input, policy);
  return { playback: { ...moved, media: session }, facts };
}

/** Content position: it moves while it plays, at most to the end. */
function positionAtUs({ positionUs, sinceUs, durationUs, media }: Playback, nowUs: number): number {
  if (media?.status !== 'playing') return positionUs;
  return Math.min(durationUs, positionUs + nowUs - sinceUs);
}
