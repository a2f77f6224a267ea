/** Simulated stations beside their closed forms: intervals cover at the stated rate, and the pooled
 * means of every output agree. What the checks are worth is shown by `canary.test.ts`. */
import { describe, it } from 'vitest';
import type { DistributionSpec } from '../../src/kernel/distributions/distribution.ts';
import { gammaFunction } from '../../src/kernel/distributions/gamma-function.ts';
import type { QueueTheory } from '../../src/queueing/theory/queue-theory.ts';
import { serviceMoments } from '../../src/queueing/theory/service-moments.ts';
import { md1 } from '../../src/queueing/theory/stations/m-d-1.ts';
import { mg1 } from '../../src/queueing/theory/stations/m-g-1.ts';
import { mgInfinity } from '../../src/queueing/theory/stations/m-g-infinity.ts';
import { mm1 } from '../../src/queueing/theory/stations/m-m-1.ts';
import { mmc } from '../../src/queueing/theory/stations/m-m-c.ts';
import { mmcc } from '../../src/queueing/theory/stations/m-m-c-c.ts';
import { mm1k, mmck } from '../../src/queueing/theory/stations/m-m-c-k.ts';
import { priorityQueues } from '../../src/queueing/theory/stations/priority.ts';
import { processorSharing } from '../../src/queueing/theory/stations/processor-sharing.ts';
import { expectAgreement, IS_LONG } from './coverage.ts';
import { MEAN_US, type QueueBenchOptions, queueBench, relaxations } from './queue-bench.ts';

const TIMEOUT = { timeout: IS_LONG ? 3_600_000 : 60_000 };
/** Squared coefficient of variation 1.8. */
const VARIABLE: DistributionSpec = {
  kind: 'weibull',
  shape: 0.75,
  scale: MEAN_US / gammaFunction(1 + 1 / 0.75),
};
const UNIFORM: DistributionSpec = { kind: 'uniform', low: 0, high: 2 * MEAN_US };

/** Every output that a station has beside the simulation of it. */
function outputsOf(queue: QueueTheory) {
  const { utilization, meanInSystem, meanWaitUs, meanSojournUs, waitProbability } = queue;
  return { utilization, meanInSystem, meanWaitUs, meanSojournUs, waitProbability };
}

function holdStation(queue: QueueTheory, options: QueueBenchOptions): void {
  const { meanWaitUs } = queue;
  const theory = outputsOf(queue);
  expectAgreement({
    theory,
    covered: 'meanSojournUs',
    replicate: queueBench({ ...options, meanWaitUs }),
  });
}

describe('first come, first served', TIMEOUT, () => {
  it('Q103: M/M/1, with the variance and a quantile of its wait', () => {
    const rho = 0.3;
    const queue = mm1({ arrivalRatePerSec: rho, meanServiceUs: MEAN_US });
    const waitQuantileUs = queue.waitQuantileUs?.(0.9) ?? 0;
    expectAgreement({
      theory: { ...outputsOf(queue), waitVariance: queue.waitVariance ?? 0, belowQuantile: 0.9 },
      covered: 'meanSojournUs',
      replicate: queueBench({
        arrivalRatePerSec: rho,
        warmUp: relaxations(rho),
        meanWaitUs: queue.meanWaitUs,
        waitQuantileUs,
      }),
    });
  });

  it('Q103: M/M/4, with the variance and a quantile of its wait', () => {
    const rho = 0.6;
    const demand = { arrivalRatePerSec: 4 * rho, meanServiceUs: MEAN_US, serverCount: 4 };
    const queue = mmc(demand);
    const waitQuantileUs = queue.waitQuantileUs?.(0.9) ?? 0;
    expectAgreement({
      theory: { ...outputsOf(queue), waitVariance: queue.waitVariance ?? 0, belowQuantile: 0.9 },
      covered: 'meanSojournUs',
      replicate: queueBench({
        ...demand,
        config: { workersPerReplica: 4 },
        warmUp: relaxations(rho, { servers: 4 }),
        measured: 25,
        meanWaitUs: queue.meanWaitUs,
        waitQuantileUs,
      }),
    });
  });

  it('Q104: M/M/3/3 turns away by Erlang B', () => {
    const demand = { arrivalRatePerSec: 2.4, meanServiceUs: MEAN_US, serverCount: 3 };
    const queue = mmcc(demand);
    const { utilization, meanInSystem, meanSojournUs, blockingProbability } = queue;
    expectAgreement({
      theory: { utilization, meanInSystem, meanSojournUs, blockingProbability },
      covered: 'blockingProbability',
      replicate: queueBench({
        ...demand,
        config: { workersPerReplica: 3, maxWaiting: 0 },
        warmUp: 10,
        measured: 25,
      }),
    });
  });

  it('Q104: M/M/1/5 and M/M/2/6, asked for more than they can do', () => {
    const overloaded = { arrivalRatePerSec: 1.2, meanServiceUs: MEAN_US, maxInSystem: 5 };
    const one = mm1k(overloaded);
    const waitQuantileUs = one.waitQuantileUs?.(0.8) ?? 0;
    expectAgreement({
      theory: {
        ...outputsOf(one),
        blockingProbability: one.blockingProbability,
        belowQuantile: 0.8,
      },
      covered: 'meanSojournUs',
      replicate: queueBench({
        ...overloaded,
        config: { maxWaiting: 4 },
        warmUp: 60,
        measured: 40,
        waitQuantileUs,
      }),
    });
    const two = { arrivalRatePerSec: 2, meanServiceUs: MEAN_US, maxInSystem: 6, serverCount: 2 };
    const queue = mmck(two);
    expectAgreement({
      theory: { ...outputsOf(queue), blockingProbability: queue.blockingProbability },
      covered: 'meanSojournUs',
      replicate: queueBench({
        ...two,
        config: { maxWaiting: 4, workersPerReplica: 2 },
        warmUp: 30,
        measured: 25,
      }),
    });
  });

  it('Q105: M/D/1, with a quantile of its wait', () => {
    const rho = 0.5;
    const queue = md1({ arrivalRatePerSec: rho, meanServiceUs: MEAN_US });
    const waitQuantileUs = queue.waitQuantileUs?.(0.9) ?? 0;
    expectAgreement({
      theory: { ...outputsOf(queue), waitVariance: queue.waitVariance ?? 0, belowQuantile: 0.9 },
      covered: 'meanSojournUs',
      replicate: queueBench({
        arrivalRatePerSec: rho,
        demand: { kind: 'deterministic', value: MEAN_US },
        warmUp: relaxations(rho) / 2,
        measured: 100,
        meanWaitUs: queue.meanWaitUs,
        waitQuantileUs,
      }),
    });
  });

  it.each([
    ['uniform', UNIFORM],
    ['Weibull', VARIABLE],
  ])('Q105: M/G/1 with %s service, with the variance of its wait', (_name, spec) => {
    const rho = 0.3;
    const { scv, thirdMoment } = serviceMoments(spec);
    const moments = { serviceScv: scv, serviceThirdMoment: thirdMoment };
    const queue = mg1({ arrivalRatePerSec: rho, meanServiceUs: MEAN_US, ...moments });
    expectAgreement({
      theory: { ...outputsOf(queue), waitVariance: queue.waitVariance ?? 0 },
      covered: 'meanSojournUs',
      replicate: queueBench({
        arrivalRatePerSec: rho,
        demand: spec,
        warmUp: relaxations(rho) * Math.max(1, (1 + scv) / 2),
        meanWaitUs: queue.meanWaitUs,
      }),
    });
  });
});

