/** One run: one architecture, one replication, from assembly to figures. The unit of work that
 * worker threads share; same task, same figures, wherever it runs. */
import { join } from 'node:path';
import type { InterpreterName } from '../actors/runtime/interpreters.ts';
import type { Catalogue } from '../domain/catalogue.ts';
import type { ArchitectureName } from '../gateway/architecture.ts';
import { openWarehouse } from '../storage/warehouse.ts';
import { assemble } from './assemble.ts';
import type { ArrivalPoint } from './households/arrivals.ts';
import { createTraceFile } from './io/trace-file.ts';
import { pageDemand } from './results/page-demand.ts';
import { type RunFigures, summarise } from './results/summarise.ts';
import type { Scenario } from './scenario/schema.ts';

/** What a run needs: plain data, so that it can be sent to a worker. */
export interface RunTask {
  readonly scenario: Scenario;
  readonly architecture: ArchitectureName;
  /** What the result and the files are called: the architecture by default. */
  readonly name?: string | undefined;
  /** Default `compiled`. */
  readonly interpreter?: InterpreterName | undefined;
  readonly replication: number;
  readonly catalogue: Catalogue;
  readonly arrivals: readonly ArrivalPoint[];
  /** Where warehouse and trace are written; undefined keeps them in memory and writes nothing. */
  readonly directory: string | undefined;
  /** Whether every processed message is written to `trace-<name>.ndjson`. */
  readonly trace: boolean;
}

/** Runs a task to its end. @throws EngineError as the kernel and the actors do. */
export function performRun(task: RunTask): RunFigures {
  const { directory, architecture } = task;
  const name = task.name ?? architecture;
  const path = directory === undefined ? ':memory:' : join(directory, `warehouse-${name}.sqlite`);
  const warehouse = openWarehouse({ path });
  const trace =
    directory !== undefined && task.trace
      ? createTraceFile(join(directory, `trace-${name}.ndjson`))
      : undefined;
  try {
    const world = assemble({ ...task, warehouse, trace });
    world.run();
    const demand = pageDemand(task.scenario);
    return summarise({ name, architecture, demand }, world, warehouse);
  } finally {
    trace?.close();
    warehouse.close();
  }
}
