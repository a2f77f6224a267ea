/** `backlot diff`: the first event and draw in which two results part, and what that did. */
import type { Command } from 'commander';
import { EngineError } from '../../../kernel/errors.ts';
import { EXIT } from '../../exit-codes.ts';
import { parseCount } from '../../options.ts';
import type { Terminal } from '../../terminal.ts';
import { addMovedInputs, type MovedInputs } from './moved-inputs.ts';

interface DiffCommandOptions extends MovedInputs {
  readonly arch: string | undefined;
  readonly context: number;
  readonly expectEqual: boolean | undefined;
  readonly json: boolean | undefined;
}

/** Adds the command. */
export function addDiffCommand(program: Command, terminal: Terminal): void {
  addMovedInputs(program.command('diff'))
    .argument('<a>', 'a result directory, or the document in it')
    .argument('[b]', 'another one; left out, two architectures or variants of the first')
    .description('find the first event and draw in which two results part, and compare metrics')
    .option('--arch <names>', 'a name that both have, or two: the one of a, the other of b')
    .option('--context <number>', 'events shown before and after', parseCount, 20)
    .option('--expect-equal', 'exit with 6 where they differ')
    .option('--json', 'print the document of the comparison on standard output')
    .action((a: string, b: string | undefined, options: DiffCommandOptions) =>
      diff([a, b], options, terminal),
    );
}

async function diff(
  [pathA, pathB]: readonly [string, string | undefined],
  options: DiffCommandOptions,
  terminal: Terminal,
): Promise<void> {
  const pair = pairOf(options.arch);
  if (pathB === undefined && (pair === undefined || pair[0] === pair[1])) {
    const message = 'one result alone: name two of its architectures or variants, --arch a,b';
    throw new EngineError('CLI_USAGE', message, { argument: pathA });
  }
  const { openBundle } = await import('../../../experiment/reproduce/bundle.ts');
  const { diffBundles } = await import('../../../experiment/reproduce/diff.ts');
  const { diffText } = await import('./diff-text.ts');
  const a = await openBundle(pathA, options);
  const b = pathB === undefined ? a : await openBundle(pathB, options);
  const { context } = options;
  const onPair = (one: string, other: string) => terminal.progress(`comparing ${one}, ${other}`);
  const found = await diffBundles(a, b, { pair, context, onPair });
  terminal.endProgress();
  terminal.print(options.json ? `${JSON.stringify(found, null, 2)}\n` : diffText(found));
  if (options.expectEqual === true && !found.isEqual) terminal.exitCode = EXIT.digest;
}

function pairOf(names: string | undefined): readonly [string, string] | undefined {
  if (names === undefined) return undefined;
  const [a = '', b = a, ...more] = names.split(',').map((name) => name.trim());
  if (more.length === 0 && a !== '' && b !== '') return [a, b];
  const message = `--arch ${names}: give one name, or two with a comma between them`;
  throw new EngineError('CLI_USAGE', message, { argument: names });
}
