/** What commands that run scenarios have in common: work in a directory in the making, write
 * document and report into it, publish it, say where it lies. Whatever goes wrong, an
 * interruption from the keyboard included, the directory in the making is gone. Work that can be
 * stopped is asked to at the first interruption, and what it has is published. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type PendingDirectory, prepareDirectory } from '../experiment/io/output-directory.ts';
import type { ResultDocument } from '../experiment/reproduce/read-result.ts';
import type { CompareDocument, RunDocument } from '../experiment/result.ts';
import { renderReport } from '../report/render-report.ts';
import type { SummaryOptions } from '../report/summary/summary-options.ts';
import { renderSummary } from '../report/summary.ts';
import { EXIT } from './exit-codes.ts';
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

/** How a document is shown. */
export interface Rendering<D> {
  /** The HTML report; undefined where there is none. */
  readonly report: ((document: D) => string) | undefined;
  readonly summary: (document: D, options: SummaryOptions) => string;
}

/** Work that publishes. */
export interface Work<D> {
  readonly rendering: Rendering<D>;
  /** Makes the document, or none where all there is lies in files.
   * @param signal - Aborted at the first interruption; undefined where `isStoppable` is false. */
  readonly perform: (directory: string, signal: AbortSignal) => Promise<D | undefined>;
  /** Whether the work ends soon after its signal. Otherwise an interruption ends the process. */
  readonly isStoppable: boolean;
  /** Called when the directory has its name. */
  readonly onPublished?: (() => void) | undefined;
}

/** How documents are shown. */
export const RESULT_RENDERING: Rendering<ResultDocument> = {
  report: renderReport,
  summary: renderSummary,
};

/** Does the work and publishes its document.
 * @throws EngineError `OUTPUT_UNWRITABLE`, and as the work does. */
export async function publish(
  options: PublishOptions,
  work: (directory: string) => Promise<RunDocument | CompareDocument>,
): Promise<void> {
  await publishWork(options, { rendering: RESULT_RENDERING, perform: work, isStoppable: false });
}

/** Does the work and publishes what it makes.
 * @throws EngineError `OUTPUT_UNWRITABLE`, and as the work does. */
export async function publishWork<D>(options: PublishOptions, work: Work<D>): Promise<void> {
  const { terminal } = options;
  const started = performance.now();
  let directory: PendingDirectory | undefined;
  // Listening before there is anything to remove: an interruption can come at any moment.
  const interruption = listenForInterruption({
    isStoppable: work.isStoppable,
    terminal,
    quit: () => directory?.discard(),
  });
  try {
    directory = prepareDirectory(options.target);
    const document = await work.perform(directory.path, interruption.signal);
    if (document !== undefined) writeResults(directory.path, document, { ...options, ...work });
    const published = directory.publish();
    work.onPublished?.();
    terminal.endProgress();
    if (document === undefined) return;
    const seconds = (performance.now() - started) / 1_000;
    show(document, { ...options, ...work, published, seconds });
  } finally {
    interruption.stopListening();
    terminal.endProgress();
    directory?.discard();
  }
}

function writeResults<D>(
  path: string,
  document: D,
  { fileName, report, rendering }: PublishOptions & Work<D>,
): void {
  writeFileSync(join(path, fileName), jsonOf(document));
  if (!report || rendering.report === undefined) return;
  writeFileSync(join(path, 'report.html'), rendering.report(document));
}

function show<D>(
  document: D,
  options: PublishOptions & Work<D> & { readonly published: string; readonly seconds: number },
): void {
  const { terminal, rendering, published, fileName } = options;
  if (options.json) {
    terminal.print(jsonOf(document));
    return;
  }
  terminal.print(rendering.summary(document, { color: terminal.hasColor, width: terminal.width }));
  const hasReport = options.report && rendering.report !== undefined;
  const [what, file] = hasReport ? ['Report', 'report.html'] : ['Results', fileName];
  const took = options.seconds.toFixed(1);
  terminal.print(`\nDone in ${took} s. ${what}: ${join(published, file)}\n`);
}

function jsonOf(document: unknown): string {
  return `${JSON.stringify(document, null, 2)}\n`;
}

/** Ctrl-C, and what clusters and `timeout` send. */
const INTERRUPTIONS = ['SIGINT', 'SIGTERM'] as const;

/** Listens for interruptions: the first one aborts the signal where the work can be stopped; the
 * next, or the first where it cannot, ends the process at once. */
export function listenForInterruption(options: {
  readonly isStoppable: boolean;
  readonly terminal: Terminal;
  readonly quit: () => void;
}): { readonly signal: AbortSignal; readonly stopListening: () => void } {
  const controller = new AbortController();
  const interrupt = () => {
    if (!options.isStoppable || controller.signal.aborted) {
      options.quit();
      process.exit(EXIT.interrupted);
    }
    options.terminal.endProgress();
    options.terminal.complain(
      'Stopping: what there is will be written. Ctrl-C again quits at once',
    );
    options.terminal.exitCode = EXIT.interrupted;
    controller.abort('interrupted');
  };
  for (const name of INTERRUPTIONS) process.on(name, interrupt);
  return {
    signal: controller.signal,
    stopListening: () => {
      for (const name of INTERRUPTIONS) process.removeListener(name, interrupt);
    },
  };
}
