/** From a `<video>`'s events to facts, by the media session that simulated devices use too. What
 * the element says is turned into the player's word; rate, volume and fullscreen, which are no part
 * of a play's books, are told beside it. Any object with a media element's events and properties
 * will do. Spec: B26–B28. */
import type { TrackedEventData } from '../../../domain/tracked-event.ts';
import { US_PER_SECOND } from '../../../kernel/time.ts';
import {
  DEFAULT_MEDIA_POLICY,
  type MediaInput,
  type MediaPolicy,
  type MediaSession,
  type MediaStep,
  mediaDueAtUs,
  startMedia,
  stepMedia,
} from '../../../sdk/media/media-session.ts';
import type { BacklotFact } from '../options.ts';

/** What is used of a media element. */
export interface VideoLike {
  readonly currentTime: number;
  readonly paused: boolean;
  readonly ended: boolean;
  readonly seeking: boolean;
  readonly readyState: number;
  readonly playbackRate: number;
  readonly volume: number;
  readonly muted: boolean;
  readonly error: { readonly code: number } | null;
  addEventListener(type: string, listener: () => void): void;
  removeEventListener(type: string, listener: () => void): void;
}

/** What a watch is given. */
export interface VideoWatchPorts {
  readonly titleId: string;
  /** Names one play. */
  nameOfPlay(): string;
  uptimeMs(): number;
  later(delayMs: number, call: () => void): () => void;
  isFullscreen(): boolean;
  capture(fact: BacklotFact, agoUs: number): void;
  readonly policy?: MediaPolicy;
}

/** A video that is watched. */
export interface VideoWatch {
  /** The play is over: its books are closed, if it ever began. */
  ended(): void;
  fullscreenChanged(): void;
  /** Leaves the element as it was. */
  stop(): void;
}

/** HTMLMediaElement.HAVE_FUTURE_DATA. */
const HAVE_FUTURE_DATA = 3;
/** A volume that is dragged is one change. */
const VOLUME_SETTLES_MS = 1_000;
const WORD_FOR_PLAYING = {
  playing: 'passed',
  buffering: 'unstalled',
  paused: 'resumed',
  ended: 'passed',
} as const;
const ERROR_NAMES = ['', 'aborted', 'network', 'decode', 'unsupported'];

/** Watches an element. One that plays already begins a play at once. */
export function watchVideo(video: VideoLike, ports: VideoWatchPorts): VideoWatch {
  const watch = new Watch(video, ports);
  watch.start();
  return watch;
}

class Watch implements VideoWatch {
  readonly #video: VideoLike;
  readonly #ports: VideoWatchPorts;
  readonly #policy: MediaPolicy;
  readonly #listeners: Readonly<Record<string, () => void>>;
  #session: MediaSession | undefined;
  #callOffBeat: (() => void) | undefined;
  #callOffVolume: (() => void) | undefined;
  #volume = '';

