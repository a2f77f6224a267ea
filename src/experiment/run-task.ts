/** One run: one architecture, one replication, from assembly to figures. The unit of work that
 * worker threads share; same task, same figures, wherever it runs. */
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import type { InterpreterName } from '../actors/runtime/interpreters.ts';
import { describeCatalogue } from '../analytics/panel/history.ts';
import { createCountryLookup } from '../domain/audience.ts';
import type { Catalogue } from '../domain/catalogue.ts';
import type { ArchitectureName } from '../gateway/architecture.ts';
import { openWarehouse, type Warehouse } from '../storage/warehouse.ts';
import { RunWitness } from './agreement/event-witness.ts';
import { runAgreement } from './agreement/run-agreement.ts';
import { assemble, type World } from './assemble.ts';
import type { LakeTap } from './backfill/lake-tap.ts';
import type { CataloguedFault } from './faults/plan/fault-schema.ts';
import type { ArrivalPoint } from './households/arrivals.ts';
import { createTraceFile } from './io/trace-file.ts';
import { writeDigestParts } from './reproduce/bundle.ts';
import { pageDemand } from './results/page-demand.ts';
import { withCurves } from './results/pipeline/warehouse-curves.ts';
import { writeRunHistograms } from './results/run-histograms.ts';
import { type RunFigures, summarise } from './results/summarise.ts';
import type { Scenario } from './scenario/schema.ts';
import { worldPipelineSettings } from './tracking/clickstream.ts';
import { drivenScenario } from './turns/driven-faults.ts';
import type { Turn } from './turns/turned-simulation.ts';

/** What a run needs: plain data, so that it can be sent to a worker. */
export interface RunTask {
  readonly scenario: Scenario;
  readonly architecture: ArchitectureName;
  /** What the result and the files are called: the architecture by default. */
  readonly name?: string | undefined;
  /** Default `compiled`. */
  readonly interpreter?: InterpreterName | undefined;
  readonly replication: number;
  /** Whether odd replications mirror the draws of the one before. */
  readonly isAntithetic?: boolean | undefined;
  readonly catalogue: Catalogue;
  readonly arrivals: readonly ArrivalPoint[];
  /** Where warehouse and trace are written; undefined keeps them in memory and writes nothing. */
  readonly directory: string | undefined;
  /** Whether every processed message is written to `trace-<name>.ndjson`. */
  readonly trace: boolean;
  /** Whether raw and curated events are written to `lake/<name>/`. They stay in memory, compactly,
   * until the run ends. */
  readonly lake?: boolean | undefined;
  /** Whether the metrics of truth, batch and stream are compared: every event stays in memory. */
  readonly agreement?: boolean | undefined;
  /** Whether only the figures of a campaign are wanted, and no curves of the warehouse. */
  readonly isSample?: boolean | undefined;
  /** Changes that somebody made on the way, ascending. */
  readonly turns?: readonly Turn[] | undefined;
}

/** A run that is assembled, for whoever runs its world. */
export interface OpenRun {
  readonly world: World;
  readonly warehouse: Warehouse;
  /** Sums up a world that has run, and writes what is kept of it. Once. */
  finish(): Promise<RunFigures>;
  /** What was written for the run stays. */
  close(): Promise<void>;
}

/** Runs a task to its end. @throws EngineError as the kernel and the actors do. */
export async function performRun(task: RunTask): Promise<RunFigures> {
  const run = await openRun(task);
  try {
    run.world.run();
    return await run.finish();
  } finally {
    await run.close();
  }
}

/** Assembles a task's world, from its start: files that an earlier one left are written anew.
 * @param mayBegin - Faults that may begin on the way though neither plan nor turns have them. */
export async function openRun(
  task: RunTask,
  mayBegin: readonly CataloguedFault[] = [],
): Promise<OpenRun> {
  const { directory, architecture, scenario } = task;
  const name = task.name ?? architecture;
  const warehouse = openWarehouse({ path: warehousePath(directory, name) });
  const trace =
    directory !== undefined && task.trace
      ? createTraceFile(join(directory, `trace-${name}.ndjson`))
      : undefined;
  const tap =
    directory !== undefined && task.lake === true
      ? await tapInto(join(directory, 'lake', name), scenario)
      : undefined;
  const witness = task.agreement === true ? witnessOf(task) : undefined;
  const world = assemble({ ...task, warehouse, trace, tap, witness, mayBegin });
  const withAgreement = (figures: RunFigures): RunFigures =>
    witness === undefined
      ? figures
      : {
          ...figures,
          result: { ...figures.result, agreement: runAgreement(world, warehouse, witness) },
        };
  return {
    world,
    warehouse,
    async finish() {
      const { partitions } = scenario.clickstream;
      await tap?.commit({ checkpoint: 1, offsets: warehouse.committedOffsets(partitions) });
      // How far plays come needs the running times, in memory too.
      if (task.isSample !== true) describeCatalogue(warehouse, task.catalogue);
      if (directory !== undefined) {
        warehouse.derive();
        writeDigestParts(directory, name, world.digest);
        writeRunHistograms(directory, name, world.recorder.loads);
      }
      const driven = { ...world, scenario: drivenScenario(scenario, world.turns.made) };
      const subject = { name, architecture, demand: pageDemand(scenario) };
      const summed = summarise(subject, driven, warehouse);
      const figures = withAgreement(summed);
      return task.isSample === true ? figures : withCurves(figures, warehouse);
    },
    async close() {
      trace?.close();
      await tap?.close();
      warehouse.close();
    },
  };
}

function witnessOf({ scenario, catalogue }: RunTask): RunWitness {
  return new RunWitness(catalogue, createCountryLookup(scenario.audience.countries));
}

function warehousePath(directory: string | undefined, name: string): string {
  if (directory === undefined) return ':memory:';
  const path = join(directory, `warehouse-${name}.sqlite`);
  for (const suffix of ['', '-wal', '-shm', '-journal'])
    rmSync(`${path}${suffix}`, { force: true });
  return path;
}

/** DuckDB is loaded for runs that write a lake, and only for them. */
async function tapInto(directory: string, scenario: Scenario): Promise<LakeTap> {
  rmSync(directory, { recursive: true, force: true });
  const { openLakeTap } = await import('./backfill/lake-tap.ts');
  const { partitions } = scenario.clickstream;
  const pipeline = worldPipelineSettings(scenario);
  return openLakeTap(directory, { source: 'clickstream', partitions, pipeline });
}
