/** One page at a time, nobody else there, everything fixed: its load time under each architecture
 * and schedule, against a timeline worked out from the plan alone. */
import { describe, expect, it } from 'vitest';
import { createPageMix } from '../../../src/experiment/load/page-mix.ts';
import { readRunInputs } from '../../../src/experiment/run-inputs.ts';
import type { Scenario } from '../../../src/experiment/scenario/schema.ts';
import { fixed } from '../../../src/experiment/scenario/values.ts';
import { ARCHITECTURE_NAMES, type ArchitectureName } from '../../../src/gateway/architecture.ts';
import { createArchitecture } from '../../../src/gateway/architectures.ts';
import { variableNamesIn } from '../../../src/gateway/federation/operations.ts';
import {
  createPageTraces,
  type PageTraceRun,
  type TracedCall,
} from '../../../src/gateway/page-trace.ts';
import { createServiceBackends } from '../../../src/gateway/service-backends.ts';
import { productSupergraph } from '../../../src/gateway/services/product.ts';
import { createChance } from '../../../src/kernel/chance.ts';
import { seconds, us } from '../../../src/kernel/time.ts';
import { runWorld, smallScenario } from '../small-world.ts';

/** Who asks: the first user of a load test. */
const FIRST_USER = 0x6000_0000;
const WAN_US = 40_000;
const INSIDE_US = 2_000;
const DATABASE_US = 3_000;
const BASE_US: Readonly<Record<string, number>> = {
  movie: 5_000,
  production: 7_000,
  talent: 9_000,
};
const ENTITY_US = 100;
const PLAN_US = 700;
const MERGE_US = 300;
/** So fast that no page has a microsecond of bytes. */
const BANDWIDTH = 1e15;

function link(roundTripUs: number) {
  return {
    roundTripTime: fixed(us(roundTripUs)),
    bandwidthBitsPerSec: BANDWIDTH,
    lossProbability: 0,
  };
}

function quietScenario(schedule: 'plan' | 'dataflow', page: 'home' | 'title'): Scenario {
  const device = { share: 1, wan: link(WAN_US) };
  const service = (name: string) => ({
    replicas: 1,
    workersPerReplica: 50,
    baseTime: fixed(us(BASE_US[name] ?? 0)),
    timePerEntity: us(ENTITY_US),
  });
  const gateway = {
    replicas: 1,
    workersPerReplica: 4,
    planTime: us(PLAN_US),
    mergeTimePerFetch: us(MERGE_US),
    mergeTimePerKib: 0,
  };
  return smallScenario({
    // One page at 2 s; the next would be asked for after the end.
    clock: { start: '2026-11-20T20:00:00-05:00', duration: seconds(3), drain: seconds(3) },
    audience: { viewers: 0, devices: { tv: device, phone: device, web: device, console: device } },
    traffic: {
      kind: 'closed',
      users: [{ at: 0, users: 1 }],
      thinkTime: fixed(seconds(2)),
      pages: { [page]: 1 },
    },
    services: {
      movie: service('movie'),
      production: service('production'),
      talent: service('talent'),
    },
    architectures: { schedule, aggregation: gateway, federated: gateway },
    network: { datacentre: link(INSIDE_US), database: link(DATABASE_US) },
    requests: { callTimeout: seconds(60) },
  });
}

/** The calls of the page that the run asks first. */
async function traceOf(scenario: Scenario, name: ArchitectureName, page: 'home' | 'title') {
  const { catalogue } = await readRunInputs(scenario, {});
  const traces = createPageTraces({
    publicSchema: productSupergraph().publicSchema,
    backends: createServiceBackends(catalogue),
    schedule: scenario.architectures.schedule,
  });
  const plan = createArchitecture(name).plan(page);
  const mix = createPageMix({
    askables: [
      { name: page, weight: 1, priority: 0, plan, variableNames: variableNamesIn(plan.document) },
    ],
    catalogue,
    popularityExponent: scenario.catalogue.popularityExponent,
    chance: createChance({ seed: scenario.seed, replication: 0 }),
  });
  return traces.begin(plan, mix(FIRST_USER, 0).variables);
}

function serverUs({ work, databaseRoundTrips }: TracedCall): number {
  const cpuUs = Object.entries(work).reduce(
    (sum, [domain, entities]) =>
      entities === 0 ? sum : sum + (BASE_US[domain] ?? 0) + ENTITY_US * entities,
    0,
  );
  return cpuUs + databaseRoundTrips * DATABASE_US;
}

/** How long a plan takes whose calls take `callUs`, in no hurry and without any of the engine. */
function timelineUs(
  run: PageTraceRun,
  callUs: (call: TracedCall, nowUs: number) => number,
  onDone: () => void = () => {},
): number {
  let nowUs = 0;
  const open = run.start().map((call) => ({ call, atUs: callUs(call, 0) }));
  while (open.length > 0) {
    open.sort((a, b) => a.atUs - b.atUs);
    const next = open.shift();
    if (next === undefined) break;
    nowUs = next.atUs;
    onDone();
    for (const call of run.complete(next.call.callId, 'answered')) {
      open.push({ call, atUs: nowUs + callUs(call, nowUs) });
    }
  }
  return nowUs;
}

function expectedUs(run: PageTraceRun, name: ArchitectureName): number {
  const handshakeUs = 2 * WAN_US;
  if (name === 'direct') {
    let idle = 0;
    const callUs = (call: TracedCall) => {
      const isFresh = idle === 0;
      if (!isFresh) idle -= 1;
      return (isFresh ? handshakeUs : 0) + WAN_US + serverUs(call);
    };
    return timelineUs(run, callUs, () => {
      idle += 1;
    });
  }
  if (name === 'monolith') return handshakeUs + WAN_US + timelineUs(run, serverUs);
  const plannedUs = timelineUs(run, (call) => INSIDE_US + serverUs(call));
  const merged = MERGE_US * (run.end()?.callCount ?? 0);
  return handshakeUs + WAN_US + PLAN_US + plannedUs + merged;
}

async function measuredUs(scenario: Scenario, architecture: ArchitectureName): Promise<number> {
  const { world, warehouse } = await runWorld(scenario, { architecture });
  warehouse.close();
  const { loads } = world.recorder;
  expect(loads.map(({ outcome }) => outcome)).toEqual(['ok']);
  return loads[0]?.pageLoadTimeUs ?? 0;
}

describe('the load time of a page, alone', () => {
  const cases = ARCHITECTURE_NAMES.flatMap((name) =>
    (['home', 'title'] as const).flatMap((page) =>
      (['plan', 'dataflow'] as const).map((schedule) => [name, page, schedule] as const),
    ),
  );

  it.each(cases)('E11: %s, page %s, schedule %s', async (name, page, schedule) => {
    const scenario = quietScenario(schedule, page);
    const expected = expectedUs(await traceOf(scenario, name, page), name);
    expect(await measuredUs(scenario, name)).toBe(expected);
    // Handshakes, and the way there and back.
    expect(expected).toBeGreaterThan(3 * WAN_US);
  });
});
