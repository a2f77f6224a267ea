/** `backlot compare`: replications on common random numbers, paired differences with intervals. */
import { join } from 'node:path';
import type { Command } from 'commander';
import { addScenarioOptions, parseCount, replayCommand, type ScenarioOptions } from '../options.ts';
import type { Terminal } from '../terminal.ts';

interface CompareCommandOptions extends ScenarioOptions {
  readonly replications: number;
}

const DEFAULT_REPLICATIONS = 10;

/** Adds the command. */
export function addCompareCommand(program: Command, terminal: Terminal): void {
  addScenarioOptions(program.command('compare'))
    .description('compare architectures or variants over replications on common random numbers')
    .option('--replications <number>', 'at least 2', parseCount, DEFAULT_REPLICATIONS)
    .action((path: string, options: CompareCommandOptions) => compare(path, options, terminal));
}

async function compare(
  path: string,
  options: CompareCommandOptions,
  terminal: Terminal,
): Promise<void> {
  // Loaded for those who compare: help and usage errors do not wait for it.
  const { loadScenario } = await import('../../experiment/io/load-scenario.ts');
  const { compareArchitectures } = await import('../../experiment/compare.ts');
  const { publish } = await import('../publish.ts');
  const scenario = await loadScenario(path);
  const seed = options.seed ?? scenario.seed;
  const target = options.out ?? join('backlot-runs', `${scenario.name}-${seed}-compare`);
  const { report, json = false, replications } = options;
  await publish({ target, fileName: 'compare.json', report, json, terminal }, () =>
    compareArchitectures(scenario, {
      replications,
      architectures: options.arch,
      seed,
      files: options,
      threads: options.threads,
      interpreter: options.interpreter,
      replayCommand: replayCommand('compare', path, {
        ...options,
        seed,
        extra: [`--replications ${replications}`],
      }),
      onProgress: (done, total) => terminal.progress(`${done} of ${total} runs done`),
    }),
  );
}
