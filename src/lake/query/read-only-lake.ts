/** A lake that is asked in SQL: its families as views, and beside them nothing. After the views are
 * made DuckDB opens no file but theirs, loads no extension and takes no setting; statements that
 * are no question are refused. Titles, which events do not tell of, come from outside.
 * Spec: S127, S128. */
import { join } from 'node:path';
import {
  DuckDBBlobValue,
  type DuckDBConnection,
  DuckDBInstance,
  type DuckDBValue,
  StatementType,
} from '@duckdb/node-api';
import {
  type AnswerLimits,
  AnswerRows,
  type SqlAnswer,
  type SqlTable,
  type SqlTrouble,
  type SqlValue,
} from '../../domain/stored/sql-answer.ts';
import { bareSql, firstWord } from '../../domain/stored/sql-text.ts';
import { readManifest } from '../manifest.ts';
import { literal } from '../parquet-parts.ts';
import { makeViews } from './lake-views.ts';

/** A title as metrics need it; null where it is unknown. */
export interface LakeTitle {
  readonly titleId: string;
  readonly runtimeSeconds: number | null;
  readonly kind: string | null;
  readonly releaseUs: number | null;
}

/** An open one. */
export interface ReadOnlyLake {
  readonly version: number;
  /** @returns the rows, or why there are none. */
  ask(sql: string, limits: AnswerLimits): Promise<SqlAnswer | SqlTrouble>;
  /** Tables and views that can be asked, by name. */
  tables(): Promise<readonly SqlTable[]>;
  close(): void;
}

const QUESTIONS = new Set(['SELECT', 'WITH', 'VALUES', 'FROM', 'EXPLAIN', 'DESCRIBE', 'SUMMARIZE']);
const MEMORY_BYTES = 1_024 ** 3;

/** Opens it. @param titles - For `title_runtime` and `title_release`.
 * @throws EngineError `LAKE_UNREADABLE`. */
export async function openReadOnlyLake(
  directory: string,
  titles: readonly LakeTitle[],
): Promise<ReadOnlyLake> {
  const manifest = readManifest(directory);
  const instance = await DuckDBInstance.create(':memory:', {
    threads: '1',
    memory_limit: `${MEMORY_BYTES}B`,
    autoinstall_known_extensions: 'false',
    autoload_known_extensions: 'false',
  });
  const connection = await instance.connect();
  try {
    await makeViews(connection, directory, manifest);
    await addTitles(connection, titles);
    const paths = manifest.files.map(({ path }) => literal(join(directory, path)));
    await connection.run(`SET temp_directory = ''`);
    await connection.run(`SET allowed_paths = [${paths.join(', ')}]`);
    await connection.run('SET enable_external_access = false');
    await connection.run('SET lock_configuration = true');
  } catch (error) {
    connection.closeSync();
    instance.closeSync();
    throw error;
  }
  return new DuckDbQuestions(manifest.version, connection, instance);
}

class DuckDbQuestions implements ReadOnlyLake {
  readonly version: number;
  readonly #connection: DuckDBConnection;
  readonly #instance: DuckDBInstance;

  constructor(version: number, connection: DuckDBConnection, instance: DuckDBInstance) {
    this.version = version;
    this.#connection = connection;
    this.#instance = instance;
  }

  async ask(sql: string, limits: AnswerLimits): Promise<SqlAnswer | SqlTrouble> {
    const word = firstWord(sql);
    if (!QUESTIONS.has(word) || isExplained(sql)) return refused(word);
    try {
      const statements = await this.#connection.extractStatements(sql);
      if (statements.count !== 1) return refused(`${statements.count} statements`);
      const prepared = await statements.prepare(0);
      const { SELECT, EXPLAIN } = StatementType;
      if (![SELECT, EXPLAIN].includes(prepared.statementType)) return refused(word);
      const result = await prepared.stream();
      const kept = new AnswerRows(limits);
      for await (const rows of result.yieldRows()) {
        if (!rows.every((row) => kept.add(row.map(plain)))) break;
      }
      return kept.answer(result.columnNames());
    } catch (error) {
      if (!(error instanceof Error)) throw error;
      return troubleOf(sql, error.message);
    }
  }

