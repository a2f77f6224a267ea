/** An edge, to the microsecond: tries, time-outs, retries, hedges, giving up, accounts. */
import { describe, expect, it } from 'vitest';
import type { ServerFailure } from '../../../../src/experiment/requests/calls/call.ts';
import { edgeBench, retrying } from './edge-bench.ts';

const NEVER = { afterUs: Number.POSITIVE_INFINITY };
const HEDGE = {
  kind: 'fixed' as const,
  delayUs: 5_000,
  maxHedges: 1,
  nonFatal: ['timeout' as const, 'unavailable' as const, 'overloaded' as const],
  capRatio: 1,
  maxSaved: 10,
};

describe('a call and its tries', () => {
  it('E10: is answered after both ways and the work', () => {
    const bench = edgeBench({ policies: {}, script: () => ({ afterUs: 7_000, workUs: 400 }) });
    bench.ask(100);
    expect(bench.run()).toEqual(['home answered at 9100']);
    expect(bench.account).toMatchObject({ calls: 1, attempts: 1, answers: 1, usefulWorkUs: 400 });
    expect(bench.observed).toEqual([[true, 9_000]]);
    expect(bench.outstanding()).toBe(0);
    expect(bench.openTries()).toBe(0);
  });

  it('E10: times out from when it was sent, pauses, and tries again', () => {
    const bench = edgeBench({
      policies: { timeoutUs: 10_000, retry: retrying(3, 2_500) },
      script: (_, n) => (n < 3 ? NEVER : { afterUs: 3_000 }),
    });
    bench.ask(0);
    // 0 + 10,000 + 2,500 + 10,000 + 2,500 + 1,000 + 3,000 + 1,000.
    expect(bench.run()).toEqual(['home answered at 30000']);
    expect(bench.arrivals.map(({ atUs, role }) => [atUs, role])).toEqual([
      [1_000, 'first'],
      [13_500, 'retry'],
      [26_000, 'retry'],
    ]);
    expect(bench.account).toMatchObject({ attempts: 3, retries: 2, timeouts: 2, answers: 1 });
    expect(bench.account.failures).toEqual({ timeout: 2 });
    expect(bench.openTries()).toBe(0);
  });

  it('E10: fails once its tries are used up, with the last failure', () => {
    const bench = edgeBench({
      policies: { timeoutUs: 10_000, retry: retrying(2, 500) },
      script: () => ({ afterUs: 1_000, failure: 'shed', workUs: 30 }),
    });
    bench.ask(0);
    expect(bench.run()).toEqual(['home failed (overloaded) at 6500']);
    expect(bench.account).toMatchObject({ attempts: 2, errors: 2, answers: 0, wastedWorkUs: 60 });
    expect(bench.account.settled.failed).toBe(1);
  });

  it('E10: sees a refusal and a reset as unavailable, a full line as overloaded', () => {
    for (const [failure, seen] of [
      ['refused', 'unavailable'],
      ['reset', 'unavailable'],
      ['rejected', 'overloaded'],
      ['expired', 'overloaded'],
    ] as const) {
      const bench = edgeBench({ policies: {}, script: () => ({ afterUs: 0, failure }) });
      bench.ask(0);
      expect(bench.run()).toEqual([`home failed (${seen}) at 2000`]);
    }
  });

  it('E12: counts a late answer as waste and does not deliver it', () => {
    const bench = edgeBench({
      policies: { timeoutUs: 10_000 },
      script: () => ({ afterUs: 30_000, workUs: 700 }),
    });
    bench.ask(0);
    expect(bench.run()).toEqual(['home failed (timeout) at 10000']);
    expect(bench.account).toMatchObject({
      timeouts: 1,
      lateAnswers: 1,
      wastedWorkUs: 700,
      usefulWorkUs: 0,
    });
    expect(bench.openTries()).toBe(0);
  });

  it('E12: a failure that nobody waits for is no late answer', () => {
    const bench = edgeBench({
      policies: { timeoutUs: 10_000 },
      script: () => ({ afterUs: 30_000, failure: 'reset', workUs: 700 }),
    });
    bench.ask(0);
    bench.run();
    expect(bench.account).toMatchObject({ lateAnswers: 0, wastedWorkUs: 700 });
  });

  it('E10: given up, it is never settled, and what pends for it ends', () => {
    const bench = edgeBench({
      policies: { timeoutUs: 10_000, retry: retrying(3, 5_000), hedge: HEDGE },
      script: () => NEVER,
    });
    const waiting = bench.ask(0, 'waiting');
    const pausing = bench.ask(0, 'pausing');
    bench.giveUp(3_000, waiting);
    bench.giveUp(12_000, pausing);
    expect(bench.run()).toEqual([]);
    expect(bench.simulation.nowUs).toBeLessThanOrEqual(Number.MAX_SAFE_INTEGER);
    expect(bench.account).toMatchObject({ calls: 2, abandoned: 2 });
    expect(bench.account.settled).toEqual({ answered: 0, failed: 0, stale: 0, default: 0 });
    expect(bench.openTries()).toBe(0);
    expect(bench.outstanding()).toBe(0);
    expect(bench.guard.save()).toMatchObject({ active: 0, activeExtra: 0 });
  });

  it('E13: tells the server of a hang-up only where deadlines are propagated', () => {
    for (const [deadline, told] of [
      [undefined, []],
      [{ allowanceUs: 0, minimumUs: 1 }, [10_000]],
    ] as const) {
      const bench = edgeBench({ policies: { timeoutUs: 10_000, deadline }, script: () => NEVER });
      bench.ask(0);
      bench.run();
      expect(bench.hangUps).toEqual(told);
    }
  });

  it('E10: does not send what cannot be in time, and says so after the instant of asking', () => {
    const bench = edgeBench({
      policies: { timeoutUs: 10_000, deadline: { allowanceUs: 2_000, minimumUs: 500 } },
      script: () => ({ afterUs: 0 }),
    });
    bench.ask(100, 'late', { deadlineUs: 2_599 });
    bench.ask(100, 'in-time', { deadlineUs: 2_600 });
    const seen = bench.run();
    expect(seen).toContain('late failed (too-late) at 100');
    // 500 µs are left, and the ways take 2,000.
    expect(seen).toContain('in-time failed (timeout) at 600');
    expect(bench.account).toMatchObject({ attempts: 1, failures: { 'too-late': 1, timeout: 1 } });
  });
});

