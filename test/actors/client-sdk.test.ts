/** The client SDK: batches, retries, drops that are counted, and what happens offline. */
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createSdkMachine, type SdkContext } from '../../src/actors/client-sdk.ts';
import type { TrackedEvent } from '../../src/domain/tracked-event.ts';
import { ms, seconds } from '../../src/kernel/time.ts';
import { DEFAULT_SDK_POLICY, type SdkPolicy } from '../../src/sdk/sdk-policy.ts';
import { sdkLedger } from '../../src/sdk/sdk-state.ts';
import { benchOfOne } from './bench-of-one.ts';

const POLICY: SdkPolicy = {
  ...DEFAULT_SDK_POLICY,
  maxBatchEvents: 3,
  maxBatchAgeUs: seconds(10),
  ackTimeoutUs: seconds(5),
  maxQueueEvents: 5,
  retry: { maxAttempts: 3, backoffBaseUs: seconds(1), backoffCapUs: seconds(60) },
};

function sdkBench(policy: Partial<SdkPolicy> = {}) {
  return benchOfOne(
    (simulation) =>
      createSdkMachine({
        policy: { ...POLICY, ...policy },
        deviceTimeUs: () => 1_000_000_000 + simulation.nowUs,
        uptimeUs: () => simulation.nowUs,
        backoffUniform: () => 0.5,
      }),
    { viewer: 7 },
  );
}

const CLICK = { type: 'fact.captured', event: 'ui.click', data: { page: 'home' } };

type Sent = {
  readonly atUs: number;
  readonly batch: number;
  readonly attempt: number;
  readonly ids: string[];
};

function sent(bench: ReturnType<typeof sdkBench>): readonly Sent[] {
  return bench.emitted
    .filter(({ message }) => message.type === 'batch.sent')
    .map(({ atUs, message }) => ({
      atUs,
      batch: message['batch'] as number,
      attempt: message['attempt'] as number,
      ids: (message['events'] as { id: string }[]).map((event) => event.id),
    }));
}

