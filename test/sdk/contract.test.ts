/** The contract of client SDKs in virtual time: the items of PostHog's SDK test harness by their
 * names, and what the other SDKs promise. Each on a real core with a real queue and store. */
import { describe, expect, it } from 'vitest';
import { hours, minutes, ms, seconds } from '../../src/kernel/time.ts';
import { type Fate, SdkBench } from './sdk-bench.ts';

/** The first requests meet these fates, later ones are accepted. */
const inTurn =
  (...fates: readonly Fate[]) =>
  (_: unknown, n: number): Fate =>
    fates[n] ?? { status: 200 };

const SINGLE = { maxBatchEvents: 1 };
const PAIR = { maxBatchEvents: 2 };
const RETRY = { maxAttempts: 3, backoffBaseUs: seconds(1), backoffCapUs: seconds(60) };

describe('retries', () => {
  for (const status of [503, 500, 502, 504, 408, 429]) {
    it(`A34: retries_on_${status}`, () => {
      const bench = new SdkBench({ policy: SINGLE, fate: inTurn({ status }) });
      bench.capture();
      bench.wait(minutes(5));
      expect(bench.sent().map(([, attempt]) => attempt)).toEqual([1, 2]);
      expect(bench.accepted).toEqual(new Map([['v7-0', 1]]));
    });
  }

  for (const status of [400, 401, 403, 404, 410, 422, 501, 505, 301]) {
    it(`A34: does_not_retry_on_${status}`, () => {
      const bench = new SdkBench({ policy: SINGLE, fate: inTurn({ status }) });
      bench.capture();
      bench.wait(hours(1));
      expect(bench.requests.length).toBe(1);
      expect(bench.dropped()).toEqual({ sdk_rejected: 1 });
    });
  }

  it('A34: does_not_retry_on_413, but splits', () => {
    const bench = new SdkBench({ policy: { maxBatchEvents: 4 }, fate: inTurn({ status: 413 }) });
    bench.capture(4);
    bench.wait(minutes(1));
    expect(bench.sent().map(([, attempt, ids]) => [attempt, ids])).toEqual([
      [1, ['v7-0', 'v7-1', 'v7-2', 'v7-3']],
      [1, ['v7-0', 'v7-1']],
      [1, ['v7-2', 'v7-3']],
    ]);
    expect(new Set(bench.requests.map(({ sent }) => sent.requestId)).size).toBe(3);
  });

  it('A36: drops the one event that is too large for the collector, and counts it', () => {
    const fate = ({ events }: { readonly events: readonly { readonly id: string }[] }): Fate => ({
      status: events.some(({ id }) => id === 'v7-2') ? 413 : 200,
    });
    const bench = new SdkBench({ policy: { maxBatchEvents: 4 }, fate });
    bench.capture(4);
    bench.wait(minutes(1));
    expect([...bench.accepted.keys()].sort()).toEqual(['v7-0', 'v7-1', 'v7-3']);
    expect(bench.dropped()).toEqual({ sdk_event_too_large: 1 });
  });

  it('A34: retries what got no answer', () => {
    const bench = new SdkBench({ policy: SINGLE, fate: inTurn('lost', 'unanswered') });
    bench.capture();
    bench.wait(minutes(5));
    expect(bench.sent().map(([, attempt]) => attempt)).toEqual([1, 2, 3]);
    expect(bench.accepted).toEqual(new Map([['v7-0', 2]]));
  });

  it('A34: implements_backoff, with full jitter', () => {
    const policy = { ...SINGLE, retry: { ...RETRY, maxAttempts: 5 } };
    const pauses = [0.25, 0.5, 0.75, 1];
    const bench = new SdkBench({
      policy,
      fate: () => ({ status: 500 }),
      uniform: (_, attempt) => pauses[attempt - 1] ?? 1,
    });
    bench.capture();
    bench.wait(hours(1));
    const answered = ms(80) / seconds(1);
    const gaps = bench.sent().map(([at], i, all) => at - (all[i - 1]?.[0] ?? at) - answered);
    expect(gaps.slice(1).map((gap) => Math.round(gap * 1_000))).toEqual([250, 1_000, 3_000, 8_000]);
  });

  it('A34: max_retries_respected', () => {
    const policy = { ...SINGLE, retry: RETRY };
    const bench = new SdkBench({ policy, fate: () => ({ status: 503 }) });
    bench.capture();
    bench.wait(hours(2));
    expect(bench.requests.length).toBe(3);
    expect(bench.dropped()).toEqual({ sdk_retries_exhausted: 1 });
  });

  it('A34: gives up what has become too old', () => {
    const policy = { ...SINGLE, maxAgeUs: minutes(10), retry: { ...RETRY, maxAttempts: 1_000 } };
    const bench = new SdkBench({ policy, fate: () => ({ status: 500 }) });
    bench.capture();
    bench.wait(hours(1));
    const last = bench.requests.at(-1)?.atUs ?? 0;
    expect(last).toBeGreaterThan(minutes(9));
    expect(last).toBeLessThanOrEqual(minutes(10));
    expect(bench.dropped()).toEqual({ sdk_too_old: 1 });
  });
});