describe('hedges', () => {
  it('E10: that win answer once, and the other try is hung up', () => {
    const bench = edgeBench({
      policies: { hedge: HEDGE },
      script: (_, n) => ({ afterUs: n === 1 ? 50_000 : 1_000, workUs: 10 }),
    });
    bench.ask(0);
    // Hedge at 5,000, there at 6,000, done at 7,000, back at 8,000.
    expect(bench.run()).toEqual(['home answered at 8000']);
    expect(bench.account).toMatchObject({
      attempts: 2,
      hedges: 1,
      answers: 1,
      hangUps: 1,
      lateAnswers: 1,
      usefulWorkUs: 10,
      wastedWorkUs: 10,
    });
    expect(bench.openTries()).toBe(0);
    expect(bench.guard.save()).toMatchObject({ active: 0, activeExtra: 0 });
  });

  it('E10: that lose change nothing, and answers never double', () => {
    const bench = edgeBench({
      policies: { hedge: HEDGE },
      script: (_, n) => ({ afterUs: n === 1 ? 5_500 : 5_500 }),
    });
    bench.ask(0);
    expect(bench.run()).toEqual(['home answered at 7500']);
    expect(bench.account).toMatchObject({ answers: 1, hangUps: 1, lateAnswers: 1 });
    expect(bench.settled).toHaveLength(1);
  });

  it('E10: are not sent once the call is settled', () => {
    const bench = edgeBench({ policies: { hedge: HEDGE }, script: () => ({ afterUs: 1_000 }) });
    bench.ask(0);
    bench.run();
    expect(bench.account).toMatchObject({ attempts: 1, hedges: 0 });
  });

  it('E10: do not go out while nothing is under way: the retry policy decides', () => {
    const bench = edgeBench({
      policies: { hedge: HEDGE, retry: retrying(2, 20_000) },
      script: (_, n) => (n === 1 ? { afterUs: 0, failure: 'rejected' } : { afterUs: 1_000 }),
    });
    bench.ask(0);
    // Failed at 2,000; the retry leaves at 22,000 and is back at 25,000, before its own hedge.
    expect(bench.run()).toEqual(['home answered at 25000']);
    expect(bench.account).toMatchObject({ attempts: 2, retries: 1, hedges: 0 });
  });

  it('Q32: go out at once after a non-fatal failure beside them, never after a fatal one', () => {
    const hedge = { ...HEDGE, maxHedges: 2, delayUs: 10_000, nonFatal: ['overloaded' as const] };
    const script = (failure: ServerFailure) => (_: unknown, n: number) =>
      n === 1 ? { afterUs: 12_000, failure } : { afterUs: 30_000 };
    const run = (failure: ServerFailure) => {
      const bench = edgeBench({ policies: { hedge }, script: script(failure) });
      for (let n = 0; n < 1; n += 1) bench.ask(0);
      bench.guard.admit(0, 0.5, { id: -1, role: 'first' });
      bench.run();
      return bench.arrivals.map(({ atUs }) => atUs);
    };
    // First at 0, hedge at 10,000, the first's failure is back at 14,000.
    expect(run('rejected')).toEqual([1_000, 11_000, 15_000]);
    expect(run('reset')).toEqual([1_000, 11_000]);
  });

  it('E12: that are refused are none', () => {
    const bench = edgeBench({
      policies: {
        hedge: HEDGE,
        bulkhead: { kind: 'semaphore', maxConcurrent: 1, maxWaiting: 0, maxWaitUs: 0 },
      },
      script: () => ({ afterUs: 10_000 }),
    });
    bench.ask(0);
    expect(bench.run()).toEqual(['home answered at 12000']);
    expect(bench.account).toMatchObject({ attempts: 1, hedges: 0 });
  });
});