describe('other stations', TIMEOUT, () => {
  it('Q106: M/G/∞ has λE[S] jobs in it', () => {
    const demand = { arrivalRatePerSec: 2, meanServiceUs: MEAN_US };
    const { meanInSystem, meanSojournUs, meanWaitUs } = mgInfinity(demand);
    expectAgreement({
      theory: { meanInSystem, meanSojournUs, meanWaitUs },
      covered: 'meanInSystem',
      replicate: queueBench({
        ...demand,
        demand: UNIFORM,
        config: { workersPerReplica: 1_000 },
        warmUp: 3,
        measured: 25,
      }),
    });
  });

  it.each([
    ['M/G/1-PS with constant service', 1, { kind: 'deterministic', value: MEAN_US }],
    ['M/G/2-PS with variable service', 2, VARIABLE],
  ] as const)('Q107: %s stays as long as M/M/c: insensitive', (_name, serverCount, spec) => {
    const rho = 0.3;
    const demand = { arrivalRatePerSec: serverCount * rho, meanServiceUs: MEAN_US, serverCount };
    const { utilization, meanInSystem, meanSojournUs } = processorSharing(demand);
    expectAgreement({
      theory: { utilization, meanInSystem, meanSojournUs },
      covered: 'meanSojournUs',
      replicate: queueBench({
        ...demand,
        demand: spec,
        config: { workersPerReplica: serverCount, discipline: 'processor-sharing' },
        warmUp: 2 * relaxations(rho, { servers: serverCount }),
        measured: 70 / serverCount,
        tail: 10,
      }),
    });
  });

  it('Q108: two classes with priority wait by Cobham', () => {
    const rho = 0.5;
    const urgentShare = 0.4;
    const one = { meanServiceUs: MEAN_US, serviceScv: 1 };
    const [urgent, other] = priorityQueues([
      { ...one, arrivalRatePerSec: rho * urgentShare },
      { ...one, arrivalRatePerSec: rho * (1 - urgentShare) },
    ]);
    const urgentWaitUs = urgent?.meanWaitUs ?? 0;
    const otherWaitUs = other?.meanWaitUs ?? 0;
    // By the conservation law both together wait as long as without classes.
    const meanWaitUs = urgentShare * urgentWaitUs + (1 - urgentShare) * otherWaitUs;
    expectAgreement({
      theory: { urgentWaitUs, otherWaitUs, meanWaitUs, meanSojournUs: meanWaitUs + MEAN_US },
      covered: 'meanSojournUs',
      replicate: queueBench({
        arrivalRatePerSec: rho,
        config: { discipline: 'priority' },
        urgentShare,
        warmUp: relaxations(rho),
        tail: 20,
      }),
    });
  });

  it('Q103: M/M/1 that takes the newest first waits as long on average', () => {
    const rho = 0.3;
    holdStation(mm1({ arrivalRatePerSec: rho, meanServiceUs: MEAN_US }), {
      arrivalRatePerSec: rho,
      config: { discipline: 'lifo' },
      warmUp: relaxations(rho),
      tail: 30,
    });
  });
});
