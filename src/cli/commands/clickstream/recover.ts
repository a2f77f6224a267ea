/** `backlot recover`: bad rows of a warehouse, patched and replayed. */
import type { Command } from 'commander';
import type { RecoverDocument } from '../../../experiment/recover/recover.ts';
import type { Terminal } from '../../terminal.ts';

interface RecoverCommandOptions {
  readonly patch: string | undefined;
  readonly stage: string | undefined;
  readonly reason: string | undefined;
  readonly source: string | undefined;
  readonly dryRun: boolean | undefined;
  readonly json: boolean | undefined;
}

/** Adds the command. */
export function addRecoverCommand(program: Command, terminal: Terminal): void {
  program
    .command('recover')
    .argument('<warehouse>', 'a warehouse file with bad rows')
    .description('patch bad rows and send them through the pipeline again')
    .option('--patch <file>', 'which rows, and steps that set, rename, cast or delete fields')
    .option('--stage <name>', 'only rows that this stage refused')
    .option('--reason <text>', 'only rows with this reason')
    .option('--source <name>', 'only rows of this source')
    .option('--dry-run', 'tell what would happen and change nothing')
    .option('--json', 'print the result document on standard output')
    .action((path: string, options: RecoverCommandOptions) => recover(path, options, terminal));
}

async function recover(
  warehousePath: string,
  options: RecoverCommandOptions,
  terminal: Terminal,
): Promise<void> {
  // Loaded for those who recover: help and usage errors do not wait for it.
  const [{ recoverBadRows }, { NO_PATCH, readPatch }] = await Promise.all([
    import('../../../experiment/recover/recover.ts'),
    import('../../../experiment/recover/patch.ts'),
  ]);
  const { stage, reason, source } = options;
  const document = await recoverBadRows({
    warehousePath,
    patch: options.patch === undefined ? NO_PATCH : readPatch(options.patch),
    filter: { stage, reason, source },
    isDryRun: options.dryRun ?? false,
  });
  terminal.print(options.json ? `${JSON.stringify(document, null, 2)}\n` : summaryOf(document));
}

function summaryOf(document: RecoverDocument): string {
  const { ledger, reasons } = document;
  const left = Object.entries(reasons).map(([reason, rows]) => `${reason}: ${rows}`);
  const lines: readonly (readonly [string, string])[] = [
    ['Warehouse', `${document.warehouse}${document.isDryRun ? ' (dry run)' : ''}`],
    ['Selected', `${document.selected} bad rows`],
    ['Recovered', `${document.recovered} events, ${document.duplicates} duplicates`],
    ['Left', `${document.stillBad} still bad, ${document.notRecoverable} not recoverable`],
    ['Reasons', left.join(', ') || 'none'],
    [
      'Ledger',
      `bad ${ledger.badRowsBefore} = facts ${ledger.factsGained} + duplicates ` +
        `${ledger.duplicates} + bad ${ledger.badRowsAfter} + residual ${ledger.residual}`,
    ],
  ];
  return lines.map(([label, text]) => `${label.padEnd(12)}${text}\n`).join('');
}
