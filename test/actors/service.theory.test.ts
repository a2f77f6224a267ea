/** A service actor under Poisson load against Erlang's formula. */
import { describe, expect, it } from 'vitest';
import type { ActorMessage } from '../../src/actors/runtime/actor-system.ts';
import { createXStateActorSystem } from '../../src/actors/runtime/xstate-actor-system.ts';
import {
  createServiceMachine,
  type ServiceEmission,
  type ServiceMessage,
} from '../../src/actors/service.ts';
import { createChance } from '../../src/kernel/chance.ts';
import { createRunDigest } from '../../src/kernel/digest.ts';
import { createSimulation } from '../../src/kernel/simulation.ts';
import { meanInterval } from '../../src/stats/mean-interval.ts';

/** Mean wait in line of M/M/c by Erlang's C formula, in units of the mean service time. */
function erlangWait(offeredLoad: number, servers: number): number {
  let term = 1;
  let sum = 1;
  for (let k = 1; k < servers; k += 1) {
    term *= offeredLoad / k;
    sum += term;
  }
  const last = (term * offeredLoad) / servers / (1 - offeredLoad / servers);
  const waits = last / (sum + last);
  return waits / (servers - offeredLoad);
}

/** Mean wait in µs of `jobs` Poisson calls at a service actor, the first tenth left out. */
function simulatedWaitUs(options: { workers: number; utilization: number; replication: number }) {
  const { workers, utilization, replication } = options;
  const jobs = 6_000;
  const meanServiceUs = 10_000;
  const simulation = createSimulation();
  const chance = createChance({ seed: 42, replication });
  const gaps = chance.draws('gap');
  const demands = chance.draws('demand');
  const waits: number[] = [];
  const actors = createXStateActorSystem({
    simulation,
    digest: createRunDigest({ sliceUs: 1_000_000 }),
    drawCount: () => 0,
    onEmit: (_actor, message: ActorMessage) => {
      const emission = message as ServiceEmission;
      if (emission.type === 'call.completed') waits.push(emission.waitTimeUs);
    },
  });
  const service = actors.spawn(createServiceMachine({ nowUs: () => simulation.nowUs }), {
    name: 'service/test',
    input: {
      service: 'test',
      station: {
        replicas: 1,
        workersPerReplica: workers,
        maxWaiting: 1_000_000,
        balancing: 'round-robin',
      },
    },
  });
  let atUs = 0;
  for (let job = 0; job < jobs; job += 1) {
    const gapUs = (-Math.log(gaps.uniform(0, job)) * meanServiceUs) / (workers * utilization);
    atUs += Math.round(gapUs);
    const demandUs = -Math.log(demands.uniform(0, job)) * meanServiceUs;
    const message: ServiceMessage = {
      type: 'call.arrived',
      job: { call: String(job), demandUs, arrivedAtUs: atUs },
    };
    actors.send(service, message, atUs);
  }
  simulation.run(Number.MAX_SAFE_INTEGER / 4);
  expect(waits.length).toBe(jobs);
  const steady = waits.slice(jobs / 10);
  return steady.reduce((sum, wait) => sum + wait, 0) / steady.length;
}

describe('a service actor against queueing theory', () => {
  for (const { workers, utilization } of [
    { workers: 1, utilization: 0.6 },
    { workers: 3, utilization: 0.7 },
  ]) {
    it(`M/M/${workers} at ρ = ${utilization}: Erlang C lies in the 99.9 % interval`, () => {
      const waits = Array.from({ length: 12 }, (_, replication) =>
        simulatedWaitUs({ workers, utilization, replication }),
      );
      const expectedUs = 10_000 * erlangWait(workers * utilization, workers);
      const { low, high, mean } = meanInterval(waits, 0.999);
      expect(low).not.toBeNull();
      expect(expectedUs).toBeGreaterThan(low ?? Number.NaN);
      expect(expectedUs).toBeLessThan(high ?? Number.NaN);
      expect(Math.abs(mean / expectedUs - 1)).toBeLessThan(0.15);
    });
  }
});
