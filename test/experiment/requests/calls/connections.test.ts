/** Connections of clients: six under HTTP/1.1, one under HTTP/2, handshakes of 30 ms. */
import { describe, expect, it } from 'vitest';
import type { WanConnection } from '../../../../src/experiment/households/wan-connection.ts';
import { Attempt, Call } from '../../../../src/experiment/requests/calls/call.ts';
import type { Client } from '../../../../src/experiment/requests/calls/client.ts';
import {
  createConnections,
  registerOpened,
} from '../../../../src/experiment/requests/calls/connections.ts';
import { createSimulation } from '../../../../src/kernel/simulation.ts';
import { createExclusivePool, HTTP1_POOL } from '../../../../src/queueing/pools/exclusive-pool.ts';
import {
  createMultiplexedPool,
  HTTP2_POOL,
} from '../../../../src/queueing/pools/multiplexed-pool.ts';
import { pageRequest, tracedCall } from './edge-bench.ts';

const HANDSHAKE_US = 30_000;

function clientNumber(index: number): Client {
  const profile = { viewer: index, device: 'web' as const };
  return { profile, deviceActor: index, access: undefined };
}

function bench(protocol: 'http/1.1' | 'http/2') {
  const simulation = createSimulation();
  const goes: string[] = [];
  const connections = createConnections({
    simulation,
    createPool: () =>
      protocol === 'http/1.1' ? createExclusivePool(HTTP1_POOL) : createMultiplexedPool(HTTP2_POOL),
    isMultiplexed: protocol === 'http/2',
    open: () => ({ handshakeUs: HANDSHAKE_US }) as WanConnection,
    opened: registerOpened(simulation),
  });
  const user = {
    connected(attempt: Attempt, handshakeUs: number) {
      attempt.isConnected = true;
      goes.push(`${attempt.call.request.page} at ${simulation.nowUs + handshakeUs}`);
    },
  };
  const clients = [clientNumber(0), clientNumber(1)];
  return {
    goes,
    acquire(page: string, client = 0): Attempt {
      const request = pageRequest(1, { page, client: clients[client] ?? clientNumber(0) });
      const call = new Call({
        route: undefined as never,
        request,
        owner: undefined as never,
        traced: tracedCall(),
        demand: { totalUs: 0, entitiesUs: 0 },
        deadlineUs: Number.POSITIVE_INFINITY,
      });
      const attempt = new Attempt(call, { id: 1, nowUs: simulation.nowUs, role: 'first' });
      connections.acquire(attempt, user);
      return attempt;
    },
    release: (attempt: Attempt, isBroken = false) => connections.release(attempt, isBroken),
    until: (atUs: number) => simulation.run(atUs),
  };
}

describe('HTTP/1.1', () => {
  it('Q76: opens six at once, each with its handshake; the seventh waits and reuses', () => {
    const { goes, acquire, release, until } = bench('http/1.1');
    const tries = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'].map((page) => acquire(page));
    expect(goes).toEqual(['a', 'b', 'c', 'd', 'e', 'f'].map((page) => `${page} at 30000`));
    until(40_000);
    release(tries[2] as Attempt);
    expect(goes.slice(6)).toEqual(['g at 40000']);
    until(50_000);
    release(tries[0] as Attempt);
    release(tries[1] as Attempt);
    expect(goes.slice(7)).toEqual(['h at 50000']);
    acquire('i');
    expect(goes.slice(8)).toEqual(['i at 50000']);
  });

  it('Q8: a broken connection is closed; who waits for it opens a fresh one', () => {
    const { goes, acquire, release, until } = bench('http/1.1');
    const tries = ['a', 'b', 'c', 'd', 'e', 'f', 'g'].map((page) => acquire(page));
    until(40_000);
    release(tries[0] as Attempt, true);
    expect(goes.slice(6)).toEqual(['g at 70000']);
    release(tries[1] as Attempt, true);
    acquire('h');
    expect(goes.slice(7)).toEqual(['h at 70000']);
  });

  it('Q8: who gives up in line leaves it; others have connections of their own', () => {
    const { goes, acquire, release, until } = bench('http/1.1');
    const tries = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'].map((page) => acquire(page));
    release(tries[6] as Attempt, true);
    acquire('other', 1);
    until(40_000);
    release(tries[0] as Attempt);
    expect(goes.slice(6)).toEqual(['other at 30000', 'h at 40000']);
  });
});

describe('HTTP/2', () => {
  it('Q77: shares one connection and one handshake', () => {
    const { goes, acquire, until } = bench('http/2');
    acquire('a');
    until(10_000);
    acquire('b');
    acquire('c');
    until(30_000);
    acquire('d');
    expect(goes).toEqual(['a at 30000', 'b at 30000', 'c at 30000', 'd at 30000']);
  });

  it('Q77: an opener that gives up leaves the opening to the next, with a whole handshake', () => {
    const { goes, acquire, release, until } = bench('http/2');
    const opener = acquire('a');
    acquire('b');
    acquire('c');
    until(20_000);
    release(opener, true);
    until(100_000);
    acquire('d');
    // The handshake that a began must not open the connection of b at 30,000.
    expect(goes).toEqual(['a at 30000', 'b at 50000', 'c at 50000', 'd at 100000']);
  });

  it('Q77: an opener that gives up alone leaves nothing open', () => {
    const { goes, acquire, release, until } = bench('http/2');
    const opener = acquire('a');
    until(20_000);
    release(opener, true);
    until(25_000);
    acquire('b');
    until(32_000);
    acquire('c');
    until(100_000);
    expect(goes).toEqual(['a at 30000', 'b at 55000', 'c at 55000']);
  });
});
