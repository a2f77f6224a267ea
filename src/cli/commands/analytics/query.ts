/** `backlot query`: metrics by name, or SQL, on a warehouse or a lake. Rows go to standard output,
 * everything that is to be known of them to standard error. Spec: S127–S131. */
import { readFileSync } from 'node:fs';
import { type Command, Option } from 'commander';
import type { QueryDocument } from '../../../experiment/query/query-document.ts';
import type { QuerySource } from '../../../experiment/query/query-source.ts';
import { EngineError } from '../../../kernel/errors.ts';
import { EXIT } from '../../exit-codes.ts';
import { append, parseCount } from '../../options.ts';
import type { Terminal } from '../../terminal.ts';

const FORMATS = ['table', 'json', 'csv', 'ndjson'] as const;

interface QueryCommandOptions {
  readonly metric: readonly string[] | undefined;
  readonly sql: string | undefined;
  readonly file: string | undefined;
  readonly where: string | undefined;
  readonly format: (typeof FORMATS)[number];
  readonly json: boolean | undefined;
  readonly limit: number | undefined;
  readonly titles: string | undefined;
  readonly list: boolean | undefined;
}

/** Adds the command. */
export function addQueryCommand(program: Command, terminal: Terminal): void {
  program
    .command('query')
    .argument('<source>', 'a warehouse (*.sqlite), a lake, or a folder that holds one of them')
    .description('ask a warehouse or a lake: metrics by name, or SQL; nothing is changed')
    .option('--metric <name>', 'a metric of docs/METRICS.md; may be given several times', append)
    .option('--sql <text>', 'one question in SQL: of SQLite, or of DuckDB on a lake')
    .option('--file <file>', 'the question is in this file; -: on standard input')
    .option('--where <condition>', 'metrics of only the events for which this SQL holds')
    .addOption(
      new Option('--format <format>', 'how rows are printed').choices(FORMATS).default('table'),
    )
    .option('--json', 'the same as --format json')
    .option('--limit <number>', 'most rows of an answer (default: 10000)', parseCount)
    .option('--titles <warehouse>', 'a lake: where running times and releases are')
    .option('--list', 'what can be asked: metrics with words and units, tables with columns')
    .action((path: string, options: QueryCommandOptions) => query(path, options, terminal));
}

async function query(
  path: string,
  options: QueryCommandOptions,
  terminal: Terminal,
): Promise<void> {
  const sql = questionOf(options);
  const format = options.json === true ? 'json' : options.format;
  checkOptions(options, sql, format);
  // Loaded for those who ask: help and usage errors do not wait for it.
  const { openQuerySource } = await import('../../../experiment/query/query-source.ts');
  const { listQueries, performQuery } = await import('../../../experiment/query/perform-query.ts');
  const text = await import('./query-text.ts');
  const source = await openQuerySource(path, { titles: options.titles });
  try {
    if (options.list === true) {
      const list = await listQueries(source);
      terminal.print(format === 'json' ? text.jsonText(list) : text.listText(list, terminal.width));
      return;
    }
    const { metric: metrics, where, limit } = options;
    const document = await performQuery(source, { metrics, sql, where, limit });
    tell(source, document, terminal);
    terminal.print(text.queryText(document, format, terminal.width));
  } finally {
    source.close();
  }
}

/** Notes, each a line; a metric that found nothing is an answer without data. */
function tell(source: QuerySource, { answers }: QueryDocument, terminal: Terminal): void {
  for (const note of source.notes) terminal.complain(`note: ${note}`);
  for (const { metric, notes, hasData } of answers) {
    for (const note of notes) terminal.complain(`note: ${note}`);
    if (metric !== null && !hasData) terminal.exitCode = EXIT.inconclusive;
  }
}

function questionOf({ sql, file }: QueryCommandOptions): string | undefined {
  if (file === undefined) return sql;
  if (sql !== undefined) throw usage('--file', 'give the question once: as --sql or as --file');
  try {
    return readFileSync(file === '-' ? 0 : file, 'utf8');
  } catch (cause) {
    const message = `${file}: it cannot be read; name a file with one question in SQL`;
    throw new EngineError('INPUT_UNREADABLE', message, { path: file }, { cause });
  }
}

function checkOptions(
  { metric = [], where, list }: QueryCommandOptions,
  sql: string | undefined,
  format: QueryCommandOptions['format'],
): void {
  const count = metric.length + Number(sql !== undefined);
  if (list === true) {
    if (count > 0) throw usage('--list', 'it shows what can be asked: leave the question out');
    return;
  }
  if (count === 0) throw usage('--metric', 'ask something: --metric, --sql or --file; or --list');
  if (count > 1 && format === 'csv') {
    throw usage('--format', 'a CSV holds one table: ask one question, or take json or ndjson');
  }
  if (where !== undefined && metric.length === 0) {
    throw usage('--where', 'it is for metrics: write the condition into the SQL');
  }
}

function usage(argument: string, reason: string): EngineError {
  return new EngineError('CLI_USAGE', `${argument}: ${reason}`, { argument });
}
