/** What commands that run scenarios have in common: work in a directory in the making, write
 * document and report into it, publish it, say where it lies. Whatever goes wrong, an
 * interruption from the keyboard included, the directory in the making is gone. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type PendingDirectory, prepareDirectory } from '../experiment/io/output-directory.ts';
import type { CompareDocument, RunDocument } from '../experiment/result.ts';
import { renderReport } from '../report/render-report.ts';
import { renderSummary } from '../report/summary.ts';
import type { Terminal } from './terminal.ts';

/** How to publish. */
export interface PublishOptions {
  /** The directory that appears. */
  readonly target: string;
  /** The document's file in it. */
  readonly fileName: string;
  /** Whether `report.html` is written too. */
  readonly report: boolean;
  /** Whether the document, and nothing else, goes to standard output. */
  readonly json: boolean;
  readonly terminal: Terminal;
}

/** Exit code of a process that a SIGINT ended: 128 + 2. */
const INTERRUPTED = 130;

/** Does the work and publishes its document.
 * @throws EngineError `OUTPUT_UNWRITABLE`, and as the work does. */
export async function publish(
  options: PublishOptions,
  work: (directory: string) => Promise<RunDocument | CompareDocument>,
): Promise<void> {
  const { terminal } = options;
  const started = performance.now();
  let directory: PendingDirectory | undefined;
  // Listening before there is anything to remove: an interruption can come at any moment.
  const interrupt = () => {
    directory?.discard();
    process.exit(INTERRUPTED);
  };
  process.once('SIGINT', interrupt);
  try {
    directory = prepareDirectory(options.target);
    const document = await work(directory.path);
    const json = `${JSON.stringify(document, null, 2)}\n`;
    writeFileSync(join(directory.path, options.fileName), json);
    if (options.report) {
      writeFileSync(join(directory.path, 'report.html'), renderReport(document));
    }
    const published = directory.publish();
    terminal.endProgress();
    if (options.json) {
      terminal.print(json);
      return;
    }
    terminal.print(renderSummary(document, { color: terminal.hasColor, width: terminal.width }));
    const seconds = ((performance.now() - started) / 1_000).toFixed(1);
    const [what, file] = options.report ? ['Report', 'report.html'] : ['Results', options.fileName];
    terminal.print(`\nDone in ${seconds} s. ${what}: ${join(published, file)}\n`);
  } finally {
    process.removeListener('SIGINT', interrupt);
    terminal.endProgress();
    directory?.discard();
  }
}
