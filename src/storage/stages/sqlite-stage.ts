/** A storage stage in an SQLite file: rows and offsets of a commit in one transaction. */
import type Database from 'better-sqlite3';
import type { Cell, ColumnKind, RowSchema } from '../../domain/stored/row-schema.ts';
import { checkRows, inOrder, storedCells } from '../../domain/stored/stage-rows.ts';
import type { StageCommit, StorageStage } from '../../domain/stored/storage-stage.ts';
import { openStored, storing } from '../durable-sqlite.ts';

/** Options of {@link openSqliteStage}. */
export interface SqliteStageOptions<Row> {
  /** Made if missing. */
  readonly path: string;
  readonly schema: RowSchema<Row>;
  /** Told before each step of a transaction; a test may throw here. */
  readonly onStep?: (step: string) => void;
}

/** Opens the file; SQLite itself undoes what was never committed.
 * @throws EngineError `STORAGE_UNWRITABLE`. */
export function openSqliteStage<Row>(options: SqliteStageOptions<Row>): StorageStage<Row> {
  return openStored(options.path, { journal: 'DELETE', synchronous: 'EXTRA' }, (database) =>
    stageIn(database, options),
  );
}

function stageIn<Row>(
  database: Database.Database,
  { path, schema, onStep = () => {} }: SqliteStageOptions<Row>,
): StorageStage<Row> {
  makeTables(database, schema);
  const { columns } = schema;
  const marks = columns.map(() => '?').join(', ');
  const insertRow = database.prepare(`INSERT INTO ${schema.family} VALUES (${marks})`);
  const setCommit = database.prepare('INSERT OR REPLACE INTO stage_commit VALUES (1, ?, ?)');
  let pending: (readonly Cell[])[] = [];
  const lastCommit = (): StageCommit | undefined => {
    const row = database.prepare('SELECT checkpoint, offsets FROM stage_commit').get() as
      | { readonly checkpoint: number; readonly offsets: string }
      | undefined;
    return row && { checkpoint: row.checkpoint, offsets: JSON.parse(row.offsets) as number[] };
  };
  const writeAll = database.transaction(({ checkpoint, offsets }: StageCommit) => {
    onStep('rows');
    for (const cells of pending) insertRow.run(cells.map(toSqlite));
    onStep('offsets');
    setCommit.run(checkpoint, JSON.stringify(offsets));
    onStep('commit');
  });
  return {
    recovery: { removed: [] },
    write(rows) {
      checkRows(schema, rows);
      for (const row of rows) pending.push(storedCells(schema, row));
    },
    commit: (commit) =>
      storing(path, () => {
        if (commit.checkpoint > (lastCommit()?.checkpoint ?? 0)) writeAll(commit);
        pending = [];
      }),
    lastCommit: () => storing(path, lastCommit),
    readBack: () =>
      storing(path, () => {
        const rows = database.prepare(`SELECT * FROM ${schema.family} ORDER BY rowid`).raw().all();
        return inOrder(
          schema,
          (rows as (string | number | null)[][]).map((cells) =>
            cells.map((cell, place) => fromSqlite(columns[place]?.kind, cell)),
          ),
        );
      }),
    close: () => {
      database.close();
    },
  };
}

function makeTables<Row>(database: Database.Database, schema: RowSchema<Row>): void {
  // Columns of no type: SQLite has no NaN, and would make −0 a 0; both are kept as text.
  const columns = schema.columns.map(({ name }) => `${name} ANY`).join(', ');
  database.exec(`CREATE TABLE IF NOT EXISTS ${schema.family} (${columns}) STRICT;
    CREATE TABLE IF NOT EXISTS stage_commit (one INTEGER PRIMARY KEY, checkpoint INTEGER NOT NULL,
      offsets TEXT NOT NULL) STRICT;`);
}

function toSqlite(cell: Cell): string | number | null {
  if (typeof cell === 'boolean') return Number(cell);
  if (Object.is(cell, -0)) return '-0';
  return Number.isNaN(cell) ? 'NaN' : cell;
}

function fromSqlite(kind: ColumnKind | undefined, cell: string | number | null): Cell {
  if (cell === null) return null;
  if (kind === 'boolean') return cell === 1;
  return kind === 'real' ? Number(cell) : cell;
}
