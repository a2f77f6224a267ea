/** `backlot ingest`: a historical file into a warehouse, with a progress bar on a terminal. */
import { basename, join } from 'node:path';
import { SingleBar } from 'cli-progress';
import { type Command, Option } from 'commander';
import { INGEST_FORMATS, type IngestFormat } from '../../../experiment/ingest/rows.ts';
import { renderIngestSummary } from '../../ingest-summary.ts';
import { collect, loadPlans } from '../../plan-files.ts';
import type { Terminal } from '../../terminal.ts';

interface IngestCommandOptions {
  readonly format: IngestFormat | undefined;
  readonly warehouse: string | undefined;
  readonly lake: string | undefined;
  readonly pipeline: readonly string[];
  readonly json: boolean | undefined;
}

/** Adds the command. */
export function addIngestCommand(program: Command, terminal: Terminal): void {
  program
    .command('ingest')
    .argument('<file>', 'access log, NDJSON, CSV, Parquet, Segment or Snowplow; .gz too')
    .description('send a historical file through the pipeline into a warehouse')
    .addOption(
      new Option('--format <format>', 'instead of telling it by content').choices(INGEST_FORMATS),
    )
    .option('--warehouse <file>', 'SQLite file, made if missing')
    .option('--lake <directory>', 'write raw and curated events as Parquet too; made if missing')
    .option('--pipeline <file>', 'a plan over enriched events too; may be repeated', collect, [])
    .option('--json', 'print the result document on standard output')
    .action((path: string, options: IngestCommandOptions) => ingest(path, options, terminal));
}

async function ingest(
  path: string,
  options: IngestCommandOptions,
  terminal: Terminal,
): Promise<void> {
  const warehousePath =
    options.warehouse ?? join('backlot-runs', 'ingest', `${basename(path)}.sqlite`);
  // Loaded for those who ingest: help and usage errors do not wait for it.
  const { ingestFile } = await import('../../../experiment/ingest/ingest-file.ts');
  const bar = terminal.isInteractive ? createBar() : undefined;
  try {
    const document = await ingestFile({
      path,
      format: options.format,
      warehousePath,
      lake: options.lake,
      pipelines: await loadPlans(options.pipeline),
      onProgress: (read, total, records) => bar?.update(read, total, records),
    });
    bar?.stop();
    terminal.print(
      options.json
        ? `${JSON.stringify(document, null, 2)}\n`
        : `${renderIngestSummary(document)}Warehouse: ${warehousePath}\n`,
    );
  } finally {
    bar?.stop();
  }
}

/** A bar over the file's bytes, on standard error. */
function createBar() {
  const bar = new SingleBar({
    format: '{bar} {percentage} % · {records} records · {eta_formatted} left',
    stream: process.stderr,
    clearOnComplete: true,
  });
  const state = { isStarted: false };
  return {
    update(read: number, total: number, records: number) {
      if (!state.isStarted) bar.start(total, 0, { records: 0 });
      state.isStarted = true;
      bar.update(read, { records });
    },
    stop() {
      if (state.isStarted) bar.stop();
      state.isStarted = false;
    },
  };
}
