/** The life of a page around its SDK: networks that go, pages that hide, end and come back. */
import { describe, expect, it } from 'vitest';
import { EngineError } from '../../src/kernel/errors.ts';
import { hours, minutes, ms, seconds } from '../../src/kernel/time.ts';
import { restoredSdk } from '../../src/sdk/sdk-storage.ts';
import { type Fate, SdkBench } from './sdk-bench.ts';

const idsOf = (bench: SdkBench) => bench.sent().map(([, , ids]) => ids);

describe('offline', () => {
  it('A42: sends nothing and uses up no tries, however long', () => {
    const retry = { maxAttempts: 1, backoffBaseUs: seconds(1), backoffCapUs: seconds(1) };
    const bench = new SdkBench({ policy: { maxBatchEvents: 2, retry } });
    bench.capture(2);
    bench.network(false);
    bench.capture(1);
    bench.wait(hours(9));
    expect(bench.requests.length).toBe(1);
    expect(bench.host.state.phase).toBe('offline');
    bench.network(true);
    expect(bench.sent()[1]).toEqual([hours(9) / seconds(1), 2, ['v7-0', 'v7-1']]);
    bench.wait(minutes(1));
    expect(bench.accepted.size).toBe(3);
    expect(bench.dropped()).toEqual({});
  });

  it('A42: a network that is back cuts the pause short', () => {
    const retry = { maxAttempts: 9, backoffBaseUs: hours(1), backoffCapUs: hours(1) };
    const fate = (_: unknown, n: number): Fate => ({ status: n === 0 ? 500 : 200 });
    const bench = new SdkBench({ policy: { maxBatchEvents: 1, retry }, fate });
    bench.capture();
    bench.wait(seconds(1));
    expect(bench.host.state.phase).toBe('backingOff');
    bench.network(false);
    bench.network(true);
    bench.wait(seconds(1));
    expect(bench.accepted.size).toBe(1);
  });

  it('A42: a page that starts offline waits for the network', () => {
    const bench = new SdkBench();
    bench.capture();
    bench.network(false);
    bench.reload(minutes(1));
    bench.wait(hours(1));
    expect(bench.requests).toEqual([]);
    bench.network(true);
    bench.wait(seconds(1));
    expect(bench.accepted.size).toBe(1);
  });
});

describe('a page that hides', () => {
  it('A43: sends what waits by beacon, at once', () => {
    const bench = new SdkBench();
    bench.capture(3);
    bench.tell({ type: 'app.hidden' });
    expect(bench.requests.map(({ sent }) => [sent.byBeacon, sent.events.length])).toEqual([
      [true, 3],
    ]);
    bench.capture();
    expect(bench.requests.length).toBe(2);
    bench.wait(seconds(1));
    expect(bench.effects.at(-1)).toEqual({ type: 'sdk.drained' });
    expect(bench.accepted.size).toBe(4);
  });

  it('A43: says that it is drained, where nothing waits', () => {
    const bench = new SdkBench();
    bench.tell({ type: 'app.hidden' });
    expect(bench.effects).toEqual([{ type: 'sdk.drained' }]);
    expect(bench.requests).toEqual([]);
  });

  it('A43: halves until each request fits, and keeps what the budget cannot bear', () => {
    const policy = {
      maxBatchEvents: 100,
      maxBatchBytes: 200_000,
      maxBatchAgeUs: hours(1),
      maxEventBytes: 20_000,
    };
    const bench = new SdkBench({ policy });
    bench.network(false);
    bench.capture(11, 'x'.repeat(9_000));
    bench.network(true);
    expect(bench.requests.length).toBe(0);
    bench.tell({ type: 'app.hidden' });
    const sizes = bench.requests.map(({ sent }) => sent.events.length);
    expect(sizes).toEqual([6, 1]);
    const bytes = bench.requests.reduce((sum, { sent }) => sum + sent.bodyBytes, 0);
    expect(bytes).toBeLessThanOrEqual(65_536);
    expect(bench.host.state.queue.length).toBe(4);
    // The page lives on after all: the rest follows when the beacons are through.
    bench.wait(minutes(1));
    expect(bench.accepted.size).toBe(11);
  });

  it('A43: cuts its own pause short', () => {
    const fate = (_: unknown, n: number): Fate => ({ status: n === 0 ? 500 : 200 });
    const bench = new SdkBench({ policy: { maxBatchEvents: 1 }, fate, uniform: () => 0.99 });
    bench.capture();
    bench.wait(ms(100));
    bench.tell({ type: 'app.hidden' });
    expect(bench.requests.map(({ sent }) => [sent.attempt, sent.byBeacon])).toEqual([
      [1, false],
      [2, true],
    ]);
  });

  it('A43: tries again what no beacon brought through, in this life or the next', () => {
    for (const isKilled of [false, true]) {
      const fate = (_: unknown, n: number): Fate => (n === 0 ? 'lost' : { status: 200 });
      const bench = new SdkBench({ fate });
      bench.capture(2);
      bench.tell({ type: 'app.hidden' });
      if (isKilled) bench.reload(hours(1));
      bench.wait(hours(1));
      expect(idsOf(bench)).toEqual([
        ['v7-0', 'v7-1'],
        ['v7-0', 'v7-1'],
      ]);
      expect(new Set(bench.requests.map(({ sent }) => sent.requestId)).size).toBe(1);
      expect(bench.accepted.size).toBe(2);
    }
  });

  it('A43: is like any other once it is shown again', () => {
    const bench = new SdkBench({ policy: { maxBatchAgeUs: seconds(5) } });
    bench.tell({ type: 'app.hidden' });
    bench.tell({ type: 'app.shown' });
    bench.capture();
    bench.wait(seconds(4));
    expect(bench.requests).toEqual([]);
    bench.wait(seconds(2));
    expect(bench.requests[0]?.sent.byBeacon).toBe(false);
  });
});