  async tables(): Promise<readonly SqlTable[]> {
    const reader = await this.#connection.runAndReadAll(
      `SELECT c.table_name, t.table_type, c.column_name, c.data_type
       FROM information_schema.columns c JOIN information_schema.tables t USING (table_name)
       WHERE c.table_schema = 'main' ORDER BY c.table_name, c.ordinal_position`,
    );
    const tables = new Map<string, { kind: SqlTable['kind']; columns: SqlTable['columns'] }>();
    for (const [name, kind, column, type] of reader.getRows()) {
      const known = tables.get(String(name))?.columns ?? [];
      tables.set(String(name), {
        kind: kind === 'VIEW' ? 'view' : 'table',
        columns: [...known, { name: String(column), type: String(type) }],
      });
    }
    return [...tables].map(([name, table]) => ({ name, ...table }));
  }

  close(): void {
    this.#connection.closeSync();
    this.#instance.closeSync();
  }
}

/** EXPLAIN ANALYZE does what it explains. */
function isExplained(sql: string): boolean {
  const bare = bareSql(sql).trim();
  return /^explain\b/i.test(bare) && !/^explain\s+(select|with|from|values)\b/i.test(bare);
}

async function addTitles(connection: DuckDBConnection, titles: readonly LakeTitle[]) {
  await connection.run(`CREATE TABLE title (title_id VARCHAR, runtime_s BIGINT, kind VARCHAR,
    release_us BIGINT)`);
  const appender = await connection.createAppender('title');
  const append = (value: number | null) =>
    value === null ? appender.appendNull() : appender.appendBigInt(BigInt(value));
  for (const { titleId, runtimeSeconds, kind, releaseUs } of titles) {
    appender.appendVarchar(titleId);
    append(runtimeSeconds);
    if (kind === null) appender.appendNull();
    else appender.appendVarchar(kind);
    append(releaseUs);
    appender.endRow();
  }
  appender.closeSync();
  await connection.run(`CREATE VIEW title_runtime AS SELECT title_id, runtime_s, kind FROM title
    WHERE runtime_s IS NOT NULL`);
  await connection.run(`CREATE VIEW title_release AS SELECT title_id, release_us FROM title
    WHERE release_us IS NOT NULL`);
}

function refused(found: string): SqlTrouble {
  const what = found === '' ? 'there is no statement' : `${found} is no question`;
  return {
    kind: 'refused',
    reason: `${what}: one SELECT, WITH, FROM, VALUES, DESCRIBE or EXPLAIN that changes nothing is`,
  };
}

/** DuckDB's first line; below it stand the line of the question and a caret under the place. */
function troubleOf(sql: string, message: string): SqlTrouble {
  const [first = message, ...rest] = message.split('\n');
  const at = rest.findIndex((line) => /^LINE \d+: /.test(line));
  const [, prefix = '', number = '', shown = ''] =
    /^(LINE (\d+): )(.*)$/.exec(rest[at] ?? '') ?? [];
  const isAccess = /^Permission Error|disabled by configuration/.test(first);
  const reason = isAccess ? `${first}; a question reads the lake's own views and no file` : first;
  const kind = isAccess ? 'refused' : 'failed';
  const caret = rest[at + 1]?.indexOf('^') ?? -1;
  if (number === '' || caret < prefix.length) return { kind, reason };
  // A long line is shown in part, with dots where it was cut.
  const line = sql.split('\n')[Number(number) - 1] ?? '';
  const part = shown.replace(/^\.\.\./, '').replace(/\.\.\.$/, '');
  const cut = shown.startsWith('...') ? line.indexOf(part) - 3 : 0;
  return { kind, reason, line: Number(number), column: caret - prefix.length + cut + 1 };
}

function plain(value: DuckDBValue): SqlValue {
  if (typeof value === 'bigint') {
    return Number.isSafeInteger(Number(value)) ? Number(value) : value;
  }
  if (value === null || ['string', 'number', 'boolean'].includes(typeof value)) {
    return value as SqlValue;
  }
  if (value instanceof DuckDBBlobValue) return Uint8Array.from(value.bytes);
  const text = String(value);
  // Decimals: those that a number holds as they are.
  return /^-?\d+(\.\d+)?$/.test(text) && sameDecimal(text) ? Number(text) : text;
}

function sameDecimal(text: string): boolean {
  const digits = text.includes('.') ? text.replace(/0+$/, '').replace(/\.$/, '') : text;
  return String(Number(text)) === digits;
}
