/** `backlot run`: one replication, a summary on the terminal, a directory with report, document
 * and warehouses. */
import { join } from 'node:path';
import type { Command } from 'commander';
import type { RunDocument } from '../../../experiment/result.ts';
import { EXIT, type ExitCode } from '../../exit-codes.ts';
import {
  addScenarioOptions,
  append,
  parseWhole,
  replayCommand,
  type ScenarioOptions,
} from '../../options.ts';
import type { Terminal } from '../../terminal.ts';

interface RunCommandOptions extends ScenarioOptions {
  readonly variant: readonly string[] | undefined;
  readonly replication: number;
  readonly trace: boolean | undefined;
  readonly lake: boolean | undefined;
}

/** Adds the command. */
export function addRunCommand(program: Command, terminal: Terminal): void {
  addScenarioOptions(program.command('run'))
    .description('run a scenario once on each architecture, or each of its variants')
    .option('--variant <name>', 'only this variant; may be given several times', append)
    .option('--replication <number>', 'with the draws of this one of `compare`', parseWhole, 0)
    .option('--trace', 'write every processed message to trace-<name>.ndjson')
    .option('--lake', 'write raw and curated events as Parquet to lake/<name>/')
    .action((path: string, options: RunCommandOptions) => run(path, options, terminal));
}

async function run(path: string, options: RunCommandOptions, terminal: Terminal): Promise<void> {
  // What runs worlds takes half a second to load: help and usage errors do not wait for it.
  const { loadScenario } = await import('../../../experiment/io/load-scenario.ts');
  const { runScenario } = await import('../../../experiment/run.ts');
  const { writeScenario } = await import('../../../experiment/reproduce/bundle.ts');
  const { publish } = await import('../../publish.ts');
  const scenario = await loadScenario(path);
  const seed = options.seed ?? scenario.seed;
  const { variant = [], replication } = options;
  const extra = [
    ...variant.map((name) => `--variant ${name}`),
    ...(replication === 0 ? [] : [`--replication ${replication}`]),
  ];
  const suffix = [
    ...(options.arch ?? []),
    ...variant,
    ...(replication === 0 ? [] : [`r${replication}`]),
  ]
    .map((part) => `-${part}`)
    .join('');
  const target = options.out ?? join('backlot-runs', `${scenario.name}-${seed}${suffix}`);
  const { report, json = false } = options;
  await publish({ target, fileName: 'run.json', report, json, terminal }, async (directory) => {
    writeScenario(directory, { ...scenario, seed });
    const document = await runScenario(scenario, {
      architectures: options.arch,
      variants: options.variant,
      replication,
      seed,
      files: options,
      threads: options.threads,
      interpreter: options.interpreter,
      trace: options.trace,
      lake: options.lake,
      directory,
      replayCommand: replayCommand('run', path, { ...options, seed, extra }),
      onProgress: (done, total) => terminal.progress(`${done} of ${total} runs done`),
    });
    terminal.exitCode = exitCodeOf(document);
    return document;
  });
}

/** Books that do not balance come before objectives that are missed. */
function exitCodeOf({ ledger, architectures, verdicts }: RunDocument): ExitCode {
  const lines = [ledger, ...architectures.map((one) => one.ledger)];
  const isClosed = lines.every(
    ({ requests, events }) => requests.residual === 0 && events.residual === 0,
  );
  const areLawful = architectures.every(({ stations }) =>
    stations.every(({ littlesLaw, utilizationLaw, flow }) =>
      [littlesLaw, utilizationLaw, flow].every(({ holds }) => holds),
    ),
  );
  if (!isClosed || !areLawful) return EXIT.invariant;
  const isMissed = verdicts.some(
    ({ severity, verdict }) => severity === 'fail' && verdict === 'fail',
  );
  return isMissed ? EXIT.objective : EXIT.ok;
}
