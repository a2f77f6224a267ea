/** The machine of a server: up, down, and what it hands to its port. */
import { describe, expect, it } from 'vitest';
import { createServerMachine, type ServerPort } from '../../src/actors/server.ts';
import { benchOfOne } from './bench-of-one.ts';

function serverBench() {
  const said: string[] = [];
  const port: ServerPort = {
    admit: (server, attempt) => said.push(`${server} admits ${attempt}`),
    refuse: (server, attempt) => said.push(`${server} refuses ${attempt}`),
    takeIn: (attempt) => said.push(`takes in ${attempt}`),
    crash: (server, zone) => said.push(`${server} crashes ${zone ?? 'whole'}`),
    recover: (server, zone) => said.push(`${server} recovers ${zone ?? 'whole'}`),
    crashReplica: (server, replica) => said.push(`${server} loses replica ${replica}`),
    recoverReplica: (server, replica) => said.push(`${server} gets back replica ${replica}`),
  };
  return { said, ...benchOfOne(() => createServerMachine(port), { server: 4 }) };
}

describe('a server', () => {
  it('A11: hands what arrives to its port while it is up, and refuses it while it is down', () => {
    const bench = serverBench();
    bench.tell({ type: 'call.arrived', attempt: 'a' });
    bench.tell({ type: 'outage.started' });
    bench.tell({ type: 'call.arrived', attempt: 'b' });
    bench.tell({ type: 'outage.ended' });
    bench.tell({ type: 'call.arrived', attempt: 'c' });
    expect(bench.said).toEqual([
      '4 admits a',
      '4 crashes whole',
      '4 refuses b',
      '4 recovers whole',
      '4 admits c',
    ]);
    expect(bench.value()).toBe('up');
  });

  it('A11: takes in answers to calls of its own in any state', () => {
    const bench = serverBench();
    bench.tell({ type: 'call.answered', attempt: 'a' });
    bench.tell({ type: 'outage.started' });
    bench.tell({ type: 'call.answered', attempt: 'b' });
    expect(bench.said).toEqual(['takes in a', '4 crashes whole', 'takes in b']);
  });

  it('A11: loses and gets back zones, up or down', () => {
    const bench = serverBench();
    bench.tell({ type: 'zone.lost', zone: 1 });
    bench.tell({ type: 'call.arrived', attempt: 'a' });
    bench.tell({ type: 'outage.started' });
    bench.tell({ type: 'outage.started' });
    bench.tell({ type: 'zone.restored', zone: 1 });
    expect(bench.said).toEqual(['4 crashes 1', '4 admits a', '4 crashes whole', '4 recovers 1']);
    expect(bench.value()).toBe('down');
  });

  it('E411: loses and gets back single replicas, up or down', () => {
    const bench = serverBench();
    bench.tell({ type: 'replica.crashed', replica: 2 });
    bench.tell({ type: 'outage.started' });
    bench.tell({ type: 'replica.restored', replica: 2 });
    expect(bench.said).toEqual(['4 loses replica 2', '4 crashes whole', '4 gets back replica 2']);
  });
});