describe('Retry-After', () => {
  for (const status of [429, 503]) {
    it(`A35: respects_retry_after_header of a ${status}, without using up an attempt`, () => {
      const policy = { ...SINGLE, retry: { ...RETRY, maxAttempts: 1 } };
      const put = { status, retryAfterUs: seconds(120) };
      const bench = new SdkBench({ policy, fate: inTurn(put, put) });
      bench.capture();
      bench.wait(minutes(10));
      expect(bench.sent().map(([at, attempt]) => [at, attempt])).toEqual([
        [0, 1],
        [120.08, 2],
        [240.16, 3],
      ]);
      expect(bench.accepted.size).toBe(1);
    });
  }

  it('A35: that could not be read counts as none, instead of stopping the SDK for good', () => {
    const bench = new SdkBench({
      policy: { ...SINGLE, retry: RETRY },
      fate: inTurn({ status: 503, retryAfterUs: Number.NaN }),
    });
    bench.capture();
    bench.wait(minutes(10));
    expect(bench.sent().map(([, attempt]) => attempt)).toEqual([1, 2]);
    expect(bench.accepted.size).toBe(1);
  });

  it('A35: is obeyed up to a cap, and only so often for free', () => {
    const policy = {
      ...SINGLE,
      maxRetryAfterUs: seconds(10),
      maxPushbacks: 2,
      retry: { ...RETRY, maxAttempts: 2 },
    };
    const fate = () => ({ status: 429, retryAfterUs: hours(9) });
    const bench = new SdkBench({ policy, fate });
    bench.capture();
    bench.wait(hours(1));
    expect(bench.sent().map(([at]) => Math.round(at))).toEqual([0, 10, 20, 30]);
    expect(bench.dropped()).toEqual({ sdk_retries_exhausted: 1 });
  });

  it('A35: holds for other batches, beacons, a new network and a new life', () => {
    const fate = inTurn({ status: 503, retryAfterUs: seconds(60) });
    const bench = new SdkBench({ policy: SINGLE, fate });
    bench.capture();
    bench.wait(seconds(1));
    bench.capture();
    bench.network(false);
    bench.network(true);
    bench.tell({ type: 'app.hidden' });
    bench.reload(seconds(9));
    bench.tell({ type: 'flush.asked' });
    expect(bench.requests.length).toBe(1);
    bench.wait(minutes(5));
    expect(bench.requests[1]?.atUs).toBe(seconds(60) + ms(80));
    expect(bench.accepted.size).toBe(2);
  });

  it('A35: of a 500 counts for nothing', () => {
    const fate = inTurn({ status: 500, retryAfterUs: hours(1) });
    const bench = new SdkBench({ policy: SINGLE, fate });
    bench.capture();
    bench.wait(minutes(1));
    expect(bench.accepted.size).toBe(1);
  });
});

