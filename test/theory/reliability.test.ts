/** Availability and circuit breakers: the parts that runs are made of beside closed forms. */
import { describe, expect, it } from 'vitest';
import { createChance } from '../../src/kernel/chance.ts';
import { type DistributionSpec, quantileOf } from '../../src/kernel/distributions/distribution.ts';
import { createSimulation } from '../../src/kernel/simulation.ts';
import { createConsecutiveFailuresBreaker } from '../../src/queueing/calls/breakers/consecutive.ts';
import { createFleet } from '../../src/queueing/stations/fleet.ts';
import { DEFAULT_FLEET_CONFIG } from '../../src/queueing/stations/fleet-config.ts';
import {
  availability,
  kOfNAvailability,
} from '../../src/queueing/theory/reliability/availability.ts';
import { breakerChain } from '../../src/queueing/theory/reliability/breaker-chain.ts';
import { expectAgreement, IS_LONG, LONGER, type Replication } from './coverage.ts';
import { SEED } from './queue-bench.ts';

const TIMEOUT = { timeout: IS_LONG ? 3_600_000 : 60_000 };
const ZONES = 3;
const MTTF_US = 8_000_000;
const MTTR_US = 2_000_000;

describe('availability', TIMEOUT, () => {
  it('Q113: a part works MTTF ÷ (MTTF + MTTR) of the time, and 2 of 3 by the binomial law', () => {
    const part = availability({ meanTimeToFailure: MTTF_US, meanTimeToRepair: MTTR_US });
    expect(part).toBe(0.8);
    expectAgreement({
      theory: { part, twoOfThree: kOfNAvailability(part, { k: 2, n: ZONES }) },
      covered: 'twoOfThree',
      replicate: zoneBench(),
    });
  });
});

/** Zones of a fleet that fail and are repaired, each on its own: times that are far from
 * exponential, for the law does not mind. */
function zoneBench(): (n: number) => Replication<'part' | 'twoOfThree'> {
  const up: DistributionSpec = { kind: 'uniform', low: 0, high: 2 * MTTF_US };
  const down: DistributionSpec = { kind: 'gamma', shape: 2, mean: MTTR_US };
  const upOf = quantileOf(up);
  const downOf = quantileOf(down);
  const warmUpUs = 10 * (MTTF_US + MTTR_US);
  const spanUs = 15 * LONGER * (MTTF_US + MTTR_US);
  const chance = createChance({ seed: SEED, replication: 0 });
  const draws = chance.draws('zones');
  return (n) => {
    const simulation = createSimulation();
    const fleet = createFleet({
      simulation,
      name: 'zones',
      chance,
      config: { ...DEFAULT_FLEET_CONFIG, replicas: ZONES, zones: ZONES },
      listener: { finished: () => {}, dropped: () => {} },
    });
    const seen = { readyUs: 0, quorumUs: 0, bookedUs: warmUpUs };
    const book = () => {
      const elapsedUs = Math.max(0, Math.min(simulation.nowUs, warmUpUs + spanUs) - seen.bookedUs);
      const ready = fleet.replicas.filter(({ isReady }) => isReady).length;
      seen.bookedUs += elapsedUs;
      seen.readyUs += ready * elapsedUs;
      if (ready >= 2) seen.quorumUs += elapsedUs;
    };
    let drawn = 0;
    const after = (timeOf: (u: number) => number) => {
      drawn += 1;
      return Math.max(1, Math.round(timeOf(draws.uniform(n, drawn))));
    };
    const fail = simulation.registerHandler('zone.fails', (zone) => {
      book();
      fleet.failZone(zone);
      simulation.schedule(after(downOf), restore, zone);
    });
    const restore = simulation.registerHandler('zone.works', (zone) => {
      book();
      fleet.restoreZone(zone);
      simulation.schedule(after(upOf), fail, zone);
    });
    for (let zone = 0; zone < ZONES; zone += 1) simulation.schedule(after(upOf), fail, zone);
    simulation.run(warmUpUs + spanUs);
    book();
    return {
      part: { sum: seen.readyUs, count: ZONES * spanUs },
      twoOfThree: { sum: seen.quorumUs, count: spanUs },
    };
  };
}

describe('circuit breaker', TIMEOUT, () => {
  it('Q113: on failures in a row, by renewal', () => {
    const chain = { callRatePerSec: 10, failureProbability: 0.6, failures: 3, openUs: 500_000 };
    const { openShare, turnedAwayShare, opensPerSec } = breakerChain(chain);
    expectAgreement({
      theory: { openShare, turnedAwayShare, opensPerSec },
      covered: 'turnedAwayShare',
      replicate: breakerBench(chain),
    });
  });
});

function breakerBench(chain: Parameters<typeof breakerChain>[0]) {
  const { callRatePerSec, failureProbability, failures, openUs } = chain;
  const breaker = createConsecutiveFailuresBreaker({
    kind: 'consecutive-failures',
    failures,
    openUs,
  });
  const chance = createChance({ seed: SEED, replication: 0 });
  const gaps = chance.draws('gap');
  const ends = chance.draws('end');
  const warmUp = 60;
  const calls = 160 * LONGER;
  return (n: number): Replication<'openShare' | 'turnedAwayShare' | 'opensPerSec'> => {
    let state = breaker.initial;
    let nowUs = 0;
    const seen = { turnedAway: 0, opens: 0, openUs: 0, spanUs: 0 };
    for (let call = 0; call < warmUp + calls; call += 1) {
      const gapUs = (-Math.log1p(-gaps.uniform(n, call)) * 1e6) / callRatePerSec;
      const isMeasured = call >= warmUp;
      const wasOpen = breaker.statusOf(state, nowUs) === 'open';
      nowUs += gapUs;
      const { state: asked, admitted } = breaker.admit(state, nowUs);
      state = asked;
      if (admitted) {
        state = breaker.record(state, {
          ok: ends.uniform(n, call) >= failureProbability,
          durationUs: 0,
          nowUs,
        });
      }
      if (!isMeasured) continue;
      seen.spanUs += gapUs;
      if (wasOpen) seen.openUs += gapUs;
      if (!admitted) seen.turnedAway += 1;
      if (admitted && breaker.statusOf(state, nowUs) === 'open') seen.opens += 1;
    }
    return {
      openShare: { sum: seen.openUs, count: seen.spanUs },
      turnedAwayShare: { sum: seen.turnedAway, count: calls },
      opensPerSec: { sum: seen.opens * 1e6, count: seen.spanUs },
    };
  };
}
