/** Suites over tables of kinds of faults: each row says in words and figures what its fault does
 * that is not so without it. Every world must be whole again when the fault is over. */
import { describe, expect, it } from 'vitest';
import { FAULT_KIND_NAMES } from '../../../src/experiment/faults/catalogue/fault-kinds.ts';
import type { ArchitectureName } from '../../../src/gateway/architecture.ts';
import {
  type FaultRun,
  faultScenario,
  midFault,
  type PlannedFault,
  runFaults,
} from './fault-world.ts';

/** What a kind of fault does. */
export interface KindClaim {
  readonly rule: string;
  readonly kind: string;
  /** What its sentence in the catalogue comes to, in figures. */
  readonly claim: string;
  readonly fault?: Partial<PlannedFault>;
  readonly world?: Parameters<typeof faultScenario>[1];
  readonly architecture?: ArchitectureName;
  holds(run: FaultRun, calm: FaultRun): void;
}

/** All figures of one server. */
export function serverOf({ servers }: FaultRun, name: string) {
  const server = servers.find((one) => one.name === name);
  if (server === undefined) throw new Error(`no server ${name}`);
  return server;
}

/** Strikes of the fault of a run with one. */
export function strikesOf({ tally }: FaultRun): number {
  return tally[0]?.strikes ?? 0;
}

/** The laws that hold after a run, whatever its faults. Spec: E434. */
export function expectWhole(run: FaultRun): void {
  expect(run.ledger).toMatchObject({ residual: 0, inFlight: 0 });
  expect(run.brokenLaws).toEqual([]);
  expect(run.jobsInside).toBe(0);
  for (const { edge, open, calls, settled, abandoned } of run.edges) {
    expect(open, edge).toBe(0);
    const settledCalls = Object.values(settled).reduce((sum, count) => sum + count, 0);
    expect(calls, edge).toBe(settledCalls + abandoned);
  }
  for (const { name, inFlight, offered, answered, failures } of run.servers) {
    expect(inFlight, name).toBe(0);
    const failed = Object.values(failures).reduce((sum, count) => sum + count, 0);
    expect(offered, name).toBe(answered + failed);
  }
}

const calmRuns = new Map<string, Promise<FaultRun>>();

/** The run without faults, once for each world. */
function calmRun(
  world: KindClaim['world'],
  architecture: KindClaim['architecture'],
): Promise<FaultRun> {
  const key = JSON.stringify([world, architecture]);
  const known = calmRuns.get(key) ?? runFaults(faultScenario([], world), architecture);
  calmRuns.set(key, known);
  return known;
}

/** Runs a table: each claim, recovery, repetition, and that probability 0 changes nothing. */
export function describeKinds(family: string, claims: readonly KindClaim[]): void {
  describe(`faults of the ${family} family`, () => {
    it('E433: are all in the table, and change nothing with probability 0', async () => {
      const kinds = FAULT_KIND_NAMES.filter((kind) => kind.startsWith(`${family}.`));
      expect(claims.map(({ kind }) => kind).sort()).toEqual([...kinds].sort());
      const idle = kinds.map((kind) => midFault(kind, { probability: 0 }));
      const calm = await calmRun(undefined, undefined);
      const run = await runFaults(faultScenario(idle));
      expect(run.digest).toBe(calm.digest);
      expect(run.tally.map(({ occurrences }) => occurrences)).toEqual(kinds.map(() => 0));
    });

    for (const { rule, kind, claim, fault, world, architecture, holds } of claims) {
      it(`${rule}: ${kind}: ${claim}`, async () => {
        const calm = await calmRun(world, architecture);
        const scenario = faultScenario([midFault(kind, fault)], world);
        const run = await runFaults(scenario, architecture);
        expect(strikesOf(run)).toBeGreaterThan(0);
        expect(run.digest).not.toBe(calm.digest);
        holds(run, calm);
        expectWhole(run);
        expect(run.pages.after.count).toBeGreaterThan(50);
        expect(run.pages.after.failed).toBe(0);
        expect((await runFaults(scenario, architecture)).digest).toBe(run.digest);
      });
    }
  });
}
