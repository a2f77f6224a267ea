/** `backlot run`: one replication, a summary on the terminal, a directory with report, document
 * and warehouses. */
import { join } from 'node:path';
import type { Command } from 'commander';
import { loadScenario } from '../../experiment/io/load-scenario.ts';
import { runScenario } from '../../experiment/run.ts';
import { addScenarioOptions, replayCommand, type ScenarioOptions } from '../options.ts';
import { publish } from '../publish.ts';
import type { Terminal } from '../terminal.ts';

interface RunCommandOptions extends ScenarioOptions {
  readonly trace: boolean | undefined;
}

/** Adds the command. */
export function addRunCommand(program: Command, terminal: Terminal): void {
  addScenarioOptions(program.command('run'))
    .description('run a scenario once on each architecture')
    .option('--trace', 'write every processed message to trace-<architecture>.ndjson')
    .action((path: string, options: RunCommandOptions) => run(path, options, terminal));
}

async function run(path: string, options: RunCommandOptions, terminal: Terminal): Promise<void> {
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
      directory,
      replayCommand: replayCommand('run', path, { ...options, seed }),
      onProgress: (done, total) => terminal.progress(`${done} of ${total} architectures done`),
    }),
  );
}