describe('a page that is killed', () => {
  it('A44: comes back with its queue and the batch that was under way, under the same ids', () => {
    const fate = (_: unknown, n: number): Fate => (n === 0 ? 'unanswered' : { status: 200 });
    const bench = new SdkBench({ policy: { maxBatchEvents: 2 }, fate });
    bench.capture(3);
    bench.wait(ms(10));
    bench.reload(minutes(5));
    bench.wait(minutes(1));
    const requests = bench.requests.map(({ sent }) => [
      sent.requestId,
      sent.attempt,
      sent.events.map(({ id }) => id),
    ]);
    expect(requests).toEqual([
      ['v7-r1', 1, ['v7-0', 'v7-1']],
      ['v7-r1', 2, ['v7-0', 'v7-1']],
      ['v7-r2', 1, ['v7-2']],
    ]);
    expect([...bench.accepted.entries()]).toEqual([
      ['v7-0', 2],
      ['v7-1', 2],
      ['v7-2', 1],
    ]);
    bench.capture();
    expect([...bench.captured.keys()].at(-1)).toBe('v7-3');
  });

  it('A44: tells no monotonic time of sending for events of another life', () => {
    const bench = new SdkBench({ policy: { maxBatchEvents: 5 } });
    bench.wait(seconds(1));
    bench.capture();
    bench.network(false);
    bench.reload(minutes(1));
    bench.capture();
    bench.network(true);
    bench.wait(minutes(1));
    expect(bench.requests.map(({ sent }) => [sent.events.length, sent.sentUptimeUs])).toEqual([
      [1, undefined],
      [1, seconds(5)],
    ]);
    const uptimes = [...bench.captured.values()].map(({ uptimeUs }) => uptimeUs);
    expect(uptimes).toEqual([seconds(1), 0]);
  });

  it('A44: a try that a kill cut off has used up an attempt', () => {
    const retry = { maxAttempts: 3, backoffBaseUs: ms(1), backoffCapUs: ms(1) };
    const bench = new SdkBench({ policy: { maxBatchEvents: 1, retry }, fate: () => 'lost' });
    bench.capture();
    for (let i = 0; i < 6; i += 1) bench.reload(seconds(1));
    expect(bench.requests.length).toBe(3);
    expect(bench.dropped()).toEqual({ sdk_retries_exhausted: 1 });
  });

  it('A44: ages while it is away, unless the clock went back', () => {
    for (const [byUs, isGivenUp] of [
      [0, true],
      [-hours(14), false],
    ] as const) {
      const bench = new SdkBench({ policy: { maxAgeUs: hours(12) } });
      bench.network(false);
      bench.capture();
      bench.jump(byUs);
      bench.reload(hours(13));
      bench.network(true);
      bench.wait(minutes(1));
      expect(bench.dropped()).toEqual(isGivenUp ? { sdk_too_old: 1 } : {});
      expect(bench.accepted.size).toBe(isGivenUp ? 0 : 1);
    }
  });

  it('A44: starts afresh from a store that holds something else, and says why', () => {
    const bench = new SdkBench({ policy: { maxBatchEvents: 9, maxBatchAgeUs: hours(1) } });
    bench.capture(2);
    const good = JSON.parse(bench.stored ?? '') as { state: Record<string, unknown> };
    const spoilt: readonly (readonly [unknown, string])[] = [
      [7, 'no fields'],
      [{ ...good, schema: 2 }, 'schema 2'],
      [{ ...good, savedAt: {} }, 'no time of saving'],
      [{ ...good, state: null }, 'no state'],
      [{ ...good, state: { ...good.state, queue: [{}] } }, 'a bad queue'],
      [{ ...good, state: { ...good.state, tokens: 'many', life: -1 } }, 'a bad life, a bad tokens'],
      [
        { ...good, state: { ...good.state, batches: [{ number: 1, events: [] }] } },
        'a bad batches',
      ],
    ];
    for (const [found, problem] of spoilt) {
      bench.stored = JSON.stringify(found);
      bench.reload();
      expect(bench.host.refusedStore).toContain(problem);
      expect(bench.host.state.capturedCount).toBe(0);
    }
    bench.stored = JSON.stringify(good);
    bench.reload();
    expect(bench.host.refusedStore).toBeUndefined();
    expect(bench.host.state.capturedCount).toBe(2);
    bench.wait(minutes(1));
    expect(bench.accepted.size).toBe(2);
  });

  it('A44: another user of the device starts a session of their own', () => {
    const bench = new SdkBench({ policy: { maxBatchAgeUs: hours(1) } });
    bench.capture();
    const now = { wallUs: 0, uptimeUs: 0 };
    const saved = JSON.parse(bench.stored ?? '');
    const other = restoredSdk(saved, { subject: 'v8', entity: 8 }, now);
    expect([other.subject, other.queue[0]?.event.subject]).toEqual(['v8', 'v7']);
    expect(other.session?.lastUs).toBe(Number.MIN_SAFE_INTEGER);
    expect(() => restoredSdk(null, { subject: 'v8', entity: 8 }, now)).toThrowError(EngineError);
  });
});
