/** Simulated networks beside their closed forms. */
import { describe, expect, it } from 'vitest';
import { closedNetwork } from '../../src/queueing/theory/networks/closed-network.ts';
import { forkJoin } from '../../src/queueing/theory/networks/fork-join.ts';
import { openNetwork, tandem } from '../../src/queueing/theory/networks/open-network.ts';
import { compare, expectAgreement, IS_LONG, TRIALS } from './coverage.ts';
import { closedBench, forkJoinBench, openBench } from './network-bench.ts';
import { MEAN_US, relaxations } from './queue-bench.ts';

const TIMEOUT = { timeout: IS_LONG ? 3_600_000 : 60_000 };

describe('open networks', TIMEOUT, () => {
  it('Q110: M/M/2 before M/M/1 in tandem', () => {
    const rate = 0.4;
    const stations = [
      { serverCount: 2, meanServiceUs: 2 * MEAN_US },
      { serverCount: 1, meanServiceUs: MEAN_US },
    ];
    const theory = tandem(rate, stations);
    expectAgreement({
      theory: {
        meanSojournUs: theory.meanSojournUs,
        throughput: rate,
        first: theory.stations[0]?.meanInSystem ?? 0,
        second: theory.stations[1]?.meanInSystem ?? 0,
      },
      covered: 'meanSojournUs',
      replicate: openBench(
        stations.map((station, i) => ({
          ...station,
          arrivalRatePerSec: i === 0 ? rate : 0,
          routing: i === 0 ? [0, 1] : [0, 0],
        })),
        { warmUpUs: 2 * relaxations(rate, { times: 4 }) * MEAN_US, measuredUs: 50 * MEAN_US },
      ),
    });
  });

  it('Q110: a Jackson network of three with feedback', () => {
    const stations = [
      { serverCount: 1, meanServiceUs: MEAN_US, arrivalRatePerSec: 0.2, routing: [0, 0.6, 0.3] },
      { serverCount: 2, meanServiceUs: MEAN_US, arrivalRatePerSec: 0.3, routing: [0.2, 0.1, 0.4] },
      { serverCount: 1, meanServiceUs: MEAN_US / 2, arrivalRatePerSec: 0, routing: [0.2, 0, 0] },
    ];
    const theory = openNetwork(stations);
    const [first = 0, second = 0, third = 0] = theory.stations.map((one) => one.meanInSystem);
    expectAgreement({
      theory: {
        meanSojournUs: theory.meanSojournUs,
        throughput: theory.arrivalRatePerSec,
        first,
        second,
        third,
      },
      covered: 'meanSojournUs',
      replicate: openBench(stations, { warmUpUs: 40 * MEAN_US, measuredUs: 50 * MEAN_US }),
    });
  });
});

describe('closed networks', TIMEOUT, () => {
  it('Q110: six users think, ask M/M/2 and then M/M/1', () => {
    const thinkUs = 4 * MEAN_US;
    const stations = [
      { serverCount: 2, meanServiceUs: 1.5 * MEAN_US },
      { serverCount: 1, meanServiceUs: MEAN_US / 2 },
    ];
    const delay = { serverCount: Number.POSITIVE_INFINITY, meanServiceUs: thinkUs };
    const theory = closedNetwork(6, [...stations, delay]);
    expectAgreement({
      theory: {
        throughput: theory.throughputPerSec,
        first: theory.stations[0]?.meanInSystem ?? 0,
        second: theory.stations[1]?.meanInSystem ?? 0,
      },
      covered: 'throughput',
      replicate: closedBench(6, stations, {
        thinkUs,
        warmUpUs: 25 * MEAN_US,
        measuredUs: 40 * MEAN_US,
      }),
    });
  });
});

describe('fork–join', TIMEOUT, () => {
  const rate = 0.4;
  const demand = { arrivalRatePerSec: rate, meanServiceUs: MEAN_US };
  const spans = {
    warmUpUs: relaxations(rate, { times: 6 }) * MEAN_US,
    measuredUs: 40 * MEAN_US,
  };

  it('Q110: two branches by Nelson and Tantawi, exactly', () => {
    const theory = forkJoin(demand, 2);
    expect(theory.isExact).toBe(true);
    expectAgreement({
      theory: { meanSojournUs: theory.approximationUs },
      covered: 'meanSojournUs',
      replicate: forkJoinBench(rate, 2, spans),
    });
  });

  it('Q110: five branches between the bounds, within 5 % of the approximation', () => {
    const theory = forkJoin(demand, 5);
    const { approximationUs, lowerUs, upperUs } = theory;
    const { deviations, relativeErrors } = compare({
      theory: { meanSojournUs: approximationUs },
      covered: 'meanSojournUs',
      trials: TRIALS / 4,
      replicate: forkJoinBench(rate, 5, spans),
    });
    const errorUs = relativeErrors.meanSojournUs * approximationUs;
    const meanUs = approximationUs + deviations.meanSojournUs * errorUs;
    expect(meanUs).toBeGreaterThan(lowerUs + 5 * errorUs);
    expect(meanUs).toBeLessThan(upperUs - 5 * errorUs);
    expect(Math.abs(meanUs / approximationUs - 1)).toBeLessThan(0.05);
  });
});
