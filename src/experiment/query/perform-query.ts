/** Asks a warehouse or a lake: metrics by name, or SQL. The order of rows is the question's
 * business; where a limit stands without one, the answer says so. Spec: S127–S131. */
import { basename } from 'node:path';
import type { SqlAnswer, SqlTrouble, SqlValue } from '../../domain/stored/sql-answer.ts';
import { hasLimitWithoutOrder, hasOrder } from '../../domain/stored/sql-text.ts';
import { EngineError, nearestName } from '../../kernel/errors.ts';
import { PORTABLE_METRICS } from '../../storage/metrics/catalogue.ts';
import { PACKAGE_VERSION } from '../version.ts';
import type {
  QueryAnswer,
  QueryDocument,
  QueryListDocument,
  QueryValue,
} from './query-document.ts';
import type { QuerySource } from './query-source.ts';

/** What to ask. */
export interface QueryRequest {
  readonly metrics?: readonly string[] | undefined;
  readonly sql?: string | undefined;
  /** SQL condition on `curated_events`, for portable metrics. */
  readonly where?: string | undefined;
  /** Most rows of an answer. Default 10,000. */
  readonly limit?: number | undefined;
}

/** Rows of an answer unless somebody asks for more. */
const ROWS_MAX = 10_000;
const BYTES_MAX = 256 * 1_024 ** 2;

/** Asks everything, in the order given.
 * @throws EngineError `QUERY_REFUSED`, `QUERY_FAILED` with the place, `CLI_USAGE` for a metric that
 * is not there. */
export async function performQuery(
  source: QuerySource,
  request: QueryRequest,
): Promise<QueryDocument> {
  const questions: readonly Question[] = [
    ...(request.metrics ?? []).map((name) => metricQuestion(source, name, request.where)),
    ...(request.sql === undefined ? [] : [sqlQuestion(request.sql)]),
  ];
  const answers: QueryAnswer[] = [];
  for (const question of questions) answers.push(await answered(source, question, request));
  return { schema: 'backlot.query/1', ...headOf(source), lakeVersion: source.lakeVersion, answers };
}

/** What can be asked. */
export async function listQueries(source: QuerySource): Promise<QueryListDocument> {
  const metrics = Object.entries(source.metrics)
    .map(([name, { words, unit }]) => ({ name, words, unit }))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
  const tables = await source.tables();
  return { schema: 'backlot.query-list/1', ...headOf(source), metrics, tables };
}

interface Question {
  readonly metric: QueryAnswer['metric'];
  readonly where: string | null;
  readonly sql: string;
  /** What errors call it. */
  readonly name: string;
}

function headOf({ path, kind }: QuerySource) {
  return { backlot: PACKAGE_VERSION, source: basename(path), kind };
}

function sqlQuestion(sql: string): Question {
  return { metric: null, where: null, sql, name: 'SQL' };
}

function metricQuestion(source: QuerySource, name: string, where: string | undefined): Question {
  const metric = Object.hasOwn(source.metrics, name) ? source.metrics[name] : undefined;
  if (metric === undefined) throw unknownMetric(source, name);
  const { words, unit } = metric;
  const isPortable = Object.hasOwn(PORTABLE_METRICS, name);
  if (where !== undefined && !isPortable) {
    const message =
      `metric "${name}" reads the warehouse's own tables, so --where, which is about events, ` +
      'does not apply; ask in SQL';
    throw new EngineError('QUERY_REFUSED', message, { reason: 'where' });
  }
  const sql = where === undefined ? metric.sql : filtered(metric.sql, where);
  return { metric: { name, words, unit }, where: where ?? null, sql, name: `metric "${name}"` };
}

/** The metric over the events for which a condition holds. */
function filtered(sql: string, where: string): string {
  const events = `curated_events AS (SELECT * FROM main.curated_events WHERE (${where}\n))`;
  const rest = /^\s*WITH\s+/i.test(sql) ? `, ${sql.replace(/^\s*WITH\s+/i, '')}` : ` ${sql}`;
  return `WITH ${events}${rest}`;
}

