/** `backlot dash`: a recorded run again, under the dashboard, what people changed included. It
 * stands at the start until somebody lets it go, and at its end it is held to the recording. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Command } from 'commander';
import type { Bundle } from '../../../experiment/reproduce/bundle.ts';
import type { RunDocument } from '../../../experiment/result.ts';
import type { RunOptions } from '../../../experiment/run.ts';
import { EngineError } from '../../../kernel/errors.ts';
import { EXIT } from '../../exit-codes.ts';
import { parseSpeed, parseWhole } from '../../options.ts';
import type { Terminal } from '../../terminal.ts';
import { addMovedInputs, type MovedInputs } from './moved-inputs.ts';

interface DashCommandOptions extends MovedInputs {
  readonly watchPort: number;
  readonly speed: number | undefined;
  readonly paused: boolean;
  readonly out: string | undefined;
}

/** Adds the command. */
export function addDashCommand(program: Command, terminal: Terminal): void {
  addMovedInputs(program.command('dash'))
    .argument('<run>', "a run's directory, or the document in it")
    .description('show a recorded run in a browser as it goes, and hold it to the recording')
    .option('--watch-port <number>', 'where the dashboard listens; 0: a free port', parseWhole, 0)
    .option('--speed <number>', 'virtual seconds a second; default: full', parseSpeed)
    .option('--no-paused', 'begin at once')
    .option('--out <directory>', 'where the run is written, with what is changed in it')
    .action((path: string, options: DashCommandOptions) => dash(path, options, terminal));
}

async function dash(path: string, options: DashCommandOptions, terminal: Terminal): Promise<void> {
  const { openBundle, writeScenario } = await import('../../../experiment/reproduce/bundle.ts');
  const { publish } = await import('../../publish.ts');
  const bundle = await openBundle(path, options);
  const recorded = runOf(bundle);
  const { out } = options;
  if (out === undefined) {
    const logDirectory = freeDirectory(join(bundle.directory, 'dash'));
    const watchers = { ...options, logDirectory, terminal };
    compared(recorded, await runAgain(bundle, recorded, watchers), terminal);
    if (existsSync(logDirectory)) terminal.print(`What was changed is in ${logDirectory}\n`);
    return;
  }
  await publish(
    { target: out, fileName: 'run.json', report: true, json: false, terminal },
    async (directory) => {
      writeScenario(directory, bundle.scenario);
      const written = { ...options, directory, target: out, terminal };
      const document = await runAgain(bundle, recorded, written);
      compared(recorded, document, terminal);
      return document;
    },
  );
}

/** The first `<path>-1`, `<path>-2` … that is not there. */
function freeDirectory(path: string): string {
  for (let n = 1; ; n += 1) if (!existsSync(`${path}-${n}`)) return `${path}-${n}`;
}

function runOf({ document, path }: Bundle): RunDocument {
  if (document.schema === 'backlot.run/1') return document;
  const message = `${path}: it is a comparison, of many runs; run one: backlot run --replication`;
  throw new EngineError('CLI_USAGE', message, { argument: path });
}

interface RunAgain extends DashCommandOptions {
  readonly directory?: string | undefined;
  readonly target?: string | undefined;
  readonly logDirectory?: string | undefined;
  readonly terminal: Terminal;
}

/** @throws EngineError as runs do. */
async function runAgain(
  { scenario, files, variants, commands }: Bundle,
  { replication, replayCommand }: RunDocument,
  { directory, target, logDirectory, watchPort: port, speed, paused, terminal }: RunAgain,
): Promise<RunDocument> {
  const { runScenario } = await import('../../../experiment/run.ts');
  const { commandLogWriter } = await import('../../../experiment/turns/command-log.ts');
  const { watched } = await import('../../watched.ts');
  if (directory !== undefined) {
    for (const [subject, turns] of commands) commandLogWriter(directory, subject).rewrite(turns);
  }
  const arch = [...new Set(variants.map(({ architecture }) => architecture))];
  const variant = variants.map(({ name }) => name);
  const run = (perform: RunOptions['perform']) =>
    runScenario(scenario, {
      ...{ architectures: arch, variants: variant, replication, replayCommand },
      ...{ files, commands, directory, perform },
    });
  const shown = { scenario, arch, variant, port, speed, paused, target, logDirectory, terminal };
  return watched(shown, run);
}

/** Says whether it was the same. What somebody changed makes it another run, which is no fault. */
function compared(recorded: RunDocument, found: RunDocument, terminal: Terminal): void {
  const logs = ({ proof }: RunDocument) => JSON.stringify(proof?.commands ?? []);
  if (logs(recorded) !== logs(found)) {
    terminal.print(`Changed on the way: its digest is ${found.digest}, not ${recorded.digest}.\n`);
    return;
  }
  if (recorded.digest === found.digest) {
    terminal.print(`Digest ${found.digest}: the same as recorded.\n`);
    return;
  }
  terminal.exitCode = EXIT.digest;
  terminal.print(
    `Digest ${found.digest}, recorded ${recorded.digest}: it is not the same run; ` +
      'backlot verify tells where they part.\n',
  );
}
