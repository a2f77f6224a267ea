/** Runs that people watch: a dashboard is there as long as they go on, and not a moment longer. */
import type { RunOptions } from '../experiment/run.ts';
import type { Scenario } from '../experiment/scenario/schema.ts';
import { namedVariants, variantsOf } from '../experiment/scenario/variants.ts';
import { helloOf } from '../experiment/watch/hello-of.ts';
import { startDashboard } from '../live/dashboard/start-dashboard.ts';
import { startWatchedRun } from '../live/watched-run.ts';
import type { ScenarioOptions } from './options.ts';
import type { Terminal } from './terminal.ts';

/** What to watch, and how. */
export interface WatchedOptions extends Partial<Pick<ScenarioOptions, 'arch'>> {
  readonly scenario: Scenario;
  readonly variant?: readonly string[] | undefined;
  /** 0 takes a free one. */
  readonly port: number;
  /** Virtual seconds a second; default: as fast as it goes. */
  readonly speed?: number | undefined;
  /** Whether the run waits for somebody to start it. */
  readonly paused?: boolean | undefined;
  /** Where what people change is written; default: to the runs' directory. */
  readonly logDirectory?: string | undefined;
  /** Where the result will be; undefined where there is none. */
  readonly target?: string | undefined;
  readonly terminal: Terminal;
}

/** Shows runs while they are performed. Whoever looks on when they are over is told, and left.
 * @throws EngineError `SERVER_CANNOT_LISTEN`, and as the work does. */
export async function watched<T>(
  options: WatchedOptions,
  work: (perform: NonNullable<RunOptions['perform']>) => Promise<T>,
): Promise<T> {
  const { scenario, terminal, target, port, speed, paused, logDirectory } = options;
  const variants = namedVariants(variantsOf(scenario, options.arch), options.variant);
  const run = startWatchedRun(helloOf(scenario, variants), {
    speed,
    isPaused: paused,
    logDirectory,
  });
  try {
    const dashboard = await startDashboard({ source: run.source, port });
    terminal.complain(`Watch it at ${dashboard.url}`);
    let text = 'The run ended early.';
    try {
      const result = await work((tasks) => run.perform(tasks));
      text = 'The run is over.';
      return result;
    } finally {
      const command = target === undefined ? null : `npx backlot dash ${target}`;
      await dashboard.close({ text, command });
    }
  } finally {
    await run.close();
  }
}
