/** A warehouse's file that is asked and never changed: opened read-only, one statement at a time,
 * and only statements that give rows; another file is not attached. It may be written by somebody
 * else meanwhile: each question sees one state of it. Spec: S127, S128. */
import Database from 'better-sqlite3';
import {
  type AnswerLimits,
  AnswerRows,
  type SqlAnswer,
  type SqlTable,
  type SqlTrouble,
  type SqlValue,
} from '../../domain/stored/sql-answer.ts';
import { bareSql, firstWord, placeIn } from '../../domain/stored/sql-text.ts';
import { EngineError } from '../../kernel/errors.ts';
import { SCHEMA_VERSION } from '../warehouse/schema.ts';

/** An open one. */
export interface ReadOnlyWarehouse {
  /** @returns the rows, or why there are none. */
  ask(sql: string, limits: AnswerLimits): SqlAnswer | SqlTrouble;
  /** Tables and views that can be asked, by name. */
  tables(): readonly SqlTable[];
  close(): void;
}

/** What a question may begin with. ATTACH and PRAGMA count as reading in SQLite. */
const QUESTIONS = new Set(['SELECT', 'WITH', 'VALUES', 'EXPLAIN']);

/** Opens it. @throws EngineError `WAREHOUSE_UNREADABLE`: no warehouse, or of another version. */
export function openReadOnlyWarehouse(path: string): ReadOnlyWarehouse {
  let database: Database.Database | undefined;
  try {
    database = new Database(path, { readonly: true, fileMustExist: true, timeout: 5_000 });
    database.defaultSafeIntegers(true);
    database.pragma('query_only = 1');
    const version = Number(database.pragma('user_version', { simple: true }));
    if (version !== SCHEMA_VERSION) throw otherVersion(path, version);
    return new SqliteReader(database);
  } catch (cause) {
    database?.close();
    if (cause instanceof EngineError) throw cause;
    const reason = cause instanceof Error ? cause.message : String(cause);
    const message = `${path}: ${reason}; name a warehouse that a run or ingest has written`;
    throw new EngineError('WAREHOUSE_UNREADABLE', message, { path }, { cause });
  }
}

class SqliteReader implements ReadOnlyWarehouse {
  readonly #database: Database.Database;

  constructor(database: Database.Database) {
    this.#database = database;
  }

  ask(sql: string, limits: AnswerLimits): SqlAnswer | SqlTrouble {
    const word = firstWord(sql);
    if (!QUESTIONS.has(word)) return refused(word);
    try {
      const statement = this.#database.prepare(sql);
      if (!statement.readonly || !statement.reader) return refused(word);
      const columns = statement.columns().map(({ name }) => name);
      const kept = new AnswerRows(limits);
      for (const row of statement.raw().iterate() as IterableIterator<SqlValue[]>) {
        if (!kept.add(row.map(plain))) break;
      }
      return kept.answer(columns);
    } catch (error) {
      if (!(error instanceof Error)) throw error;
      return { kind: 'failed', ...this.#told(sql, error.message) };
    }
  }

  tables(): readonly SqlTable[] {
    const found = this.#database
      .prepare(
        `SELECT name, type FROM sqlite_master WHERE type IN ('table', 'view')
          AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' ORDER BY name`,
      )
      .all() as readonly { readonly name: string; readonly type: 'table' | 'view' }[];
    const columns = this.#database.prepare('SELECT name, type FROM pragma_table_info(?)');
    return found.map(({ name, type }) => ({
      name,
      kind: type,
      columns: columns.all(name) as { readonly name: string; readonly type: string }[],
    }));
  }

  close(): void {
    this.#database.close();
  }

  /** SQLite's words, and the place of what they name. */
  #told(sql: string, message: string): Omit<SqlTrouble, 'kind'> {
    const offset = this.#offsetOf(sql, message);
    return { reason: message, ...(offset === undefined ? {} : placeIn(sql, offset)) };
  }

  /** A wrong word is the first one after which the text, cut off, is wrong in the same way: before
   * it SQLite waits for more. */
  #offsetOf(sql: string, message: string): number | undefined {
    const near = /^near "([\s\S]+)": /.exec(message)?.[1];
    if (near !== undefined) {
      for (let at = sql.indexOf(near); at >= 0; at = sql.indexOf(near, at + 1)) {
        if (this.#wrongness(sql.slice(0, at + near.length)) === message) return at;
      }
      return undefined;
    }
    if (/incomplete input|unrecognized token/.test(message)) return sql.trimEnd().length;
    const name = /no such (?:column|table|function): ([^\s]+)/.exec(message)?.[1];
    const last = name?.split('.').at(-1);
    if (last === undefined) return undefined;
    const word = new RegExp(`(?<![\\w$])${last.replace(/[^\w]/g, '\\$&')}(?![\\w$])`, 'i');
    const bare = word.exec(bareSql(sql))?.index;
    return bare ?? word.exec(sql)?.index;
  }

  #wrongness(sql: string): string | undefined {
    try {
      this.#database.prepare(sql);
      return undefined;
    } catch (error) {
      return error instanceof Error ? error.message : undefined;
    }
  }
}

function refused(word: string): SqlTrouble {
  const found = word === '' ? 'there is no statement' : `${word} is no question`;
  return {
    kind: 'refused',
    reason: `${found}: one SELECT, WITH, VALUES or EXPLAIN that changes nothing is`,
  };
}

/** Integers come as `bigint`; those that are exact as numbers are numbers. */
function plain(value: SqlValue): SqlValue {
  if (typeof value === 'bigint' && Number.isSafeInteger(Number(value))) return Number(value);
  return value;
}

function otherVersion(path: string, version: number): EngineError {
  const why =
    version === 0
      ? 'it is no warehouse of backlot; name one that a run or ingest has written'
      : `its schema version is ${version}, not ${SCHEMA_VERSION}; ` +
        (version > SCHEMA_VERSION
          ? 'a newer backlot wrote it: ask it with that one'
          : 'every command that writes to it brings it up to date, reading does not');
  return new EngineError('WAREHOUSE_UNREADABLE', `${path}: ${why}`, { path });
}
