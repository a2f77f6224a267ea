/** `backlot backfill`: a lake's raw events through the pipeline again, into new results that take
 * the place of the old ones at once. */
import { type Command, InvalidArgumentError } from 'commander';
import type { BackfillDocument } from '../../../experiment/result.ts';
import { collect, loadPlans, pipelineLines } from '../../plan-files.ts';
import type { Terminal } from '../../terminal.ts';

interface BackfillCommandOptions {
  readonly warehouse: string;
  readonly from: number | undefined;
  readonly to: number | undefined;
  readonly pipeline: readonly string[];
  readonly json: boolean | undefined;
}

/** Adds the command. */
export function addBackfillCommand(program: Command, terminal: Terminal): void {
  program
    .command('backfill')
    .argument('<lake>', 'a lake that `ingest --lake` or `run --lake` wrote')
    .description(
      "reprocess a lake's raw events; the warehouse is replaced as a whole, or not at all",
    )
    .requiredOption('--warehouse <file>', 'SQLite file whose results are replaced')
    .option(
      '--from <time>',
      'only events that came in from then on, like 2026-11-20T20:00Z',
      parseTime,
    )
    .option('--to <time>', 'only events that came in before', parseTime)
    .option('--pipeline <file>', 'a plan over enriched events too; may be repeated', collect, [])
    .option('--json', 'print the result document on standard output')
    .action((lake: string, options: BackfillCommandOptions) => backfill(lake, options, terminal));
}

async function backfill(
  lake: string,
  options: BackfillCommandOptions,
  terminal: Terminal,
): Promise<void> {
  // DuckDB takes a while to load: help and usage errors do not wait for it.
  const { backfillLake } = await import('../../../experiment/backfill/backfill.ts');
  const document = await backfillLake({
    lake,
    warehousePath: options.warehouse,
    fromUs: options.from,
    toUs: options.to,
    pipelines: await loadPlans(options.pipeline),
  });
  terminal.print(
    options.json
      ? `${JSON.stringify(document, null, 2)}\n`
      : summaryOf(document, options.warehouse),
  );
}

/** A time of day is UTC where it does not say otherwise. @returns µs since the Unix epoch. */
function parseTime(text: string): number {
  const hasZone = /(?:Z|[+-]\d\d:?\d\d)$/i.test(text);
  const ms = Date.parse(hasZone || !text.includes('T') ? text : `${text}Z`);
  if (/^\d{4}-\d\d-\d\d/.test(text) && Number.isFinite(ms)) return ms * 1_000;
  throw new InvalidArgumentError(`"${text}" is no time; write it like 2026-11-20T20:00Z`);
}

function summaryOf(document: BackfillDocument, warehouse: string): string {
  const number = (value: number) => value.toLocaleString('en-US');
  const { ledger, isUnchanged } = document;
  return [
    `Lake        version ${document.lakeVersion}, ${document.sources.join(', ')}`,
    `Read        ${number(document.read)} raw records`,
    `Stored      ${number(document.stored)} facts, ${number(document.plays)} plays, ` +
      `${number(document.impressions)} impressions`,
    `Bad rows    ${number(document.badRows)}`,
    `Duplicates  ${number(document.duplicates)}`,
    `Late        ${number(document.lateEvents)} events (stored all the same)`,
    ...pipelineLines(document.pipelines).map(([label, text]) => label.padEnd(12) + text),
    `Ledger      in ${number(ledger.events.in)} = out ${number(ledger.events.out)} + dropped ` +
      `${number(ledger.events.dropped)} + residual ${number(ledger.events.residual)}`,
    `Warehouse   ${warehouse}${isUnchanged ? ': as it was, to the byte' : ''}`,
    '',
  ].join('\n');
}