describe('the client SDK', () => {
  it('A9: sends a batch when it is old enough', () => {
    const bench = sdkBench();
    bench.tell(CLICK);
    bench.simulation.run(seconds(9));
    expect(sent(bench)).toEqual([]);
    bench.simulation.run(seconds(10));
    expect(sent(bench)).toEqual([{ atUs: seconds(10), batch: 1, attempt: 1, ids: ['v7-0'] }]);
  });

  it('A9: sends a batch at once when it is full, one at a time', () => {
    const bench = sdkBench();
    for (let i = 0; i < 5; i += 1) bench.tell(CLICK);
    expect(sent(bench).map(({ ids }) => ids)).toEqual([['v7-0', 'v7-1', 'v7-2']]);
    bench.tell({ type: 'batch.acknowledged', batch: 1 });
    bench.simulation.run(seconds(10));
    expect(
      sent(bench)
        .map(({ ids }) => ids)
        .at(-1),
    ).toEqual(['v7-3', 'v7-4']);
  });

  it('A10: tries again with the same events and ids, at growing distances', () => {
    const bench = sdkBench({ maxBatchEvents: 1 });
    bench.tell(CLICK);
    bench.simulation.run(seconds(30));
    expect(sent(bench).map(({ atUs, attempt, ids }) => [atUs, attempt, ids])).toEqual([
      [0, 1, ['v7-0']],
      [seconds(5) + ms(500), 2, ['v7-0']],
      [seconds(5) + ms(500) + seconds(5) + seconds(1), 3, ['v7-0']],
    ]);
  });

  it('A10: counts what it gives up, and only that', () => {
    const bench = sdkBench({ maxBatchEvents: 1 });
    bench.tell(CLICK);
    bench.simulation.run(seconds(60));
    const dropped = bench.emitted.filter(({ message }) => message.type === 'events.dropped');
    expect(dropped.map(({ message }) => [message['reason'], message['count']])).toEqual([
      ['sdk_retries_exhausted', 1],
    ]);
    expect(bench.types().at(-1)).toBe('sdk.drained');
  });

  it('A10: drops the newest when the queue is full, and says so', () => {
    const bench = sdkBench();
    for (let i = 0; i < 7; i += 1) bench.tell(CLICK);
    const drops = bench.emitted.filter(({ message }) => message['reason'] === 'sdk_queue_full');
    const recorded = bench.emitted.filter(({ message }) => message.type === 'fact.recorded');
    expect([drops.length, recorded.length]).toEqual([2, 7]);
  });

  it('A10: ignores the acknowledgement of another batch', () => {
    const bench = sdkBench({ maxBatchEvents: 1 });
    bench.tell(CLICK);
    bench.tell({ type: 'batch.acknowledged', batch: 9 });
    expect(bench.value()).toBe('sending');
    bench.tell({ type: 'batch.acknowledged', batch: 1 });
    expect(bench.value()).toBe('idle');
  });

  it('A10: sends at once when the network is back', () => {
    const bench = sdkBench({ maxBatchEvents: 1 });
    bench.tell(CLICK);
    bench.tell({ type: 'network.changed', online: false });
    bench.simulation.run(seconds(5) + ms(100));
    bench.tell({ type: 'network.changed', online: true });
    expect(sent(bench).map(({ atUs }) => atUs)).toEqual([0, seconds(5) + ms(100)]);
  });

  it('A10: uses up no tries while it is offline, however long', () => {
    const bench = sdkBench({ maxBatchEvents: 1 });
    bench.tell({ type: 'network.changed', online: false });
    bench.tell(CLICK);
    bench.simulation.run(seconds(7_200));
    expect(sent(bench)).toEqual([]);
    bench.tell({ type: 'network.changed', online: true });
    expect(sent(bench).map(({ attempt, ids }) => [attempt, ids])).toEqual([[1, ['v7-0']]]);
    expect(bench.types()).not.toContain('events.dropped');
  });

  it('A9: sends what is left when the session closes, then reports that it is drained', () => {
    const bench = sdkBench();
    bench.tell(CLICK);
    bench.tell({ type: 'app.hidden' });
    expect(sent(bench).length).toBe(1);
    bench.tell({ type: 'batch.acknowledged', batch: 1 });
    expect(bench.types().at(-1)).toBe('sdk.drained');
  });

  it('A9: keeps capture time and sequence', () => {
    const bench = sdkBench();
    bench.tell(CLICK);
    bench.simulation.run(seconds(2));
    bench.tell(CLICK);
    const events = bench.emitted
      .filter(({ message }) => message.type === 'fact.recorded')
      .map(({ message }) => message['event'] as { sequence: number; eventTimeUs: number });
    expect(events.map(({ sequence, eventTimeUs }) => [sequence, eventTimeUs])).toEqual([
      [0, 1_000_000_000],
      [1, 1_000_000_000 + seconds(2)],
    ]);
  });
});

