/** `backlot export`: a result in the formats of other tools, from its raw results alone. */
import { dirname, join } from 'node:path';
import type { Command } from 'commander';
import { EngineError } from '../../../kernel/errors.ts';
import type { Terminal } from '../../terminal.ts';

interface ExportCommandOptions {
  readonly format: string | undefined;
  readonly arch: string | undefined;
  readonly out: string | undefined;
  readonly stepSummary: boolean | undefined;
}

/** Adds the command. */
export function addExportCommand(program: Command, terminal: Terminal): void {
  program
    .command('export')
    .description('write a result for other tools, from its raw results alone')
    .argument('<result>', 'a result directory, or any document that --json printed')
    .option(
      '--format <names>',
      'all, or some of json, ndjson, csv, junit, markdown, otlp, perfetto, openmetrics, hdr',
    )
    .option('--arch <names>', 'only these architectures or variants')
    .option('--out <place>', 'a folder, a file, or - for standard output; default: exports/ beside')
    .option('--step-summary', 'append Markdown to the file that GITHUB_STEP_SUMMARY names')
    .action((path: string, options: ExportCommandOptions) => exportResult(path, options, terminal));
}

async function exportResult(
  path: string,
  options: ExportCommandOptions,
  terminal: Terminal,
): Promise<void> {
  const { readDocument } = await import('../../../export/read-document.ts');
  const { narrowDocument } = await import('../../../export/narrow-document.ts');
  const { exportAs, formatsNamed } = await import('../../../export/formats.ts');
  const { exportPath, writeWhole } = await import('../../../export/write-exports.ts');
  const { commandOf } = await import('../../../export/document-name.ts');
  const { format, arch, out, stepSummary } = options;
  if (format === undefined && stepSummary !== true) {
    throw usage('--format', 'name one or several formats, or all; or ask for --step-summary');
  }
  const read = readDocument(path);
  const { sources } = read;
  const document = narrowDocument(read.document, listed(arch));
  const formats = format === undefined ? [] : formatsNamed(format, document, sources);
  const isOnly = formats.length === 1;
  if (out === '-' && !isOnly) throw usage('--out -', 'standard output takes one format at a time');
  // All are rendered before any is written: a refusal leaves nothing behind.
  const texts = formats.map((one) => ({ ...one, text: exportAs(one, document, sources) }));
  if (stepSummary) await appendSummary({ document, sources }, terminal);
  const folder = out ?? join(dirname(read.path), 'exports');
  for (const { text, extension, name } of texts) {
    if (out === '-') {
      terminal.print(text);
      continue;
    }
    const place = { extension, isOnly: isOnly && out !== undefined };
    const target = exportPath(folder, commandOf(document), place);
    writeWhole(target, text);
    terminal.print(`${name}: ${target}\n`);
  }
}

async function appendSummary(
  read: Pick<
    Awaited<ReturnType<typeof import('../../../export/read-document.ts')['readDocument']>>,
    'document' | 'sources'
  >,
  terminal: Terminal,
): Promise<void> {
  const { MARKDOWN } = await import('../../../export/formats/markdown.ts');
  const { appendTo } = await import('../../../export/write-exports.ts');
  const target = process.env['GITHUB_STEP_SUMMARY'] ?? '';
  if (target === '') {
    throw usage('--step-summary', 'GITHUB_STEP_SUMMARY is not set; use --format markdown instead');
  }
  appendTo(target, MARKDOWN.render(read.document, read.sources));
  terminal.complain('Step summary: appended');
}

function listed(text: string | undefined): readonly string[] {
  return text === undefined || text === 'all' ? [] : text.split(',').map((name) => name.trim());
}

function usage(argument: string, rule: string): EngineError {
  return new EngineError('CLI_USAGE', `${argument}: ${rule}`, { argument });
}