async function answered(
  source: QuerySource,
  question: Question,
  { limit = ROWS_MAX }: QueryRequest,
): Promise<QueryAnswer> {
  const answer = await source.ask(question.sql, { rowsMax: limit, bytesMax: BYTES_MAX });
  if ('kind' in answer) throw troubleOf(question, answer);
  const { metric, where, sql } = question;
  const rows = answer.rows.map((row) => row.map(queryValue));
  const hasData = metric === null ? rows.length > 0 : isTold(answer);
  return {
    metric,
    where,
    sql,
    columns: answer.columns,
    rows,
    isCut: answer.cutBy !== undefined,
    hasData,
    notes: notesOf(question, answer, { limit, hasData }),
  };
}

function notesOf(
  { metric, sql }: Question,
  answer: SqlAnswer,
  { limit, hasData }: { readonly limit: number; readonly hasData: boolean },
): readonly string[] {
  const { columns, rows, cutBy } = answer;
  const isUnordered = hasLimitWithoutOrder(sql) || (cutBy !== undefined && !hasOrder(sql));
  const cut =
    cutBy === 'rows'
      ? `cut after ${limit} rows; ask for fewer, or for more with --limit`
      : `cut after ${rows.length} rows, which fill ${BYTES_MAX / 1_024 ** 2} MiB; ask for fewer`;
  return [
    ...(cutBy === undefined ? [] : [cut]),
    ...(metric === null && isUnordered
      ? ['a limit without ORDER BY: which rows these are is the engine’s choice']
      : []),
    ...(metric !== null && !hasData
      ? [`no data: the metric "${metric.name}" found nothing that it counts`]
      : []),
    ...columns.flatMap((column, i) => {
      const odd = rows.filter((row) => isOdd(row[i] ?? null)).length;
      return odd === 0 ? [] : [`column "${column}": ${odd} values that JSON has not are texts`];
    }),
  ];
}

/** Whether a metric found anything: where there are several rows the first column is their key. */
function isTold({ rows }: SqlAnswer): boolean {
  const from = rows.length > 1 ? 1 : 0;
  const isFound = (value: SqlValue, i: number) =>
    i >= from && value !== null && value !== 0 && (rows.length === 1 || typeof value !== 'string');
  return rows.some((row) => row.some(isFound));
}

function queryValue(value: SqlValue): QueryValue {
  if (value instanceof Uint8Array) return `x'${Buffer.from(value).toString('hex')}'`;
  return isOdd(value) ? String(value) : (value as QueryValue);
}

function isOdd(value: SqlValue): boolean {
  if (typeof value === 'number') return !Number.isFinite(value);
  return typeof value === 'bigint' || value instanceof Uint8Array;
}

function troubleOf({ name, where }: Question, trouble: SqlTrouble): EngineError {
  const { kind, line, column } = trouble;
  const reason = trouble.reason.replace(/[.\s]+$/, '');
  if (kind === 'refused') {
    return new EngineError('QUERY_REFUSED', `${name}: ${reason}`, { reason });
  }
  const of = where === null ? name : `${name} with --where "${where}"`;
  const hasPlace = line !== undefined && column !== undefined && where === null;
  const at = hasPlace ? ` at line ${line}, column ${column}` : '';
  const message = `${of}${at}: ${reason}; \`--list\` shows tables, columns and metrics`;
  const details = { reason, line: line ?? null, column: column ?? null };
  return new EngineError('QUERY_FAILED', message, details);
}

function unknownMetric({ kind, metrics }: QuerySource, name: string): EngineError {
  const near = nearestName(name, Object.keys(metrics));
  const hint = near === undefined ? '' : `; did you mean "${near}"?`;
  const message = `--metric "${name}": a ${kind} has no such metric${hint} (\`--list\` shows all)`;
  return new EngineError('CLI_USAGE', message, { argument: '--metric' });
}
