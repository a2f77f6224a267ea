/** Small worlds with faults, minutes long: a small load test on the servers, or a few guests with
 * their SDKs; and what is looked at in all of them. */
import { expect } from 'vitest';
import type { World } from '../../../src/experiment/assemble.ts';
import type { FaultTally } from '../../../src/experiment/faults/board/fault-board.ts';
import { callsResults } from '../../../src/experiment/results/calls-and-servers.ts';
import { eventLedger, requestLedger } from '../../../src/experiment/results/ledger.ts';
import { readStoredCounts } from '../../../src/experiment/results/warehouse-figures.ts';
import type { Scenario, ScenarioInput } from '../../../src/experiment/scenario/schema.ts';
import { exponential } from '../../../src/experiment/scenario/values.ts';
import { brokenLaws, checkStations } from '../../../src/experiment/stations/station-check.ts';
import type { ArchitectureName } from '../../../src/gateway/architecture.ts';
import { minutes, ms, seconds } from '../../../src/kernel/time.ts';
import type { Warehouse } from '../../../src/storage/warehouse.ts';
import { runWorld, type SmallOverrides, smallScenario } from '../small-world.ts';

/** A fault as one writes it. */
export type FaultInput = NonNullable<ScenarioInput['faults']>[number];

/** When the usual fault begins, and for how long. */
export const FAULT = { at: seconds(10), for: seconds(20) } as const;

const CLOCK = {
  start: '2026-11-20T20:00:00-05:00',
  duration: seconds(45),
  drain: minutes(2),
} as const;
const CLICKSTREAM: SmallOverrides['clickstream'] = {
  batchLossProbability: 0,
  malformedShare: 0,
  maxBatchAge: seconds(3),
  pollEvery: seconds(30),
};

/** A page a second and more over 45 s, and time to recover; no clickstream. */
export function callScenario(
  faults: readonly FaultInput[],
  overrides: SmallOverrides = {},
): Scenario {
  return smallScenario({
    clock: CLOCK,
    catalogue: { titles: 20 },
    traffic: { kind: 'open', rate: [{ at: 0, perSecond: 1.2 }], pages: { title: 1, home: 1 } },
    requests: { callTimeout: seconds(1) },
    clickstream: CLICKSTREAM,
    faults: [...faults],
    ...overrides,
    audience: { viewers: 0, ...overrides.audience },
  });
}

/** Eight guests who come within 20 s and look around. Nobody watches anything: all are
 * gone when the run ends, and their SDKs have nothing left to send. */
export function guestScenario(
  faults: readonly FaultInput[],
  overrides: SmallOverrides = {},
): Scenario {
  return callScenario(faults, {
    traffic: undefined,
    ...overrides,
    audience: {
      guests: [0, 1, 3, 5, 7, 9, 12, 20].map((at) => ({ at: seconds(at) })),
      behaviour: {
        titleWeights: { hover: 30, play: 0, back: 60, leave: 10 },
        browseWeights: { hover: 35, scroll: 20, search: 10, open: 25, leave: 10 },
        thinkTime: exponential(seconds(4)),
      },
      ...overrides.audience,
    },
  });
}

/** The guests without a fault, run once. */
export function healthyGuests(): Promise<Figures> {
  healthy ??= figuresOf(guestScenario([]));
  return healthy;
}
let healthy: Promise<Figures> | undefined;

/** What is measured of a world. */
export interface Figures {
  readonly digest: string;
  readonly pages: number;
  readonly failedPages: number;
  readonly meanLoadMs: number;
  /** Times in s since the start of the run. */
  readonly loads: readonly { readonly askedAt: number; readonly outcome: string }[];
  /** Over all edges. */
  readonly attempts: number;
  readonly timeouts: number;
  readonly errors: number;
  readonly copies: number;
  readonly failures: Readonly<Record<string, number>>;
  /** Over all servers. */
  readonly offered: number;
  readonly unreadable: number;
  readonly refused: number;
  /** Of the clickstream. */
  readonly requests: number;
  readonly acceptedTwice: number;
  readonly dropped: Readonly<Record<string, number>>;
  readonly eventsUnderWay: number;
  readonly stored: number;
  readonly bad: number;
  /** From capture to the collector, mean, s. */
  readonly delaySeconds: number;
  /** Of each stored event. */
  readonly events: readonly StoredEvent[];
  readonly faults: readonly FaultTally[];
}

