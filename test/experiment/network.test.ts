/** Runs over deterministic networks: page times to the µs, and bytes that add up. */
import { describe, expect, it, vi } from 'vitest';
import type { Attempt } from '../../src/experiment/requests/calls/call.ts';
import { CallEdge } from '../../src/experiment/requests/calls/call-edge.ts';
import { trafficResult } from '../../src/experiment/results/traffic.ts';
import type { ScenarioInput } from '../../src/experiment/scenario/schema.ts';
import { fixed } from '../../src/experiment/scenario/values.ts';
import { ms, seconds, us } from '../../src/kernel/time.ts';
import { transferUs } from '../../src/queueing/network/tcp.ts';
import { runWorld, smallScenario } from './small-world.ts';

const RTT = 40_000;
const HEADERS = { up: 900, down: 400, inside: 250 };
const station = { replicas: 1, workersPerReplica: 50 };
const service = { ...station, baseTime: fixed(us(1_000)), timePerEntity: us(0) };
const gateway = { ...station, planTime: us(0), mergeTimePerFetch: us(0), mergeTimePerKib: us(0) };
const wan = {
  roundTripTime: fixed(us(RTT)),
  downBitsPerSec: fixed(us(8_000_000)),
  upBitsPerSec: fixed(us(8_000_000)),
  lossProbability: 0,
  restartsWhenIdle: false,
};
const device = { share: 1, wan };
const datacentre = {
  sameZone: fixed(us(400)),
  otherZone: fixed(us(2_400)),
  otherRegion: fixed(us(60_400)),
  bandwidthBitsPerSec: 8e12,
};
const database = { roundTripTime: fixed(us(1_000)), bandwidthBitsPerSec: 8e12 };

/** One user who looks at the home page every two seconds. */
function scenarioOf(overrides: Partial<ScenarioInput>) {
  return smallScenario({
    clock: { start: '2026-11-20T20:00:00Z', duration: seconds(9), drain: seconds(5) },
    // One title above all, so that every page is the same.
    catalogue: { titles: 20, popularityExponent: 4 },
    services: { movie: service, production: service, talent: service },
    architectures: { aggregation: gateway, federated: gateway },
    traffic: {
      kind: 'closed',
      users: [{ at: us(0), users: 1 }],
      thinkTime: fixed(seconds(2)),
      pages: { home: 1 },
    },
    ...overrides,
    network: { datacentre, database, ...overrides.network },
    audience: { viewers: 0, devices: { tv: device, phone: device, web: device, console: device } },
  });
}

async function run(
  overrides: Partial<ScenarioInput>,
  architecture: 'monolith' | 'direct' | 'federated',
) {
  const { world, warehouse } = await runWorld(scenarioOf(overrides), { architecture });
  warehouse.close();
  const timesUs = world.recorder.loads.map((load) => load.pageLoadTimeUs);
  expect(timesUs.length).toBeGreaterThan(2);
  return { world, timesUs, traffic: trafficResult(world) };
}

describe('page times', () => {
  it('E35: a gateway’s first page pays handshakes, the second none', async () => {
    const { timesUs, traffic } = await run({}, 'federated');
    const pages = timesUs.length;
    const bytes = traffic.wan.down / pages;
    expect(traffic.wan.up / pages).toBe(250 + HEADERS.up);
    const downUs = (windowSegments: number) =>
      transferUs({ sizeBytes: bytes, roundTripUs: RTT, usPerByte: 1, windowSegments });
    expect(bytes).toBeGreaterThan(1_000);
    const [first = 0, second = 0, third] = timesUs;
    expect(first - second).toBe(2 * RTT + downUs(10) - downUs(10 + Math.ceil(bytes / 1_460)));
    expect(second).toBe(third);
    // Without the network outside, what is left is that inside: the same in every page.
    const outsideUs = RTT / 2 + 250 + HEADERS.up + downUs(10 + Math.ceil(bytes / 1_460));
    expect(second - outsideUs).toBeGreaterThan(2_000);
    expect(second - outsideUs).toBeLessThan(20_000);
  });

  it('E35: HTTP/1.1 opens as many connections as it needs, HTTP/2 one for all', async () => {
    const over = (connections: NonNullable<ScenarioInput['network']>['connections']) =>
      run({ network: { connections } }, 'direct');
    const one = await over({ protocol: 'http/1.1', maxConnections: 1 });
    const six = await over({ protocol: 'http/1.1' });
    const two = await over({ protocol: 'http/2' });
    const calls = six.world.recorder.wan.calls / six.timesUs.length;
    expect(calls).toBeGreaterThan(2);
    const coldUs = [one, six, two].map(({ timesUs }) => (timesUs[0] ?? 0) - (timesUs[1] ?? 0));
    const [coldOne, coldSix = 0, coldTwo] = coldUs;
    // One connection opens once. Where a wave of calls finds too few, it opens more: here in a
    // second wave, whose requests then miss what they later wait for one another on the uplink.
    expect([coldOne, coldTwo]).toEqual([2 * RTT, 2 * RTT]);
    expect(Math.abs(coldSix - 4 * RTT)).toBeLessThan(3_000);
    // Where one waits for the other, each waits for round trips.
    expect(six.timesUs[1]).toBe(two.timesUs[1]);
    expect((one.timesUs[1] ?? 0) - (two.timesUs[1] ?? 0)).toBeGreaterThan(RTT);
  });

  it('E36: zones and regions add their round trips to every wave of calls', async () => {
    const near = await run({}, 'federated');
    const services = (more: object) => ({
      movie: { ...service, ...more },
      production: { ...service, ...more },
      talent: { ...service, ...more },
    });
    const away = await run(
      { services: services({ region: 1 }), network: { regions: 2 } },
      'federated',
    );
    const moreUs = (away.timesUs[1] ?? 0) - (near.timesUs[1] ?? 0);
    const waves = moreUs / (60_400 - 400);
    expect(waves).toBeGreaterThanOrEqual(1);
    expect(Number.isInteger(waves)).toBe(true);
    expect(away.traffic.otherRegion * near.timesUs.length).toBe(
      near.traffic.sameZone * away.timesUs.length,
    );
    expect([away.traffic.sameZone, near.traffic.otherRegion, near.traffic.otherZone]).toEqual([
      0, 0, 0,
    ]);
    // With one replica in each of two zones, taken in turn, some calls cross.
    const zones = await run(
      {
        services: services({ replicas: 2, balancing: 'round-robin' }),
        network: { zones: 2 },
      },
      'federated',
    );
    expect(zones.traffic.otherZone).toBeGreaterThan(0);
    expect(zones.traffic.otherRegion).toBe(0);
    for (const [n, timeUs] of zones.timesUs.entries()) {
      const crossedWaves = (timeUs - (near.timesUs[n] ?? 0)) / ((2_400 - 400) / 2);
      expect(crossedWaves % 1).toBe(0);
      expect(crossedWaves).toBeGreaterThanOrEqual(0);
    }
  });

  it('E36: a gateway in another region is reached over the backbone', async () => {
    const near = await run({}, 'federated');
    const architectures = { federated: { ...gateway, region: 1 } };
    const gone = await run({ architectures, network: { regions: 2 } }, 'federated');
    const moreUs = (gone.timesUs[1] ?? 0) - (near.timesUs[1] ?? 0);
    // Its own round trip, and one for every wave of calls back to where the services are.
    expect((moreUs - 60_400) % (60_400 - 400)).toBeLessThan(3);
    expect(moreUs).toBeGreaterThan(120_000);
    expect(gone.traffic.otherRegion).toBeGreaterThan(gone.traffic.wan.down);
  });
});

