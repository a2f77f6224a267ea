/** Square-root staffing, the start of a search, and what is read of service-capacity-modeling. */
import { describe, expect, it } from 'vitest';
import type { RunSample } from '../../../../src/experiment/campaign/run-sample.ts';
import {
  offeredAtPeak,
  staffedStart,
  staffingChecks,
} from '../../../../src/experiment/capacity/staffing/pilot.ts';
import { readScmDesires } from '../../../../src/experiment/capacity/staffing/scm-desires.ts';
import {
  headroomShare,
  staffingByTier,
} from '../../../../src/experiment/capacity/staffing/tiers.ts';
import { erlangC } from '../../../../src/queueing/theory/erlang.ts';
import { serversForWaitProbability } from '../../../../src/queueing/theory/staffing/servers-for.ts';

const REPLICAS = {
  path: 'services.movie.replicas',
  station: 'movie',
  min: 1,
  max: 40,
  step: 1,
  isPriced: true,
  given: 3,
  usdPerHourPerStep: 0.1,
};

describe('square-root staffing', () => {
  it('E215: is ceil(a + Q·√a) by tier, within a server of Erlang C at the same P(wait)', () => {
    expect(staffingByTier(9).map(({ servers }) => servers)).toEqual([17, 15, 13, 12]);
    for (const erlangs of [1, 5, 20, 60]) {
      for (const { servers, waitProbability } of staffingByTier(erlangs)) {
        const exact = serversForWaitProbability(erlangs, waitProbability);
        expect(Math.abs(servers - exact)).toBeLessThanOrEqual(1);
      }
    }
  });

  it('E215: headroom .712 ÷ servers^.448 keeps P(wait) near 0.3', () => {
    for (const servers of [2, 8, 32, 96]) {
      const busy = servers * (1 - headroomShare(servers));
      expect(Math.abs(erlangC(busy, servers) - 0.3)).toBeLessThan(0.05);
    }
  });

  it('E216: starts from the load of a pilot at the peak, spread over zones', () => {
    const station = { station: 'movie', utilization: 0.1, serverCount: 20 };
    const samples = [{ stations: [station] }, { stations: [station] }] as unknown as RunSample[];
    const offered = offeredAtPeak(samples, 2);
    expect(offered.get('movie')).toBeCloseTo(4, 9);
    const options = {
      coordinates: [REPLICAS],
      serversOf: ([replicas = 0]: readonly number[]) => new Map([['movie', 2 * replicas]]),
      offered,
      tier: 1,
      seeded: new Map<string, number>(),
    };
    // a = 4: ceil(4 + 1.761 · 2) = 8 servers, 4 replicas of 2; 6 leave 4 of three zones.
    expect(staffedStart({ ...options, zones: 1 })).toEqual([4]);
    expect(staffedStart({ ...options, zones: 3 })).toEqual([6]);
    expect(staffedStart({ ...options, zones: 1, seeded: new Map([['movie', 20]]) })).toEqual([10]);
    expect(staffedStart({ ...options, zones: 1, offered: new Map() })).toEqual([3]);
    const [check] = staffingChecks({
      offered,
      planned: new Map([['movie', 8]]),
      given: new Map([['movie', 6]]),
    });
    expect(check).toMatchObject({ plannedServers: 8, scenarioServers: 6, idleShareAtPeak: 0.5 });
  });
});

describe('CapacityDesires', () => {
  const pattern = {
    estimated_read_per_second: { low: 100, mid: 200, high: 300, confidence: 0.98 },
    estimated_write_per_second: 50,
    estimated_mean_read_latency_ms: { mid: 10 },
    estimated_mean_write_latency_ms: 40,
  };

  it('E217: are rates times latencies, staffed by their tier', () => {
    const text = JSON.stringify({ service_tier: 0, query_pattern: pattern });
    expect(readScmDesires(text, 'scm.json')).toEqual([
      { station: null, tier: 0, offeredErlangs: 4, servers: 9 },
    ]);
    const several = JSON.stringify({ movie: { query_pattern: pattern } });
    expect(readScmDesires(several, 'scm.json')).toEqual([
      { station: 'movie', tier: 1, offeredErlangs: 4, servers: 8 },
    ]);
  });

  it('E217: that are none are refused', () => {
    for (const text of ['', '{}', '[]', '{"movie": {"query_pattern": 3}}', '{"service_tier": 9}']) {
      expect(() => readScmDesires(text, 'scm.json')).toThrow(/^INPUT_UNREADABLE: scm.json: /);
    }
  });
});
