/** An open database and what was prepared on it. Small ones in memory are emptied and used again:
 * a run of a few hundred events would spend a tenth of its time on opening one and preparing. */
import type Database from 'better-sqlite3';
import { openEmptyInMemory } from './warehouse/open-database.ts';

/** A prepared statement. */
export type Statement = Database.Statement<unknown[]>;

/** Questions that stay prepared. */
const QUESTIONS_KEPT = 32;
/** Small databases that wait to be used again. */
const RESTING_KEPT = 4;

/** A database and its statements. */
export class Connection {
  readonly database: Database.Database;
  readonly #isSmall: boolean;
  readonly #statements = new Map<string, Statement>();
  readonly #questions = new Map<string, Statement>();
  readonly #transaction: Database.Transaction<(act: () => void) => void>;

  /** @param isSmall - Whether it is to be used again once it is closed. */
  constructor(database: Database.Database, isSmall = false) {
    this.database = database;
    this.#isSmall = isSmall;
    this.#transaction = database.transaction((act: () => void) => act());
  }

  /** A statement, prepared once. Its mode is everybody's. */
  prepare(sql: string): Statement {
    return prepared(this.#statements, sql, this.database);
  }

  /** Rows as objects. */
  ask(sql: string, parameters: readonly unknown[]): readonly Readonly<Record<string, unknown>>[] {
    const questions = this.#questions;
    const rows = prepared(questions, sql, this.database).all(...parameters);
    if (questions.size > QUESTIONS_KEPT) questions.clear();
    return rows as readonly Record<string, unknown>[];
  }

  /** All or nothing. */
  transact<T>(act: () => T): T {
    let result: T | undefined;
    this.#transaction.immediate(() => {
      result = act();
    });
    return result as T;
  }

  close(): void {
    if (!this.#isSmall || resting.length >= RESTING_KEPT) {
      this.database.close();
      return;
    }
    this.transact(() => {
      for (const table of tablesOf(this.database)) this.prepare(`DELETE FROM ${table}`).run();
    });
    resting.push(this);
  }
}

const resting: Connection[] = [];
let tables: readonly string[] | undefined;

/** A small, empty database in memory. */
export function openSmall(): Connection {
  return resting.pop() ?? new Connection(openEmptyInMemory(), true);
}

/** All of them have the same. */
function tablesOf(database: Database.Database): readonly string[] {
  tables ??= database
    .prepare(`SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'`)
    .pluck()
    .all() as readonly string[];
  return tables;
}

function prepared(known: Map<string, Statement>, sql: string, on: Database.Database): Statement {
  let statement = known.get(sql);
  if (statement === undefined) {
    statement = on.prepare(sql);
    known.set(sql, statement);
  }
  return statement;
}