describe('bytes', () => {
  /** What every try sends and gets, noted where edges send, not where bytes are counted. */
  function spyOnEdges() {
    const sum = { up: 0, down: 0, tries: 0, insideUp: 0, insideDown: 0 };
    const isInside = (attempt: Attempt) => attempt.connection === undefined;
    const { respond, connected } = CallEdge.prototype;
    vi.spyOn(CallEdge.prototype, 'connected').mockImplementation(function (this: CallEdge, ...of) {
      connected.apply(this, of);
      const [attempt] = of;
      sum.tries += 1;
      const bytes = attempt.call.traced?.requestBytes ?? 250;
      if (isInside(attempt)) sum.insideUp += bytes + HEADERS.inside;
      else sum.up += bytes + HEADERS.up;
    });
    vi.spyOn(CallEdge.prototype, 'respond').mockImplementation(function (this: CallEdge, ...of) {
      const [attempt, failure] = of;
      if (attempt.isWanted) {
        const whole = attempt.call.traced?.responseBytes ?? attempt.end?.bytes ?? 0;
        const bytes = failure === undefined ? whole : 120;
        if (isInside(attempt)) sum.insideDown += bytes + HEADERS.inside;
        else sum.down += bytes + HEADERS.down;
      }
      respond.apply(this, of);
    });
    return sum;
  }

  it('E37: are those of all tries, also where calls time out and servers are down', async () => {
    for (const architecture of ['monolith', 'direct', 'federated'] as const) {
      const sum = spyOnEdges();
      const { traffic } = await run(
        {
          requests: { callTimeout: ms(70), pageTimeout: ms(3_000) },
          faults: [
            { kind: 'service.outage', target: 'talent', at: seconds(2), for: seconds(3) },
            { kind: 'service.slow', target: 'movie', at: seconds(5), for: seconds(3), factor: 65 },
          ],
        },
        architecture,
      );
      vi.restoreAllMocks();
      expect(sum.tries).toBeGreaterThan(2);
      expect(traffic.wan).toEqual({ up: sum.up, down: sum.down });
      expect(traffic.sameZone).toBe(sum.insideUp + sum.insideDown);
      expect(traffic.sameZone > 0).toBe(architecture === 'federated');
    }
  });

  it('E37: of a page are counted for load generators inside, too', async () => {
    const outside = await run({}, 'monolith');
    const inside = await run(
      {
        traffic: {
          kind: 'closed',
          users: [{ at: us(0), users: 1 }],
          thinkTime: fixed(seconds(2)),
          pages: { home: 1 },
          via: 'datacentre',
        },
      },
      'monolith',
    );
    const perPage = (bytes: number, { timesUs }: typeof inside) => bytes / timesUs.length;
    const { up, down } = outside.traffic.wan;
    expect(perPage(inside.traffic.sameZone, inside)).toBe(perPage(up + down, outside));
    expect(inside.traffic.wan).toEqual({ up: 0, down: 0 });
  });

  it('E39: cost what the scenario’s prices say, per million pages', async () => {
    const { traffic, timesUs } = await run({ network: { prices: {} } }, 'federated');
    const usd = ((traffic.wan.down / 1e9) * 0.09 * 1e6) / timesUs.length;
    expect(traffic.usdPerMillionPages).toBeCloseTo(usd, 9);
    expect((await run({}, 'federated')).traffic.usdPerMillionPages).toBeNull();
  });
});
