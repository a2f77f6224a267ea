/** `backlot run`: one replication, a summary on the terminal, a directory with report, document
 * and warehouses. */
import { join } from 'node:path';
import type { Command } from 'commander';
import { addScenarioOptions, replayCommand, type ScenarioOptions } from '../options.ts';
import type { Terminal } from '../terminal.ts';

interface RunCommandOptions extends ScenarioOptions {
  readonly trace: boolean | undefined;
  readonly lake: boolean | undefined;
}

/** Adds the command. */
export function addRunCommand(program: Command, terminal: Terminal): void {
  addScenarioOptions(program.command('run'))
    .description('run a scenario once on each architecture, or each of its variants')
    .option('--trace', 'write every processed message to trace-<name>.ndjson')
    .option('--lake', 'write raw and curated events as Parquet to lake/<name>/')
    .action((path: string, options: RunCommandOptions) => run(path, options, terminal));
}

async function run(path: string, options: RunCommandOptions, terminal: Terminal): Promise<void> {
  // What runs worlds takes half a second to load: help and usage errors do not wait for it.
  const { loadScenario } = await import('../../experiment/io/load-scenario.ts');
  const { runScenario } = await import('../../experiment/run.ts');
  const { publish } = await import('../publish.ts');
  const scenario = await loadScenario(path);
  const seed = options.seed ?? scenario.seed;
  const suffix = options.arch === undefined ? '' : `-${options.arch.join('-')}`;
  const target = options.out ?? join('backlot-runs', `${scenario.name}-${seed}${suffix}`);
  const { report, json = false } = options;
  await publish({ target, fileName: 'run.json', report, json, terminal }, (directory) =>
    runScenario(scenario, {
      architectures: options.arch,
      seed,
      files: options,
      threads: options.threads,
      interpreter: options.interpreter,
      trace: options.trace,
      lake: options.lake,
      directory,
      replayCommand: replayCommand('run', path, { ...options, seed }),
      onProgress: (done, total) => terminal.progress(`${done} of ${total} runs done`),
    }),
  );
}
