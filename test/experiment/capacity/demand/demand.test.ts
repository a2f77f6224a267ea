/** Peaks, factors, regret, fronts and knees, by hand. */
import { describe, expect, it } from 'vitest';
import { kneeOf } from '../../../../src/experiment/capacity/demand/knee.ts';
import { paretoFront } from '../../../../src/experiment/capacity/demand/pareto.ts';
import { peakOf } from '../../../../src/experiment/capacity/demand/peak.ts';
import { leastRegret, regretsOf } from '../../../../src/experiment/capacity/demand/regret.ts';
import { scaleTraffic } from '../../../../src/experiment/capacity/demand/scale-traffic.ts';
import { situationsOf } from '../../../../src/experiment/capacity/subject/situations.ts';
import { fixed } from '../../../../src/experiment/scenario/values.ts';
import type { ArchitectureName } from '../../../../src/gateway/architecture.ts';
import { minutes, us } from '../../../../src/kernel/time.ts';
import { smallScenario } from '../../small-world.ts';

const WAVE = [
  { atUs: 0, relativeRate: 1 },
  { atUs: minutes(4), relativeRate: 4 },
  { atUs: minutes(8), relativeRate: 1 },
];

describe('the peak', () => {
  it('E201: is where there is at least 90 % of the highest traffic; each zone is lost then', () => {
    const scenario = smallScenario({ network: { zones: 3 } });
    const peak = peakOf(scenario, WAVE);
    // 3.6 of 4 is reached 0.4 ÷ 3 × 4 minutes away from the top.
    expect(peak.fromUs / minutes(1)).toBeCloseTo(3.47, 1);
    expect(peak.toUs / minutes(1)).toBeCloseTo(4.53, 1);
    expect(peak.overMean).toBeCloseTo(4 / 2.5, 1);
    const situations = situationsOf({ scenario, architecture: 'direct' }, 'zone', peak);
    expect(situations.map(({ name }) => name)).toEqual([
      'zone 0 lost',
      'zone 1 lost',
      'zone 2 lost',
      'all zones',
    ]);
    const during = { at: peak.fromUs, for: peak.toUs - peak.fromUs };
    expect(situations[1]?.faults).toEqual([{ kind: 'zone.loss', zone: 1, region: 0, ...during }]);
    expect(situationsOf({ scenario, architecture: 'direct' }, 'nothing', peak)).toHaveLength(1);
  });

  it('E201: is lost in every region with servers, the fullest zones of all first', () => {
    const gateway = { replicas: 2, workersPerReplica: 1, planTime: 0, mergeTimePerFetch: 0 };
    const service = { replicas: 2, workersPerReplica: 1, baseTime: fixed(us(0)), timePerEntity: 0 };
    const scenario = smallScenario({
      network: { zones: 2, regions: 12 },
      services: {
        movie: { ...service, region: 10 },
        production: service,
        talent: { ...service, region: 2 },
      },
      architectures: { federated: { ...gateway, mergeTimePerKib: 0, region: 11 } },
    });
    const of = (architecture: ArchitectureName) =>
      situationsOf({ scenario, architecture }, 'zone', peakOf(scenario, WAVE));
    expect(
      of('direct').map(({ name, isSearched }) => `${name}${isSearched ? ', searched' : ''}`),
    ).toEqual([
      'zone 0 of region 0 lost, searched',
      'zone 0 of region 2 lost, searched',
      'zone 0 of region 10 lost, searched',
      'zone 1 of region 0 lost',
      'zone 1 of region 2 lost',
      'zone 1 of region 10 lost',
      'all zones',
    ]);
    // Where nothing of an architecture stands, nothing is lost.
    expect(of('federated').map(({ name }) => name)).toContain('zone 0 of region 11 lost');
    expect(of('monolith').map(({ name }) => name)).toHaveLength(3);
  });

  it('E201: is the phase of that name, and the middle half of what is flat', () => {
    const phases = [{ name: 'peak', from: minutes(1), to: minutes(2) }];
    expect(peakOf(smallScenario({ phases }), WAVE)).toMatchObject(
      phases.map(({ from, to }) => ({ fromUs: from, toUs: to }))[0] ?? {},
    );
    const flat = peakOf(smallScenario(), [
      { atUs: 0, relativeRate: 2 },
      { atUs: minutes(8), relativeRate: 2 },
    ]);
    expect(flat).toEqual({ fromUs: minutes(2), toUs: minutes(6), overMean: 1 });
  });

  it('E203: is nothing where nobody comes', () => {
    const nobody = smallScenario({
      audience: { viewers: 0 },
      traffic: { kind: 'open', rate: [{ at: 0, perSecond: 0 }], pages: { home: 1 } },
    });
    expect(peakOf(nobody, WAVE).overMean).toBe(0);
  });
});