describe("the chart of the device's SDK", () => {
  const CAPTURES = { maxBatchEvents: 2, maxQueueEvents: 50 };

  it('A46: stands where the core stands, on every way', () => {
    const bench = sdkBench({ ...CAPTURES, consent: 'ask' });
    const stands: unknown[] = [];
    const tell = (message: Parameters<typeof bench.tell>[0]) => {
      bench.tell(message);
      const { value, context } = bench.actors.snapshot(0);
      expect(value).toBe((context as SdkContext).sdk.phase);
      stands.push(value);
    };
    tell(CLICK);
    tell({ type: 'consent.decided', granted: true });
    tell(CLICK);
    tell({ type: 'batch.refused', batch: 1, status: 503 });
    tell({ type: 'network.changed', online: false });
    tell({ type: 'network.changed', online: true });
    tell({ type: 'batch.acknowledged', batch: 1 });
    expect(stands).toEqual([
      'awaitingConsent',
      'collecting',
      'sending',
      'backingOff',
      'offline',
      'sending',
      'idle',
    ]);
  });

  it('A46: stands where the core stands, whatever happens', () => {
    const batch = fc.integer({ min: 1, max: 4 });
    const message = fc.oneof(
      fc.constant(CLICK),
      fc.record({ type: fc.constant('batch.acknowledged'), batch }),
      fc.record({
        type: fc.constant('batch.refused'),
        batch,
        status: fc.constantFrom(0, 400, 413, 429, 503),
        retryAfterUs: fc.constantFrom(seconds(1), seconds(90)),
      }),
      fc.record({ type: fc.constant('network.changed'), online: fc.boolean() }),
      fc.record({ type: fc.constant('consent.decided'), granted: fc.boolean() }),
      fc.constantFrom('app.hidden', 'app.shown', 'app.reloaded', 'flush.asked').map((type) => ({
        type,
      })),
      fc.constantFrom(ms(300), seconds(20), seconds(7_200)).map((waitUs) => ({ waitUs })),
    );
    const seen = new Set<unknown>();
    void fc.assert(
      fc.property(fc.array(message, { maxLength: 40 }), fc.boolean(), (messages, asks) => {
        const consent = asks ? 'ask' : 'not-needed';
        const bench = sdkBench({ ...CAPTURES, consent, maxBeaconBytes: 1_500 });
        for (const next of messages) {
          if ('waitUs' in next) bench.simulation.run(bench.simulation.nowUs + next.waitUs);
          else bench.tell(next);
          const { value, context } = bench.actors.snapshot(0);
          const { sdk } = context as SdkContext;
          if (value !== sdk.phase) throw new Error(`${String(value)} instead of ${sdk.phase}`);
          if (sdkLedger(sdk).residual !== 0) throw new Error(JSON.stringify(sdkLedger(sdk)));
          seen.add(value);
        }
      }),
      { numRuns: 300, seed: 20261126 },
    );
    expect(seen.size).toBe(6);
  });

  it('A46: keeps one timer, which follows what the core waits for', () => {
    const bench = sdkBench(CAPTURES);
    bench.tell(CLICK);
    bench.tell(CLICK);
    bench.tell({ type: 'batch.acknowledged', batch: 1 });
    bench.simulation.run(seconds(60));
    // Age and acknowledgement time-out were both called off.
    expect(bench.simulation.executedCount).toBe(0);
    expect(bench.actors.processedCount).toBe(3);
  });

  it('A44, A46: an app that was killed goes on with what it had, on a new clock', () => {
    const bench = sdkBench({ ...CAPTURES, maxBatchAgeUs: seconds(600) });
    bench.simulation.run(seconds(3));
    bench.tell(CLICK);
    bench.tell({ type: 'app.reloaded' });
    expect(sent(bench).map(({ ids }) => ids)).toEqual([['v7-0']]);
    bench.tell({ type: 'batch.acknowledged', batch: 1 });
    bench.simulation.run(seconds(5));
    bench.tell(CLICK);
    const events = bench.emitted
      .filter(({ message }) => message.type === 'fact.recorded')
      .map(({ message }) => message['event'] as TrackedEvent);
    expect(events.map(({ id, sessionId, uptimeUs }) => [id, sessionId, uptimeUs])).toEqual([
      ['v7-0', 's7-0', seconds(3)],
      ['v7-1', 's7-0', seconds(2)],
    ]);
  });

  it('A46: its context survives JSON', () => {
    const bench = sdkBench({ ...CAPTURES, retry: { ...POLICY.retry, maxAttempts: 9 } });
    for (let i = 0; i < 5; i += 1) bench.tell(CLICK);
    bench.tell({ type: 'batch.refused', batch: 1, status: 429, retryAfterUs: seconds(9) });
    const { context } = bench.actors.snapshot(0);
    expect(JSON.parse(JSON.stringify(context))).toEqual(context);
    expect(sdkLedger((context as SdkContext).sdk)).toMatchObject({ captured: 5, residual: 0 });
  });
});
