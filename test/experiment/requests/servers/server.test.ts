/** A server's door, books, crashes and hang-ups, to the microsecond. */
import { describe, expect, it } from 'vitest';
import type { ServerAccount } from '../../../../src/experiment/requests/servers/server-account.ts';
import { serverBench, TELLING } from '../../server-bench.ts';

describe('a server', () => {
  it('E13: queues, works, asks its database and answers', () => {
    const bench = serverBench();
    bench.ask(0, 'a', { cpuUs: 5_000, roundTrips: 2 });
    bench.ask(0, 'b', { cpuUs: 3_000, roundTrips: 1 });
    // a: 1,000 + 5,000 + 4,000 + 1,000; b starts at 6,000: + 3,000 + 2,000 + 1,000.
    expect(bench.run()).toEqual(['a answered at 11000', 'b answered at 12000']);
    const account: ServerAccount = bench.server.account;
    expect(account).toMatchObject({ offered: 2, answered: 2, jobs: 2, workUs: 8_000 });
    expect(account.waitUs).toBe(5_000);
    expect(bench.edge.account.usefulWorkUs).toBe(8_000);
    expect(bench.residual()).toBe(0);
  });

  it('E13: turns away beyond its limit and at a full line', () => {
    const limited = serverBench({ limit: { algorithm: { kind: 'fixed', limit: 2 } } });
    for (const name of ['a', 'b', 'c']) limited.ask(0, name, { cpuUs: 5_000 });
    expect(limited.run()).toEqual([
      'c overloaded at 2000',
      'a answered at 7000',
      'b answered at 12000',
    ]);
    expect(limited.server.limit).toBe(2);
    expect(limited.server.account.failures).toEqual({ shed: 1 });
    const full = serverBench({ fleet: { maxWaiting: 1 } });
    for (const name of ['a', 'b', 'c']) full.ask(0, name, { cpuUs: 5_000 });
    expect(full.run()[0]).toBe('c overloaded at 2000');
    expect(full.server.account.failures).toEqual({ rejected: 1 });
    expect(full.residual()).toBe(0);
  });

  it('E13: turns a try away that arrives after its deadline; ends one that began', () => {
    const bench = serverBench({
      fleet: { expireWaiting: true },
      policies: { ...TELLING, timeoutUs: 6_500 },
    });
    bench.ask(0, 'a', { cpuUs: 4_000 });
    bench.ask(0, 'late', { cpuUs: 4_000, deadlineUs: 900 });
    bench.ask(0, 'b', { cpuUs: 4_000 });
    expect(bench.run()).toEqual(['late timeout at 900', 'a answered at 6000', 'b timeout at 6500']);
    // b was in service when its client hung up: it is seen through.
    expect(bench.server.account).toMatchObject({
      offered: 3,
      answered: 2,
      failures: { expired: 1 },
    });
    expect(bench.server.account.workUs).toBe(8_000);
    expect(bench.residual()).toBe(0);
  });

  it('E13: a hang-up takes what waits out of the line, never what is in service', () => {
    const bench = serverBench({ policies: TELLING });
    const a = bench.ask(0, 'a', { cpuUs: 10_000 });
    const b = bench.ask(0, 'b', { cpuUs: 10_000 });
    bench.ask(0, 'c', { cpuUs: 1_000 });
    bench.giveUp(3_000, a);
    bench.giveUp(3_000, b);
    expect(bench.run()).toEqual(['c answered at 13000']);
    expect(bench.server.account.workUs).toBe(11_000);
    expect(bench.server.account).toMatchObject({ answered: 2, failures: { expired: 1 } });
    expect(bench.edge.account).toMatchObject({ hangUps: 2, wastedWorkUs: 10_000, lateAnswers: 1 });
    expect(bench.residual()).toBe(0);
  });

  it('E13: what is given up on its way does not begin', () => {
    const bench = serverBench({ policies: TELLING });
    const a = bench.ask(0, 'a', { cpuUs: 10_000 });
    bench.giveUp(500, a);
    expect(bench.run()).toEqual([]);
    expect(bench.server.account).toMatchObject({ offered: 1, workUs: 0, failures: { expired: 1 } });
    expect(bench.residual()).toBe(0);
  });

  it('E13: hears of no hang-up without deadlines, and works on', () => {
    const bench = serverBench();
    const a = bench.ask(0, 'a', { cpuUs: 10_000 });
    const b = bench.ask(0, 'b', { cpuUs: 10_000 });
    bench.giveUp(3_000, a);
    bench.giveUp(3_000, b);
    bench.run();
    expect(bench.server.account).toMatchObject({ answered: 2, workUs: 20_000 });
    expect(bench.edge.account).toMatchObject({ lateAnswers: 2, wastedWorkUs: 20_000 });
  });
});

