/** Checkpoints with the rows of a table in SQLite: complete with all of them, or not there. */
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { openSqliteCheckpoints } from '../../../src/storage/checkpoints/sqlite-checkpoints.ts';
import type { DurableProgram } from '../program.ts';
import { checkSqlite } from './parts/batches.ts';
import { completeCheckpoint } from './parts/complete-checkpoint.ts';

const SPEC = { table: 'told', columns: ['id', 'step'] };
const open = (folder: string) =>
  openSqliteCheckpoints({ path: join(folder, 'job.sqlite'), job: 'test', retain: 2 });

/** The program. */
export const program: DurableProgram = {
  name: 'checkpoints',
  steps: 5,
  open(folder) {
    const file = open(folder);
    const sink = file.tableSink(SPEC);
    sink.recover(file.store.latest()?.checkpoint ?? 0);
    return {
      step: (step) => completeCheckpoint(file.store, sink, step),
      close: () => file.close(),
    };
  },
  content(folder) {
    open(folder).close();
    const database = new Database(join(folder, 'job.sqlite'));
    try {
      const ask = (sql: string) => database.prepare(sql).raw().all().flat();
      // Of a connection of its own, `synchronous` is SQLite's default.
      checkSqlite(ask, { journal: 'wal', synchronous: 1 });
      const tables = ask("SELECT name FROM sqlite_master WHERE name = 'told'");
      const rows = tables.length === 0 ? [] : ask('SELECT id FROM told ORDER BY rowid');
      return {
        rows: rows.map(String),
        checkpoints: ask('SELECT checkpoint FROM job_checkpoint ORDER BY 1').map(String),
      };
    } finally {
      database.close();
    }
  },
};