describe('what a retry keeps and changes', () => {
  it('A32: preserves_uuid_and_timestamp_on_batch_retry', () => {
    const bench = new SdkBench({ policy: PAIR, fate: inTurn('lost', { status: 500 }) });
    bench.capture(2);
    bench.wait(minutes(2));
    const tries = bench.requests.map(({ sent }) => sent.events);
    expect(tries.length).toBe(3);
    expect(tries[1]).toEqual(tries[0]);
    expect(tries[2]).toEqual(tries[0]);
  });

  it('A33: request_id_preserved_on_retry, attempt_header_increments_on_retry', () => {
    const bench = new SdkBench({ policy: SINGLE, fate: inTurn({ status: 500 }, { status: 502 }) });
    bench.capture();
    bench.wait(minutes(2));
    expect(bench.requests.map(({ sent }) => [sent.requestId, sent.attempt])).toEqual([
      ['v7-r1', 1],
      ['v7-r1', 2],
      ['v7-r1', 3],
    ]);
  });

  it('A33: request_timestamp_changes_on_retry, on both clocks alike', () => {
    const bench = new SdkBench({ policy: SINGLE, fate: inTurn('lost') });
    bench.capture();
    bench.wait(minutes(1));
    const [first, second] = bench.requests.map(({ sent }) => sent);
    const byUs = (second?.sentTimeUs ?? 0) - (first?.sentTimeUs ?? 0);
    expect(byUs).toBeGreaterThan(seconds(10));
    expect((second?.sentUptimeUs ?? 0) - (first?.sentUptimeUs ?? 0)).toBe(byUs);
  });

  it('A33: no_duplicate_events_in_batch', () => {
    const bench = new SdkBench({ policy: { maxBatchEvents: 10 }, fate: inTurn('lost', 'lost') });
    bench.capture(25);
    bench.wait(minutes(2));
    for (const { sent } of bench.requests) {
      expect(new Set(sent.events.map(({ id }) => id)).size).toBe(sent.events.length);
    }
    expect([...bench.accepted.values()].every((times) => times === 1)).toBe(true);
    expect(bench.accepted.size).toBe(25);
  });

  it('A32: non_utc_event_timestamp_is_converted_to_utc: times are UTC from the start', () => {
    const bench = new SdkBench({ policy: SINGLE });
    bench.capture();
    const { eventTimeUs } = bench.requests[0]?.sent.events[0] ?? { eventTimeUs: 0 };
    expect(new Date(eventTimeUs / 1_000).toISOString()).toBe('2026-11-25T00:00:00.000Z');
  });
});

describe('results event by event', () => {
  const judge = (...verdicts: readonly (string | undefined)[]): Fate => ({
    results: (_, index) => verdicts[index],
  });

  it('A36: retries_only_retry_events_from_partial, prunes_ok_events_on_partial_retry', () => {
    const policy = { maxBatchEvents: 3 };
    const bench = new SdkBench({ policy, fate: inTurn(judge('ok', 'retry', 'drop')) });
    bench.capture(3);
    bench.wait(minutes(1));
    expect(bench.sent().map(([, attempt, ids]) => [attempt, ids])).toEqual([
      [1, ['v7-0', 'v7-1', 'v7-2']],
      [2, ['v7-1']],
    ]);
    expect(bench.requests[1]?.sent.requestId).toBe('v7-r1');
    expect(bench.accepted).toEqual(
      new Map([
        ['v7-0', 1],
        ['v7-1', 1],
      ]),
    );
    expect(bench.dropped()).toEqual({ sdk_rejected: 1 });
  });

  it('A36: unknown_result_treated_as_terminal', () => {
    const bench = new SdkBench({ policy: PAIR, fate: inTurn(judge('ok', 'quarantined')) });
    bench.capture(2);
    bench.wait(minutes(10));
    expect(bench.requests.length).toBe(1);
    expect(bench.dropped()).toEqual({ sdk_rejected: 1 });
  });

  it('A36: an event without a result is tried again', () => {
    const bench = new SdkBench({ policy: PAIR, fate: inTurn(judge(undefined, 'ok')) });
    bench.capture(2);
    bench.wait(minutes(10));
    expect(bench.sent().map(([, , ids]) => ids)).toEqual([['v7-0', 'v7-1'], ['v7-0']]);
    expect(bench.accepted.size).toBe(2);
  });

  it('A36: results for other names, or names that objects inherit, change nothing', () => {
    const bench = new SdkBench({ policy: SINGLE, fate: inTurn('lost') });
    bench.capture();
    const results = JSON.parse('{"__proto__": "ok", "constructor": "ok", "v9-0": "ok"}');
    bench.tell({ type: 'batch.judged', batch: 1, results });
    expect(bench.host.state.acknowledgedCount).toBe(0);
    bench.wait(minutes(1));
    expect(bench.accepted.size).toBe(1);
  });
});

describe('flushing', () => {
  it('A31: flush_with_no_events_sends_nothing', () => {
    const bench = new SdkBench();
    bench.tell({ type: 'flush.asked' });
    bench.wait(hours(1));
    expect(bench.requests).toEqual([]);
    expect(bench.simulation.executedCount).toBe(0);
  });

  it('A31: sends what is there, and only that, without waiting', () => {
    const bench = new SdkBench({ policy: { maxBatchEvents: 2, maxBatchAgeUs: hours(1) } });
    bench.capture(1);
    bench.tell({ type: 'flush.asked' });
    bench.capture(1);
    bench.wait(minutes(1));
    expect(bench.sent().map(([, , ids]) => ids)).toEqual([['v7-0']]);
    bench.capture(1);
    expect(bench.sent().map(([, , ids]) => ids)).toEqual([['v7-0'], ['v7-1', 'v7-2']]);
  });
});