  constructor(video: VideoLike, ports: VideoWatchPorts) {
    this.#video = video;
    this.#ports = ports;
    this.#policy = ports.policy ?? DEFAULT_MEDIA_POLICY;
    this.#listeners = {
      playing: () => this.#playing(),
      pause: () => {
        if (!video.ended) this.#say('paused');
      },
      waiting: () => {
        if (!video.seeking && video.readyState < HAVE_FUTURE_DATA) this.#say('stalled');
      },
      seeking: () => this.#seeking(),
      timeupdate: () => {
        if (!video.seeking) this.#say('passed');
      },
      ended: () => this.#close('completed'),
      emptied: () => this.#close('stopped'),
      error: () => this.#failed(),
      ratechange: () => this.#tellPlayer('player.rate', { playbackRate: video.playbackRate }),
      volumechange: () => this.#volumeChanged(),
    };
  }

  start(): void {
    for (const [type, listener] of Object.entries(this.#listeners)) {
      this.#video.addEventListener(type, listener);
    }
    if (!this.#video.paused && this.#video.readyState >= HAVE_FUTURE_DATA) this.#playing();
  }

  stop(): void {
    this.ended();
    for (const [type, listener] of Object.entries(this.#listeners)) {
      this.#video.removeEventListener(type, listener);
    }
  }

  ended(): void {
    this.#settleVolume();
    this.#close('stopped');
  }

  fullscreenChanged(): void {
    this.#tellPlayer('player.fullscreen', { fullscreen: this.#ports.isFullscreen() });
  }

  get #at(): { readonly positionUs: number; readonly nowUs: number } {
    const { currentTime } = this.#video;
    return {
      positionUs: Number.isFinite(currentTime) ? Math.round(currentTime * US_PER_SECOND) : 0,
      nowUs: Math.floor(this.#ports.uptimeMs() * 1_000),
    };
  }

  #playing(): void {
    if (this.#session !== undefined) {
      // After a seek an element says so although it never paused: that ends no row of seeks.
      this.#say(WORD_FOR_PLAYING[this.#session.status]);
      return;
    }
    const play = { titleId: this.#ports.titleId, playbackId: this.#ports.nameOfPlay() };
    this.#volume = this.#volumeNow();
    this.#take(startMedia(play, this.#at, this.#policy));
  }

  #say(type: Exclude<MediaInput['type'], 'seeked'>): void {
    if (this.#session === undefined) return;
    this.#take(stepMedia(this.#session, { type, ...this.#at }, this.#policy));
  }

  /** The element is at the new place already; it was last seen at the old one. */
  #seeking(): void {
    if (this.#session === undefined) return;
    const fromUs = this.#session.positionUs;
    this.#take(stepMedia(this.#session, { type: 'seeked', fromUs, ...this.#at }, this.#policy));
  }

  #close(type: 'completed' | 'stopped'): void {
    const session = this.#session;
    if (session === undefined) return;
    // An element that was emptied is at 0: the play ended where it was last seen.
    const { nowUs } = this.#at;
    const at = type === 'completed' ? this.#at : { positionUs: session.positionUs, nowUs };
    this.#take(stepMedia(session, { type, ...at }, this.#policy));
    this.#session = undefined;
    this.#callOffBeat?.();
  }

  #failed(): void {
    const code = this.#video.error?.code ?? 0;
    const errorCode = ERROR_NAMES[code] || 'unknown';
    const playbackId = this.#session?.playbackId ?? this.#ports.nameOfPlay();
    const { titleId } = this.#ports;
    this.#ports.capture({ type: 'media.error', data: { titleId, playbackId, errorCode } }, 0);
    this.#close('stopped');
  }

  #take({ session, facts }: MediaStep): void {
    this.#session = session;
    for (const { event, data, agoUs = 0 } of facts) {
      this.#ports.capture({ type: event, data }, agoUs);
    }
    this.#callOffBeat?.();
    const dueUs = mediaDueAtUs(session, this.#policy);
    if (dueUs === null || session.status === 'ended') return;
    const delayMs = Math.max(0, Math.ceil(dueUs / 1_000 - this.#ports.uptimeMs()));
    this.#callOffBeat = this.#ports.later(delayMs, () => this.#say('passed'));
  }

  #tellPlayer(type: BacklotFact['type'], what: TrackedEventData): void {
    if (this.#session === undefined) return;
    const { titleId, playbackId } = this.#session;
    const positionSeconds = Math.floor(this.#at.positionUs / US_PER_SECOND);
    this.#ports.capture({ type, data: { titleId, playbackId, positionSeconds, ...what } }, 0);
  }

  #volumeChanged(): void {
    this.#callOffVolume?.();
    this.#callOffVolume = this.#ports.later(VOLUME_SETTLES_MS, () => this.#settleVolume());
  }

  /** Tells the volume, if it is another one than was told last. */
  #settleVolume(): void {
    this.#callOffVolume?.();
    this.#callOffVolume = undefined;
    const now = this.#volumeNow();
    if (this.#session === undefined || now === this.#volume) return;
    this.#volume = now;
    const { muted, volume } = this.#video;
    this.#tellPlayer('player.volume', { muted, volumePercent: Math.round(volume * 100) });
  }

  #volumeNow(): string {
    return `${this.#video.muted} ${Math.round(this.#video.volume * 100)}`;
  }
}
