/** `backlot compare`: replications on common random numbers, paired differences with intervals. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Command } from 'commander';
import { compareArchitectures } from '../../experiment/compare.ts';
import { loadScenario } from '../../experiment/io/load-scenario.ts';
import { prepareDirectory } from '../../experiment/io/output-directory.ts';
import { renderReport } from '../../report/render-report.ts';
import { renderSummary } from '../../report/summary.ts';
import { addScenarioOptions, parseCount, replayCommand, type ScenarioOptions } from '../options.ts';
import type { Terminal } from '../terminal.ts';

interface CompareCommandOptions extends ScenarioOptions {
  readonly replications: number;
}

const DEFAULT_REPLICATIONS = 10;

/** Adds the command. */
export function addCompareCommand(program: Command, terminal: Terminal): void {
  addScenarioOptions(program.command('compare'))
    .description('compare architectures over replications on common random numbers')
    .option('--replications <number>', 'at least 2', parseCount, DEFAULT_REPLICATIONS)
    .action((path: string, options: CompareCommandOptions) => compare(path, options, terminal));
}

async function compare(
  path: string,
  options: CompareCommandOptions,
  terminal: Terminal,
): Promise<void> {
  const scenario = await loadScenario(path);
  const seed = options.seed ?? scenario.seed;
  const target = options.out ?? join('backlot-runs', `${scenario.name}-${seed}-compare`);
  const directory = prepareDirectory(target);
  try {
    const document = await compareArchitectures(scenario, {
      replications: options.replications,
      architectures: options.arch,
      seed,
      files: options,
      threads: options.threads,
      replayCommand: replayCommand('compare', path, {
        ...options,
        seed,
        extra: [`--replications ${options.replications}`],
      }),
      onProgress: (done, total) => terminal.progress(`${done} of ${total} runs done`),
    });
    const json = `${JSON.stringify(document, null, 2)}\n`;
    writeFileSync(join(directory.path, 'compare.json'), json);
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
    const file = options.report ? 'report.html' : 'compare.json';
    terminal.print(`\n${options.report ? 'Report' : 'Results'}: ${join(published, file)}\n`);
  } finally {
    terminal.endProgress();
    directory.discard();
  }
}
