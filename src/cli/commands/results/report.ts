/** `backlot report`: renders report or summary again from a result document. */
import { writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Command } from 'commander';
import { EngineError } from '../../../kernel/errors.ts';
import type { Terminal } from '../../terminal.ts';

interface ReportCommandOptions {
  readonly out: string | undefined;
  readonly summary: boolean | undefined;
}

/** Adds the command. */
export function addReportCommand(program: Command, terminal: Terminal): void {
  program
    .command('report')
    .description('render the report of a result again, from its document alone')
    .argument('<result>', 'a result directory, or a document')
    .option('--out <file>', 'the HTML file; default: report.html beside the document')
    .option('--summary', 'print the text summary instead')
    .action((path: string, options: ReportCommandOptions) => report(path, options, terminal));
}

async function report(
  path: string,
  { out, summary }: ReportCommandOptions,
  terminal: Terminal,
): Promise<void> {
  const { documentFile } = await import('../../../experiment/reproduce/bundle.ts');
  const { readResult } = await import('../../../experiment/reproduce/read-result.ts');
  const file = documentFile(path);
  const document = readResult(file);
  if (summary) {
    const { renderSummary } = await import('../../../report/summary.ts');
    terminal.print(renderSummary(document, { color: terminal.hasColor, width: terminal.width }));
    return;
  }
  const { renderReport } = await import('../../../report/render-report.ts');
  const target = out ?? join(dirname(file), 'report.html');
  const html = renderReport(document);
  try {
    writeFileSync(target, html);
  } catch (cause) {
    const message = `${target}: it cannot be written; choose a writable --out`;
    throw new EngineError('OUTPUT_UNWRITABLE', message, { path: target }, { cause });
  }
  terminal.print(`Report: ${target}\n`);
}
