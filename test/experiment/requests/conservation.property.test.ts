/** Nothing is lost and nothing is answered twice: whatever policies, faults and loads there are,
 * the accounts of edges, servers and pages add up and nothing is left under way. */
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { CallsResult, ServerResult } from '../../../src/experiment/result.ts';
import {
  callsResults,
  serverResults,
  wastedWorkShare,
} from '../../../src/experiment/results/calls-and-servers.ts';
import { requestLedger } from '../../../src/experiment/results/ledger.ts';
import { brokenLaws, checkStations } from '../../../src/experiment/stations/station-check.ts';
import { partOf } from '../../long/part-of.ts';
import { runWorld } from '../small-world.ts';
import { type RandomLoad, randomLoad } from './random-load.ts';

const RUNS = partOf(2_000, 24, 'random loads');

const sum = (counts: Readonly<Record<string, number>>) =>
  Object.values(counts).reduce((total, count) => total + count, 0);

function checkEdge(edge: CallsResult): void {
  expect(edge.calls, edge.edge).toBe(sum(edge.settled) + edge.abandoned);
  expect(edge.open, edge.edge).toBe(0);
  expect(edge.lateAnswers, edge.edge).toBeLessThanOrEqual(edge.timeouts + edge.hangUps);
  expect(edge.settled.answered, edge.edge).toBe(edge.answers);
  expect(edge.retries + edge.hedges, edge.edge).toBeGreaterThanOrEqual(edge.attempts - edge.calls);
  checkShare(edge.wastedWorkShare, edge.edge);
}

function checkServer(server: ServerResult): void {
  expect(server.inFlight, server.name).toBe(0);
  expect(server.offered, server.name).toBe(server.answered + sum(server.failures));
}

function checkShare(share: number, where: string): void {
  expect(share, where).toBeGreaterThanOrEqual(0);
  expect(share, where).toBeLessThanOrEqual(1);
}

async function checkRun({ scenario, architecture }: RandomLoad): Promise<number> {
  const { world, warehouse } = await runWorld(scenario, { architecture });
  const edges = callsResults(world);
  const servers = serverResults(world);
  const ledger = requestLedger(world);
  expect(brokenLaws({ stations: checkStations(world) })).toEqual([]);
  warehouse.close();
  for (const edge of edges) checkEdge(edge);
  for (const server of servers) checkServer(server);
  for (const { fleet } of world.wired.servers) expect(fleet.statistics().inSystem).toBe(0);
  expect(ledger).toMatchObject({ residual: 0, inFlight: 0 });
  checkShare(wastedWorkShare(world), 'the run');
  const tries = edges.reduce((total, edge) => total + edge.attempts, 0);
  const offered = servers.reduce((total, server) => total + server.offered, 0);
  // Tries that timed out in the line for a connection never reached a server.
  expect(offered).toBeLessThanOrEqual(tries);
  return offered;
}

describe('conservation on the request path', () => {
  it('E25: every call, try, job and page is accounted for, once', {
    timeout: 1_800_000,
  }, async () => {
    let offered = 0;
    await fc.assert(
      fc.asyncProperty(randomLoad, async (load) => {
        offered += await checkRun(load);
      }),
      { numRuns: RUNS, seed: 4, endOnFailure: true },
    );
    expect(offered).toBeGreaterThan(RUNS * 20);
  });
});
