/** `backlot run`: one replication, a summary on the terminal, a directory with report, document
 * and warehouses. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Command } from 'commander';
import { loadScenario } from '../../experiment/io/load-scenario.ts';
import { prepareDirectory } from '../../experiment/io/output-directory.ts';
import { runScenario } from '../../experiment/run.ts';
import { renderReport } from '../../report/render-report.ts';
import { renderSummary } from '../../report/summary.ts';
import { addScenarioOptions, replayCommand, type ScenarioOptions } from '../options.ts';
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
  const started = performance.now();
  const scenario = await loadScenario(path);
  const seed = options.seed ?? scenario.seed;
  const suffix = options.arch === undefined ? '' : `-${options.arch.join('-')}`;
  const target = options.out ?? join('backlot-runs', `${scenario.name}-${seed}${suffix}`);
  const directory = prepareDirectory(target);
  try {
    const document = await runScenario(scenario, {
      architectures: options.arch,
      seed,
      files: options,
      threads: options.threads,
      trace: options.trace,
      directory: directory.path,
      replayCommand: replayCommand('run', path, { ...options, seed }),
      onProgress: (done, total) => terminal.progress(`${done} of ${total} architectures done`),
    });
    const json = `${JSON.stringify(document, null, 2)}\n`;
    writeFileSync(join(directory.path, 'run.json'), json);
    if (options.report) {
      writeFileSync(join(directory.path, 'report.html'), renderReport(document));
    }
    const published = directory.publish();
    terminal.endProgress();
    if (options.json) {
      terminal.print(json);
      return;
    }
    terminal.print(renderSummary(document, { color: terminal.hasColor, width: terminal.width }));
    const seconds = ((performance.now() - started) / 1_000).toFixed(1);
    terminal.print(`\nDone in ${seconds} s. `);
    terminal.print(
      options.report
        ? `Report: ${join(published, 'report.html')}\n`
        : `Results: ${join(published, 'run.json')}\n`,
    );
  } finally {
    terminal.endProgress();
    directory.discard();
  }
}
