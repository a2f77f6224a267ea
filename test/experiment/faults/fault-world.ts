/** A small world for faults: three guests and an open load test of two clients on small servers,
 * half a minute long, with room to recover; figures of a run by when pages were asked for. */
import type { FaultTally } from '../../../src/experiment/faults/board/fault-board.ts';
import { callsResults, serverResults } from '../../../src/experiment/results/calls-and-servers.ts';
import { requestLedger } from '../../../src/experiment/results/ledger.ts';
import { defineScenario } from '../../../src/experiment/scenario/define-scenario.ts';
import type { Scenario, ScenarioInput } from '../../../src/experiment/scenario/schema.ts';
import { fixed } from '../../../src/experiment/scenario/values.ts';
import { brokenLaws, checkStations } from '../../../src/experiment/stations/station-check.ts';
import type { ArchitectureName } from '../../../src/gateway/architecture.ts';
import { ms, seconds, us } from '../../../src/kernel/time.ts';
import { runWorld } from '../small-world.ts';

/** Duration of the load, of the usual fault in its middle, and of the drain. */
export const LOAD_US = seconds(30);
export const FAULT_AT_US = seconds(10);
export const FAULT_FOR_US = seconds(8);
const DRAIN_US = seconds(60);

/** A fault as plans have it. */
export type PlannedFault = NonNullable<ScenarioInput['faults']>[number];
type ServiceInput = NonNullable<ScenarioInput['services']>[string];

const SERVICE = { replicas: 2, workersPerReplica: 2, timePerEntity: us(250) };

/** The scenario with faults. @param service - Other settings of all services. */
export function faultScenario(
  faults: readonly PlannedFault[],
  { service, ...overrides }: Partial<ScenarioInput> & { service?: Partial<ServiceInput> } = {},
): Scenario {
  const of = (baseTimeMs: number) => ({ ...SERVICE, baseTime: fixed(ms(baseTimeMs)), ...service });
  return defineScenario({
    schema: 1,
    name: 'faults',
    question: 'Does the fault show, and does it pass?',
    seed: 11,
    clock: { start: '2026-11-20T20:00:00Z', duration: LOAD_US, drain: DRAIN_US },
    catalogue: { titles: 20 },
    audience: { viewers: 0, guests: [{ at: 0 }, { at: seconds(3) }, { at: seconds(9) }] },
    traffic: {
      kind: 'open',
      rate: [{ at: 0, perSecond: 6 }],
      clients: 2,
      pages: { home: 1, title: 2 },
    },
    services: { movie: of(6), production: of(7), talent: of(9) },
    clickstream: { pollEvery: seconds(30) },
    ...overrides,
    faults: [...faults],
  } as ScenarioInput);
}

/** A fault in the middle of the load. */
export function midFault(kind: string, fields: Partial<PlannedFault> = {}): PlannedFault {
  return { kind, at: FAULT_AT_US, for: FAULT_FOR_US, ...fields } as PlannedFault;
}

/** What a run came to. */
export interface FaultRun {
  readonly digest: string;
  readonly tally: readonly FaultTally[];
  readonly servers: ReturnType<typeof serverResults>;
  readonly edges: ReturnType<typeof callsResults>;
  readonly ledger: ReturnType<typeof requestLedger>;
  readonly brokenLaws: readonly unknown[];
  /** Jobs that are still at stations. */
  readonly jobsInside: number;
  /** Pages asked for before, in and after the usual fault. */
  readonly pages: Readonly<Record<'before' | 'during' | 'after', PageFigures>>;
}

/** Figures of pages. */
export interface PageFigures {
  readonly count: number;
  readonly failed: number;
  readonly meanMs: number;
  readonly maxMs: number;
}

/** Runs it. @param architecture - `aggregation` where it is left out. */
export async function runFaults(
  scenario: Scenario,
  architecture: ArchitectureName = 'aggregation',
): Promise<FaultRun> {
  const { world, warehouse } = await runWorld(scenario, { architecture });
  warehouse.close();
  const { loads } = world.recorder;
  const between = (fromUs: number, toUs: number): PageFigures => {
    const part = loads.filter(({ askedAtUs }) => askedAtUs >= fromUs && askedAtUs < toUs);
    const times = part.map(({ pageLoadTimeUs }) => pageLoadTimeUs / 1_000);
    return {
      count: part.length,
      failed: part.filter(({ outcome }) => outcome !== 'ok').length,
      meanMs: times.reduce((sum, time) => sum + time, 0) / Math.max(1, part.length),
      maxMs: Math.max(0, ...times),
    };
  };
  const fleets = [...world.wired.servers, ...world.wired.databases];
  return {
    digest: world.digest.value(),
    tally: world.board.tally(),
    servers: serverResults(world),
    edges: callsResults(world),
    ledger: requestLedger(world),
    brokenLaws: brokenLaws({ stations: checkStations(world) }),
    jobsInside: fleets.reduce((sum, { fleet }) => sum + fleet.statistics().inSystem, 0),
    pages: {
      before: between(0, FAULT_AT_US),
      during: between(FAULT_AT_US, FAULT_AT_US + FAULT_FOR_US),
      after: between(FAULT_AT_US + FAULT_FOR_US, LOAD_US + DRAIN_US),
    },
  };
}
