/** `backlot replay`: a recorded run again, up to an instant: the state of its world, the events
 * around it, and where the time of one page went. */
import type { Command } from 'commander';
import { EXIT } from '../../exit-codes.ts';
import { parseWhole } from '../../options.ts';
import type { Terminal } from '../../terminal.ts';
import { addMovedInputs, type MovedInputs } from './moved-inputs.ts';

interface ReplayCommandOptions extends MovedInputs {
  readonly arch: string | undefined;
  readonly replication: number | undefined;
  readonly at: string | undefined;
  readonly until: string | undefined;
  readonly fork: readonly string[] | undefined;
  readonly snapshots: string | undefined;
  readonly explain: string | undefined;
  readonly last: number;
  readonly step: number;
  readonly out: string | undefined;
  readonly json: boolean | undefined;
}

/** Adds the command. */
export function addReplayCommand(program: Command, terminal: Terminal): void {
  addMovedInputs(program.command('replay'))
    .argument('<result>', 'a result directory, the document in it, or a folder of `serve`')
    .description('run a result again up to an instant, and look around there')
    .option('--arch <name>', 'which architecture or variant')
    .option('--replication <number>', 'which one; default: the first that was run', parseWhole)
    .option('--until <time>', 'like 20:41:03 (time of day), +00:10:30 or 630s; default: the end')
    .option('--at <moment>', 'the same, or an event by its number, like #12345')
    .option('--fork <change...>', 'what if, from there on: heal, breaker:<edge>=open, fault:…')
    .option('--snapshots <every>', 'states on the way there, like every 60s')
    .option('--explain <request>', 'where the time of a page went, like r-17-3')
    .option('--last <number>', 'events listed before the instant', parseWhole, 10)
    .option('--step <number>', 'events listed after it', parseWhole, 0)
    .option('--out <file>', 'of a folder of `serve`: the warehouse that the simulated clock makes')
    .option('--json', 'print the document on standard output')
    .action((path: string, options: ReplayCommandOptions) => replay(path, options, terminal));
}

async function replay(
  path: string,
  { arch, json, until, out, ...options }: ReplayCommandOptions,
  terminal: Terminal,
): Promise<void> {
  const { isLiveFolder } = await import('../../../experiment/live-job/live-folder.ts');
  if (isLiveFolder(path)) {
    const { rehearseFolder } = await import('../../rehearse-folder.ts');
    await rehearseFolder({ folder: path, out, json }, terminal);
    return;
  }
  const { openBundle } = await import('../../../experiment/reproduce/bundle.ts');
  const { replayBundle } = await import('../../../experiment/reproduce/replay/replay.ts');
  const { replayText } = await import('./replay-text.ts');
  const bundle = await openBundle(path, options);
  const found = await replayBundle(bundle, { ...options, at: options.at ?? until, name: arch });
  terminal.print(json ? `${JSON.stringify(found, null, 2)}\n` : replayText(found));
  if (found.slices.isExact === false) terminal.exitCode = EXIT.digest;
}