describe('traffic times a factor', () => {
  it('E220: multiplies viewers, rates and users, and nothing else', () => {
    const rate = [{ at: 0, perSecond: 4 }];
    const open = smallScenario({ traffic: { kind: 'open', rate, pages: { home: 1 } } });
    const scaled = scaleTraffic(open, 1.5);
    expect(scaled.audience.viewers).toBe(30);
    expect(scaled.traffic).toMatchObject({ kind: 'open', rate: [{ at: 0, perSecond: 6 }] });
    expect({ ...scaled, audience: 0, traffic: 0 }).toEqual({ ...open, audience: 0, traffic: 0 });
    const users = [{ at: 0, users: 3 }];
    const closed = smallScenario({ traffic: { kind: 'closed', users, pages: { home: 1 } } });
    expect(scaleTraffic(closed, 2.5).traffic).toMatchObject({ users: [{ at: 0, users: 8 }] });
    expect(scaleTraffic(open, 1)).toBe(open);
  });
});

describe('regret', () => {
  const fleets = [
    { factor: 0.5, probability: 1, usdPerHour: 1, memoryGib: 10 },
    { factor: 1, probability: 2, usdPerHour: 2, memoryGib: 20 },
    { factor: 2, probability: 1, usdPerHour: 4, memoryGib: 40 },
  ];

  it('E213: is by the published formula, too little costing more than too much', () => {
    const [low, middle, high] = regretsOf(fleets);
    const year = 8_760;
    const spend = (1 / 4) * (1 * 1 * year) ** 1.2 + (1 / 4) * (1.25 * 2 * year) ** 1.2;
    const memory = (1 / 4) * (1.5 * 20) ** 1.1;
    expect(middle?.spendRegret).toBeCloseTo(spend, 3);
    expect(middle?.memoryRegret).toBeCloseTo(memory, 6);
    expect(high?.memoryRegret).toBe(0);
    expect(low?.regret).toBeGreaterThan(middle?.regret ?? 0);
    expect(leastRegret([low, middle, high].flatMap((one) => one ?? []))).toBe(1);
  });
});

describe('the front', () => {
  it('E214: has what no other is as good as in all three and better in one', () => {
    const front = paretoFront([
      { usdPerHour: 1, p99Ms: 900, availability: 0.99 },
      { usdPerHour: 2, p99Ms: 400, availability: 0.999 },
      { usdPerHour: 2, p99Ms: 500, availability: 0.999 },
      { usdPerHour: 3, p99Ms: 400, availability: 0.9999 },
      { usdPerHour: 1, p99Ms: null, availability: 0.99 },
    ]);
    expect(front).toEqual([true, true, false, true, false]);
  });
});

describe('the knee', () => {
  it('E224: is where throughput turns away from traffic', () => {
    const rates = [1, 2, 3, 4, 5, 6, 7, 8];
    const served = rates.map((x) => ({ x, y: Math.min(x, 4) }));
    expect(kneeOf(served)).toBe(3);
    expect(kneeOf(rates.map((x) => ({ x, y: x })))).toBeUndefined();
    expect(kneeOf(rates.map((x) => ({ x, y: 1 })))).toBeUndefined();
    expect(kneeOf(served.slice(0, 2))).toBeUndefined();
  });
});
