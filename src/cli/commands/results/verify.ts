/** `backlot verify`: runs a result again in a fresh process and holds it to the recording. */
import type { Command } from 'commander';
import type { VerifyDocument } from '../../../experiment/reproduce/verify/verify.ts';
import { EXIT } from '../../exit-codes.ts';
import { parseCount } from '../../options.ts';
import type { Terminal } from '../../terminal.ts';
import { addMovedInputs, type MovedInputs } from './moved-inputs.ts';

interface VerifyCommandOptions extends MovedInputs {
  readonly times: number;
  readonly all: boolean | undefined;
  readonly threads: number | undefined;
  readonly json: boolean | undefined;
}

/** Adds the command. */
export function addVerifyCommand(program: Command, terminal: Terminal): void {
  addMovedInputs(program.command('verify'))
    .argument('<result>', 'a result directory, or the document in it')
    .description('run a result again in a fresh process: the same digests, document and balances?')
    .option('--times <number>', 'fresh processes, one after the other', parseCount, 1)
    .option('--all', 'all replications of a comparison, not a sample')
    .option('--threads <number>', 'worker threads', parseCount)
    .option('--json', 'print the document of the check on standard output')
    .action((path: string, options: VerifyCommandOptions) => verify(path, options, terminal));
}

async function verify(
  path: string,
  options: VerifyCommandOptions,
  terminal: Terminal,
): Promise<void> {
  const { openBundle } = await import('../../../experiment/reproduce/bundle.ts');
  const { verifyBundle } = await import('../../../experiment/reproduce/verify/verify.ts');
  const { verifyText } = await import('./verify-text.ts');
  const bundle = await openBundle(path, options);
  const { times, all, threads } = options;
  const found = await verifyBundle(bundle, {
    times,
    all,
    threads,
    onRerun: (n, of) => terminal.progress(`running it again, ${n} of ${of}`),
  });
  terminal.endProgress();
  terminal.print(options.json ? `${JSON.stringify(found, null, 2)}\n` : verifyText(found));
  terminal.exitCode = exitCodeOf(found);
}

function exitCodeOf({ verdict }: VerifyDocument) {
  if (verdict === 'unbalanced') return EXIT.invariant;
  return verdict === 'diverged' ? EXIT.digest : EXIT.ok;
}
