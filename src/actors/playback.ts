/** What plays on a device: content position as plain data, advanced by elapsed time. */
import type { TitleId, ViewerId } from '../domain/ids.ts';
import type { TrackedEventData } from '../domain/tracked-event.ts';
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
}

const US_PER_SECOND = 1_000_000;

/** A play that begins now. */
export function beginPlayback(viewer: ViewerId, play: PlayerCommand, nowUs: number): Playback {
  return {
    titleId: play.titleId,
    playbackId: `p${viewer}-${play.playCount}`,
    playCount: play.playCount,
    durationUs: play.durationUs,
    positionUs: 0,
    sinceUs: nowUs,
  };
}

/** Content time left after the position that was last noted. */
export function remainingUs(playback: Playback | undefined): number {
  return playback === undefined ? 0 : playback.durationUs - playback.positionUs;
}

/** Whether the title has played to its end by now. */
export function isAtTheEnd(playback: Playback | undefined, nowUs: number): boolean {
  return playback === undefined || remainingUs(playback) <= nowUs - playback.sinceUs;
}

/** The position moved on by the time since it was noted, at most to the end. */
export function advanced(playback: Playback | undefined, nowUs: number): Playback | undefined {
  if (playback === undefined) return undefined;
  const positionUs = playback.positionUs + nowUs - playback.sinceUs;
  return { ...playback, positionUs: Math.min(playback.durationUs, positionUs), sinceUs: nowUs };
}

/** The position set to a share 0–1 of the title. */
export function jumped(
  playback: Playback | undefined,
  share: number,
  nowUs: number,
): Playback | undefined {
  if (playback === undefined) return undefined;
  return {
    ...playback,
    positionUs: Math.floor(share * playback.durationUs),
    sinceUs: nowUs,
  };
}

/** What the SDK is told of a play. */
export function playbackData(playback: Playback | undefined): TrackedEventData {
  if (playback === undefined) return {};
  return {
    titleId: playback.titleId,
    playbackId: playback.playbackId,
    positionSeconds: Math.floor(playback.positionUs / US_PER_SECOND),
  };
}
