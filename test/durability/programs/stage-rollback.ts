/** The storage stage in SQLite, with a rollback journal that is synced. */
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { openSqliteStage } from '../../../src/storage/stages/sqlite-stage.ts';
import type { DurableProgram } from '../program.ts';
import { checkSqlite } from './parts/batches.ts';
import { SAMPLES, samplesOfStep } from './parts/samples.ts';

const open = (folder: string) =>
  openSqliteStage({ path: join(folder, 'stage.sqlite'), schema: SAMPLES });

/** The program. */
export const program: DurableProgram = {
  name: 'stage-rollback',
  steps: 4,
  open(folder) {
    const stage = open(folder);
    let written = -1;
    return {
      step(step) {
        // What a refused commit was given stays for the next try.
        if (written < step) stage.write(samplesOfStep(step));
        written = step;
        return stage.commit({ checkpoint: step + 1, offsets: [step] });
      },
      close: () => stage.close(),
    };
  },
  async content(folder) {
    const stage = open(folder);
    try {
      const rows = (await stage.readBack()).map((row) => JSON.stringify(row));
      return { rows, last: [JSON.stringify(stage.lastCommit() ?? null)] };
    } finally {
      await stage.close();
      const database = new Database(join(folder, 'stage.sqlite'));
      const ask = (sql: string) => database.prepare(sql).raw().all().flat();
      checkSqlite(ask, { journal: 'delete', synchronous: 2 });
      database.close();
    }
  },
};
