/** The gateway: a page takes a worker before its plan runs and after, and none in between. */
import { describe, expect, it } from 'vitest';
import { createGatewayMachine } from '../../src/actors/gateway.ts';
import { ms } from '../../src/kernel/time.ts';
import { benchOfOne } from './bench-of-one.ts';

function gatewayBench(maxWaiting: number) {
  const station = {
    replicas: 1,
    workersPerReplica: 1,
    maxWaiting,
    balancing: 'least-outstanding' as const,
  };
  return benchOfOne(() => createGatewayMachine(), { gateway: 'router', station });
}

const requested = (request: number) => ({ type: 'page.requested', request, demandUs: ms(2) });
const completed = (request: number) => ({ type: 'plan.completed', request, demandUs: ms(3) });

describe('a gateway', () => {
  it('A12: starts plans one after the other as its worker gets free', () => {
    const bench = gatewayBench(10);
    bench.tell(requested(1));
    bench.tell(requested(2));
    bench.simulation.run(ms(10));
    const starts = bench.emitted.filter(({ message }) => message.type === 'plan.started');
    expect(starts.map(({ atUs, message }) => [atUs, message['request']])).toEqual([
      [ms(2), 1],
      [ms(4), 2],
    ]);
  });

  it('A12: merges when the plan is complete, in line with other work', () => {
    const bench = gatewayBench(10);
    bench.tell(completed(1));
    bench.tell(requested(2));
    bench.simulation.run(ms(10));
    const ends = bench.emitted.filter(({ message }) => message.type !== 'gateway.worked');
    expect(ends.map(({ atUs, message }) => [atUs, message.type])).toEqual([
      [ms(3), 'page.merged'],
      [ms(5), 'plan.started'],
    ]);
    const worked = bench.emitted.filter(({ message }) => message.type === 'gateway.worked');
    expect(worked.map(({ message }) => message['serviceTimeUs'])).toEqual([ms(3), ms(2)]);
  });

  it('A12: rejects what finds no place to wait', () => {
    const bench = gatewayBench(0);
    bench.tell(requested(1));
    bench.tell(requested(2));
    expect(bench.emitted.map(({ message }) => [message.type, message['request']])).toEqual([
      ['page.rejected', 2],
    ]);
  });
});
