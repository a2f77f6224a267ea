/** The balancer of a server's clients: counts what it sent and did not get back. */
import { describe, expect, it } from 'vitest';
import type { Call } from '../../../../src/experiment/requests/calls/call.ts';
import { serverBench, TELLING } from '../../server-bench.ts';

describe('the choice of a replica', () => {
  it('Q45: takes the replica with the least outstanding, tries on the network included', () => {
    const bench = serverBench({ fleet: { replicas: 3 } });
    const calls: Call[] = ['a', 'b', 'c', 'd'].map((name) => bench.ask(0, name, { cpuUs: 5_000 }));
    bench.run(0);
    expect(calls.map((call) => call.anyOpen()?.replica)).toEqual([0, 1, 2, 0]);
  });

  it('Q45: a hang-up, a time-out and an answer all free their place', () => {
    const bench = serverBench({
      fleet: { replicas: 2 },
      policies: { ...TELLING, timeoutUs: 20_000 },
    });
    const gone = bench.ask(0, 'gone', { cpuUs: 90_000 });
    bench.ask(0, 'late', { cpuUs: 90_000 });
    bench.giveUp(1_500, gone);
    // Replica 0 is free for clients at 1,500, replica 1 at 20,000.
    const second = bench.ask(2_000, 'second', { cpuUs: 1_000 });
    bench.at(2_000, () => expect(second.anyOpen()?.replica).toBe(0));
    const third = bench.ask(21_000, 'third', { cpuUs: 1_000 });
    const fourth = bench.ask(21_000, 'fourth', { cpuUs: 1_000 });
    let chosen: unknown[] = [];
    bench.at(21_000, () => {
      chosen = [third, fourth].map((call) => call.anyOpen()?.replica);
    });
    bench.run();
    expect(chosen).toHaveLength(2);
    expect([...chosen].sort()).toEqual([0, 1]);
    expect(bench.settled).toContain('late timeout at 20000');
  });

  it('Q44: takes none where none is ready, and the ready one where one is', () => {
    const bench = serverBench({ fleet: { replicas: 2, zones: 2 } });
    bench.at(0, () => bench.server.crash(0));
    const one = bench.ask(1, 'one', { cpuUs: 1_000 });
    bench.at(1, () => expect(one.anyOpen()?.replica).toBe(1));
    bench.at(2, () => bench.server.crash(1));
    const none = bench.ask(3, 'none', { cpuUs: 1_000 });
    bench.at(3, () => expect(none.anyOpen()?.replica).toBe(-1));
    expect(bench.run()).toEqual(['one unavailable at 2001', 'none unavailable at 2003']);
  });
});
