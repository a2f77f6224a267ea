/** A media element's events become the facts that simulated players tell, with the same books. */
import { describe, expect, it } from 'vitest';
import { watchVideo } from '../../../../src/browser/sdk/video/video-watch.ts';
import { FakeBrowser } from '../fake-browser.ts';

/** A media element that says what it is told to. */
class FakeVideo extends EventTarget {
  currentTime = 0;
  paused = true;
  ended = false;
  seeking = false;
  readyState = 4;
  playbackRate = 1;
  volume = 1;
  muted = false;
  error: { readonly code: number } | null = null;
  listeners = 0;

  override addEventListener(type: string, listener: () => void): void {
    this.listeners += 1;
    super.addEventListener(type, listener);
  }

  override removeEventListener(type: string, listener: () => void): void {
    this.listeners -= 1;
    super.removeEventListener(type, listener);
  }

  say(...types: readonly string[]): void {
    for (const type of types) this.dispatchEvent(new Event(type));
  }
}

type Told = readonly [type: string, seconds: number | undefined];

function bench() {
  const browser = new FakeBrowser();
  const video = new FakeVideo();
  const facts: { type: string; data: Readonly<Record<string, unknown>>; atMs: number }[] = [];
  let plays = 0;
  const tab = browser.open();
  const watch = watchVideo(video, {
    titleId: 'tt7',
    nameOfPlay: () => {
      plays += 1;
      return `play${plays}`;
    },
    uptimeMs: () => tab.uptimeMs(),
    later: (ms, call) => tab.later(ms, call),
    isFullscreen: () => true,
    capture: ({ type, data }, agoUs) => {
      facts.push({ type, data: { ...data }, atMs: browser.nowMs - agoUs / 1_000 });
    },
  });
  return {
    browser,
    video,
    watch,
    facts,
    told: () => facts.map(({ type, atMs }): Told => [type, atMs / 1_000]),
    /** Plays on, with the word that players have every 250 ms. */
    async play(seconds: number) {
      for (let i = 0; i < seconds * 4; i += 1) {
        await browser.pass(250);
        video.currentTime += 0.25 * video.playbackRate;
        video.say('timeupdate');
      }
    },
    start() {
      video.paused = false;
      video.say('play', 'playing');
    },
    seek(to: number) {
      video.seeking = true;
      video.currentTime = to;
      video.say('seeking', 'waiting', 'timeupdate');
      video.seeking = false;
      video.say('seeked', 'playing');
    },
  };
}

describe('a play', () => {
  it('B26: has heartbeats, none while paused, one at once on resume; and its books', async () => {
    const { video, browser, told, play, start, facts } = bench();
    start();
    await play(12);
    video.paused = true;
    video.say('pause');
    await browser.pass(60_000);
    start();
    await play(3);
    video.ended = true;
    video.say('pause', 'ended');
    expect(told()).toEqual([
      ['media.play', 0],
      ['media.ping', 10],
      ['media.pause', 12],
      ['media.resume', 72],
      ['media.ping', 72],
      ['media.end', 75],
    ]);
    expect(facts.at(-1)?.data).toEqual({
      titleId: 'tt7',
      playbackId: 'play1',
      positionSeconds: 15,
      completed: true,
      watchedSeconds: 15,
      playedSeconds: 15,
      pausedSeconds: 60,
      bufferedSeconds: 0,
    });
  });

  it('B26: counts a second once, and tells seeks in a row as one', async () => {
    const { facts, play, start, seek, watch } = bench();
    start();
    await play(4);
    seek(50);
    seek(90);
    seek(2);
    await play(6);
    watch.ended();
    const seeks = facts.filter(({ type }) => type === 'media.seek');
    expect(
      seeks.map(({ data, atMs }) => [data['seekFromSeconds'], data['positionSeconds'], atMs]),
    ).toEqual([[4, 2, 4_000]]);
    expect(facts.at(-1)?.data).toMatchObject({
      watchedSeconds: 8,
      playedSeconds: 10,
      completed: false,
    });
  });

  it('B26: stalls are told where the player waits for data, not where it seeks', async () => {
    const { video, told, browser, play, start } = bench();
    start();
    await play(1);
    video.readyState = 2;
    video.say('waiting');
    await browser.pass(4_000);
    video.readyState = 4;
    video.say('playing');
    expect(told().slice(1)).toEqual([
      ['media.buffer_start', 1],
      ['media.buffer_end', 5],
    ]);
  });

  it('B27: after an end another one begins', async () => {
    const { video, facts, play, start } = bench();
    start();
    await play(1);
    video.say('ended');
    start();
    video.say('emptied');
    expect(facts.map(({ type, data }) => [type, data['playbackId']])).toEqual([
      ['media.play', 'play1'],
      ['media.end', 'play1'],
      ['media.play', 'play2'],
      ['media.end', 'play2'],
    ]);
  });

  it('B26: that fails says with what, and ends; so does one that never began', async () => {
    const { video, facts, play, start } = bench();
    video.error = { code: 4 };
    video.say('error');
    start();
    await play(1);
    video.error = { code: 3 };
    video.say('error');
    const errors = facts.map(({ type, data }) => [type, data['errorCode'], data['playbackId']]);
    expect(errors).toEqual([
      ['media.error', 'unsupported', 'play1'],
      ['media.play', undefined, 'play2'],
      ['media.error', 'decode', 'play2'],
      ['media.end', undefined, 'play2'],
    ]);
  });

  it('B28: rate, settled volume and fullscreen are told while it lasts', async () => {
    const { video, watch, facts, browser, start } = bench();
    video.say('ratechange', 'volumechange');
    watch.fullscreenChanged();
    start();
    video.playbackRate = 2;
    video.say('ratechange');
    for (const volume of [0.9, 0.6, 0.4]) {
      video.volume = volume;
      video.say('volumechange');
      await browser.pass(200);
    }
    await browser.pass(1_000);
    watch.fullscreenChanged();
    video.muted = true;
    video.say('volumechange');
    watch.ended();
    const told = facts.filter(({ type }) => type.startsWith('player.'));
    expect(
      told.map(({ data }) => ({ ...data, titleId: undefined, playbackId: undefined })),
    ).toEqual([
      { positionSeconds: 0, playbackRate: 2 },
      { positionSeconds: 0, volumePercent: 40, muted: false },
      { positionSeconds: 0, fullscreen: true },
      { positionSeconds: 0, volumePercent: 40, muted: true },
    ]);
  });

  it('B26, B30: of a playing element begins at once; stop leaves no listener', async () => {
    const { video, watch, start } = bench();
    start();
    expect(video.listeners).toBeGreaterThan(5);
    watch.stop();
    expect(video.listeners).toBe(0);
    const seen: string[] = [];
    video.paused = false;
    watchVideo(video, {
      titleId: 'x',
      nameOfPlay: () => 'p',
      uptimeMs: () => 0,
      later: () => () => {},
      isFullscreen: () => false,
      capture: ({ type }) => seen.push(type),
    });
    expect(seen).toEqual(['media.play']);
  });
});
