/** What stands between a fact and the queue: sessions, consent, sampling, size, rate, clocks. */
import { describe, expect, it } from 'vitest';
import { hours, minutes, ms, seconds } from '../../src/kernel/time.ts';
import { isSampled } from '../../src/sdk/capture.ts';
import { createSdkCore } from '../../src/sdk/sdk-core.ts';
import { DEFAULT_SDK_POLICY } from '../../src/sdk/sdk-policy.ts';
import { EPOCH_US, SdkBench } from './sdk-bench.ts';

const sessionsOf = (bench: SdkBench) =>
  [...bench.captured.values()].map(({ sessionId, sequence }) => `${sessionId} ${sequence}`);

describe('capture', () => {
  it('A32: fixes id, both clocks, session and sequence', () => {
    const bench = new SdkBench();
    bench.wait(ms(1_500));
    bench.capture();
    expect([...bench.captured.values()]).toEqual([
      {
        id: 'v7-0',
        type: 'ui.click',
        subject: 'v7',
        sessionId: 'v7-s0',
        sequence: 0,
        eventTimeUs: EPOCH_US + ms(1_500),
        uptimeUs: ms(1_500),
        data: { target: 'home' },
      },
    ]);
  });

  it('A32: dates what happened earlier to when it happened', () => {
    const bench = new SdkBench();
    bench.wait(seconds(9));
    bench.tell({ type: 'fact.captured', event: 'media.seek', data: {}, agoUs: seconds(5) });
    const event = bench.captured.get('v7-0');
    expect([event?.eventTimeUs, event?.uptimeUs]).toEqual([EPOCH_US + seconds(4), seconds(4)]);
  });

  it('A41: drops an event that is too large, and counts it', () => {
    const bench = new SdkBench({ policy: { maxEventBytes: 1_000 } });
    bench.capture(1, '千'.repeat(400));
    bench.capture(1, 'x'.repeat(400));
    bench.wait(minutes(1));
    expect(bench.dropped()).toEqual({ sdk_event_too_large: 1 });
    expect([...bench.accepted.keys()]).toEqual(['v7-1']);
  });

  it('A41: lets through a burst, and the rate after it', () => {
    const bench = new SdkBench();
    bench.capture(150);
    expect(bench.dropped()).toEqual({ sdk_rate_limited: 50 });
    bench.wait(seconds(2));
    bench.capture(25);
    expect(bench.dropped()).toEqual({ sdk_rate_limited: 55 });
    bench.wait(minutes(5));
    bench.capture(101);
    expect(bench.dropped()).toEqual({ sdk_rate_limited: 56 });
  });

  it('A41: a reload fills no bucket', () => {
    const bench = new SdkBench();
    bench.capture(100);
    bench.reload();
    bench.capture(1);
    expect(bench.dropped()).toEqual({ sdk_rate_limited: 1 });
  });
});

describe('sessions', () => {
  it('A38: end after 30 idle minutes, and the sequence starts anew', () => {
    const bench = new SdkBench();
    bench.capture(2);
    bench.wait(minutes(30) - 1);
    bench.capture();
    bench.wait(minutes(30));
    bench.capture(2);
    expect(sessionsOf(bench)).toEqual(['v7-s0 0', 'v7-s0 1', 'v7-s0 2', 'v7-s1 0', 'v7-s1 1']);
  });

  it('A38: last 24 hours at most', () => {
    const bench = new SdkBench();
    for (let i = 0; i < 24 * 4 + 2; i += 1) {
      bench.capture();
      bench.wait(minutes(15));
    }
    const sessions = sessionsOf(bench);
    expect(sessions.slice(94, 98)).toEqual(['v7-s0 94', 'v7-s0 95', 'v7-s1 0', 'v7-s1 1']);
  });

  it('A38: live on over a reload, unless it took too long', () => {
    const bench = new SdkBench();
    bench.capture();
    bench.reload(minutes(29));
    bench.capture();
    bench.reload(minutes(31));
    bench.capture();
    expect(sessionsOf(bench)).toEqual(['v7-s0 0', 'v7-s0 1', 'v7-s1 0']);
  });

  it('A38, A45: are not ended by a jump of the wall clock, which is told', () => {
    const bench = new SdkBench();
    bench.capture();
    bench.jump(hours(48));
    bench.capture();
    bench.jump(-ms(900));
    bench.capture();
    expect(sessionsOf(bench)).toEqual(['v7-s0 0', 'v7-s0 1', 'v7-s0 2']);
    const jumps = bench.effects.filter(({ type }) => type === 'clock.jumped');
    expect(jumps).toEqual([{ type: 'clock.jumped', byUs: hours(48) }]);
    const uptimes = [...bench.captured.values()].map(({ uptimeUs }) => uptimeUs);
    expect(uptimes).toEqual([0, 0, 0]);
  });
});

