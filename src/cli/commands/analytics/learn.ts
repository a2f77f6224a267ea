/** `backlot learn`: trains models of taste from a warehouse, and judges them on its future. */
import { existsSync, writeFileSync } from 'node:fs';
import { type Command, InvalidArgumentError } from 'commander';
import { EngineError } from '../../../kernel/errors.ts';
import { parseCount, parseSeed } from '../../options.ts';
import type { Terminal } from '../../terminal.ts';

interface LearnCommandOptions {
  readonly cut: { readonly share: number } | { readonly atUs: number; readonly text: string };
  readonly k: number;
  readonly models: readonly string[] | undefined;
  readonly seed: number;
  readonly testLeakage: boolean | undefined;
  readonly json: boolean | undefined;
  readonly report: string | undefined;
}

const DEFAULT_CUT = { share: 0.8 };

/** Adds the command. */
export function addLearnCommand(program: Command, terminal: Terminal): void {
  program
    .command('learn')
    .description('train models of taste from a warehouse, and judge them on what came after a cut')
    .argument('<warehouse>', 'a warehouse that `run`, `policies`, `ingest` or `backfill` wrote')
    .option(
      '--cut <share or time>',
      'share of the plays to learn from, like 0.8 (default), or a time, like 2026-11-20T20:00Z',
      parseCut,
      DEFAULT_CUT,
    )
    .option('--k <number>', 'length of lists', parseCount, 10)
    .option('--models <names>', 'names apart by commas; default: all', parseNames)
    .option('--seed <number>', 'of what training draws', parseSeed, 1)
    .option('--test-leakage', 'train again with another future: nothing may change')
    .option('--report <file>', 'write the HTML report there')
    .option('--json', 'print the document on standard output')
    .action((path: string, options: LearnCommandOptions) => learnFrom(path, options, terminal));
}

async function learnFrom(
  path: string,
  options: LearnCommandOptions,
  terminal: Terminal,
): Promise<void> {
  if (!existsSync(path)) {
    const remedy = 'name a warehouse, like warehouse-federated.sqlite in a result’s directory';
    throw new EngineError('INPUT_UNREADABLE', `${path}: there is no such file; ${remedy}`, {
      path,
    });
  }
  const { openWarehouse } = await import('../../../storage/warehouse.ts');
  const { learn } = await import('../../../experiment/learn/learn.ts');
  const warehouse = openWarehouse({ path });
  try {
    const started = performance.now();
    const document = learn({
      ...options,
      warehouse,
      path,
      testLeakage: options.testLeakage === true,
      replayCommand: replayOf(path, options),
      onStep: (step) => {
        const seconds = (performance.now() - started) / 1_000;
        terminal.progress(`${step} … (${seconds.toFixed(1)} s)`);
      },
    });
    terminal.endProgress();
    if (options.report !== undefined) {
      const { renderLearnReport } = await import('../../../report/render-report.ts');
      writeReport(options.report, renderLearnReport(document));
    }
    await show(document, options, terminal);
  } finally {
    warehouse.close();
  }
}

async function show(
  document: import('../../../experiment/learn/learn-document.ts').LearnDocument,
  { json, report }: LearnCommandOptions,
  terminal: Terminal,
): Promise<void> {
  if (json === true) {
    terminal.print(`${JSON.stringify(document, null, 2)}\n`);
    return;
  }
  const { learnText } = await import('../../../report/summary/learn-text.ts');
  terminal.print(learnText(document, { color: terminal.hasColor, width: terminal.width }));
  if (report !== undefined) terminal.print(`Report: ${report}\n`);
}

function writeReport(target: string, html: string): void {
  try {
    writeFileSync(target, html);
  } catch (cause) {
    const message = `${target}: it cannot be written; choose a writable --report`;
    throw new EngineError('OUTPUT_UNWRITABLE', message, { path: target }, { cause });
  }
}

function replayOf(path: string, { cut, k, models, seed }: LearnCommandOptions): string {
  return [
    `npx backlot learn ${path}`,
    `--cut ${'text' in cut ? cut.text : cut.share}`,
    `--k ${k}`,
    ...(models === undefined ? [] : [`--models ${models.join(',')}`]),
    `--seed ${seed}`,
  ].join(' ');
}

function parseNames(text: string): readonly string[] {
  const names = text.split(',').map((name) => name.trim());
  return [...new Set(names)].filter((name) => name !== '');
}

/** A number between 0 and 1, or a time; UTC where it does not say otherwise. */
function parseCut(text: string): LearnCommandOptions['cut'] {
  const share = Number(text);
  if (text.trim() !== '' && share > 0 && share < 1) return { share };
  const hasZone = /(?:Z|[+-]\d\d:?\d\d)$/i.test(text);
  const ms = Date.parse(hasZone || !text.includes('T') ? text : `${text}Z`);
  if (/^\d{4}-\d\d-\d\d/.test(text) && Number.isFinite(ms)) return { atUs: ms * 1_000, text };
  throw new InvalidArgumentError(
    `"${text}" is neither a share between 0 and 1 nor a time like 2026-11-20T20:00Z`,
  );
}
