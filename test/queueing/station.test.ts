/** Stations and load balancers: who starts, who waits, who is turned away. */
import { fc, test } from '@fast-check/vitest';
import { describe, expect, it } from 'vitest';
import { chooseReplica } from '../../src/queueing/load-balancer.ts';
import {
  createStation,
  finishJob,
  offerJob,
  type StationConfig,
  type StationState,
  waitingJobs,
} from '../../src/queueing/station.ts';

const ONE: StationConfig = {
  replicas: 1,
  workersPerReplica: 2,
  maxWaiting: 1,
  balancing: 'least-outstanding',
};

describe('a station', () => {
  it('Q1: starts a job while a worker is free, lets it wait, then turns it away', () => {
    const verdicts: string[] = [];
    let state = createStation<string>(ONE);
    for (const job of ['a', 'b', 'c', 'd']) {
      const offered = offerJob(state, job);
      verdicts.push(offered.verdict);
      state = offered.state;
    }
    expect(verdicts).toEqual(['started', 'started', 'waiting', 'rejected']);
    expect(waitingJobs(state)).toEqual(['c']);
  });

  it('Q2: gives a freed worker to who waits longest', () => {
    let state = createStation<string>({ ...ONE, workersPerReplica: 1, maxWaiting: 5 });
    for (const job of ['a', 'b', 'c']) state = offerJob(state, job).state;
    const first = finishJob(state, 0);
    const second = finishJob(first.state, 0);
    expect([first.next?.job, second.next?.job]).toEqual(['b', 'c']);
    expect(finishJob(second.state, 0).next).toBeUndefined();
  });

  test.prop(
    [
      fc.record({
        replicas: fc.integer({ min: 1, max: 4 }),
        workersPerReplica: fc.integer({ min: 1, max: 3 }),
        maxWaiting: fc.integer({ min: 0, max: 5 }),
        balancing: fc.constantFrom('round-robin' as const, 'least-outstanding' as const),
      }),
      fc.array(fc.oneof(fc.constant('offer'), fc.nat({ max: 3 })), { maxLength: 200 }),
    ],
    { numRuns: 300, seed: 20261120 },
  )('Q3: offered = finished + in service + waiting + rejected', (config, steps) => {
    let state: StationState<number> = createStation<number>(config);
    const count = { offered: 0, finished: 0, rejected: 0 };
    for (const step of steps) {
      if (step === 'offer') {
        const offered = offerJob(state, count.offered);
        count.offered += 1;
        if (offered.verdict === 'rejected') count.rejected += 1;
        state = offered.state;
      } else {
        const replica = Number(step) % config.replicas;
        if (state.replicas[replica]?.busy === 0) continue;
        state = finishJob(state, replica).state;
        count.finished += 1;
      }
      const busy = state.replicas.reduce((sum, replica) => sum + replica.busy, 0);
      const waiting = waitingJobs(state).length;
      expect(count.offered).toBe(count.finished + busy + waiting + count.rejected);
      for (const replica of state.replicas) {
        expect(replica.busy).toBeLessThanOrEqual(config.workersPerReplica);
        expect(replica.waiting.length).toBeLessThanOrEqual(config.maxWaiting);
        // Work conservation: nobody waits while a worker of the replica is free.
        if (replica.busy < config.workersPerReplica) expect(replica.waiting).toEqual([]);
      }
    }
  });
});

describe('a load balancer', () => {
  const replicas = [
    { busy: 2, waiting: [] },
    { busy: 1, waiting: [] },
    { busy: 1, waiting: [] },
  ];

  it('Q4: takes the least outstanding, ties to the lowest index', () => {
    expect(chooseReplica('least-outstanding', { replicas, offered: 9 })).toBe(1);
  });

  it('Q4: goes round in turn', () => {
    const turns = [0, 1, 2, 3].map((offered) =>
      chooseReplica('round-robin', { replicas, offered }),
    );
    expect(turns).toEqual([0, 1, 2, 0]);
  });
});