describe('consent', () => {
  const policy = { consent: 'ask' as const, maxBatchEvents: 2 };

  it('A39: nothing goes before it is given; then all that waited', () => {
    const bench = new SdkBench({ policy });
    bench.capture(3);
    bench.tell({ type: 'flush.asked' });
    bench.tell({ type: 'app.hidden' });
    bench.wait(hours(1));
    expect(bench.requests).toEqual([]);
    expect(bench.host.state.phase).toBe('awaitingConsent');
    bench.tell({ type: 'consent.decided', granted: true });
    bench.wait(minutes(1));
    expect(bench.accepted.size).toBe(3);
  });

  it('A39: refused, it drops what waits and what comes, counted', () => {
    const bench = new SdkBench({ policy });
    bench.capture(3);
    bench.tell({ type: 'consent.decided', granted: false });
    bench.capture(2);
    bench.wait(hours(1));
    expect(bench.requests).toEqual([]);
    expect(bench.dropped()).toEqual({ sdk_no_consent: 5 });
    expect(bench.host.state.queue).toEqual([]);
  });

  it('A39: withdrawn, it lets nothing be tried again, whatever the answer', () => {
    for (const fate of ['lost', { status: 503 }, { status: 413 }] as const) {
      const bench = new SdkBench({ policy: { maxBatchEvents: 2 }, fate: () => fate });
      bench.capture(2);
      bench.tell({ type: 'consent.decided', granted: false });
      bench.wait(hours(1));
      expect(bench.requests.length).toBe(1);
      expect(bench.dropped()).toEqual({ sdk_no_consent: 2 });
    }
  });

  it('A39: outlives the page', () => {
    const bench = new SdkBench({ policy });
    bench.tell({ type: 'consent.decided', granted: true });
    bench.reload();
    bench.capture(2);
    bench.wait(minutes(1));
    expect(bench.accepted.size).toBe(2);
  });
});

describe('sampling', () => {
  it('A40: takes a subject or leaves it, in the share asked for', () => {
    const subjects = Array.from({ length: 20_000 }, (_, i) => `v${i}`);
    const taken = subjects.filter((subject) => isSampled(subject, 0.1));
    expect(taken.length / subjects.length).toBeCloseTo(0.1, 2);
    expect(taken.every((subject) => isSampled(subject, 0.5))).toBe(true);
    expect(subjects.every((subject) => isSampled(subject, 1))).toBe(true);
  });

  it('A40: tells the rate with each event, and counts what it leaves out', () => {
    const core = createSdkCore({
      policy: { ...DEFAULT_SDK_POLICY, sampleRate: 0.25, maxBatchEvents: 1 },
      uniform: () => 0.5,
    });
    const outcomes = [0, 1, 2, 3, 4, 5, 6, 7].map((entity) => {
      const subject = `v${entity}`;
      const fact = { type: 'fact.captured' as const, event: 'ui.click' as const, data: {} };
      const now = { wallUs: EPOCH_US, uptimeUs: 0 };
      const { effects, state } = core.step(core.initial({ subject, entity }), fact, now);
      const sent = effects.find((effect) => effect.type === 'batch.sent');
      expect(sent !== undefined).toBe(isSampled(subject, 0.25));
      if (sent === undefined) expect(state.dropped).toEqual({ sdk_sampled_out: 1 });
      else expect(sent.events[0]?.sampledRate).toBe(4);
      return sent !== undefined;
    });
    expect(new Set(outcomes).size).toBe(2);
  });
});

describe('a policy', () => {
  it('is refused where it cannot work', () => {
    const make = (patch: object) =>
      createSdkCore({ policy: { ...DEFAULT_SDK_POLICY, ...patch }, uniform: () => 0.5 });
    for (const patch of [
      { maxBatchEvents: 0 },
      { maxBatchAgeUs: 0.5 },
      { maxPushbacks: -1 },
      { sampleRate: 0 },
      { sampleRate: 1.5 },
      { eventRatePerSec: 0 },
      { eventBurst: 0 },
      { maxEventBytes: 40_000 },
      { retry: { maxAttempts: 0, backoffBaseUs: 1, backoffCapUs: 1 } },
    ]) {
      expect(() => make(patch), JSON.stringify(patch)).toThrowError(/^SDK_BAD_POLICY: the SDK's /);
    }
    expect(() => make({ maxEventBytes: 40_000 })).toThrowError(
      "SDK_BAD_POLICY: the SDK's maxEventBytes is 40000; give at most maxBatchBytes − 1024, " +
        'so that it fits into a request',
    );
  });
});
