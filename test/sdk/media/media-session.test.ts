/** Media sessions: heartbeats, seeks told as one, and the books of a play. */
import { describe, expect, it } from 'vitest';
import { seconds, US_PER_SECOND } from '../../../src/kernel/time.ts';
import {
  DEFAULT_MEDIA_POLICY,
  type MediaFact,
  type MediaInput,
  type MediaSession,
  mediaDueAtUs,
  startMedia,
  stepMedia,
} from '../../../src/sdk/media/media-session.ts';

const PLAY = { titleId: 'tt1', playbackId: 'p1' };
const POLICY = DEFAULT_MEDIA_POLICY;

/** A player that is driven by what the session asks for; times and positions in seconds. */
class Player {
  session: MediaSession;
  readonly told: (readonly [number, string, number | undefined])[] = [];
  readonly facts: MediaFact[] = [];
  #now = 0;
  #position = 0;

  constructor() {
    const { session, facts } = startMedia(PLAY, { positionUs: 0, nowUs: 0 }, POLICY);
    this.session = session;
    this.#note(facts);
  }

  /** Lets time pass; the session is asked at every time it wants to be. */
  until(now: number): void {
    for (;;) {
      const due = mediaDueAtUs(this.session, POLICY);
      if (due === null || due / US_PER_SECOND > now) break;
      this.#pass(due / US_PER_SECOND);
      this.say('passed');
    }
    this.#pass(now);
  }

  say(type: Exclude<MediaInput['type'], 'seeked'>): void {
    this.#step({ type, positionUs: seconds(this.#position), nowUs: seconds(this.#now) });
  }

  seek(to: number): void {
    const fromUs = seconds(this.#position);
    this.#position = to;
    this.#step({ type: 'seeked', positionUs: seconds(to), nowUs: seconds(this.#now), fromUs });
  }

  #pass(now: number): void {
    if (this.session.status === 'playing') this.#position += now - this.#now;
    this.#now = now;
  }

  #step(input: MediaInput): void {
    const { session, facts } = stepMedia(this.session, input, POLICY);
    this.session = session;
    this.#note(facts);
  }

  #note(facts: readonly MediaFact[]): void {
    for (const fact of facts) {
      this.told.push([this.#now, fact.event, fact.data.positionSeconds]);
      this.facts.push(fact);
    }
  }
}

describe('heartbeats', () => {
  it('A49: come every 10 s, at once on resume, and never while paused', () => {
    const player = new Player();
    player.until(25);
    player.say('paused');
    player.until(300);
    player.say('resumed');
    player.until(311);
    expect(player.told).toEqual([
      [0, 'media.play', 0],
      [10, 'media.ping', 10],
      [20, 'media.ping', 20],
      [25, 'media.pause', 25],
      [300, 'media.resume', 25],
      [300, 'media.ping', 25],
      [310, 'media.ping', 35],
    ]);
    expect(mediaDueAtUs({ ...player.session, status: 'paused' }, POLICY)).toBeNull();
  });

  it('A49: do not come while it stalls, and count anew after it', () => {
    const player = new Player();
    player.until(8);
    player.say('stalled');
    player.until(60);
    player.say('unstalled');
    player.until(71);
    expect(player.told.slice(1)).toEqual([
      [8, 'media.buffer_start', 8],
      [60, 'media.buffer_end', 8],
      [70, 'media.ping', 18],
    ]);
  });
});

describe('seeks', () => {
  it('A51: in a row are one, from the first start to the last end, told when they settle', () => {
    const player = new Player();
    player.until(3);
    player.seek(100);
    player.until(6);
    player.seek(40);
    player.until(30);
    expect(player.told.slice(1)).toEqual([
      [11, 'media.seek', 40],
      [16, 'media.ping', 50],
      [26, 'media.ping', 60],
    ]);
    expect(player.facts[1]).toMatchObject({ data: { seekFromSeconds: 3 }, agoUs: seconds(5) });
  });

  it('A51: are told before anything else that happens, dated to the last of them', () => {
    const player = new Player();
    player.until(3);
    player.seek(100);
    player.until(4);
    player.say('paused');
    expect(player.told.slice(1)).toEqual([
      [4, 'media.seek', 100],
      [4, 'media.pause', 101],
    ]);
    expect(player.facts[1]?.agoUs).toBe(seconds(1));
  });

  it('A51: that are far apart are two, though nobody asked in between', () => {
    const player = new Player();
    player.seek(100);
    const late = { type: 'seeked' as const, fromUs: seconds(108), nowUs: seconds(8) };
    const { facts } = stepMedia(player.session, { ...late, positionUs: seconds(9) }, POLICY);
    expect(facts.map(({ event, data }) => [event, data.positionSeconds])).toEqual([
      ['media.seek', 100],
    ]);
  });

  it('A51: are not lost at the end', () => {
    const player = new Player();
    player.seek(50);
    player.say('stopped');
    expect(player.told.map(([, event]) => event)).toEqual([
      'media.play',
      'media.seek',
      'media.end',
    ]);
  });
});

describe('the books of a play', () => {
  it('A50, A52: time played, paused and stalled; seconds watched, once', () => {
    const player = new Player();
    player.until(30);
    player.seek(10);
    player.until(50);
    player.say('stalled');
    player.until(53);
    player.say('unstalled');
    player.until(55);
    player.say('paused');
    player.until(80);
    player.say('resumed');
    player.until(85);
    player.say('completed');
    // 0–30, again 10–30, on to 32 and 37.
    expect(player.facts.at(-1)).toEqual({
      event: 'media.end',
      data: {
        titleId: 'tt1',
        playbackId: 'p1',
        positionSeconds: 37,
        completed: true,
        watchedSeconds: 37,
        playedSeconds: 57,
        pausedSeconds: 25,
        bufferedSeconds: 3,
      },
    });
  });

  it('A52: what does not fit the status is not told', () => {
    const player = new Player();
    player.say('resumed');
    player.say('unstalled');
    player.say('paused');
    player.say('paused');
    player.say('stalled');
    player.say('stopped');
    player.say('resumed');
    player.seek(9);
    expect(player.told.map(([, event]) => event)).toEqual([
      'media.play',
      'media.pause',
      'media.end',
    ]);
  });
});
