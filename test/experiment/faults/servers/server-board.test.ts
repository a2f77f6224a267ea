/** Which server a fault of a plan hits, in each architecture. */
import { describe, expect, it } from 'vitest';
import {
  createServerBoard,
  planNamesOf,
} from '../../../../src/experiment/faults/servers/server-board.ts';
import { ARCHITECTURE_NAMES } from '../../../../src/gateway/architecture.ts';
import { seconds } from '../../../../src/kernel/time.ts';
import { faultScenario, midFault, runFaults } from '../fault-world.ts';
import { serverOf } from '../kind-claims.ts';

const DOMAINS = ['movie', 'production', 'talent'];

describe('targets', () => {
  it('E410: the monolith answers to services that it has, gateways to their architectures', () => {
    expect(planNamesOf('monolith', { services: ['monolith'] }, DOMAINS)).toEqual([
      'monolith',
      ...DOMAINS,
    ]);
    expect(planNamesOf('gateway', { services: DOMAINS }, DOMAINS)).toEqual(['aggregation']);
    expect(planNamesOf('router', { services: DOMAINS }, DOMAINS)).toEqual(['federated']);
    expect(planNamesOf('movie', { services: DOMAINS }, DOMAINS)).toEqual(['movie']);
  });

  it('E410: what an architecture does not have is hit by nothing', async () => {
    const faults = [
      midFault('process.crash', { target: 'talent' }),
      midFault('process.crash', { target: 'aggregation' }),
      midFault('process.handler-throws', { target: 'monolith' }),
    ];
    const hits: Record<string, readonly boolean[]> = {};
    for (const architecture of ARCHITECTURE_NAMES) {
      const { tally } = await runFaults(faultScenario(faults), architecture);
      hits[architecture] = tally.map(({ strikes }) => strikes > 0);
    }
    expect(hits).toEqual({
      monolith: [true, false, true],
      direct: [true, false, false],
      aggregation: [true, true, false],
      federated: [true, false, false],
    });
  });

  it('E410: one with several names is struck once by a fault that all of them match', () => {
    const fault = { target: undefined };
    const asked: (string | undefined)[] = [];
    const board = createServerBoard(
      {
        active: () => [fault],
        strike: (_kind: string, { target }: { target?: string }) => {
          asked.push(target);
          return fault;
        },
      } as never,
      ['monolith', 'movie'],
    );
    const at = { entity: 1, index: 1 };
    expect(board.strike('process.handler-throws', at)).toBe(fault);
    expect(asked).toEqual(['monolith']);
  });
});

describe('faults that overlap', () => {
  it('E423: outages of a server count together, whatever kind they are of', async () => {
    const at = seconds(10);
    const faults = [
      { kind: 'service.outage' as const, target: 'movie', at, for: seconds(4) },
      midFault('platform.region-loss', { target: 'movie', at: at + seconds(2), for: seconds(6) }),
      midFault('platform.config-push', { target: 'movie', at: at + seconds(3), for: 1 }),
      midFault('process.cold-restart', { target: 'movie', at: at + seconds(5), for: seconds(1) }),
    ];
    const run = await runFaults(faultScenario(faults));
    // Down for 8 s from the first beginning to the last end: whatever restarts finds it down.
    const { count, failed } = run.pages.during;
    expect(failed).toBe(count);
    expect(run.pages.after.failed).toBe(0);
    expect(serverOf(run, 'movie').failures['refused']).toBeGreaterThan(0);
  });

  it('E424: a region is lost with all servers that stand in it, and no others', async () => {
    const service = { workersPerReplica: 4, replicas: 2 };
    const faults = [midFault('platform.region-loss', { target: 'talent' })];
    const scenario = faultScenario(faults, { network: { regions: 2 } });
    const talent = { ...scenario.services['talent'], ...service, region: 1 };
    const moved = { ...scenario, services: { ...scenario.services, talent } };
    const run = await runFaults(moved as typeof scenario);
    expect(run.tally[0]?.strikes).toBe(2);
    expect(serverOf(run, 'talent').failures['refused']).toBeGreaterThan(0);
    expect(serverOf(run, 'movie').failures).toEqual({});
  });

  it('E426, E434: what starts late is there when the last of its faults has ended', async () => {
    const faults = [
      midFault('platform.slow-scale-out', { intensity: seconds(600) }),
      midFault('platform.slow-scale-out', { intensity: seconds(600), for: seconds(2) }),
      midFault('platform.config-push', { for: 1 }),
    ];
    const run = await runFaults(faultScenario(faults));
    expect(run.pages.during.failed).toBe(run.pages.during.count);
    expect(run.pages.after.failed).toBe(0);
  });

  it('E431: keys that are hot twice are as hot as the hotter', async () => {
    const hot = (intensity: number) => midFault('platform.hot-key', { target: 'movie', intensity });
    const service = { replicas: 1 };
    const workOf = async (...factors: readonly number[]) =>
      serverOf(await runFaults(faultScenario(factors.map(hot), { service })), 'movie').workSeconds;
    expect(await workOf(9, 4)).toBe(await workOf(9));
    expect(await workOf(9)).toBeGreaterThan(await workOf(4));
  });
});