/** A stored event; times in s since the start of the run. */
export interface StoredEvent {
  readonly subject: string;
  readonly eventTime: number;
  readonly ingestTime: number;
}

/** Runs a world, and holds its books closed and nothing under way. */
export async function figuresOf(
  scenario: Scenario,
  architecture: ArchitectureName = 'federated',
): Promise<Figures> {
  const { world, warehouse } = await runWorld(scenario, { architecture });
  const counts = readStoredCounts(warehouse);
  const { facts, badEvents } = counts;
  const events = eventLedger(world, counts);
  const stored = storedEvents(warehouse, Date.parse(scenario.clock.start) * ms(1));
  const truth = world.clickstream.truth();
  warehouse.close();
  expect(requestLedger(world)).toMatchObject({ residual: 0, inFlight: 0 });
  expect(events.residual).toBe(0);
  checkBooks(world);
  expect(brokenLaws({ stations: checkStations(world) })).toEqual([]);
  const { loads } = world.recorder;
  const failed = loads.filter(({ outcome }) => outcome === 'failed' || outcome === 'timeout');
  const edges = world.wired.edges.map(({ account }) => account);
  const servers = world.wired.servers.map(({ account }) => account);
  const failures: Record<string, number> = {};
  for (const edge of edges) {
    for (const [name, count] of Object.entries(edge.failures)) {
      failures[name] = (failures[name] ?? 0) + count;
    }
  }
  return {
    digest: world.digest.value(),
    pages: loads.length,
    failedPages: failed.length + world.recorder.offlineCount,
    loads: loads.map(({ askedAtUs, outcome }) => ({ askedAt: askedAtUs / seconds(1), outcome })),
    meanLoadMs: mean(loads.map(({ pageLoadTimeUs }) => pageLoadTimeUs / ms(1))),
    attempts: sum(edges.map((edge) => edge.attempts)),
    timeouts: sum(edges.map((edge) => edge.timeouts)),
    errors: sum(edges.map((edge) => edge.errors)),
    copies: sum(edges.map((edge) => edge.copies)),
    failures,
    offered: sum(servers.map((server) => server.offered)),
    unreadable: sum(servers.map((server) => server.failures['unreadable'] ?? 0)),
    refused: sum(servers.map((server) => server.failures['refused'] ?? 0)),
    requests: truth.requests,
    acceptedTwice: truth.acceptedTwice,
    dropped: truth.droppedByReason,
    eventsUnderWay: events.inFlight,
    stored: facts,
    bad: badEvents,
    delaySeconds: mean(stored.map(({ eventTime, ingestTime }) => ingestTime - eventTime)),
    events: stored,
    faults: world.board.tally(),
  };
}

function storedEvents(warehouse: Warehouse, epochUs: number): readonly StoredEvent[] {
  const rows = warehouse.query(
    'SELECT subject, event_time_us AS event, ingest_time_us AS ingest FROM fact_event',
  );
  return rows.map(({ subject, event, ingest }) => ({
    subject: String(subject),
    eventTime: (Number(event) - epochUs) / seconds(1),
    ingestTime: (Number(ingest) - epochUs) / seconds(1),
  }));
}

/** Every call, try and job is accounted for, and none is under way. */
function checkBooks(world: World): void {
  const tries = callsResults(world);
  for (const edge of tries) {
    expect(edge.calls, edge.edge).toBe(sum(Object.values(edge.settled)) + edge.abandoned);
    expect(edge.open, edge.edge).toBe(0);
    expect(edge.lateAnswers, edge.edge).toBeLessThanOrEqual(edge.timeouts + edge.hangUps);
    expect(edge.settled.answered, edge.edge).toBe(edge.answers);
  }
  for (const { name, account, inFlight, fleet } of world.wired.servers) {
    expect(inFlight, name).toBe(0);
    expect(account.offered, name).toBe(account.answered + sum(Object.values(account.failures)));
    expect(fleet.statistics().inSystem, name).toBe(0);
  }
  const offered = sum(world.wired.servers.map(({ account }) => account.offered));
  const sent = sum(world.wired.edges.map(({ account }) => account.attempts + account.copies));
  expect(offered).toBeLessThanOrEqual(sent);
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

function mean(values: readonly number[]): number {
  return sum(values) / Math.max(1, values.length);
}
