/** `backlot run`: one replication, a summary on the terminal, a directory with report, document
 * and warehouses. */
import { join } from 'node:path';
import type { Command } from 'commander';
import type { RunDocument } from '../../../experiment/result.ts';
import type { RunOptions } from '../../../experiment/run.ts';
import { EXIT, type ExitCode } from '../../exit-codes.ts';
import {
  addScenarioOptions,
  append,
  parseSpeed,
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
  readonly agreement: boolean | undefined;
  readonly commands: readonly string[] | undefined;
  readonly watch: boolean | undefined;
  readonly watchPort: number;
  readonly speed: number | undefined;
  readonly paused: boolean | undefined;
}

/** Adds the command. */
export function addRunCommand(program: Command, terminal: Terminal): void {
  addScenarioOptions(program.command('run'))
    .description('run a scenario once on each architecture, or each of its variants')
    .option('--variant <name>', 'only this variant; may be given several times', append)
    .option('--replication <number>', 'with the draws of this one of `compare`', parseWhole, 0)
    .option('--trace', 'write every processed message to trace-<name>.ndjson')
    .option('--lake', 'write raw and curated events as Parquet to lake/<name>/')
    .option('--agreement', 'compare metrics of truth, batch and stream; keeps all events in memory')
    .option('--commands <file>', 'make the changes of a command log; several times', append)
    .option('--watch', 'show the run in a browser as it goes, and take commands there')
    .option('--watch-port <number>', 'where the dashboard listens; 0: a free port', parseWhole, 0)
    .option('--speed <number>', 'virtual seconds a second, watched; default: full', parseSpeed)
    .option('--paused', 'watched: begin only when somebody says so')
    .action((path: string, options: RunCommandOptions) => run(path, options, terminal));
}

async function run(path: string, options: RunCommandOptions, terminal: Terminal): Promise<void> {
  // What runs worlds takes half a second to load: help and usage errors do not wait for it.
  const { loadScenario } = await import('../../../experiment/io/load-scenario.ts');
  const { runScenario } = await import('../../../experiment/run.ts');
  const { writeScenario } = await import('../../../experiment/reproduce/bundle.ts');
  const { commandLogName, commandLogWriter, readCommandLogs } = await import(
    '../../../experiment/turns/command-log.ts'
  );
  const { publish } = await import('../../publish.ts');
  const { watched } = await import('../../watched.ts');
  const logIn = (directory: string, subject: string) => join(directory, commandLogName(subject));
  const scenario = await loadScenario(path);
  const seed = options.seed ?? scenario.seed;
  const { variant = [], replication } = options;
  const extra = [
    ...variant.map((name) => `--variant ${name}`),
    ...(replication === 0 ? [] : [`--replication ${replication}`]),
    ...(options.agreement === true ? ['--agreement'] : []),
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
  const commands = readCommandLogs(options.commands ?? []);
  const runWith = (directory: string, perform: RunOptions['perform']) =>
    runScenario(scenario, {
      architectures: options.arch,
      variants: options.variant,
      replication,
      seed,
      files: options,
      threads: options.threads,
      interpreter: options.interpreter,
      trace: options.trace,
      lake: options.lake,
      agreement: options.agreement,
      directory,
      commands,
      perform,
      replayCommand: (driven) =>
        replayCommand('run', path, {
          ...{ ...options, seed },
          extra: [...extra, ...driven.map((name) => `--commands ${logIn(target, name)}`)],
        }),
      onProgress: (done, total) => terminal.progress(`${done} of ${total} runs done`),
    });
  await publish({ target, fileName: 'run.json', report, json, terminal }, async (directory) => {
    writeScenario(directory, { ...scenario, seed });
    for (const [subject, turns] of commands) {
      commandLogWriter(directory, subject).rewrite(turns);
    }
    const document =
      options.watch === true
        ? await watched(
            { ...options, port: options.watchPort, scenario, target, terminal },
            (perform) => runWith(directory, perform),
          )
        : await runWith(directory, undefined);
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
  const isLeft = architectures.some(
    ({ agreement }) => agreement?.skipped === null && !agreement.isExplained,
  );
  if (!isClosed || !areLawful || isLeft) return EXIT.invariant;
  const isMissed = verdicts.some(
    ({ severity, verdict }) => severity === 'fail' && verdict === 'fail',
  );
  return isMissed ? EXIT.objective : EXIT.ok;
}
