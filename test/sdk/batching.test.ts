/** Batches: by count, bytes and age, one at a time; and the queue's cap. */
import { describe, expect, it } from 'vitest';
import { hours, minutes, ms, seconds } from '../../src/kernel/time.ts';
import { SdkBench } from './sdk-bench.ts';

const idsOf = (bench: SdkBench) => bench.sent().map(([, , ids]) => ids);

describe('batches', () => {
  it('A31: go at once when there are enough events', () => {
    const bench = new SdkBench({ policy: { maxBatchEvents: 3 } });
    bench.capture(2);
    expect(bench.requests.length).toBe(0);
    bench.capture(1);
    expect(idsOf(bench)).toEqual([['v7-0', 'v7-1', 'v7-2']]);
  });

  it('A31: go when their first event is old enough', () => {
    const bench = new SdkBench({ policy: { maxBatchAgeUs: seconds(5) } });
    bench.wait(seconds(1));
    bench.capture();
    bench.wait(seconds(4));
    bench.capture();
    bench.wait(seconds(10));
    expect(bench.sent()).toEqual([[6, 1, ['v7-0', 'v7-1']]]);
  });

  it('A31: go before they outgrow a request, in bytes as they are sent', () => {
    const policy = { maxBatchEvents: 100, maxBatchBytes: 4_000, maxEventBytes: 2_900 };
    const bench = new SdkBench({ policy });
    // 400 characters, 1 200 bytes each: a limit by characters would take seven of them.
    bench.capture(7, '千'.repeat(400));
    bench.wait(minutes(1));
    expect(bench.requests.length).toBeGreaterThan(3);
    for (const { sent, body } of bench.requests) {
      expect(Buffer.byteLength(body)).toBe(sent.bodyBytes);
      expect(sent.bodyBytes).toBeLessThanOrEqual(4_000);
    }
    expect(bench.accepted.size).toBe(7);
  });

  it('A33: go one at a time', () => {
    const bench = new SdkBench({ policy: { maxBatchEvents: 2 } });
    bench.capture(6);
    expect(bench.requests.length).toBe(1);
    bench.wait(seconds(1));
    // Each leaves when the answer to the one before is in: 40 ms up, 40 ms down.
    expect(bench.sent().map(([at]) => at)).toEqual([0, 0.08, 0.16]);
  });

  it('A33: are not confused by answers to others, or to earlier tries', () => {
    const bench = new SdkBench({ policy: { maxBatchEvents: 1 }, fate: () => 'lost' });
    bench.capture();
    bench.tell({ type: 'batch.acknowledged', batch: 9 });
    bench.tell({ type: 'batch.refused', batch: 9, status: 400 });
    bench.wait(seconds(12));
    expect(bench.sent().map(([, attempt]) => attempt)).toEqual([1, 2]);
    bench.tell({ type: 'batch.refused', batch: 1, attempt: 1, status: 400 });
    expect(bench.host.state.phase).toBe('sending');
    bench.tell({ type: 'batch.judged', batch: 1, attempt: 1, results: { 'v7-0': 'drop' } });
    expect(bench.host.state.phase).toBe('sending');
    bench.tell({ type: 'batch.acknowledged', batch: 1 });
    expect(bench.host.state.phase).toBe('idle');
  });
});

describe('the cap of the queue', () => {
  const policy = { maxBatchEvents: 2, maxQueueEvents: 5, maxBatchAgeUs: hours(1) };

  it('A37: drops the newest by default, and counts them', () => {
    const bench = new SdkBench({ policy });
    bench.network(false);
    bench.capture(8);
    expect(bench.dropped()).toEqual({ sdk_queue_full: 3 });
    bench.network(true);
    bench.wait(hours(2));
    expect([...bench.accepted.keys()]).toEqual(['v7-0', 'v7-1', 'v7-2', 'v7-3', 'v7-4']);
  });

  it('A37: drops the oldest where told to, though not from under a request', () => {
    const bench = new SdkBench({ policy: { ...policy, dropPolicy: 'oldest' } });
    bench.capture(8);
    expect(bench.dropped()).toEqual({ sdk_queue_full: 3 });
    bench.wait(hours(2));
    // The first two were under way before the queue was full.
    expect([...bench.accepted.keys()]).toEqual(['v7-0', 'v7-1', 'v7-5', 'v7-6', 'v7-7']);
  });

  it('A37: drops the newest after all where everything is in a batch', () => {
    const all = { ...policy, maxBatchEvents: 5, dropPolicy: 'oldest' as const };
    const bench = new SdkBench({ policy: all });
    bench.capture(6);
    bench.wait(ms(100));
    expect(bench.dropped()).toEqual({ sdk_queue_full: 1 });
    expect(bench.accepted.size).toBe(5);
  });
});
