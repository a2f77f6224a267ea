/** `backlot report`: renders report or summary again from a result document. */
import { readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Command } from 'commander';
import type { LearnDocument } from '../../../experiment/learn/learn-document.ts';
import { EngineError } from '../../../kernel/errors.ts';
import type { FaultsDocument } from '../../../testing/swarm/campaign/faults-document.ts';
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
  const schema = schemaOf(file);
  if (schema === 'backlot.faults/1') return await reportFaults(file, { out, summary }, terminal);
  if (schema === 'backlot.learn/1') return await reportLearn(file, { out, summary }, terminal);
  const document = readResult(file);
  if (summary) {
    const { renderSummary } = await import('../../../report/summary.ts');
    terminal.print(renderSummary(document, { color: terminal.hasColor, width: terminal.width }));
    return;
  }
  const { renderReport } = await import('../../../report/render-report.ts');
  const target = out ?? join(dirname(file), 'report.html');
  writeReport(target, renderReport(document), terminal);
}

/** A campaign of faults, which is no result of an experiment. */
async function reportFaults(
  file: string,
  { out, summary }: ReportCommandOptions,
  terminal: Terminal,
): Promise<void> {
  const document = JSON.parse(readFileSync(file, 'utf8')) as FaultsDocument;
  if (summary) {
    const { faultsText } = await import('../../faults/faults-text.ts');
    terminal.print(faultsText(document));
    return;
  }
  const { renderFaultsReport } = await import('../../../report/render-report.ts');
  writeReport(out ?? join(dirname(file), 'report.html'), renderFaultsReport(document), terminal);
}

/** Models that were trained from a warehouse. */
async function reportLearn(
  file: string,
  { out, summary }: ReportCommandOptions,
  terminal: Terminal,
): Promise<void> {
  const document = JSON.parse(readFileSync(file, 'utf8')) as LearnDocument;
  if (summary) {
    const { learnText } = await import('../../../report/summary/learn-text.ts');
    terminal.print(learnText(document, { color: terminal.hasColor, width: terminal.width }));
    return;
  }
  const { renderLearnReport } = await import('../../../report/render-report.ts');
  writeReport(out ?? join(dirname(file), 'report.html'), renderLearnReport(document), terminal);
}

/** What a document says it is; undefined where it is none, which its reader will say. */
function schemaOf(file: string): string | undefined {
  try {
    return (JSON.parse(readFileSync(file, 'utf8')) as { schema?: string } | null)?.schema;
  } catch {
    return undefined;
  }
}

function writeReport(target: string, html: string, terminal: Terminal): void {
  try {
    writeFileSync(target, html);
  } catch (cause) {
    const message = `${target}: it cannot be written; choose a writable --out`;
    throw new EngineError('OUTPUT_UNWRITABLE', message, { path: target }, { cause });
  }
  terminal.print(`Report: ${target}\n`);
}