describe('load shedding', () => {
  it('Q57: turns away what matters least at the threshold of its class', () => {
    const bench = serverBench({
      fleet: { workersPerReplica: 4 },
      shedding: {
        kind: 'thresholds',
        signal: 'utilization',
        shedAbove: { 'critical-plus': null, critical: 1, 'sheddable-plus': 0.75, sheddable: 0.5 },
      },
    });
    for (const name of ['a', 'b', 'c']) bench.ask(0, name, { cpuUs: 50_000 });
    bench.ask(1, 'sheddable', { cpuUs: 1_000, priority: 7 });
    bench.ask(1, 'critical', { cpuUs: 1_000, priority: 2 });
    expect(bench.run()).toContain('sheddable overloaded at 2001');
    expect(bench.settled).toContain('critical answered at 3001');
    expect(bench.server.account.failures).toEqual({ shed: 1 });
  });

  it('Q58: controlled delay drops at the start, once a whole interval has waited', () => {
    const bench = serverBench({
      shedding: { kind: 'codel', targetUs: 1_000, intervalUs: 6_000 },
    });
    for (const name of ['a', 'b', 'c', 'd', 'e', 'f']) bench.ask(0, name, { cpuUs: 4_000 });
    // Starts at 1, 5, 9, 13 and 17 ms; the interval of 5–11 ms had nobody wait less than 4 ms.
    expect(bench.run()).toEqual([
      'a answered at 6000',
      'b answered at 10000',
      'c answered at 14000',
      'e overloaded at 18000',
      'f overloaded at 18000',
      'd answered at 18000',
    ]);
    expect(bench.residual()).toBe(0);
  });
});

describe('a crash', () => {
  it('A11: of all replicas resets what is in service, waiting and in the database', () => {
    const bench = serverBench();
    bench.ask(0, 'database', { cpuUs: 1_000, roundTrips: 5 });
    bench.ask(0, 'service', { cpuUs: 20_000 });
    bench.ask(0, 'waiting', { cpuUs: 1_000 });
    bench.at(5_000, () => bench.server.crash(undefined));
    bench.at(6_000, () => bench.server.recover(undefined));
    bench.ask(6_000, 'after', { cpuUs: 1_000 });
    expect([...bench.run()].sort()).toEqual([
      'after answered at 9000',
      'database unavailable at 6000',
      'service unavailable at 6000',
      'waiting unavailable at 6000',
    ]);
    expect(bench.server.account.failures).toEqual({ reset: 3 });
    expect(bench.server.inFlight).toBe(0);
    expect(bench.residual()).toBe(0);
  });

  it('A11: of a zone leaves the other zone alone', () => {
    const bench = serverBench({ fleet: { replicas: 2, zones: 2 } });
    bench.ask(0, 'a', { cpuUs: 10_000 });
    bench.ask(0, 'b', { cpuUs: 10_000 });
    bench.ask(0, 'c', { cpuUs: 1_000, roundTrips: 1 });
    bench.at(5_000, () => bench.server.crash(1));
    bench.ask(5_000, 'd', { cpuUs: 1_000 });
    expect(bench.run()).toEqual(
      [
        'b unavailable at 6000',
        'a answered at 12000',
        'd answered at 14000',
        'c answered at 15000',
      ].sort((x, y) => Number(x.split(' at ')[1]) - Number(y.split(' at ')[1])),
    );
    expect(bench.residual()).toBe(0);
  });

  it('A11: refuses while no replica is ready, and while the machine is down', () => {
    const bench = serverBench();
    bench.at(0, () => bench.server.crash(undefined));
    bench.ask(1_000, 'a', { cpuUs: 1_000 });
    expect(bench.run()).toEqual(['a unavailable at 3000']);
    expect(bench.server.account.failures).toEqual({ refused: 1 });
    expect(bench.residual()).toBe(0);
  });
});
