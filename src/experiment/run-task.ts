/** One run: one architecture, one replication, from assembly to figures. The unit of work that
 * worker threads share; same task, same figures, wherever it runs. */
import { join } from 'node:path';
import type { InterpreterName } from '../actors/runtime/interpreters.ts';
import type { Catalogue } from '../domain/catalogue.ts';
import type { ArchitectureName } from '../gateway/architecture.ts';
import { openWarehouse, type Warehouse } from '../storage/warehouse.ts';
import { assemble } from './assemble.ts';
import type { LakeTap } from './backfill/lake-tap.ts';
import type { ArrivalPoint } from './households/arrivals.ts';
import { createTraceFile } from './io/trace-file.ts';
import { writeDigestParts } from './reproduce/bundle.ts';
import { pageDemand } from './results/page-demand.ts';
import { type RunFigures, summarise } from './results/summarise.ts';
import type { Scenario } from './scenario/schema.ts';
import { worldPipelineSettings } from './tracking/clickstream.ts';

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
}

/** Runs a task to its end. @throws EngineError as the kernel and the actors do. */
export async function performRun(task: RunTask): Promise<RunFigures> {
  const { directory, architecture } = task;
  const name = task.name ?? architecture;
  const path = directory === undefined ? ':memory:' : join(directory, `warehouse-${name}.sqlite`);
  const warehouse = openWarehouse({ path });
  const trace =
    directory !== undefined && task.trace
      ? createTraceFile(join(directory, `trace-${name}.ndjson`))
      : undefined;
  const tap =
    directory !== undefined && task.lake === true
      ? await tapInto(join(directory, 'lake', name), task.scenario)
      : undefined;
  try {
    const world = assemble({ ...task, warehouse, trace, tap });
    world.run();
    const { partitions } = task.scenario.clickstream;
    await tap?.commit({ checkpoint: 1, offsets: warehouse.committedOffsets(partitions) });
    if (directory !== undefined) {
      completeStar(warehouse, task.catalogue);
      writeDigestParts(directory, name, world.digest);
    }
    const demand = pageDemand(task.scenario);
    return summarise({ name, architecture, demand }, world, warehouse);
  } finally {
    trace?.close();
    await tap?.close();
    warehouse.close();
  }
}

/** DuckDB is loaded for runs that write a lake, and only for them. */
async function tapInto(directory: string, scenario: Scenario): Promise<LakeTap> {
  const { openLakeTap } = await import('./backfill/lake-tap.ts');
  const { partitions } = scenario.clickstream;
  const pipeline = worldPipelineSettings(scenario);
  return openLakeTap(directory, { source: 'clickstream', partitions, pipeline });
}

/** A warehouse that is kept gets the titles' running times, and its plays and impressions. */
function completeStar(warehouse: Warehouse, catalogue: Catalogue): void {
  warehouse.describe({
    titles: catalogue.titles.map(({ id, name, kind, genres, releaseYear, durationMinutes }) => ({
      titleId: id,
      name,
      kind,
      genres,
      releaseDate: String(releaseYear),
      runtimeSeconds: durationMinutes * 60,
    })),
  });
  warehouse.derive();
}
