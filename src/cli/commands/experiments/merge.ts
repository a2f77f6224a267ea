/** `backlot merge`: the journals of shards, joined into the document of one whole campaign. */
import type { Command } from 'commander';
import type { Terminal } from '../../terminal.ts';

interface MergeCommandOptions {
  readonly out: string;
  readonly report: boolean;
  readonly json: boolean | undefined;
}

/** Adds the command. */
export function addMergeCommand(program: Command, terminal: Terminal): void {
  program
    .command('merge')
    .description('join the journals of shards (--shard i/n) into one result')
    .argument('<directories...>', 'results of the shards')
    .requiredOption('--out <directory>', 'where the result is written')
    .option('--no-report', 'write no HTML report')
    .option('--json', 'print the result document on standard output')
    .action((directories: readonly string[], options: MergeCommandOptions) =>
      merge(directories, options, terminal),
    );
}

async function merge(
  directories: readonly string[],
  options: MergeCommandOptions,
  terminal: Terminal,
): Promise<void> {
  // Loaded for those who merge: help and usage errors do not wait for it.
  const { mergeJournals } = await import('../../../experiment/campaign/merge-journals.ts');
  const { withAnswer } = await import('../../campaign/answers.ts');
  const { publishMerged } = await import('../../campaign/publish-merged.ts');
  const merged = mergeJournals(directories);
  const { out: target, report, json = false } = options;
  await withAnswer(merged.campaign, (answer) =>
    publishMerged(merged, answer, { target, report, json, terminal }),
  );
}
